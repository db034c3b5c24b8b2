/** Texts of `vhdx explain`: a code, a rule, the list of codes. */
import {
  codes,
  CODES,
  explainCode,
  type ExplainedCode,
  type ExplainedRule,
  GROUP_TEXTS,
  SEVERITIES,
  type Severity,
  SEVERITY_MEANINGS,
  summaryText,
  type VhdxCode,
} from '../../rules.js';
import { exitCodeOfFinding } from '../error-report.js';
import { type Harmless, joined, NOTHING, shown, wrap } from '../harmless.js';
import type { Paint } from '../output.js';

const LABEL_WIDTH = 12;

/** A label, and the text under it in lines of at most 100 characters. */
function row(label: string, text: string): Harmless[] {
  const indent = ' '.repeat(LABEL_WIDTH);
  const [first = NOTHING, ...rest] = wrap(text, indent);
  return [shown`${label.padEnd(LABEL_WIDTH)}${String(first).slice(LABEL_WIDTH)}`, ...rest];
}

/** What a finding of this severity makes the exit code of a check. */
function exitCodeText(code: VhdxCode, severity: Severity): string {
  const exitCode = exitCodeOfFinding({ code, severity });
  return severity === 'warning' ? `exit code ${exitCode} (3 with --fail-on warning)` : `exit code ${exitCode}`;
}

function severityRows({ code, rule, severity, when }: ExplainedCode): Harmless[] {
  if (rule === '') return row('severity', `not a fault of an image; ${exitCodeText(code, severity)}`);
  const usual = row('severity', `${severity}: ${SEVERITY_MEANINGS[severity]}; ${exitCodeText(code, severity)}`);
  const others = SEVERITIES.flatMap((each) => {
    const circumstances = when[each];
    return circumstances === undefined ? [] : row('', `${each} if ${circumstances}; ${exitCodeText(code, each)}`);
  });
  return [...usual, ...others];
}

function lookedAtText(lookedAt: readonly string[]): string {
  return lookedAt.map((part) => (part.startsWith('schemas/') ? `${part}.ksy` : `runtime/${part}`)).join(', ');
}

function codeLines(explained: ExplainedCode, paint: Paint): Harmless[] {
  const { code, rule, covers = [], title, section, meaning, remedy, lookedAt, related } = explained;
  const others = covers.length === 0 ? '' : `, also ${covers.join(', ')}`;
  const spec = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return [
    paint('bold', code),
    ...wrap(`${summaryText(code)}. ${meaning}`, ''),
    NOTHING,
    ...row(rule === '' ? 'group' : 'rule', rule === '' ? `${title}${spec}` : `${rule}${others} (${title})${spec}`),
    ...severityRows(explained),
    ...row('what to do', remedy === '' ? 'Nothing needs to be done.' : remedy),
    ...row('looked at', `in ${lookedAtText(lookedAt)}`),
    ...(related.length === 0 ? [] : row('see also', related.join(', '))),
  ];
}

function textOf(lines: readonly Harmless[]): Harmless {
  return shown`${joined(lines, '\n')}\n`;
}

/** What a code means, for people. Ends with a newline. */
export function codeText(explained: ExplainedCode, paint: Paint): Harmless {
  return textOf(codeLines(explained, paint));
}

const BOUND = {
  writer: 'It binds programs that write images.',
  reader: 'It binds programs that read images.',
  policy: 'It is about which files may be opened or written.',
} as const;

/** What a rule means, for people: its codes, or why no check reports it. Ends with a newline. */
export function ruleText({ rule, title, codes: reporting, unreported }: ExplainedRule, paint: Paint): Harmless {
  if (unreported !== undefined) {
    const { bound, reason } = unreported;
    return textOf([
      paint('bold', `${rule} (${title})`),
      ...wrap(`${reason} ${BOUND[bound]} No file can break it, so vhdx check does not report it.`, ''),
    ]);
  }
  const parts = reporting.map((code) => codeText(explainCode(code), paint));
  return joined(parts, '\n');
}

/** Every code with its summary, by group. */
export function catalogueText(paint: Paint): Harmless {
  const width = Math.max(...CODES.map((code) => code.length));
  const lines: Harmless[] = [];
  let before: string | undefined;
  for (const code of CODES) {
    const { rule, group, severity, summary } = codes[code];
    if (group !== before)
      lines.push(...(before === undefined ? [] : [NOTHING]), paint('bold', GROUP_TEXTS[group].title));
    before = group;
    const kind = rule === '' ? '' : `${rule.padEnd(4)}  ${severity.padEnd(12)}  `;
    lines.push(shown`  ${kind}${code.padEnd(width)}  ${summary}`);
  }
  return textOf([...lines, NOTHING, shown`vhdx explain CODE says more.`]);
}
