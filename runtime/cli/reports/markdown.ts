/** The report of `check` in Markdown. */
import type { Finding, Severity } from '../../index.js';
import { SEVERITIES } from '../../rules.js';
import { type FailOn, failureOf, type Outcome, imageVerdictOf, suppressionText, worstFirst } from './outcome.js';
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

/** An image's head and table, or what kept it from being checked. `isOneOfMany`: infos are only counted. */
function sectionLines(outcome: Outcome, isOneOfMany: boolean): Markdown[] {
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
  const isShown = ({ severity }: { readonly severity: Severity }): boolean => !isOneOfMany || severity !== 'info';
  for (const each of worstFirst(report.findings).filter(isShown)) lines.push(row(each));
  for (const { code, count, shown: listed } of report.groups.filter(isShown)) {
    if (count > listed) lines.push(markdownText`| | ${code} | | ${count - listed} more of ${count} |`);
  }
  for (const { rule, code, fileOffset, path, suppression } of suppressed) {
    lines.push(
      markdownText`| suppressed | ${rule} ${code} | ${hex(fileOffset)}, ${path} | ${suppressionText(suppression)} |`,
    );
  }
  return [...lines, NOTHING];
}

/** Whether there is something to be done about an image, or something of it is passed over. */
function isOfInterest({ report }: Outcome, failOn: FailOn): boolean {
  if (report === undefined || report.verdict !== 'clean' || report.suppressed !== undefined) return true;
  return failOn === 'warning' && report.counts.warning > 0;
}

/** Warnings of images that have no section, each kind in a row. */
function warningLines(outcomes: readonly Outcome[]): Markdown[] {
  const kinds = new Map<string, { readonly first: Finding; readonly image: string; images: number }>();
  for (const { image, report } of outcomes) {
    const warnings = (report?.findings ?? []).filter(({ severity }) => severity === 'warning');
    for (const code of new Set(warnings.map((found) => found.code))) {
      const first = warnings.find((found) => found.code === code);
      const kind = kinds.get(code);
      if (kind !== undefined) kind.images += 1;
      else if (first !== undefined) kinds.set(code, { first, image, images: 1 });
    }
  }
  if (kinds.size === 0) return [];
  const rows = Array.from(kinds.values(), ({ first: { rule, code, message }, image, images }) => {
    return markdownText`| ${rule} ${code} | ${images} | ${image} | ${message} |`;
  });
  const head = [markdownText`| warning | images | the first | finding |`, markdownText`| --- | --- | --- | --- |`];
  return [markdownText`### Clean images with warnings`, NOTHING, ...head, ...rows, NOTHING];
}

/**
 * The report in Markdown, line by line. Of many images those that are clean have no section of their own, unless their
 * warnings make the check fail; their warnings are told together.
 */
export function markdownLines(outcomes: readonly Outcome[], failOn: FailOn): readonly Markdown[] {
  const isListed = (outcome: Outcome): boolean => outcomes.length === 1 || isOfInterest(outcome, failOn);
  const head = [markdownText`## vhdx check`, NOTHING, markdownText`${Tally.of(outcomes).text()}`, NOTHING];
  const sections = outcomes.filter(isListed).flatMap((each) => sectionLines(each, outcomes.length > 1));
  return [...head, ...sections, ...warningLines(outcomes.filter((each) => !isListed(each)))];
}

/** The report in Markdown, for the description of a pull request or a comment. */
export function checkMarkdown(outcomes: readonly Outcome[], failOn: FailOn): Markdown {
  return joined(markdownLines(outcomes, failOn).map((line) => markdownText`${line}\n`));
}
