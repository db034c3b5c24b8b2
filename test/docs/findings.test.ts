import { describe, expect, test } from 'vitest';
import { UNREPORTED_RULES } from '../../runtime/rules.js';
import { codes } from '../../runtime/rules.js';
import { findingsPage } from './findings-page.js';

/** How many rules each group of the conformance table has. */
const RULE_COUNTS = { A: 9, B: 24, C: 19, D: 23, E: 20, F: 20, G: 17, H: 17, I: 25, J: 7 };

const told = new Set(Object.values(codes).flatMap(({ rule, covers = [] }) => [rule, ...covers]));

describe('docs/findings.md', () => {
  test('page → as the table of codes has it (npm run docs)', async () => {
    await expect(findingsPage()).toMatchFileSnapshot('../../docs/findings.md');
  });

  test('every rule of the conformance table → has a code, or is in a table of the page', () => {
    const others = Object.keys(UNREPORTED_RULES);
    const all = Object.entries(RULE_COUNTS).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    );
    expect(all).toHaveLength(181);
    expect(all.filter((rule) => !told.has(rule) && !others.includes(rule))).toEqual([]);
    expect(others.filter((rule) => told.has(rule))).toEqual([]);
  });
});
