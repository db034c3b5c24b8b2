/** Changes of what a schema accepts, of enums and of calculated values. */
import { describe, test } from 'vitest';
import { judge, type Judged } from '../../support/schema-changes.js';

const valid = (constraint: string, type = 'u2'): string => `seq:\n  - id: x\n    type: ${type}\n    ${constraint}\n`;
const kinds = (...values: readonly string[]): string =>
  `seq: [{id: x, type: u1, enum: kind, valid: {in-enum: true}}]\nenums:\n  kind: {${values.join(', ')}}\n`;
const named = (...values: readonly string[]): string =>
  `seq: [{id: x, type: u1, enum: kind}]\nenums:\n  kind: {${values.join(', ')}}\n`;

const CHANGES: readonly Judged[] = [
  ['new constraint', valid(''), valid('valid: 1'), ['values a.x: tightened: new valid 1']],
  ['constraint gone', valid('valid: 1'), valid(''), ['values a.x: loosened: valid 1 is gone']],
  ['another value', valid('valid: 1'), valid('valid: 2'), ['values a.x: changed: valid 1 → 2']],
  ['same value, other form', valid('valid: 16'), valid('valid: {eq: 0x10}'), []],
  [
    'a choice more',
    valid('valid: {any-of: [1, 2]}'),
    valid('valid: {any-of: [2, 1, 3]}'),
    ['values a.x: loosened: valid any of 1, 2 → any of 2, 1, 3'],
  ],
  [
    'a choice less',
    valid('valid: {any-of: [1, 2]}'),
    valid('valid: 1'),
    ['values a.x: tightened: valid any of 1, 2 → 1'],
  ],
  [
    'lower maximum',
    valid('valid: {max: 10}'),
    valid('valid: {max: 9}'),
    ['values a.x: tightened: valid max 10 → max 9'],
  ],
  [
    'new minimum beside a maximum',
    valid('valid: {max: 10}'),
    valid('valid: {min: 1, max: 10}'),
    ['values a.x: tightened: valid max 10 → min 1, max 10'],
  ],
  [
    'range moved',
    valid('valid: {min: 1, max: 10}'),
    valid('valid: {min: 2, max: 11}'),
    ['values a.x: changed: valid min 1, max 10 → min 2, max 11'],
  ],
  [
    'value becomes a range around it',
    valid('valid: 5'),
    valid('valid: {min: 1, max: 10}'),
    ['values a.x: loosened: valid 5 → min 1, max 10'],
  ],
  [
    'another condition',
    valid('valid: {expr: _ % 2 == 0}'),
    valid('valid: {expr: _ % 4 == 0}'),
    ['values a.x: changed: valid expr _ % 2 == 0 → expr _ % 4 == 0'],
  ],
  ['condition spelt otherwise', valid('valid: {expr: _ % 2 == 0}'), valid('valid: {expr: "(_ % 2) == 0x0"}'), []],
  [
    'severity and rule',
    valid('valid: {eq: 1, -rule: A1, -severity: error}'),
    valid('valid: {eq: 1, -rule: A2, -severity: warning}'),
    ['values a.x: severity of valid: error → warning', 'values a.x: rule of valid: A1 → A2'],
  ],
  [
    'contents of the same length',
    'seq: [{id: x, contents: [1, 2]}]\n',
    'seq: [{id: x, contents: [1, 3]}]\n',
    ['values a.x: changed: contents [0x01, 0x02] → [0x01, 0x03]'],
  ],
  ['contents spelt otherwise', 'seq: [{id: x, contents: AB}]\n', 'seq: [{id: x, contents: [0x41, B]}]\n', []],
  [
    'new checksum',
    'seq: [{id: x, type: u4}, {id: y, size: 4}]\n',
    'seq: [{id: x, type: u4, -checksum: {algo: crc32c}}, {id: y, size: 4}]\n',
    ['values a.x: tightened: new checksum crc32c'],
  ],
  [
    'checksum over less',
    'seq: [{id: x, type: u4, -checksum: {algo: crc32c}}, {id: y, size: 4}]\n',
    'seq: [{id: x, type: u4, -checksum: {algo: crc32c, size: 4}}, {id: y, size: 4}]\n',
    ['values a.x: changed: checksum over all bytes → 4'],
  ],
  [
    'new name of an enum that a field must be in',
    kinds('0: none'),
    kinds('0: none', '1: one'),
    ['+ values a::kind::one: new name of 1', 'values a.x: loosened: valid in-enum, whose values changed'].toReversed(),
  ],
  ['new name of an enum', named('0: none'), named('0: none', '1: one'), ['+ values a::kind::one: new name of 1']],
  [
    'name of an enum gone',
    named('0: none', '1: one'),
    named('0: none'),
    ['values a::kind::one: 1 has no name any more', 'types a::kind::one: A_Kind.ONE is gone'],
  ],
  [
    'name of another integer',
    named('0: none', '1: one'),
    named('0: none', '2: one'),
    ['values a::kind::one: stands for 2, was 1'],
  ],
  [
    'names swapped',
    named('0: none', '1: one'),
    named('1: none', '0: one'),
    ['values a::kind::one: stands for 0, was 1', 'values a::kind::none: stands for 1, was 0'].toReversed(),
  ],
  [
    'name of another integer, which decides what is read',
    'seq: [{id: x, type: u1, enum: kind}, {id: y, type: u1, if: "x == kind::one"}]\nenums:\n  kind: {0: none, 1: one}\n',
    'seq: [{id: x, type: u1, enum: kind}, {id: y, type: u1, if: "x == kind::one"}]\nenums:\n  kind: {0: none, 2: one}\n',
    ['bytes a::kind::one: stands for 2, was 1'],
  ],
  [
    'calculated value',
    'seq: [{id: x, type: u1}]\ninstances:\n  v: {value: x + 1}\n',
    'seq: [{id: x, type: u1}]\ninstances:\n  v: {value: x + 2}\n',
    ['values a.v: value: x + 1 → x + 2'],
  ],
  [
    'argument that nothing read depends on',
    'seq: [{id: x, type: s(1)}]\ntypes:\n  s: {params: [{id: n, type: u1}], seq: [{id: b, type: u1}]}\n',
    'seq: [{id: x, type: s(2)}]\ntypes:\n  s: {params: [{id: n, type: u1}], seq: [{id: b, type: u1}]}\n',
    ['values a.x: arguments: 1 → 2'],
  ],
];

describe('values', () => {
  test.each(CHANGES)('%s → told', (_, old, now, expected) => judge(old, now, expected));
});
