/**
 * The mutation matrix: for every rule that a file at rest can break an image that breaks it, and one next to it that
 * does not. The first has exactly that finding and those that follow from it, at the right place; the second has not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UNREPORTED_RULES } from '../../../runtime/rules.js';
import { exitCodeOfVerdict } from '../../../runtime/cli/exit-codes.js';
import { brief, severitiesOf } from '../../support/findings.js';
import { TestImage } from '../../support/image-builder.js';
import { RULE_IDS } from '../../support/rule-table.js';
import { reportOf } from './matrix/case.js';
import { MATRIX_CASES as ALL, MATRIX_GROUPS as GROUPS } from './matrix/all.js';

const build = (spec?: ConstructorParameters<typeof TestImage>[0]): TestImage => new TestImage(spec);
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();

/** The verdict that these severities come to, by the definition of the verdicts. */
function verdictOf(rule: string, found: readonly string[]): string {
  if (rule === 'A2') return 'not-vhdx';
  if (found.some((text) => text.endsWith(' error'))) return 'corrupt';
  return found.some((text) => text.endsWith(' refuse-write')) ? 'needs-attention' : 'clean';
}

const EXIT_CODES: Readonly<Record<string, number>> = { clean: 0, corrupt: 2, 'needs-attention': 3, 'not-vhdx': 63 };

describe.each(GROUPS)('%s', (_, cases) => {
  test.each(cases)('$rule broken: $what → $severity, and what follows', async (broken) => {
    const { rule, reportedAs = rule, severity, section, within, implies = [] } = broken;
    const report = await reportOf(broken, build);
    const expected = unique([`${reportedAs} ${severity}`, ...implies]);
    expect(unique(report.findings.map(brief))).toEqual(expected);
    for (const each of report.findings) expect(severitiesOf(each.code), each.code).toContain(each.severity);
    const found = report.findings.find((each) => each.rule === reportedAs && each.severity === severity);
    expect(found?.section).toBe(section);
    expect(found?.fileOffset).toBeGreaterThanOrEqual(within[0]);
    expect(found?.fileOffset).toBeLessThan(within[1]);
    expect(found?.length).toBeGreaterThanOrEqual(0);
    expect(found?.path).not.toBe('');
    // Messages begin a sentence, with a word or a path, and say where; A9 is about the host's file.
    expect(found?.message).toMatch(/^(?:[A-Z0-9]|[a-z_]+[.[]).*[.)]$/s);
    if (rule !== 'A9') expect(found?.message).toMatch(/0x[0-9a-f]/);
    const verdict = verdictOf(rule, expected);
    expect(report.verdict).toBe(verdict);
    expect(exitCodeOfVerdict(report.verdict)).toBe(EXIT_CODES[verdict]);
  });

  test.each(
    cases.flatMap(({ rule, reportedAs = rule, near }) => (near === undefined ? [] : [{ ...near, rule, reportedAs }])),
  )('$rule kept: $what', async ({ reportedAs, finds = [], ...near }) => {
    const report = await reportOf(near, build);
    expect(unique(report.findings.map(brief))).toEqual(unique(finds));
    expect(report.findings.map(({ rule }) => rule)).not.toContain(reportedAs);
    const verdict = verdictOf('', finds);
    expect(report.verdict).toBe(verdict);
    expect(exitCodeOfVerdict(report.verdict)).toBe(EXIT_CODES[verdict]);
  });
});

describe('the 181 rules', () => {
  const inMatrix = new Set(ALL.map(({ rule }) => rule));

  test('each → in the matrix, or in the table of rules that no file at rest can break', () => {
    expect(RULE_IDS).toHaveLength(181);
    expect(RULE_IDS.filter((id) => !inMatrix.has(id) && UNREPORTED_RULES[id] === undefined)).toEqual([]);
  });

  test('none → in both', () => {
    expect(Object.keys(UNREPORTED_RULES).filter((id) => inMatrix.has(id))).toEqual([]);
    expect([...inMatrix, ...Object.keys(UNREPORTED_RULES)].filter((id) => !RULE_IDS.includes(id))).toEqual([]);
  });

  test('each in the matrix → has an image that keeps it', () => {
    expect([...inMatrix].filter((id) => ALL.every(({ rule, near }) => rule !== id || near === undefined))).toEqual([]);
  });

  const table = fileURLToPath(new URL('../../../../shared/vhdx-rules.md', import.meta.url));
  const isThere = existsSync(table);
  if (!isThere)
    process.stderr.write('SKIPPED: the comparison with another table of rules: ../shared/vhdx-rules.md is not there\n');

  test.skipIf(!isThere)('another table of rules → has exactly these', () => {
    const ids = Array.from(readFileSync(table, 'utf8').matchAll(/^\| ([A-J]\d+) \|/gm), ([, id = '']) => id);
    expect(ids.toSorted()).toEqual(RULE_IDS.toSorted());
  });
});
