import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { codes, SEVERITIES } from '../../runtime/errors.js';

const RUNTIME = fileURLToPath(new URL('../../runtime', import.meta.url));

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
    expect(files.some(({ name, text }) => name !== 'codes.ts' && text.includes(`'${code}'`))).toBe(true);
  });
});

test('rules that a file at rest can break → each has a code or is covered by one', () => {
  const groups: Readonly<Record<string, readonly number[]>> = {
    A: [1, 2, 3, 4, 6, 7, 8, 9],
    B: [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    C: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 19],
    D: [2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22],
    E: [2, 6, 7, 12],
    F: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19],
    G: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
    H: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15],
    I: [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18, 19, 20, 21, 22, 23, 24, 25],
    J: [1, 2, 3, 4, 5, 7],
  };
  const told = new Set(Object.values(codes).flatMap(({ rule, covers = [] }) => [rule, ...covers]));
  const rules = Object.entries(groups).flatMap(([group, numbers]) => numbers.map((number) => `${group}${number}`));
  expect(rules.filter((rule) => !told.has(rule))).toEqual([]);
});

test('sections cited in comments → in the table of contents', () => {
  for (const { name, text } of files) {
    for (const [, section = ''] of text.matchAll(/\[MS-VHDX\] (2(?:\.\d+)+)/g)) {
      expect(SECTIONS.has(section), `${name} cites ${section}`).toBe(true);
    }
  }
});

test('modules of Node → imported in files named for it only', () => {
  const others = files.filter(({ name }) => !/^(node[.-]|cli\/)/.test(name));
  expect(others.filter(({ text }) => /from 'node:|@node-rs/.test(text)).map(({ name }) => name)).toEqual([]);
});

test('check → imported by the index and the command only', () => {
  const others = files.filter(({ name }) => !/^(check\/|cli\/|index\.ts)/.test(name));
  expect(others.filter(({ text }) => /from '.*\/check\//.test(text)).map(({ name }) => name)).toEqual([]);
});
