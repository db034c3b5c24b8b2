/** Objects whose reading failed: what was read is there, and what was not is an error of its own, also within expressions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failedReading, generateTexts, type SchemaTexts } from '../support/schema-texts.js';

const texts = {
  broken: `meta: {id: broken, endian: le, encoding: UTF-8}
seq:
  - {id: first, type: u1}
  - {id: extra, type: u1, if: first == 9}
  - {id: list, type: pair, repeat: expr, repeat-expr: 3}
  - {id: big, type: u8}
  - {id: text, type: strz}
instances:
  sum: {value: first + big}
  plain: {value: big}
  upper: {value: text.length}
  far: {pos: big, size: 1}
  seen: {value: first + 1}
types: {pair: {seq: [{id: a, type: u1}, {id: b, type: u2}]}}`,
  fixed: `meta: {id: fixed, endian: le}
seq: [{id: a, type: u4}, {id: rest, size: 12}, {id: inner, type: inner}]
types: {inner: {seq: [{id: x, type: u4}, {id: y, size: 4}]}}`,
  checked: `meta: {id: checked, endian: le, encoding: UTF-8}
seq: [{id: a, type: u1, valid: 1}, {id: b, type: strz}, {id: c, size: 4}]`,
  later: `meta: {id: later, endian: le}
seq: [{id: child, type: child}, {id: header, type: header}]
types:
  child: {seq: [{id: a, size: _parent.header.inner.len}]}
  header: {seq: [{id: inner, type: inner}]}
  inner: {seq: [{id: len, type: u1}]}`,
  instances: `meta: {id: instances, endian: le}
seq: [{id: k, type: u1}, {id: part, type: part, if: k == 1}]
types: {part: {seq: [{id: x, type: u1}]}}
instances:
  there: {io: part._io, pos: 0, type: u1}
  when: {pos: 0, type: u1, if: part.x == 1}`,
  cast: `meta: {id: cast, endian: le}
seq: [{id: k, type: u1}, {id: body, type: {switch-on: k, cases: {1: one, 2: two}}}]
types: {one: {seq: [{id: part, type: part}]}, two: {}, part: {seq: [{id: x, type: u1}]}}
instances: {x: {value: body.as<one>.part.x}}`,
};

let schemas: SchemaTexts;
beforeAll(async () => {
  schemas = await generateTexts(texts);
  expect(schemas.problems).toEqual([]);
}, 120_000);
afterAll(() => schemas.remove());

/** The object that a failed reading leaves. */
const partly = (id: string, bytes: readonly number[]): ReturnType<typeof failedReading> =>
  failedReading(schemas, id, bytes);

const asked = (struct: object, name: string): unknown => {
  try {
    return Reflect.get(struct, name);
  } catch (error) {
    return error;
  }
};
const unread = (path: string, offset: number, cause: unknown): unknown =>
  expect.objectContaining({ name: 'UnreadError', path, offset, cause });

describe('a file that ends early', () => {
  test('fields and lists before its end → as they were read', () => {
    const { struct, fault } = partly('broken', [1, 2, 3, 4, 5, 6]);
    expect(fault).toMatchObject({ name: 'EofError', path: 'list[1].b', offset: 5 });
    expect(struct).toMatchObject({ first: 1, extra: undefined, list: [{ a: 2, b: 0x403 }], seen: 2 });
  });

  test('fields behind it, and values of them → UnreadError with path, offset and cause', () => {
    const { struct, fault } = partly('broken', [1, 2, 3, 4, 5, 6]);
    expect(asked(struct, 'big')).toEqual(unread('big', 5, fault));
    expect(asked(struct, 'text')).toEqual(unread('text', 5, fault));
    for (const name of ['sum', 'plain', 'far']) expect(asked(struct, name)).toEqual(unread('big', 5, fault));
    expect(asked(struct, 'upper')).toEqual(unread('text', 5, fault));
    expect(String(asked(struct, 'big'))).toBe('UnreadError: big at 0x5: was not read: reading failed before');
  });

  test('what looks at the object → does not ask for them', () => {
    const { struct } = partly('broken', [1]);
    expect(Object.keys(struct)).not.toContain('big');
    expect(() => JSON.stringify(Object.entries(struct).filter(([name]) => !name.startsWith('_')))).not.toThrow();
  });

  test('a field that is set by hand → has that value', () => {
    const { struct } = partly('broken', [1]);
    Reflect.set(struct, 'big', 7n);
    expect(asked(struct, 'sum')).toBe(8n);
  });

  test('structures of fixed layout → the same, also for what is read when it is asked for', () => {
    const { struct, fault } = partly('fixed', [1, 0, 0, 0, 5]);
    expect(fault).toMatchObject({ name: 'EofError', path: 'rest', offset: 4 });
    expect(asked(struct, 'rest')).toEqual(unread('rest', 4, fault));
    expect(asked(struct, 'inner')).toEqual(unread('inner', 4, fault));
  });

  test('it is written → an error of the same kind', () => {
    const { struct } = partly('broken', [1, ...new Uint8Array(17)]);
    expect(() => (struct as { toBytes(): void }).toBytes()).toThrow(
      expect.objectContaining({ name: 'UnreadError' }) as Error,
    );
  });
});

test('a constraint that is not met → its field is there, those behind it are not', () => {
  const { struct, fault } = partly('checked', [2, 0, 0, 0, 0, 1, 2, 3, 4]);
  expect(fault).toMatchObject({ name: 'ValidationError', path: 'a' });
  expect(asked(struct, 'a')).toBe(2);
  expect(asked(struct, 'b')).toEqual(unread('b', 0, fault));
  expect(asked(struct, 'c')).toEqual(unread('c', 0, fault));
});

test('an expression over a field that is read later → ExpressionError, with what JavaScript said as its cause', () => {
  expect(partly('later', [1, 2]).fault).toMatchObject({
    name: 'ExpressionError',
    path: 'child.a',
    offset: 0,
    cause: expect.any(TypeError) as Error,
  });
});

test('a cast to what it is not → ExpressionError', () => {
  const top = schemas.top('cast').fromBytes(Uint8Array.of(2, 5));
  expect(asked(top, 'x')).toMatchObject({ name: 'ExpressionError', path: 'x' });
});

test('the stream, or the condition, of an instance has no value → an error with the path', () => {
  const top = schemas.top('instances').fromBytes(Uint8Array.of(7));
  for (const name of ['there', 'when'])
    expect(asked(top, name)).toMatchObject({ name: 'ExpressionError', path: name, offset: 1 });
});
