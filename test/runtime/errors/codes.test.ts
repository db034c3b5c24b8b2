import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CODES, explainCode, GROUP_TEXTS, SEVERITIES, UNREPORTED_RULES } from '../../../runtime/rules.js';
import { catalogue, codeOfSchemaRule, codes, isCode } from '../../../runtime/errors/codes.js';
import { EXPLANATIONS } from '../../../runtime/errors/explained-tables.js';
import { severitiesOf } from '../../support/findings.js';
import { RULE_IDS, RULE_TABLE } from '../../support/rule-table.js';
import { SECTIONS } from '../../support/sections.js';

const RUNTIME = fileURLToPath(new URL('../../../runtime', import.meta.url));
const SCHEMAS = fileURLToPath(new URL('../../../schemas', import.meta.url));

/** All that an entry, and an explanation, can have: the tables are no fresh literals where their types are checked. */
const FIELDS = new Set(
  `rule group section severity summary remedy covers schema inContext expects damages misplaces sharesRegion cutsOff chain
  profiles`.split(/\s+/),
);
const EXPLANATION_FIELDS = new Set(['meaning', 'advice', 'when', 'lookedAt', 'related']);

const files = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.replaceAll('\\', '/'), text: readFileSync(join(RUNTIME, name), 'utf8') }));
/** What is not the catalogue, nor the command that prints it. */
const users = files.filter(({ name }) => !/^(?:errors|cli)\//.test(name));

/** The constraints of the schemas: schema, `-rule` and `-severity`. */
const constraints = readdirSync(SCHEMAS)
  .filter((name) => name.endsWith('.ksy'))
  .flatMap((name) =>
    [...readFileSync(join(SCHEMAS, name), 'utf8').matchAll(/-rule: (\S+)\s+-severity: (\S+)/g)].map(
      ([, rule = '', severity = '']) => ({ schema: `schemas/${name.replace('.ksy', '')}`, rule, severity }),
    ),
  );

/** A sentence of the catalogue in plain words. */
const FIGURES_OF_SPEECH = /\b(?:mends?|laid over|is told|so many|anew|nobody|minds)\b/;

describe.each(CODES)('%s', (code) => {
  const { rule, group, section, severity, summary, remedy } = codes[code];

  test('entry → complete, of known fields, in the group of its rule', () => {
    expect(code).toMatch(/^VHDX_[A-Z0-9_]+$/);
    expect(rule.replace(/\d+$/, '')).toBe(GROUP_TEXTS[group].letters ?? '');
    expect(section === '' || SECTIONS.has(section)).toBe(true);
    expect(SEVERITIES).toContain(severity);
    expect(summary).toMatch(/^\S.*[^.]$/);
    expect(Object.keys(codes[code]).filter((field) => !FIELDS.has(field))).toEqual([]);
    expect(Object.keys(EXPLANATIONS[code]).filter((field) => !EXPLANATION_FIELDS.has(field))).toEqual([]);
  });

  test('texts → sentences in plain words; an error says what to do', () => {
    const explained = explainCode(code);
    expect(explained.meaning).toMatch(/^\S.*\.$/);
    if (severity === 'error' || severity === 'refuse-write') expect(explained.remedy).not.toBe('');
    expect(explained.remedy).toMatch(/^(?:[A-Z].*[.)])?$/);
    for (const text of [summary, explained.meaning, explained.remedy]) expect(text).not.toMatch(FIGURES_OF_SPEECH);
  });

  test('circumstances → severities other than the usual one; related codes → exist, others', () => {
    const { when, related } = explainCode(code);
    expect(Object.keys(when)).not.toContain(severity);
    expect(Object.values(when).every((words) => /^[a-z].*[^.]$/i.test(words ?? ''))).toBe(true);
    expect(EXPLANATIONS[code].related?.filter((each) => !isCode(each)) ?? []).toEqual([]);
    expect(related).not.toContain(code);
    // What is no finding has nothing but its explanation to say what to do.
    if (rule === '') expect(remedy).toBe('');
  });

  test('where it is looked at → there, by this name', () => {
    const { lookedAt } = EXPLANATIONS[code];
    const inSchemas = constraints.filter((each) => codeOfSchemaRule(each.rule) === code).map(({ schema }) => schema);
    expect(lookedAt.filter((part) => part.startsWith('schemas/')).toSorted()).toEqual(
      [...new Set(inSchemas)].toSorted(),
    );
    expect(catalogue[code].schema === true).toBe(inSchemas.length > 0);
    const rooms = new Set(
      users.filter(({ text }) => text.includes(`'${code}'`)).map(({ name }) => dirname(name).replaceAll('\\', '/')),
    );
    expect(lookedAt.filter((part) => !part.startsWith('schemas/') && !rooms.has(part))).toEqual([]);
    expect(lookedAt).not.toEqual([]);
  });
});

describe('schemas', () => {
  test('constraints → found', () => {
    expect(constraints.length).toBeGreaterThan(50);
  });

  test.each(constraints)('$schema: $rule → one code, of a severity that it can have', ({ rule, severity }) => {
    const code = codeOfSchemaRule(rule);
    expect(severitiesOf(code)).toContain(severity);
    const others = CODES.filter((each) => catalogue[each].schema === true && codes[each].rule === rule);
    expect(others).toEqual(isCode(rule) ? [] : [code]);
  });

  test('a rule that no constraint is of → internal error', () => {
    for (const rule of ['B3', 'Z1', '', 'toString']) expect(() => codeOfSchemaRule(rule)).toThrow(/^Internal error: /);
  });
});

test('rules that a file at rest can break → each has a code or is covered by one', () => {
  const told = new Set(Object.values(codes).flatMap(({ rule, covers = [] }) => [rule, ...covers]));
  expect(RULE_IDS.filter((rule) => !told.has(rule) && UNREPORTED_RULES[rule] === undefined)).toEqual([]);
  expect(Object.keys(UNREPORTED_RULES).filter((rule) => told.has(rule))).toEqual([]);
});

describe('the catalogue, compared with the table of rules', () => {
  const coded = RULE_TABLE.flatMap((row) => {
    const found = CODES.filter((code) => codes[code].rule === row.id);
    return found.length === 0 ? [] : [{ ...row, found }];
  });

  test.each(coded)('$id → its sections, and severities that it may have', ({ sections, kinds, found }) => {
    for (const code of found) for (const severity of severitiesOf(code)) expect(kinds).toContain(severity);
    if (sections.length === 0) return;
    // A code may be about a part of the rule, which has a section of its own.
    expect(
      found
        .map((code) => codes[code].section)
        .some((section) => sections.some((each) => `${section}.`.startsWith(`${each}.`))),
    ).toBe(true);
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

// A list of codes or a pattern over rules somewhere else would be a second table.
test('rules and families of codes → the catalogue alone knows their letters', () => {
  const byLetters = /\/\^\[[A-J]+\]|startsWith\('VHDX_|rule === '[A-Z]+\d/;
  expect(files.filter(({ text }) => byLetters.test(text)).map(({ name }) => name)).toEqual([]);
});
