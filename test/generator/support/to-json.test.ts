/** Structures as JSON. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StructSchema } from '../../../generator/support/reflect.js';
import { KaitaiStruct } from '../../../generator/support/struct.js';
import { toJSON, type JsonOptions, type JsonValue } from '../../../generator/support/to-json.js';
import { reflected, type Reflected } from '../../support/reflected.js';

const SCHEMA = `
meta: {id: all, endian: le, encoding: UTF-8}
seq:
  - {id: big, type: u8}
  - {id: small, type: u2}
  - {id: real, type: f4}
  - {id: flag, type: b1}
  - {id: rest, type: b7}
  - {id: kinds, type: u1, enum: kind, repeat: expr, repeat-expr: 2}
  - {id: data, size: 3}
  - {id: text, type: str, size: 2}
  - {id: absent, type: u1, if: small == 9}
  - {id: part, type: part}
  - {id: parts, type: part, repeat: expr, repeat-expr: 2}
  - {id: then, type: u1}
  - {id: constructor, type: u1}
  - {id: to_json, type: u1}
  - {type: u1}
instances:
  twice: {value: small * 2}
  same: {value: part}
  none: {value: 'parts[9].x'}
  ahead: {pos: 8, type: part}
enums: {kind: {1: first_one}}
types:
  part: {seq: [{id: x, type: u1}]}
`;
const CHAIN = 'meta: {id: chain}\nseq: [{id: more, type: u1}, {id: next, type: chain, if: more == 1}]\n';
const BYTES = Uint8Array.of(
  5,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  7,
  0,
  0,
  0,
  0xc0,
  0x7f,
  0x85,
  1,
  2,
  0xfe,
  0xff,
  0,
  0x68,
  0x69,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
);

class Odd extends KaitaiStruct {
  override _read(): void {}
}

let all: Reflected;
beforeAll(async () => {
  all = await reflected({ all: SCHEMA, chain: CHAIN });
});
afterAll(() => all.remove());

function jsonOf(name: string, bytes: Uint8Array, options?: JsonOptions): Readonly<Record<string, JsonValue>> {
  const generated = all.exported['toJSON'] as (schema: unknown, struct: unknown, options?: JsonOptions) => JsonValue;
  return generated(all.schema(`${name}Schema`), all.class(name).fromBytes(bytes), options) as Record<string, JsonValue>;
}

test('the output → no type errors', () => {
  expect(all.errors).toEqual([]);
});

describe('values', () => {
  test('64-bit integers, numbers that JSON lacks, enums, bytes, text, flags → without loss', () => {
    expect(jsonOf('All', BYTES)).toMatchObject({
      big: '5',
      small: 7,
      real: 'NaN',
      flag: true,
      rest: 5,
      kinds: ['first_one', 2],
      data: 'feff00',
      text: 'hi',
      part: { x: 1 },
      parts: [{ x: 2 }, { x: 3 }],
    });
  });

  test('what is absent → left out; JSON.stringify loses nothing', () => {
    const json = jsonOf('All', BYTES);
    expect(Object.keys(json)).not.toContain('absent');
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test('options → numbers for enums, Base64 for bytes', () => {
    expect(jsonOf('All', BYTES, { enums: 'number', bytes: 'base64' })).toMatchObject({ kinds: [1, 2], data: '/v8A' });
  });

  test('names that mean something in JavaScript → keys like any other', () => {
    const text = JSON.stringify(jsonOf('All', BYTES));
    expect(text).toContain('"then_":4,"constructor_":5,"toJson":6,"_unnamed14":7');
  });

  test('a name that no schema can have → a key, not the prototype', () => {
    const schema: StructSchema = {
      id: 'odd',
      type: Odd,
      fields: [{ id: '__proto__', name: '__proto__', kind: 'field', type: 'u1' }],
    };
    const json = toJSON(schema, new Odd());
    expect(JSON.stringify(json)).toBe('{"__proto__":null}');
    expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
  });
});

describe('instances', () => {
  test('unless asked for → left out', () => {
    expect(Object.keys(jsonOf('All', BYTES))).not.toContain('twice');
  });

  test('computed and read → there; what has no value, and what stands elsewhere → left out', () => {
    const json = jsonOf('All', BYTES, { instances: true });
    expect(json).toMatchObject({ twice: 14, ahead: { x: 7 } });
    expect(Object.keys(json)).not.toContain('none');
    expect(Object.keys(json)).not.toContain('same');
  });
});

test('structures deeper than the limit → LimitError', () => {
  const bytes = new Uint8Array(400).fill(1);
  bytes[399] = 0;
  expect(JSON.stringify(jsonOf('Chain', bytes))).toContain('{"more":0}');
  expect(() => jsonOf('Chain', bytes, { depth: 100 })).toThrow(
    expect.objectContaining({ name: 'LimitError', message: expect.stringContaining('more than 100 deep') as string }),
  );
});
