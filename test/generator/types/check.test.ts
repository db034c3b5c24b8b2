/** What a field, an argument or a constraint takes. */
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../../support/programs.js';

const ENUMS = 'enums:\n  animal: {1: cat}\n  plant: {1: oak}\n';

describe('arguments', () => {
  const passing = (param: string, given: string): string[] =>
    problemsOf(
      `seq: [{id: n, type: u1}, {id: s, type: str, size: 1}, {id: p, type: 'sub(${given})'}]\n${ENUMS}types:\n  sub: {params: [{id: p, ${param}}]}\n  other: {}\n`,
    );

  test.each([
    ['enum: animal, type: u1', 'animal::cat'],
    ['type: u1', 'n'],
    ['type: f8', 'n'],
    ['type: str', 's'],
    ['type: struct', '_root'],
    ['type: any', 's'],
  ])('{%s} given %s → taken', (param, given) => {
    expect(passing(param, given)).toEqual([]);
  });

  test.each([
    ['enum: animal, type: u1', 'plant::oak'],
    ['enum: animal, type: u1', 'n'],
    ['type: str', 'n'],
    ['type: bool', 'n'],
    ['type: struct', 's'],
    ['type: other', '_root'],
    ['type: u1', 'animal::cat'],
    ["type: 'u1[]'", 's'],
  ])('{%s} given %s → refused', (param, given) => {
    expect(passing(param, given).join('\n')).toMatch(/^a\.ksy:\d+:\d+: \/seq\/2\/type:/);
  });
});

describe('what the official compiler refuses, too', () => {
  test.each([
    ['seq: [{id: a, type: s}, {id: b, type: s, valid: a}]\ntypes: {s: {}}\n', /\/seq\/1\/valid: .*cannot compare/],
    ['seq: [{id: a, type: u1}]\ninstances: {b: {value: a.as<animal>}}\n' + ENUMS, /'animal'.*it is an enum/],
  ])('%j → an error', (schema, message) => {
    expect(problemsOf(schema).join('\n')).toMatch(message);
  });
});
