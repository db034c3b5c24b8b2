import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UNREPORTED_RULES } from '../../../runtime/errors/catalogue/unreported.js';
import { catalogue, codes, SEVERITIES, type VhdxCode } from '../../../runtime/errors/codes.js';
import { RULE_IDS, RULE_TABLE } from '../../support/rule-table.js';

const RUNTIME = fileURLToPath(new URL('../../../runtime', import.meta.url));

/** The table of contents of [MS-VHDX] v6.0, section 2. */
const SECTIONS = new Set(
  `2.1 2.2 2.2.1 2.2.2 2.2.2.1 2.2.3 2.2.3.1 2.2.3.2 2.3 2.3.1 2.3.1.1 2.3.1.2 2.3.1.3 2.3.1.4 2.3.2 2.3.3 2.4 2.5 2.5.1
  2.5.1.1 2.5.1.2 2.6 2.6.1 2.6.1.1 2.6.1.2 2.6.2 2.6.2.1 2.6.2.2 2.6.2.3 2.6.2.4 2.6.2.5 2.6.2.6 2.6.2.6.1 2.6.2.6.2
  2.6.2.6.3`.split(/\s+/),
);

const files = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join(RUNTIME, name), 'utf8') }));

describe.each(Object.entries(codes))('%s', (code, { rule, section, severity, summary }) => {
  test('row of the table → complete', () => {
    expect(code).toMatch(/^VHDX_[A-Z0-9_]+$/);
    expect(rule).toMatch(/^(?:(?:[A-J]|HV|AZ|WSL)\d+)?$/);
    expect(section === '' || SECTIONS.has(section)).toBe(true);
    expect(SEVERITIES).toContain(severity);
    expect(summary).toMatch(/^\S.*[^.]$/);
  });

  test('code → used', () => {
    // Those of the schemas are found by the rule that a constraint names.
    const { schema = false } = catalogue[code as VhdxCode];
    expect(schema || files.some(({ name, text }) => !name.startsWith('errors/') && text.includes(`'${code}'`))).toBe(
      true,
    );
  });
});

test('rules that a file at rest can break → each has a code or is covered by one', () => {
  const told = new Set(Object.values(codes).flatMap(({ rule, covers = [] }) => [rule, ...covers]));
  expect(RULE_IDS.filter((rule) => !told.has(rule) && UNREPORTED_RULES[rule] === undefined)).toEqual([]);
  expect(Object.keys(UNREPORTED_RULES).filter((rule) => told.has(rule))).toEqual([]);
});

describe('the catalogue, compared with the table of rules', () => {
  const coded = RULE_TABLE.flatMap((row) => {
    const found = Object.values(codes).filter(({ rule }) => rule === row.id);
    return found.length === 0 ? [] : [{ ...row, found }];
  });

  test.each(coded)('$id → its sections, and severities that it may have', ({ sections, kinds, found }) => {
    for (const { severity, also = [] } of found) {
      for (const each of [severity, ...also]) expect(kinds).toContain(each);
    }
    if (sections.length === 0) return;
    // A code may be about a part of the rule, which has a section of its own.
    expect(found.some(({ section }) => sections.some((each) => `${section}.`.startsWith(`${each}.`)))).toBe(true);
  });

  test('a rule that a program keeps, not a file → no code, and said why', () => {
    const kept = RULE_TABLE.filter(({ kinds }) => kinds.some((kind) => ['writer', 'reader', 'policy'].includes(kind)));
    expect(kept.filter(({ id }) => UNREPORTED_RULES[id] === undefined).map(({ id }) => id)).toEqual(['E2', 'I13']);
  });
});

test('sections cited in comments → in the table of contents', () => {
  for (const { name, text } of files) {
    for (const [, section = ''] of text.matchAll(/\[MS-VHDX\] (2(?:\.\d+)+)/g)) {
      expect(SECTIONS.has(section), `${name} cites ${section}`).toBe(true);
    }
  }
});
