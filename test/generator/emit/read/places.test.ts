/** Byte fields that are views made when they are asked for, and lists that are made with room for all elements. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failedReading, generateTexts, type SchemaTexts } from '../../../support/schema-texts.js';

const texts = {
  record: `meta: {id: record, endian: le}
seq:
  - {id: magic, contents: PLACE}
  - {id: len, type: u1}
  - {id: body, size: len}
  - {id: part, type: part, size: 3}
  - {id: rest, size-eos: true}
types: {part: {seq: [{id: size, type: u1}, {id: data, size: size}, {id: more, size-eos: true}]}}`,
  pieces: `meta: {id: pieces, endian: le}
seq:
  - {id: count, type: u1}
  - {id: sizes, type: u1, repeat: expr, repeat-expr: count}
  - {id: data, size: 'sizes[_index]', repeat: expr, repeat-expr: count}`,
  pairs: `meta: {id: pairs, endian: le}
seq:
  - {id: count, type: u1}
  - {id: first, type: pair, repeat: expr, repeat-expr: count}
  - {id: rest, type: pair, repeat: eos}
types: {pair: {seq: [{id: a, type: u1}, {id: b, type: u2}]}}`,
  numbered: `meta: {id: numbered, endian: le}
seq: [{id: count, type: u1}, {id: items, type: item(_index * 2), repeat: expr, repeat-expr: count}]
types: {item: {params: [{id: number, type: u4}], seq: [{id: a, type: u1}], instances: {before: {value: _parent.items.size}}}}`,
  nothing: `meta: {id: nothing, endian: le}
seq: [{id: items, type: none, repeat: expr, repeat-expr: 3 + 0}, {id: last, type: u1}]
types: {none: {seq: [{id: empty, size: 0}]}}`,
};

interface Struct {
  readonly _io: object;
  toBytes(): Uint8Array;
}
type Shape = Record<string, unknown> & Struct;

let schemas: SchemaTexts;
beforeAll(async () => {
  schemas = await generateTexts(texts);
  expect(schemas.problems).toEqual([]);
}, 120_000);
afterAll(() => schemas.remove());

const read = (id: string, bytes: Uint8Array, options?: object): Shape =>
  (schemas.top(id) as unknown as { fromBytes(bytes: Uint8Array, options?: object): Shape }).fromBytes(bytes, options);

function failed(id: string, bytes: readonly number[], options?: object): { struct: Shape; fault: unknown } {
  const { struct, fault } = failedReading(schemas, id, bytes, options);
  return { struct: struct as Shape, fault };
}

const text = (value: string): number[] => Array.from(Buffer.from(value));
const record = [...text('PLACE'), 2, 10, 11, 1, 20, 21, 30, 31];

describe('byte fields', () => {
  test.each([
    ['of no stream', undefined],
    ['of another stream', [...text('PLACE'), 0, 0, 0, 0]],
  ])('a structure %s that reads from a stream → bytes of that one', (_, before) => {
    const { KaitaiStream } = schemas.support as { KaitaiStream: new (bytes: Uint8Array) => object };
    const type = schemas.top('record') as unknown as new (io?: object) => Shape & { _read(io: object): void };
    const struct = new type(before === undefined ? undefined : new KaitaiStream(Uint8Array.from(before)));
    const stream = new KaitaiStream(Uint8Array.from(record));
    struct._read(stream);
    expect(struct).toMatchObject({ body: Uint8Array.of(10, 11), rest: Uint8Array.of(30, 31) });
    expect(struct['part']).toMatchObject({ data: Uint8Array.of(20), more: Uint8Array.of(21) });
    expect(struct._io).toBe(stream);
  });

  test('asked for → views of the bytes that were read, the same each time, also within a stream of their own', () => {
    const whole = Uint8Array.from([9, 9, ...record]);
    const struct = read('record', whole.subarray(2));
    const part = struct['part'] as Shape;
    expect(
      [struct['magic'], struct['body'], part['data'], part['more'], struct['rest']].map((bytes) => [
        ...(bytes as Uint8Array),
      ]),
    ).toEqual([text('PLACE'), [10, 11], [20], [21], [30, 31]]);
    expect(struct['body']).toBe(struct['body']);
    expect(struct['body']).toMatchObject({ buffer: whole.buffer, byteOffset: 8 });
    expect(part['more']).toMatchObject({ buffer: whole.buffer, byteOffset: 12 });
  });

  test('set before they are asked for, or never asked for → written as they are', () => {
    const struct = read('record', Uint8Array.from(record));
    struct['rest'] = Uint8Array.of(40);
    expect([...struct.toBytes()]).toEqual([...record.slice(0, -2), 40]);
    expect([...(struct['body'] as Uint8Array)]).toEqual([10, 11]);
  });

  test('the end of the stream before them → UnreadError, of those before it the bytes', () => {
    const { struct, fault } = failed('record', record.slice(0, 7));
    expect(fault).toMatchObject({ name: 'EofError', path: 'body', offset: 6 });
    expect([...(struct['magic'] as Uint8Array)]).toEqual(text('PLACE'));
    expect(() => struct['body']).toThrow(expect.objectContaining({ name: 'UnreadError', path: 'body', cause: fault }));
  });

  test('other contents → ValidationError with the bytes that are there; collected, they are kept', () => {
    const bytes = Uint8Array.from([...text('PLATE'), ...record.slice(5)]);
    expect(() => read('record', bytes)).toThrow(
      expect.objectContaining({ name: 'ValidationError', path: 'magic', offset: 0 }) as Error,
    );
    const violations: unknown[] = [];
    const struct = read('record', bytes, { onViolation: (violation: unknown) => violations.push(violation) });
    expect(violations).toMatchObject([{ path: 'magic', offset: 0, length: 5, actual: Uint8Array.from(text('PLATE')) }]);
    expect([...(struct['magic'] as Uint8Array)]).toEqual(text('PLATE'));
  });
});

describe('lists of byte arrays', () => {
  test('asked for → views, the same list each time; written as they were read', () => {
    const bytes = [3, 1, 0, 2, 7, 8, 9];
    const struct = read('pieces', Uint8Array.from(bytes));
    expect([...struct.toBytes()]).toEqual(bytes);
    expect((struct['data'] as Uint8Array[]).map((piece) => [...piece])).toEqual([[7], [], [8, 9]]);
    expect(struct['data']).toBe(struct['data']);
  });

  test('the end of the stream within one → its index in the path; those before it are there', () => {
    const { struct, fault } = failed('pieces', [3, 1, 1, 2, 7, 8, 9]);
    expect(fault).toMatchObject({ name: 'EofError', path: 'data[2]', offset: 6 });
    expect((struct['data'] as Uint8Array[]).map((piece) => [...piece])).toEqual([[7], [8]]);
  });
});

describe('lists of a size that is known', () => {
  test('complete → every element, with its parent; those to the end as many as are there', () => {
    const struct = read('pairs', Uint8Array.from([1, 1, 2, 0, 3, 4, 0, 5, 6, 0]));
    expect(struct).toMatchObject({
      first: [{ a: 1, b: 2 }],
      rest: [
        { a: 3, b: 4 },
        { a: 5, b: 6 },
      ],
    });
    expect((struct['rest'] as { _parent: unknown }[])[1]?._parent).toBe(struct);
    expect(read('pairs', Uint8Array.of(0))).toMatchObject({ first: [], rest: [] });
  });

  test.each([
    ['counted', [3, 1, 2, 0, 3], 'first', 'first[1].b', 5, 1],
    ['far too many', [255, 1, 2, 0], 'first', 'first[1].a', 4, 1],
    ['to the end', [0, 1, 2, 0, 3, 4], 'rest', 'rest[1].b', 5, 1],
  ])(
    '%s, and cut off → the path and offset of the field; those before it are there',
    (_, bytes, list, path, offset, length) => {
      const { struct, fault } = failed('pairs', bytes);
      expect(fault).toMatchObject({ name: 'EofError', path, offset });
      expect(struct[list]).toHaveLength(length);
    },
  );

  test('more than the limit → LimitError at the first that is too much', () => {
    const { fault } = failed('pairs', [0, ...Array.from({ length: 30 }, () => 0)], { limits: { items: 4 } });
    expect(fault).toMatchObject({ name: 'LimitError', path: 'rest[4]', offset: 13 });
  });

  test('elements that take no bytes → as many as are asked for', () => {
    expect(read('nothing', Uint8Array.of(7))).toMatchObject({ items: [{}, {}, {}], last: 7 });
  });

  test('elements with a parameter that is made of their number → their own', () => {
    const struct = read('numbered', Uint8Array.of(2, 8, 9));
    expect(struct).toMatchObject({
      items: [
        { number: 0, a: 8, before: 2 },
        { number: 2, a: 9, before: 2 },
      ],
    });
  });
});
