/** `create` and lists that an element ends (`repeat-until`). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reflected, type Reflected } from '../../support/reflected.js';

const SCHEMA = `
meta: {id: lists, endian: le, encoding: ASCII}
seq:
  - {id: numbers, type: s2, repeat: until, repeat-until: _ == -1}
  - {id: names, type: strz, repeat: until, repeat-until: _ == ""}
  - {id: kinds, type: u1, enum: kind, repeat: until, repeat-until: '_ == kind::end'}
  - {id: entries, type: entry, repeat: until, repeat-until: _.tag == 0}
  - {id: whole, type: whole, repeat: until, repeat-until: _.tag == 0}
  - {id: sized, type: sized, repeat: until, repeat-until: _.len == 0}
types:
  entry: {seq: [{id: tag, type: u1}, {id: body, type: u2, if: tag != 0}]}
  whole: {seq: [{id: tag, type: u1}, {id: body, type: u2}]}
  sized: {seq: [{id: len, type: u1}, {id: body, size: len}]}
enums: {kind: {0: end, 1: some}}
`;

interface Struct {
  readonly [name: string]: unknown;
  toBytes(): Uint8Array;
}
interface Class {
  create(init: object): Struct;
}

let all: Reflected;
beforeAll(async () => {
  all = await reflected({ lists: SCHEMA }, { reflection: false });
});
afterAll(() => all.remove());

const WHOLE = [{ tag: 0, body: 7 }];
const SIZED = [{ body: new Uint8Array(0) }];
const create = (init: object): Struct => (all.exported['Lists'] as Class).create(init);

test('output → as strict as ever', () => {
  expect(all.errors).toEqual([]);
});

test('lists without their end → it is appended, also to empty ones', () => {
  const made = create({
    numbers: [5],
    names: [],
    kinds: [1],
    entries: [{ tag: 1, body: 2 }],
    whole: WHOLE,
    sized: SIZED,
  });
  const end = [0, 7, 0, 0];
  expect([...made.toBytes()]).toEqual([5, 0, 0xff, 0xff, 0, 1, 0, 1, 2, 0, 0, ...end]);
  expect(made['numbers']).toEqual([5, -1]);
});

test('lists that end with it → as they are given', () => {
  const entries = [{ tag: 1, body: 2 }, { tag: 0 }];
  const made = create({ numbers: [-1], names: ['a', ''], kinds: [0], entries, whole: WHOLE, sized: SIZED });
  expect([...made.toBytes()]).toEqual([0xff, 0xff, 0x61, 0, 0, 0, 1, 2, 0, 0, 0, 7, 0, 0]);
});

test.each([
  ['numbers', [-1, 3], 'numbers[0]: must be the last element'],
  // The schema does not say what else is in the last element, or that it is one.
  ['whole', [{ tag: 1, body: 2 }], 'whole[0]: must be an element that ends the array'],
  ['sized', [{ body: Uint8Array.of(1) }], 'sized[0]: must be an element that ends the array'],
])('%s of %j → refused when it is written', (name, list, message) => {
  const init = { numbers: [], names: [], kinds: [], entries: [], whole: WHOLE, sized: SIZED, [name]: list };
  expect(() => create(init).toBytes()).toThrow(message);
});
