import {
  type Bound,
  CODES,
  codes,
  explainCode,
  GROUP_TEXTS,
  SEVERITIES,
  type Severity,
  SEVERITY_MEANINGS,
  summaryText,
  UNREPORTED_RULES,
  type VhdxCode,
} from '../../runtime/rules.js';
import { exitCodeOfFinding } from '../../runtime/cli/error-report.js';

const INTRODUCTION = `# Findings and errors

Every code of the \`vhdx\` library and command: findings of \`vhdx check\`, and errors. Generated from the catalogue in
\`runtime/errors/catalogue/\` by \`npm run docs\`; \`vhdx explain CODE\` prints the same text offline. Codes are never renamed.
Sections are those of [MS-VHDX] v6.0.

| severity | meaning | exit code of \`vhdx check\` |
| --- | --- | --- |
${SEVERITIES.map((severity) => `| ${severity} | ${SEVERITY_MEANINGS[severity]} | ${exitText(severity)} |`).join('\n')}

Where a code can have another severity than the usual one, its entry says when. A file that is not a VHDX has exit code 63,
whatever \`--fail-on\` says. Errors that are no findings end a command with exit code 1.

`;

function exitText(severity: Severity): string {
  const exitCode = exitCodeOfFinding({ code: 'VHDX_FILE_TOO_SHORT', severity });
  const texts: Partial<Record<Severity, string>> = {
    warning: `${exitCode}, or 3 with \`--fail-on warning\``,
    'refuse-write': `${exitCode}, or 0 with \`--fail-on error\``,
  };
  return texts[severity] ?? String(exitCode);
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

/** Text in Markdown: backslashes of Windows paths and angle brackets stay as they are. */
function prose(text: string): string {
  return text.replaceAll(/[\\<>*_`[\]]/g, String.raw`\$&`);
}

function link(code: VhdxCode): string {
  return `[\`${code}\`](#${code.toLowerCase()})`;
}

function tableRow(code: VhdxCode): string {
  const { rule, severity } = codes[code];
  const first = rule === '' ? '' : `| ${rule} | ${severity} `;
  return `${first}| ${link(code)} | ${cell(prose(summaryText(code)))}. |`;
}

function ruleLine(code: VhdxCode): string {
  const { rule, covers = [], severity, when, section } = explainCode(code);
  const others = Object.entries(when).map(([other, words]) => `, or ${other} if ${words}`);
  const spec = section === '' ? '' : ` · [MS-VHDX] ${section}`;
  if (rule === '') return spec === '' ? '' : `[MS-VHDX] ${section}\n\n`;
  return `Rule ${[rule, ...covers].join(', ')} · ${severity}${prose(others.join(''))}${spec}\n\n`;
}

function reportersLine(reportedBy: readonly string[]): string {
  return reportedBy.map((part) => `\`${part.startsWith('schemas/') ? `${part}.ksy` : `runtime/${part}`}\``).join(', ');
}

function entry(code: VhdxCode): string {
  const { meaning, remedy, reportedBy, related } = explainCode(code);
  const whatToDo = remedy === '' ? '' : `\n\n**What to do:** ${prose(remedy)}`;
  const seeAlso = related.length === 0 ? '' : `\n\nSee also ${related.map(link).join(', ')}.`;
  return `### ${code}\n\n${ruleLine(code)}${prose(summaryText(code))}. ${prose(meaning)}${whatToDo}\n\nReported by ${reportersLine(reportedBy)}.${seeAlso}\n`;
}

function groupSection(group: keyof typeof GROUP_TEXTS): string {
  const { title, letters } = GROUP_TEXTS[group];
  const ofGroup = CODES.filter((code) => codes[code].group === group);
  const head =
    letters === undefined
      ? '| code | what |\n| --- | --- |'
      : '| rule | severity | code | what |\n| --- | --- | --- | --- |';
  const name = letters === undefined ? title : `${letters}. ${title}`;
  return `## ${name}\n\n${head}\n${ofGroup.map(tableRow).join('\n')}\n\n${ofGroup.map(entry).join('\n')}`;
}

function otherTable(bound: Bound, title: string, words: string): string {
  const rows = Object.entries(UNREPORTED_RULES).flatMap(([rule, { bound: whom, reason }]) =>
    whom === bound ? [`| ${rule} | ${cell(reason)} |`] : [],
  );
  return `## ${title}\n\n${words}\n\n| rule | what |\n| --- | --- |\n${rows.join('\n')}\n`;
}

const INTERNAL = `## Internal errors

### INTERNAL_ERROR

A bug in this library or program: reports have this code instead of one of the catalogue, and the error is an \`InternalError\`
or one of JavaScript. Please report it with its message, the stack trace (\`VHDX_DEBUG=1\` prints it), and the image or how it was
made.
`;

/** The page on codes: by group, then the rules that no finding stands for. */
export function findingsPage(): string {
  return [
    `${INTRODUCTION}${Object.keys(GROUP_TEXTS)
      .filter((group): group is keyof typeof GROUP_TEXTS => group in GROUP_TEXTS)
      .map(groupSection)
      .join('\n')}`,
    INTERNAL,
    otherTable(
      'writer',
      'Rules that bind writers only',
      'No file at rest can break these; the tests of the writer show that it follows them.',
    ),
    otherTable(
      'reader',
      'Rules that bind readers',
      'They say how images are read and checked; no file can break them.',
    ),
    otherTable('policy', 'Rules on which files to open or write', 'They are about more than one image.'),
  ].join('\n');
}
