/** Types that help: fields with `switch-on` narrowed by their tag, names of enum values. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reflected, type Reflected } from '../../../support/reflected.js';

const SCHEMA = `
meta: {id: chunk, endian: le, encoding: ASCII}
params: [{id: mode, type: bool}]
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: tag, type: str, size: 4}
  - {id: num, type: u2}
  - {id: wide, type: u8}
  - {id: body, type: {switch-on: kind, cases: {'kind::one': one, 'kind::two': two, _: other}}}
  - {id: many, type: {switch-on: kind, cases: {'kind::one': one, 'kind::two': u2}}, repeat: expr, repeat-expr: 2}
  - {id: text, type: {switch-on: tag, cases: {'"IHDR"': one, '"it''s"': two}}, size: 8}
  - {id: maybe, type: {switch-on: num, cases: {0x10: one, 2: two}}, if: num != 0}
  - {id: huge, type: {switch-on: wide, cases: {1: one, 2: two}}}
  - {id: flagged, type: {switch-on: mode, cases: {true: one, false: two}}}
  - {id: computed, type: {switch-on: num + 1, cases: {1: one, 2: two}}}
  - {id: head, type: head}
  - {id: inner, type: {switch-on: head.deep.which, cases: {'kind::one': one, 'kind::two': two}}}
  - {id: child, type: child}
instances:
  low: {value: kind.to_i & 1}
  there: {pos: 4, size: 4, type: {switch-on: kind, cases: {'kind::one': one, 'kind::two': two}}}
  by_value: {pos: 4, type: {switch-on: low, cases: {0: one, 1: two}}}
enums: {kind: {1: one, 0x1b: two}, large: {0xffffffff: all, 70000: some, 0x0: none, -0x2: low}}
types:
  one: {seq: [{id: a, type: u1}]}
  two: {seq: [{id: b, type: u2}]}
  other: {seq: [{id: c, type: u4}]}
  head: {seq: [{id: deep, type: deep}]}
  deep: {seq: [{id: which, type: u1, enum: kind}]}
  child:
    seq:
      - {id: of_parent, type: {switch-on: _parent.kind, cases: {'kind::one': one, 'kind::two': two}}}
      - {id: of_root, type: {switch-on: _root.tag, cases: {'"ABCD"': one, '"EFGH"': two}}}
`;
const USE = `
import { Chunk, Chunk_Kind, Chunk_Large, Chunk_One, Chunk_Two, enumName, isCase } from './index.js';

export function read(chunk: Chunk): unknown {
  if (isCase(chunk, 'kind', Chunk_Kind.ONE)) {
    const body: Chunk_One = chunk.body;
    const many: readonly Chunk_One[] = chunk.many;
    return [body.a, many[0]?.a, chunk.there.a];
  }
  if (isCase(chunk, 'kind', Chunk_Kind.TWO)) {
    const many: readonly number[] = chunk.many;
    return [chunk.body.b, many];
  }
  if (isCase(chunk, 'tag', 'IHDR')) return chunk.text.a;
  if (isCase(chunk, 'tag', "it's")) return chunk.text.b;
  if (isCase(chunk, 'num', 0x10)) {
    const maybe: Chunk_One | undefined = chunk.maybe;
    return maybe;
  }
  if (isCase(chunk, 'wide', 2n)) return chunk.huge.b;
  if (isCase(chunk, 'mode', false)) {
    const flagged: Chunk_Two = chunk.flagged;
    return flagged;
  }
  if (isCase(chunk, 'low', 1)) return chunk.byValue.b;
  if (isCase(chunk, 'head.deep.which', Chunk_Kind.TWO)) return chunk.inner.b;
  if (isCase(chunk.child, '_parent.kind', Chunk_Kind.ONE)) return chunk.child.ofParent.a;
  if (isCase(chunk.child, '_root.tag', 'EFGH')) return chunk.child.ofRoot.b;
  // @ts-expect-error No case has this value.
  if (isCase(chunk, 'kind', 3)) return 0;
  // @ts-expect-error Nothing is switched on it alone.
  if (isCase(chunk, 'body', 3)) return 0;
  // @ts-expect-error Not narrowed.
  return chunk.body.a;
}

export const name: 'ALL' | 'SOME' | 'NONE' | 'LOW' | undefined = enumName(Chunk_Large, 0xffffffff);
`;

let chunk: Reflected;
beforeAll(async () => {
  chunk = await reflected({ chunk: SCHEMA }, { reflection: false }, USE);
});
afterAll(() => chunk.remove());

test('a switch on a field, parameter, instance or one of another structure → narrowed by its value, and by no other', () => {
  expect(chunk.errors).toEqual([]);
});

test('isCase → whether the tag has the value', () => {
  const isCase = chunk.exported['isCase'] as (struct: object, tag: string, value: unknown) => boolean;
  expect(isCase({ kind: 1 }, 'kind', 1)).toBe(true);
  expect(isCase({ kind: 2 }, 'kind', 1)).toBe(false);
  expect(isCase({ header: { kind: 1 } }, 'header.kind', 1)).toBe(true);
  expect(isCase({ header: undefined }, 'header.kind', 1)).toBe(false);
});

test('enumName → the name of a declared value, nothing for another', () => {
  const enumName = chunk.exported['enumName'] as (values: unknown, value: unknown) => string | undefined;
  expect(enumName(chunk.exported['Chunk_Large'], 0xffffffff)).toBe('ALL');
  expect(enumName(chunk.exported['Chunk_Large'], 5)).toBeUndefined();
  expect(enumName(chunk.exported['Chunk_Large'], undefined)).toBeUndefined();
});
