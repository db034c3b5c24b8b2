/** The report of a check as text. */
import type { Finding, FindingGroup, Severity } from '../../index.js';
import { SEVERITIES, SEVERITY_MEANINGS } from '../../rules.js';
import { type ImageReport, type ImageVerdict, imageVerdictOf, type Outcome, suppressionText } from './outcome.js';
import { type Harmless, joined, NOTHING, shown, wrap } from '../harmless.js';
import type { Paint, Style } from '../output.js';
import { countText, hex } from '../text.js';
import { countsText, paintedVerdict, UNCHANGED, verdictText } from './verdict-text.js';

const COLORS: Readonly<Record<Severity, Style>> = {
  error: 'red',
  'refuse-write': 'yellow',
  warning: 'cyan',
  info: 'dim',
};

function findingLines(found: Finding, paint: Paint): Harmless[] {
  const { rule, code, section, fileOffset, path, message, fix, image } = found;
  const parent = image === undefined ? '' : ` of ${image}`;
  const where = `at ${hex(fileOffset)}${path === '' ? '' : `, ${path}`}${parent}`;
  const spec = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return [
    shown`  ${paint('bold', `${rule} ${code}`)} ${where}${spec}`,
    ...wrap(message, '    '),
    ...(fix === undefined ? [] : wrap(`What to do: ${fix}`, '    ')),
  ];
}

function omittedLines(groups: readonly FindingGroup[], severity: Severity): Harmless[] {
  return groups
    .filter((group) => group.severity === severity && group.count > group.shown)
    .map(({ rule, code, count, shown: listed }) => shown`  ${rule} ${code}: ${count - listed} more of ${count}`);
}

/** The report on an image, for people: the verdict, then the findings, the worst first. Ends with a newline. */
export function reportText(image: string, report: ImageReport, paint: Paint): Harmless {
  const { verdict, counts, findings, groups, view, parents = [], suppressed = [], unchanged } = report;
  const lines = [shown`${paint('bold', image)}: ${paintedVerdict(verdict, paint)} (${countsText(counts)})`];
  if (unchanged === true) lines.push(shown`${UNCHANGED}`);
  if (view === 'replayed') {
    lines.push(shown`What follows the log was judged as it will be after the replay, which was done in memory only.`);
  }
  for (const parent of parents) lines.push(shown`parent ${parent.image}: ${verdictText(parent.verdict)}`);
  for (const severity of SEVERITIES) {
    const found = findings.filter((each) => each.severity === severity);
    if (found.length === 0) continue;
    lines.push(NOTHING, paint(COLORS[severity], `${severity}: ${SEVERITY_MEANINGS[severity]}`));
    lines.push(...found.flatMap((each) => findingLines(each, paint)), ...omittedLines(groups, severity));
  }
  if (suppressed.length > 0) lines.push(NOTHING, paint('dim', 'suppressed: found, and not counted'));
  for (const { rule, code, path, suppression } of suppressed) {
    const where = path === '' ? '' : ` at ${path}`;
    lines.push(shown`  ${paint('bold', `${rule} ${code}`)}${where} (${suppressionText(suppression)})`);
  }
  return shown`${joined(lines, '\n')}\n`;
}

/** What the images of a run came to, in numbers. */
export class Tally {
  readonly #verdicts = new Map<ImageVerdict, number>();
  #images = 0;
  #unchanged = 0;

  static of(outcomes: readonly Outcome[]): Tally {
    const tally = new Tally();
    for (const outcome of outcomes) tally.add(outcome);
    return tally;
  }

  add(outcome: Outcome): void {
    const verdict = imageVerdictOf(outcome);
    this.#verdicts.set(verdict, (this.#verdicts.get(verdict) ?? 0) + 1);
    this.#images += 1;
    if (outcome.report?.unchanged === true) this.#unchanged += 1;
  }

  get isEmpty(): boolean {
    return this.#images === 0;
  }

  /** The last line of a report on several images, without its end. */
  text(): string {
    const parts = (['clean', 'needs-attention', 'corrupt', 'not-vhdx', 'unreadable'] as const)
      .map((verdict) => [this.#verdicts.get(verdict) ?? 0, verdictText(verdict)] as const)
      .filter(([count]) => count > 0)
      .map(([count, title]) => `${count} ${title}`);
    const unchanged = this.#unchanged === 0 ? '' : `; ${this.#unchanged} unchanged since an earlier check`;
    return `${countText(this.#images, 'image')}: ${parts.join(', ')}${unchanged}`;
  }
}
