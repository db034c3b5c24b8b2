import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UNREPORTED_RULES } from '../../../runtime/check/unreported-rules.js';
import { codes, SEVERITIES } from '../../../runtime/errors/errors.js';

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
    expect(files.some(({ name, text }) => name !== 'errors/codes.ts' && text.includes(`'${code}'`))).toBe(true);
  });
});

test('rules that a file at rest can break → each has a code or is covered by one', () => {
  const told = new Set(Object.values(codes).flatMap(({ rule, covers = [] }) => [rule, ...covers]));
  const counts = { A: 9, B: 24, C: 19, D: 23, E: 20, F: 20, G: 17, H: 17, I: 25, J: 7 };
  const rules = Object.entries(counts).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
  );
  expect(rules.filter((rule) => !told.has(rule) && UNREPORTED_RULES[rule] === undefined)).toEqual([]);
  expect(Object.keys(UNREPORTED_RULES).filter((rule) => told.has(rule))).toEqual([]);
});

test('sections cited in comments → in the table of contents', () => {
  for (const { name, text } of files) {
    for (const [, section = ''] of text.matchAll(/\[MS-VHDX\] (2(?:\.\d+)+)/g)) {
      expect(SECTIONS.has(section), `${name} cites ${section}`).toBe(true);
    }
  }
});
