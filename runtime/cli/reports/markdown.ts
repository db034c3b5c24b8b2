/** The report of `check` in Markdown. */
import type { Finding } from '../../index.js';
import { SEVERITIES } from '../../rules.js';
import { failureOf, type Outcome, imageVerdictOf, suppressionText, worstFirst } from './outcome.js';
import { Tally } from './text.js';
import { type Harmless, joined, markdownText, NOTHING } from '../harmless.js';
import { hex } from '../text.js';
import { UNCHANGED, verdictText } from './verdict-text.js';

type Markdown = Harmless<'markdown'>;

/** The log was replayed in memory only. */
const REPLAYED = 'What follows the log was judged as it will be after the replay.';

function row({ severity, rule, code, fileOffset, path, image, message, fix }: Finding): Markdown {
  const field = path === '' ? NOTHING : markdownText`, ${path}`;
  const parent = image === undefined ? NOTHING : markdownText` of ${image}`;
  const remedy = fix === undefined ? NOTHING : markdownText`<br>What to do: ${fix}`;
  return markdownText`| ${severity} | ${rule} ${code} | ${hex(fileOffset)}${field}${parent} | ${message}${remedy} |`;
}

/** An image's head and table, or what kept it from being checked. */
function sectionLines(outcome: Outcome): Markdown[] {
  const { image, report } = outcome;
  const lines: Markdown[] = [markdownText`### ${image}: ${verdictText(imageVerdictOf(outcome))}`, NOTHING];
  if (report === undefined) {
    const { code, message } = failureOf(outcome.error);
    return [...lines, markdownText`Error ${code}: ${message}`, NOTHING];
  }
  const counts = SEVERITIES.map((severity) => `${report.counts[severity]} ${severity}`).join(', ');
  lines.push(markdownText`${counts}`, NOTHING);
  if (report.unchanged === true) lines.push(markdownText`${UNCHANGED}`, NOTHING);
  if (report.view === 'replayed') lines.push(markdownText`${REPLAYED}`, NOTHING);
  const { suppressed = [] } = report;
  if (report.findings.length + report.groups.length + suppressed.length === 0) return lines;
  lines.push(markdownText`| severity | rule | place | finding |`, markdownText`| --- | --- | --- | --- |`);
  for (const each of worstFirst(report.findings)) lines.push(row(each));
  for (const { code, count, shown: listed } of report.groups) {
    if (count > listed) lines.push(markdownText`| | ${code} | | ${count - listed} more of ${count} |`);
  }
  for (const { rule, code, fileOffset, path, suppression } of suppressed) {
    lines.push(
      markdownText`| suppressed | ${rule} ${code} | ${hex(fileOffset)}, ${path} | ${suppressionText(suppression)} |`,
    );
  }
  return [...lines, NOTHING];
}

/** False for an image of which a reader of a summary has nothing to do: clean, and nothing but infos. */
function isOfInterest({ report }: Outcome): boolean {
  return (
    report === undefined || report.verdict !== 'clean' || report.counts.warning > 0 || report.suppressed !== undefined
  );
}

/** The report in Markdown, line by line. Of many images those without a warning or worse have no section of their own. */
export function markdownLines(outcomes: readonly Outcome[]): readonly Markdown[] {
  const listed = outcomes.length === 1 ? outcomes : outcomes.filter(isOfInterest);
  const head = [markdownText`## vhdx check`, NOTHING, markdownText`${Tally.of(outcomes).text()}`, NOTHING];
  return [...head, ...listed.flatMap(sectionLines)];
}

/** The report in Markdown, for the description of a pull request or a comment. */
export function checkMarkdown(outcomes: readonly Outcome[]): Markdown {
  return joined(markdownLines(outcomes).map((line) => markdownText`${line}\n`));
}
