import type { CheckReport, Finding, FindingGroup, Severity, Verdict } from '../index.js';
import { SEVERITIES } from '../index.js';
import type { ImageReport } from './check-outcome.js';
import type { Paint, Style } from './output.js';
import { countText, hex, printable, wrap } from './text.js';

const VERDICTS: Readonly<Record<Verdict, readonly [Style, string]>> = {
  clean: ['green', 'clean'],
  'needs-attention': ['yellow', 'needs attention'],
  corrupt: ['red', 'corrupt'],
  'not-vhdx': ['red', 'not a VHDX'],
};

/** What each severity means for somebody who sees it for the first time. */
const HEADINGS: Readonly<Record<Severity, readonly [Style, string]>> = {
  error: ['red', 'error: unreadable, ambiguous or unsafe'],
  'refuse-write': ['yellow', 'refuse-write: readable, but must not be written before it is repaired'],
  warning: ['cyan', 'warning: against the specification, but tolerated by readers in the field'],
  info: ['dim', 'info: worth knowing'],
};

const NAMES: Readonly<Record<Severity, readonly [singular: string, plural: string]>> = {
  error: ['error', 'errors'],
  'refuse-write': ['refuse-write', 'refuse-writes'],
  warning: ['warning', 'warnings'],
  info: ['info', 'infos'],
};

function countsText(counts: CheckReport['counts']): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) =>
    countText(counts[severity], ...NAMES[severity]),
  );
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

function findingLines(found: Finding, paint: Paint): string[] {
  const { rule, code, section, fileOffset, path, message, fix, image } = found;
  const parent = image === undefined ? '' : ` of ${printable(image)}`;
  const where = `at ${hex(fileOffset)}${path === '' ? '' : `, ${printable(path)}`}${parent}`;
  const spec = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return [
    `  ${paint('bold', `${rule} ${code}`)} ${where}${spec}`,
    ...wrap(printable(message), '    '),
    ...(fix === undefined ? [] : wrap(`What to do: ${printable(fix)}`, '    ')),
  ];
}

function omittedLines(groups: readonly FindingGroup[], severity: Severity): string[] {
  return groups
    .filter((group) => group.severity === severity && group.count > group.shown)
    .map(({ rule, code, count, shown }) => `  ${rule} ${code}: ${count - shown} more of ${count}`);
}

/** The report on an image for people: the verdict, then the findings, the worst first. Ends with a newline. */
export function checkText(image: string, report: ImageReport, paint: Paint): string {
  const { verdict, counts, findings, groups, view, parents = [] } = report;
  const [style, title] = VERDICTS[verdict];
  const lines = [`${paint('bold', printable(image))}: ${paint(style, title)} (${countsText(counts)})`];
  if (view === 'replayed') {
    lines.push('What follows the log was judged as it will be after the replay, which was done in memory only.');
  }
  for (const parent of parents) lines.push(`parent ${printable(parent.image)}: ${VERDICTS[parent.verdict][1]}`);
  for (const severity of SEVERITIES) {
    const found = findings.filter((each) => each.severity === severity);
    if (found.length === 0) continue;
    const [color, heading] = HEADINGS[severity];
    lines.push('', paint(color, heading));
    lines.push(...found.flatMap((each) => findingLines(each, paint)), ...omittedLines(groups, severity));
  }
  return `${lines.join('\n')}\n`;
}

/** A verdict in words. */
export function verdictText(verdict: Verdict): string {
  return VERDICTS[verdict][1];
}

/** The last line of a report on several images; `undefined` stands for one that could not be checked. */
export function summaryText(verdicts: readonly (Verdict | undefined)[]): string {
  const parts = (['clean', 'needs-attention', 'corrupt', 'not-vhdx', undefined] as const)
    .map((verdict) => {
      const count = verdicts.filter((each) => each === verdict).length;
      return [count, verdict === undefined ? 'not checked' : verdictText(verdict)] as const;
    })
    .filter(([count]) => count > 0)
    .map(([count, title]) => `${count} ${title}`);
  return `${countText(verdicts.length, 'image')}: ${parts.join(', ')}\n`;
}
