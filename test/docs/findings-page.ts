import { checkedRules } from '../../runtime/cli/reports/rules.js';
import { codes } from '../../runtime/errors/errors.js';
import type { VhdxCode } from '../../runtime/errors/errors.js';
import { type Bound, UNREPORTED_RULES } from '../../runtime/check/unreported-rules.js';

const GROUPS: Readonly<Record<string, string>> = {
  A: 'File and file type identifier',
  B: 'Headers',
  C: 'Region tables',
  D: 'Log entries',
  E: 'Log sequence and replay',
  F: 'Metadata table',
  G: 'Metadata items',
  H: 'Parent locator and chain',
  I: 'BAT',
  J: 'Whole file and chain',
  HV: 'Profile hyperv',
  AZ: 'Profile azure',
  WSL: 'Profile wsl',
};

const INTRODUCTION = `# Findings

Everything that \`vhdx check\` can say of an image, from the table in \`runtime/errors/codes.ts\`; \`npm run docs\` writes this page
anew. Codes are never renamed. The severity is the usual one: where the circumstances make a fault worse (both copies of a
structure are damaged) or harmless (the fault is in something optional) the finding says so. Sections are those of
[MS-VHDX] v6.0.

| severity | meaning |
| --- | --- |
| error | unreadable, ambiguous or unsafe |
| refuse-write | readable, but must not be written before it is repaired |
| warning | against the specification, but tolerated by readers in the field |
| info | worth knowing |
`;

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

function sentence(text: string): string {
  return cell(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}

function codeRow(code: VhdxCode): string {
  const { rule, section, severity, summary, remedy, covers = [] } = codes[code];
  const rules = covers.length === 0 ? rule : `${rule} (also ${covers.join(', ')})`;
  return `| ${rules} | \`${code}\` | ${section} | ${severity} | ${sentence(summary)} | ${cell(remedy)} |`;
}

function groupTable(group: string, rows: readonly string[]): string {
  const head = '| rule | code | section | severity | what | what can be done |\n| --- | --- | --- | --- | --- | --- |';
  return `## ${group}. ${GROUPS[group]}\n\n${head}\n${rows.join('\n')}\n`;
}

function otherTable(bound: Bound, title: string, words: string): string {
  const rows = Object.entries(UNREPORTED_RULES).flatMap(([rule, { bound: whom, reason }]) =>
    whom === bound ? [`| ${rule} | ${cell(reason)} |`] : [],
  );
  return `## ${title}\n\n${words}\n\n| rule | what |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** The page on findings: all codes by group, then the rules that no finding stands for. */
export function findingsPage(): string {
  const groups = new Map<string, string[]>();
  for (const { rule, codes: ofRule } of checkedRules({ profiles: ['hyperv', 'azure', 'wsl'], chain: true })) {
    const group = rule.replace(/\d+$/, '');
    groups.set(group, [...(groups.get(group) ?? []), ...ofRule.map(codeRow)]);
  }
  const others = Object.entries(codes).filter(([, { rule }]) => rule === '');
  const hostRows = others.map(
    ([code, { summary, remedy }]) => `| \`${code}\` | ${sentence(summary)} | ${cell(remedy)} |`,
  );
  return [
    INTRODUCTION,
    ...[...groups].map(([group, rows]) => groupTable(group, rows)),
    `## Faults that are not in the image\n\nErrors, never findings.\n\n| code | what | what can be done |\n| --- | --- | --- |\n${hostRows.join('\n')}\n`,
    otherTable(
      'writer',
      'Rules that bind a writer only',
      'No file at rest can break these; the tests of what writes show them.',
    ),
    otherTable(
      'reader',
      'Rules that bind a reader',
      'This is how images are read and checked here; a file cannot break them.',
    ),
    otherTable('policy', 'Rules for who decides about files', 'These are about more than an image.'),
  ].join('\n');
}
