/** What is made when it is first asked for, or taken where it stands; and what structures find through those around them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failedReading, generateTexts, type SchemaTexts } from '../../../support/schema-texts.js';

const texts = {
  records: `meta: {id: records, endian: le, imports: [other]}
seq:
  - {id: count, type: u1}
  - {id: named, type: named, repeat: expr, repeat-expr: count}
  - {id: points, type: 'other::point', repeat: expr, repeat-expr: 1 + count - 1}
  - {id: last, type: u1}
types:
  named:
    seq: [{id: number, type: u1}, {id: name, type: strz, size: 4, encoding: UTF-8}]
    instances: {twice: {value: number * 2}}`,
  other: `meta: {id: other, endian: le}
seq: [{id: unused, type: u1}]
types: {point: {seq: [{id: x, type: u1}, {id: y, type: u1}]}}`,
  placed: `meta: {id: placed, endian: le, encoding: UTF-8}
seq: [{id: ofs, type: s1}, {id: len, type: s1}]
instances:
  body: {pos: ofs, size: len}
  text: {pos: ofs, size: len, type: str}
  word: {pos: ofs, size: 4, type: strz}
  rest: {pos: ofs, size: _io.size - _io.pos}`,
  linked: `meta: {id: linked, endian: le}
seq: [{id: first, type: node}]
types:
  node:
    seq: [{id: ofs, type: u4}]
    instances: {next: {pos: ofs, type: node, if: ofs != 0}}`,
  tree: `meta: {id: tree, endian: le}
seq:
  - {id: pair, type: pair}
  - {id: len, type: u1}
  - {id: inner, type: pair, size: len}
  - {id: asking, type: asking}
types:
  pair: {seq: [{id: a, type: u1}, {id: b, type: u1}]}
  asking: {seq: [{id: c, type: u1}], instances: {sum: {value: c + _root.len}}}`,
};

type Shape = Record<string, unknown> & {
  readonly _io: { readonly pos: number; readonly size: number };
  readonly _root: unknown;
  _parent: unknown;
  toBytes(): Uint8Array;
};

let schemas: SchemaTexts;
beforeAll(async () => {
  schemas = await generateTexts(texts);
  expect(schemas.problems).toEqual([]);
}, 120_000);
afterAll(() => schemas.remove());

const read = (id: string, bytes: readonly number[], options?: object): Shape =>
  (schemas.top(id) as unknown as { fromBytes(bytes: Uint8Array, options?: object): Shape }).fromBytes(
    Uint8Array.from(bytes),
    options,
  );
const list = (struct: Shape, name: string): Shape[] => struct[name] as Shape[];
const thrownBy = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('lists of structures that cannot fail', () => {
  const bytes = [2, 1, 0x61, 0x62, 0, 0, 2, 0x63, 0x64, 0x65, 0x66, 10, 11, 12, 13, 99];

  test('asked for → every element as it was read, the same list each time, without moving the stream', () => {
    const struct = read('records', bytes);
    expect(struct['last']).toBe(99);
    expect(struct).toMatchObject({
      named: [
        { number: 1, name: 'ab', twice: 2 },
        { number: 2, name: 'cdef', twice: 4 },
      ],
      points: [
        { x: 10, y: 11 },
        { x: 12, y: 13 },
      ],
    });
    expect(struct['named']).toBe(struct['named']);
    expect(struct._io.pos).toBe(bytes.length);
    expect(list(struct, 'named')[1]).toMatchObject({ _parent: struct, _root: struct, _io: struct._io });
    expect(list(struct, 'points')[1]).toMatchObject({ _parent: undefined, _root: undefined, _io: struct._io });
  });

  test('asked for after the field that counts them was set → as many as were read', () => {
    const struct = read('records', bytes);
    struct['count'] = 1;
    expect([list(struct, 'named').length, list(struct, 'points').length]).toEqual([2, 2]);
  });

  test('never asked for, changed, or set → written as they are', () => {
    expect([...read('records', bytes).toBytes()]).toEqual(bytes);
    const struct = read('records', bytes);
    Object.assign(list(struct, 'named')[0] ?? {}, { name: 'xy' });
    struct['points'] = list(struct, 'points').toReversed();
    expect([...struct.toBytes()]).toEqual([
      ...bytes.slice(0, 2),
      0x78,
      0x79,
      ...bytes.slice(4, 11),
      12,
      13,
      10,
      11,
      99,
    ]);
  });

  test('cut off → the error names the field, when the list is read', () => {
    const { fault } = failedReading(schemas, 'records', bytes.slice(0, 14));
    expect(fault).toMatchObject({ name: 'EofError', path: 'points[1].y', offset: 14 });
  });
});

describe('instances of bytes and texts', () => {
  const bytes = [3, 2, 0, 0x61, 0x62, 0, 0x63];

  test('asked for → what stands there, and the stream stays where it is', () => {
    const struct = read('placed', bytes);
    expect(struct).toMatchObject({ body: Uint8Array.of(0x61, 0x62), text: 'ab', word: 'ab' });
    expect(struct._io.pos).toBe(2);
    expect([...struct.toBytes()]).toEqual(bytes);
  });

  test('a size that depends on where the stream stands → counts from the instance', () => {
    expect(read('placed', bytes)['rest']).toEqual(Uint8Array.of(0x61, 0x62, 0, 0x63));
  });

  test.each([
    ['the end of the stream before it', [6, 2, 0, 0, 0, 0, 0], 'EofError', 6],
    ['a negative size', [3, 0xff, 0, 0, 0], 'EofError', 3],
  ])('%s → EofError with its path and place, each time; the stream stays where it is', (_, cut, name, offset) => {
    const struct = read('placed', cut);
    const first = thrownBy(() => struct['body']);
    expect(first).toMatchObject({ name, path: 'body', offset });
    expect(thrownBy(() => struct['body'])).toMatchObject({ name, path: 'body', offset });
    expect(struct._io.pos).toBe(2);
  });

  test('at no place at all → written with everything that was read', () => {
    const nowhere = [0xff, 1, 7, 8, 9];
    const struct = read('placed', nowhere);
    expect(thrownBy(() => struct['body'])).toMatchObject({ name: 'EofError', path: 'body' });
    expect([...struct.toBytes()]).toEqual(nowhere);
  });

  test('long texts beyond the limit → LimitError', () => {
    const long = [2, 20, ...Array.from({ length: 20 }, () => 0x61)];
    const struct = read('placed', long, { limits: { allocated: 10 } });
    expect(thrownBy(() => struct['text'])).toMatchObject({ name: 'LimitError', path: 'text' });
  });
});

describe('structures that find their root and their stream through those around them', () => {
  const bytes = [1, 2, 3, 4, 5, 6, 7];

  test('read within others → the root, and the stream that each was read from', () => {
    const struct = read('tree', bytes);
    const [pair, inner, asking] = [struct['pair'], struct['inner'], struct['asking']] as Shape[];
    expect(pair).toMatchObject({ a: 1, b: 2, _root: struct, _parent: struct });
    expect(pair?._io).toBe(struct._io);
    expect(inner).toMatchObject({ a: 4, b: 5, _root: struct, _parent: struct, _io: { size: 3 } });
    expect(asking).toMatchObject({ sum: 10, _root: struct });
  });

  test('read from another stream than that of the constructor → that one', () => {
    const { KaitaiStream } = schemas.support as { KaitaiStream: new (bytes: Uint8Array) => object };
    const type = schemas.top('tree') as unknown as new (io?: object) => Shape & { _read(io: object): void };
    const struct = new type(new KaitaiStream(new Uint8Array(1)));
    const stream = new KaitaiStream(Uint8Array.from(bytes));
    struct._read(stream);
    expect((struct['pair'] as Shape)._io).toBe(stream);
  });

  test('a chain of instances longer than the stack is deep → the root of the last', () => {
    const count = 50_000;
    const words = Uint32Array.from({ length: count }, (_, index) => (index + 1 < count ? (index + 1) * 4 : 0));
    const struct = read('linked', [...new Uint8Array(words.buffer)]);
    let node = struct['first'] as Shape;
    for (let next: Shape | undefined = node; next !== undefined; next = next['next'] as Shape | undefined) node = next;
    expect(node['ofs']).toBe(0);
    expect(node._root).toBe(struct);
  });

  test('made by hand, with a root and without a parent → that root, or none', () => {
    const struct = read('tree', bytes);
    const type = (struct['pair'] as object).constructor as new (io?: object, parent?: object, root?: object) => Shape;
    expect(new type(undefined, undefined, struct)._root).toBe(struct);
    expect(new type()._root).toBeUndefined();
    expect(new type(undefined, struct)._root).toBe(struct);
  });

  test('put into another tree and written → the root of that one', () => {
    const [one, other] = [read('tree', bytes), read('tree', [9, 9, 2, 8, 8, 7])];
    one['asking'] = other['asking'];
    expect([...one.toBytes()]).toEqual(bytes);
    expect((one['asking'] as Shape)._root).toBe(one);
  });
});
