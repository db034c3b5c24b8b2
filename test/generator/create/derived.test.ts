/** What `create` derives, converts and refuses, over a schema that has each of it once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reflected, type Reflected } from '../../support/reflected.js';

const SCHEMA = `
meta: {id: box, endian: le, encoding: UTF-8, bit-endian: le, imports: [tag]}
seq:
  - {id: magic, contents: BX}
  - {id: version, type: u2, valid: 3}
  - {id: head, type: head}
  - {id: len_plus, type: u1}
  - {id: plus, type: str, size: len_plus + 1}
  - {id: len_twice, type: u1}
  - {id: twice, size: len_twice * 2}
  - {id: len_rest, type: u8}
  - {id: len_name, type: u1}
  - {id: name, type: str, size: len_name}
  - {id: rest, size: len_rest - len_name - 9}
  - {id: num_eighths, type: u1}
  - {id: eighths, type: u1, repeat: expr, repeat-expr: num_eighths / 8}
  - {id: both_a, type: u1}
  - {id: both_b, type: u1}
  - {id: area, size: both_a * both_b}
  - {id: has_note, type: b1le}
  - {id: note, type: strz, if: has_note}
  - {id: mark, contents: [7], if: has_note}
  - {id: kind, type: u1}
  - {id: parts, type: 'part(_index, kind)', repeat: expr, repeat-expr: head.num_parts}
  - {id: label, type: tag}
instances:
  table: {pos: head.ofs_table * 4, type: u2, repeat: expr, repeat-expr: head.num_table}
  fixed: {pos: ofs_fixed.first, size: 3}
  ofs_fixed: {value: '[200]'}
types:
  head: {seq: [{id: num_parts, type: u1}, {id: ofs_table, type: u4}, {id: num_table, type: u1}]}
  part:
    params: [{id: index, type: u1}, {id: kind, type: u1}]
    seq:
      - {id: len, type: u4}
      - {id: body, size: len, type: {switch-on: _parent.kind, cases: {1: one, 2: two}}}
    types:
      one: {seq: [{id: a, type: u1}]}
      two: {seq: [{id: b, type: u2}, {id: pad, size: _parent.index}]}
`;
const TAG = `
meta: {id: tag}
seq: [{id: num, type: u1}, {id: bits, type: u1, repeat: expr, repeat-expr: num}]
`;
const USE = `
import { Box, Tag, type BoxInit } from './index.js';

const one: BoxInit = {
  plus: 'ä', twice: Uint8Array.of(1, 2), rest: Uint8Array.of(5), name: 'né', eighths: [1, 2], bothA: 1, bothB: 2,
  area: Uint8Array.of(1, 2), note: 'n', kind: 1, label: { bits: [1] }, parts: [{ body: { a: 1 } }, { body: { a: 2 } }],
};
export const all: BoxInit[] = [
  one,
  { ...one, label: Tag.create({ bits: [] }), table: [1, 2], fixed: new Uint8Array(3), head: {}, lenPlus: 1 },
];
// @ts-expect-error Either of two fields may be what their product says.
export const area: BoxInit = { ...one, bothA: undefined };
export const make = (init: BoxInit): Box => Box.create(init);
`;
const INIT = {
  head: {},
  plus: 'ä',
  twice: Uint8Array.of(1, 2),
  rest: Uint8Array.of(5),
  name: 'né',
  eighths: [1, 2],
  bothA: 1,
  bothB: 2,
  area: Uint8Array.of(1, 2),
  kind: 1,
  label: { bits: [1, 2] },
  parts: [{ body: { a: 1 } }, { body: { a: 2 } }],
};

interface Struct {
  readonly [name: string]: unknown;
  toBytes(): Uint8Array;
}
interface Class {
  create(init: object): Struct;
  fromBytes(bytes: Uint8Array): Struct;
}

let box: Reflected;
beforeAll(async () => {
  box = await reflected({ tag: TAG, box: SCHEMA }, { reflection: false }, USE);
});
afterAll(() => box.remove());

const type = (): Class => box.exported['Box'] as Class;
const create = (change: object = {}): Struct => type().create({ ...INIT, ...change });
const again = (struct: Struct): Struct => type().fromBytes(struct.toBytes());
const of = (struct: unknown, name: string): unknown => (struct as Record<string, unknown>)[name];

test('literals → only what the schema does not determine is required', () => {
  expect(box.errors).toEqual([]);
});

test('contents and constants → filled in', () => {
  expect(again(create())).toMatchObject({ magic: Uint8Array.of(0x42, 0x58), version: 3 });
});

test('a structure of which nothing must be given → may be left out', () => {
  expect(of(again(create({ head: undefined })), 'head')).toMatchObject({ numParts: 2, numTable: 0 });
});

test('sizes within sums, products and quotients → solved for the field, text in bytes', () => {
  expect(create()).toMatchObject({ lenPlus: 1, lenTwice: 1, lenName: 3, lenRest: 13n, numEighths: 16 });
  expect(again(create())).toMatchObject({
    lenPlus: 1,
    plus: 'ä',
    lenRest: 13n,
    rest: Uint8Array.of(5),
    eighths: [1, 2],
  });
});

test('a size that no value of the field says → refused', () => {
  expect(() => create({ twice: Uint8Array.of(1) }).toBytes()).toThrow(/^twice: must be 2 bytes, is "1 bytes"/);
});

test('several values that say the same → the one that was given stays', () => {
  expect(again(create({ numEighths: 19 }))).toMatchObject({ numEighths: 19, eighths: [1, 2] });
});

test('a count that contradicts what it counts → refused where it is given', () => {
  expect(() => create({ lenName: 9 })).toThrow(/^len_name: must be 3, .*, is 9/);
  expect(again(create({ lenName: 3 }))).toMatchObject({ name: 'né' });
});

test('changes after create → derived again when it is written', () => {
  const made = create();
  Object.assign(made, { plus: 'longer', rest: new Uint8Array(4), eighths: [1, 2, 3] });
  expect(again(made)).toMatchObject({ lenPlus: 5, lenRest: 16n, numEighths: 24 });
});

test('fields with a condition → the flag says whether they are there, constants with it', () => {
  expect(again(create())).toMatchObject({ hasNote: false, note: undefined, mark: undefined });
  expect(again(create({ note: 'n' }))).toMatchObject({ hasNote: true, note: 'n', mark: Uint8Array.of(7) });
  expect(() => create({ hasNote: false, note: 'n' }).toBytes()).toThrow(/^note: must be undefined, since its `if`/);
});

test('plain objects → structures of their case, with parameters, parent and root', () => {
  const made = create({
    kind: 2,
    parts: [{ body: { b: 1, pad: new Uint8Array(0) } }, { body: { b: 2, pad: new Uint8Array(1) } }],
  });
  const [, second] = of(made, 'parts') as Struct[];
  expect(second).toMatchObject({ index: 1, kind: 2, _parent: made, _root: made });
  expect(of(second, 'body')).toBeInstanceOf(box.exported['Box_Part_Two']);
  const body = of((of(again(made), 'parts') as Struct[])[1], 'body');
  expect(body).toMatchObject({ b: 2, pad: new Uint8Array(1) });
});

test('a plain object where no case is a structure → refused', () => {
  expect(() => create({ kind: 9 })).toThrow(
    /^parts\[0\].body: must be a value of another type, since it is switched on 9, is "a plain object"/,
  );
});

test('a structure of another schema → made as well, and one that was made before is taken as it is', () => {
  const label = (box.exported['Tag'] as Class).create({ bits: [9] });
  expect(of(create({ label }), 'label')).toBe(label);
  expect(of(again(create()), 'label')).toMatchObject({ num: 2, bits: [1, 2] });
});

test('counts and offsets in a header → set by what they lead to', () => {
  const read = again(create({ table: [7, 8, 9] }));
  const { numParts, ofsTable, numTable } = of(read, 'head') as Record<string, number>;
  expect([numParts, numTable, of(read, 'table')]).toEqual([2, 3, [7, 8, 9]]);
  // Behind all fields, at the next multiple of four.
  const end = create().toBytes().length;
  expect(ofsTable).toBe(Math.ceil(end / 4));
});

test('an offset that was given → kept, what has a place comes before what takes one', () => {
  expect(of(again(create({ head: { ofsTable: 50 }, table: [7] })), 'head')).toMatchObject({ ofsTable: 50 });
  const read = again(create({ table: [7], fixed: Uint8Array.of(1, 2, 3) }));
  expect(of(read, 'head')).toMatchObject({ ofsTable: 51 });
  expect(read).toMatchObject({ table: [7], fixed: Uint8Array.of(1, 2, 3) });
});

test('an offset that is set after create → no longer the writer’s', () => {
  const made = create({ table: [7] });
  made.toBytes();
  Object.assign(of(made, 'head') as object, { ofsTable: 60 });
  expect(of(again(made), 'head')).toMatchObject({ ofsTable: 60 });
});

test('given lists → copied', () => {
  const eighths = [1];
  const made = create({ eighths });
  eighths.push(2);
  expect(of(made, 'eighths')).toEqual([1]);
});

test('names that every object has as cases → no case', () => {
  expect(() => create({ kind: '__proto__' })).toThrow(/switched on/);
});
