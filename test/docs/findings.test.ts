import { describe, expect, test } from 'vitest';
import { codes } from '../../runtime/errors.js';
import { findingsPage } from './findings-page.js';
import { OTHER_RULES, RULE_COUNTS } from './rules.js';

const told = new Set(Object.values(codes).flatMap(({ rule, covers = [] }) => [rule, ...covers]));

describe('docs/findings.md', () => {
  test('page → as the table of codes has it (npm run docs)', async () => {
    await expect(findingsPage()).toMatchFileSnapshot('../../docs/findings.md');
  });

  test('every rule of the conformance table → has a code, or is in a table of the page', () => {
    const others = OTHER_RULES.map(({ rule }) => rule);
    const all = Object.entries(RULE_COUNTS).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    );
    expect(all).toHaveLength(181);
    expect(all.filter((rule) => !told.has(rule) && !others.includes(rule))).toEqual([]);
    expect(others.filter((rule) => told.has(rule))).toEqual([]);
  });
});
