/** Operators beside each other: generated code gives what the expression language says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateClasses, type AnyStruct, type Generated } from '../../../support/generated-classes.js';

const SCHEMA = `
meta: {id: operators, endian: le}
seq:
  - {id: one, type: u1}
  - {id: two, type: u1}
  - {id: flag, type: b1}
  - {id: absent, type: b1, if: one > 200}
  - {id: rest, type: b6}
  - {id: preset, type: u1, valid: {eq: 'two == 2 ? 7 : 8'}}
  - {id: swapped, type: swapped}
  - {id: parts, type: part, repeat: until, repeat-until: '_.text == "i"'}
instances:
  not_equal_on_the_right: {value: 'flag == (not (one == two))'}
  not_equal_on_the_left: {value: '(not (one == two)) == flag'}
  minus_minus: {value: '- -1.5'}
  minus_difference: {value: 'one - (two - one)'}
  shifted_mask: {value: 'one << 2 & two << 1 | 1'}
  absent_or: {value: 'absent or flag'}
  absent_chooses: {value: 'absent ? 1 : 2'}
  chosen: {value: 'flag ? one == 1 ? 10 : 20 : 30'}
  if_chosen: {value: 'one == 1 ? 10 : 20', if: flag}
  sum_as_text: {value: '(one + two).to_s'}
  part_of_sum: {value: '("a" + "bc").length'}
types:
  swapped:
    meta: {endian: {switch-on: _root.one, cases: {1: le, _: be}}}
    seq: [{id: names, type: strz, encoding: ASCII, repeat: until, repeat-until: '_ == "isLe"'}]
  part: {seq: [{id: text, type: strz, encoding: ASCII}]}
`;
/** 1, 2, flag; what \`preset\` must be; two texts, two parts. */
const BYTES = Uint8Array.of(1, 2, 0b1000_0000, 7, ...new TextEncoder().encode('x\0isLe\0at\0i\0'));

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-operators-'));
  const file = join(folder, 'operators.ksy');
  writeFileSync(file, SCHEMA);
  generated = await generateClasses([file], []);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

const valueOf = (struct: AnyStruct, property: string): unknown => Reflect.get(struct, property);

test('text of a schema that reads like a local name → declares nothing, and the output compiles', () => {
  expect(generated.problems).toEqual([]);
});

test.each([
  ['notEqualOnTheRight', true],
  ['notEqualOnTheLeft', true],
  ['minusMinus', 1.5],
  ['minusDifference', 0],
  ['shiftedMask', ((1 << 2) & (2 << 1)) | 1],
  ['absentOr', true],
  ['absentChooses', 2],
  ['chosen', 10],
  ['ifChosen', 10],
  ['sumAsText', '3'],
  ['partOfSum', 3],
])('%s → %s', (property, value) => {
  expect(valueOf(generated.class('Operators').fromBytes(BYTES), property)).toBe(value);
});

test('a value with a computed default → what is given, and the default where nothing is', () => {
  const create = (init: object): unknown =>
    valueOf(
      generated
        .class('Operators')
        .create({ one: 1, two: 2, flag: true, rest: 0, swapped: undefined, parts: [], ...init }),
      'preset',
    );
  expect([create({}), create({ preset: 0 }), create({ preset: 9 }), create({ two: 3 })]).toEqual([7, 0, 9, 8]);
});
