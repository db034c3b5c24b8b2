/** What `create` and writing say of values that are wrong: where, from the outermost structure, and of what value. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reflected, type Reflected } from '../../support/reflected.js';

const PLACES = `
meta: {id: places, endian: le}
seq:
  - {id: ofs_body, type: u4, valid: {min: 5, max: 100}}
  - {id: kind, type: u1, valid: {max: 9}}
  - {id: ofs_other, type: u4, valid: {expr: _ > ofs_body and _ < 17}}
  - {id: list, type: entry, repeat: expr, repeat-expr: 2}
instances:
  body: {pos: ofs_body, size: 3}
  other: {pos: ofs_other, size: 1}
types:
  entry: {seq: [{id: level, type: u1, valid: {max: 3}}]}
`;
const NESTED = `
meta: {id: nested, endian: le}
seq:
  - {id: boxes, type: box, repeat: eos}
types:
  box:
    seq: [{id: items, type: item, repeat: expr, repeat-expr: 2}, {id: last, type: item}]
  item:
    seq:
      - {id: kind, type: u1}
      - {id: my_inner, type: {switch-on: kind, cases: {1: inner}}}
  inner:
    seq: [{id: len_name, type: u1}, {id: name, size: len_name}]
`;

interface Struct {
  toBytes(options?: object): Uint8Array;
}
interface Class {
  create(init: object): Struct & Readonly<Record<string, unknown>>;
}

let all: Reflected;
beforeAll(async () => {
  all = await reflected({ places: PLACES, nested: NESTED }, { reflection: false });
});
afterAll(() => all.remove());

const create = (name: string, init: object): ReturnType<Class['create']> => (all.exported[name] as Class).create(init);

describe('valid of an offset that the writer finds', () => {
  const init = { kind: 1, body: Uint8Array.of(1, 2, 3), other: Uint8Array.of(4), list: [{ level: 1 }, { level: 2 }] };

  test('holds for what it is in the end → written', () => {
    expect([...create('Places', init).toBytes()]).toEqual([11, 0, 0, 0, 1, 14, 0, 0, 0, 1, 2, 1, 2, 3, 4]);
  });

  test('does not hold for what it is in the end → refused, with that', () => {
    const made = create('Places', { ...init, ofsBody: 14 });
    expect(() => made.toBytes()).toThrow('ofs_other: must be such that _ > ofs_body and _ < 17, is 17');
    expect(() => create('Places', { ...init, ofsBody: 101 }).toBytes()).toThrow('ofs_body: must be at most 100');
  });

  test('leads nowhere, as nothing is given for the instance → refused as it is', () => {
    const made = create('Places', { ...init, body: undefined });
    expect(() => made.toBytes()).toThrow('ofs_body: must be at least 5, is 0');
  });

  test('another value that is wrong → refused at once', () => {
    expect(() => create('Places', { ...init, kind: 10 }).toBytes()).toThrow('kind: must be at most 9, is 10');
  });

  test('collected → each once, of the last values', () => {
    const found: { readonly path: string; readonly actual: unknown }[] = [];
    const made = create('Places', { ...init, kind: 10, list: [{ level: 4 }, { level: 5 }] });
    made.toBytes({ onViolation: (violation: { path: string; actual: unknown }) => found.push(violation) });
    expect(found.map(({ path, actual }) => [path, actual])).toEqual([
      ['kind', 10],
      ['list[0].level', 4],
      ['list[1].level', 5],
    ]);
  });
});

describe('plain objects within others', () => {
  const inner = { kind: 1, myInner: { name: Uint8Array.of(1) } };
  const wrong = { kind: 1, myInner: { lenName: 9, name: Uint8Array.of(1) } };

  test.each([
    [{ items: [inner, wrong], last: inner }, 'boxes[1].items[1].my_inner.len_name'],
    [{ items: [wrong, inner], last: inner }, 'boxes[1].items[0].my_inner.len_name'],
    [{ items: [inner, inner], last: wrong }, 'boxes[1].last.my_inner.len_name'],
  ])('a value that contradicts others → the path from the root', (box, path) => {
    const boxes = [{ items: [inner, inner], last: inner }, box];
    expect(() => create('Nested', { boxes })).toThrow(expect.objectContaining({ name: 'WriteError', path, actual: 9 }));
  });

  test('no case for a plain object → the path from the root', () => {
    const boxes = [{ items: [inner, { ...inner, kind: 2 }], last: inner }];
    expect(() => create('Nested', { boxes })).toThrow(/^boxes\[0\]\.items\[1\]\.my_inner: must be a value of another/);
  });
});
