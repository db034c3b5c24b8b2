/** Structures that begin within a byte, after one that ends there. Values are those that the official JavaScript reads. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateTexts, type SchemaTexts } from '../support/schema-texts.js';

const TYPES = `
seq:
  - {id: first, type: half}
  - {id: flags, type: flags}
  - {id: pair, type: pair}
  - {id: list, type: flags, repeat: expr, repeat-expr: 2}
  - {id: mixed, type: mixed}
  - {id: second, type: half}
  - {id: outer, type: outer}
  - {id: last, type: u1}
types:
  half: {seq: [{id: v, type: b4}]}
  flags: {seq: [{id: x, type: b3}, {id: y, type: b5}]}
  pair: {seq: [{id: a, type: flags}, {id: b, type: flags}]}
  mixed: {seq: [{id: p, type: b4}, {id: q, type: b4}, {id: n, type: u2}]}
  outer: {seq: [{id: p, type: b4}, {id: q, type: b12}, {id: inner, type: flags}]}
`;
const BYTES = Uint8Array.from({ length: 14 }, (_, index) => (index * 37 + 0x41) & 0xff);

let schemas: SchemaTexts;
beforeAll(async () => {
  schemas = await generateTexts({
    be: `meta: {id: be, endian: be}${TYPES}`,
    le: `meta: {id: le, endian: be, bit-endian: le}${TYPES}`,
  });
  expect(schemas.problems).toEqual([]);
}, 120_000);
afterAll(() => schemas.remove());

test.each([
  [
    'be',
    {
      first: { v: 4 },
      flags: { x: 0, y: 22 },
      pair: { a: { x: 3, y: 8 }, b: { x: 5, y: 27 } },
      list: [
        { x: 0, y: 13 },
        { x: 2, y: 31 },
      ],
      mixed: { p: 10, q: 1, n: 17513 },
      second: { v: 8 },
      outer: { p: 14, q: 2877, inner: { x: 7, y: 29 } },
      last: 34,
    },
  ],
  [
    'le',
    {
      first: { v: 1 },
      flags: { x: 4, y: 12 },
      pair: { a: { x: 6, y: 22 }, b: { x: 0, y: 1 } },
      list: [
        { x: 3, y: 11 },
        { x: 5, y: 21 },
      ],
      mixed: { p: 15, q: 15, n: 17513 },
      second: { v: 14 },
      outer: { p: 8, q: 2227, inner: { x: 5, y: 31 } },
      last: 34,
    },
  ],
])('%s → read as by others, written as it was read, created the same but for what is between fields', (id, values) => {
  const type = schemas.top(id);
  const read = type.fromBytes(BYTES, { onViolation: () => undefined });
  expect(read).toMatchObject(values);
  expect(read.toBytes()).toEqual(BYTES);
  const created = type.fromBytes(type.create(values).toBytes(), { onViolation: () => undefined });
  expect(created).toMatchObject(values);
});
