import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateClasses, type AnyClass, type AnyStruct, type Generated } from '../support/generated-classes.js';

/** Ways to lose something between reading and writing, each as the body of a schema. */
const KINDS: Readonly<Record<string, string>> = {
  tail: 'seq: [{id: first, type: strz}]',
  tail_of_fixed: 'seq: [{id: first, type: u1}]',
  gap: 'seq: [{id: first, type: u1}]\ninstances: {last: {pos: 4, type: u1}, beyond: {pos: first, type: u2}}',
  gaps_of_parts: `seq: [{id: len, type: u1}, {id: part, size: len & 7, type: part}, {id: more, type: part, size: 4, repeat: expr, repeat-expr: 2}]
types: {part: {seq: [{id: a, type: b3}], instances: {b: {pos: 2, type: b5}}}}`,
  processed_part: `seq: [{id: part, size: 6, process: xor(0x5a), type: part}, {id: turned, size: 3, process: rol(3), type: part}]
types: {part: {seq: [{id: a, type: b3}]}}`,
  bits_be: 'seq: [{id: a, type: b3}, {id: b, type: u1}, {id: c, type: b11}, {id: d, type: u2}, {id: e, type: b1}]',
  bits_le: 'meta: {bit-endian: le}\nseq: [{id: a, type: b3}, {id: b, type: u1}, {id: c, type: b11}, {id: d, type: u2}]',
  bits_of_fixed:
    'seq: [{id: a, type: b3}, {id: b, type: b2}, {id: c, type: u1}, {id: d, type: b12}, {id: e, type: u1}]',
  bits_of_child: 'seq: [{id: a, type: c}, {id: b, type: c}]\ntypes: {c: {seq: [{id: a, type: b3}, {id: b, type: u1}]}}',
  enums:
    'seq: [{id: a, type: u1, enum: e}, {id: b, type: b1, enum: e}, {id: c, type: b7, enum: e}]\nenums: {e: {1: one}}',
  floats: 'seq: [{id: a, type: f4}, {id: b, type: f8}, {id: c, type: f4be}, {id: d, type: f8be}]',
  floats_of_variable: 'seq: [{id: t, type: strz}, {id: a, type: f4}, {id: b, type: f4be, repeat: eos}]',
  padded: 'seq: [{id: a, size: 4, pad-right: 0x61, type: str}, {id: b, size: 3, pad-right: 0}]',
  terminated_in_size: 'seq: [{id: a, size: 5, type: strz}, {id: b, size: 4, terminator: 0x61}]',
  terminated_and_padded: `seq: [{id: t, type: strz}, {id: a, size: 5, terminator: 0, pad-right: 0x61}, {id: b, size: 5, terminator: 0x61, include: true, pad-right: 0}]`,
  elements_in_size: 'seq: [{id: a, size: 4, type: strz, repeat: eos}]',
  elements_of_bytes: 'seq: [{id: a, size: 4, terminator: 0x61, pad-right: 0, repeat: expr, repeat-expr: 3}]',
  parts_in_size: `seq: [{id: a, size: 5, terminator: 0, type: part}, {id: b, size: 4, pad-right: 0x61, type: part, repeat: expr, repeat-expr: 2}]
types: {part: {seq: [{id: rest, size-eos: true}]}}`,
  terminated:
    'seq: [{id: a, terminator: 0, eos-error: false}, {id: b, terminator: 0x61, consume: false}, {id: c, size-eos: true}]',
  included: 'seq: [{id: a, terminator: 0, include: true, eos-error: false}, {id: b, size-eos: true, terminator: 0x61}]',
  eos_text: 'seq: [{id: a, size-eos: true, type: strz}]',
  eos_wide: 'seq: [{id: a, size-eos: true, type: strz, encoding: UTF-16LE}]',
  overlapping: `seq: [{id: a, type: u1}, {id: b, type: strz}]
instances: {whole: {pos: 0, size-eos: true, type: str}, word: {pos: 1, type: u2}, bits: {pos: 1, type: b5}, name: {pos: 2, type: strz}}`,
  switched: `seq: [{id: a, type: u1}, {id: b, size: 4, type: {switch-on: a & 3, cases: {0: part, 1: wide}}}, {id: c, type: {switch-on: a & 1, cases: {0: f4, 1: u2}}}]
types: {part: {seq: [{id: t, type: strz}]}, wide: {seq: [{id: a, type: b4}]}}`,
  optional: 'seq: [{id: a, type: u1}, {id: b, type: strz, if: a > 100}, {id: c, size: 3, type: strz, if: a < 50}]',
  derived: `seq: [{id: len, type: u1}, {id: n, type: u1}, {id: text, type: str, size: len}, {id: items, type: strz, repeat: expr, repeat-expr: n}]`,
  derived_part:
    'seq: [{id: len, type: u1}, {id: part, size: len, type: part}]\ntypes: {part: {seq: [{id: t, type: strz}]}}',
  derived_terminated: 'seq: [{id: len, type: u1}, {id: text, type: strz, size: len}]',
  derived_terminated_wide: 'seq: [{id: len, type: u1}, {id: text, type: strz, size: len - 0x60, encoding: UTF-16LE}]',
  derived_terminated_part: `seq: [{id: len, type: u1}, {id: part, size: len & 7, terminator: 0x61, type: part}, {id: size, type: u1}, {id: raw, size: size, terminator: 0x61, process: xor(1)}]
types: {part: {seq: [{id: t, size-eos: true}]}}`,
  switched_in_part: `seq: [{id: a, type: u1}, {id: b, if: a > 50, type: {switch-on: a & 3, cases: {0: part, 1: u1}}}, {id: c, type: {switch-on: a & 1, cases: {1: u2}}}]
instances: {d: {pos: 0, if: a > 50, type: {switch-on: a & 3, cases: {0: part, 1: u1}}}}
types: {part: {seq: [{id: t, type: strz}]}}`,
  negative_count:
    'seq: [{id: n, type: s1}, {id: b, type: u1, repeat: expr, repeat-expr: n}, {id: m, type: s1}, {id: c, type: u1, repeat: expr, repeat-expr: m - 0x60}]',
  counted_around: `seq: [{id: head, type: head}, {id: body, type: body}]
types:
  head: {seq: [{id: n, type: s1}, {id: kind, type: u1}, {id: m, type: u1}]}
  body: {seq: [{id: a, type: u1, repeat: expr, repeat-expr: _root.head.n}, {id: b, repeat: expr, repeat-expr: _parent.head.m, type: {switch-on: _root.head.kind, cases: {0: u1}}}, {id: n, type: s1}, {id: inner, type: inner}]}
  inner: {seq: [{id: c, type: u1, repeat: expr, repeat-expr: _parent.n}]}`,
  switched_list: `seq: [{id: a, type: u1}, {id: n, type: u1}, {id: b, repeat: expr, repeat-expr: n, type: {switch-on: a & 7, cases: {0: u1, 1: part}}}, {id: tail, size: 1}]
types: {part: {seq: [{id: t, type: strz}]}}`,
  own_process:
    'seq: [{id: a, size: 3, process: drop_low}, {id: b, size: 3, process: drop_low, type: part, repeat: expr, repeat-expr: 2}]\ntypes: {part: {seq: [{id: t, type: u1}]}}',
  contents:
    'seq: [{id: a, contents: ab, -severity: warning}, {id: t, type: strz}, {id: b, contents: [0], -severity: info, repeat: expr, repeat-expr: 2}]',
  contents_of_fixed: 'seq: [{id: a, contents: ab, -severity: warning}, {id: b, type: u1}]',
  other_stream: `seq: [{id: a, size: 4, type: part}, {id: b, size: 3}]
instances: {in_a: {io: a._io, pos: 1, type: u1}, text: {io: a._io, pos: 2, type: strz}}
types: {part: {seq: [{id: x, type: b2}]}}`,
  nested_instances: `seq: [{id: n, type: u1}, {id: items, type: item, repeat: expr, repeat-expr: n & 3}]
types: {item: {seq: [{id: at, type: u1}], instances: {body: {io: _root._io, pos: at & 15, type: body}}}, body: {seq: [{id: t, size: 3, type: strz}]}}`,
  positions_within_instances: `seq: [{id: at, type: u1}, {id: end, type: u1}]
instances:
  words: {pos: at & 3, type: u2, repeat: until, repeat-until: _io.pos >= (end & 7)}
  pad: {pos: at & 3, size: (4 - _io.pos) % 4}
  ends: {pos: at & 3, type: u1, repeat: until, repeat-until: _io.eof}
  parts: {pos: 1, type: part(_io.pos), size: 2, repeat: expr, repeat-expr: 2}
  odd: {pos: at & 1, type: {switch-on: _io.pos, cases: {0: u2, 2: u1, 3: b3}}, repeat: expr, repeat-expr: 2}
  valid: {pos: 1, type: u1, valid: {expr: _io.pos == 2}}
types: {part: {params: [{id: where, type: u4}], seq: [{id: a, type: u1}, {id: b, size: 'where > 2 ? 0 : 1'}]}}`,
  behind_the_end: `seq: [{id: at, type: u1}]
instances:
  open: {pos: at, type: str, terminator: 0, eos-error: false}
  included: {pos: at, terminator: 0x61, eos-error: false, include: true}
  left: {pos: at, terminator: 0x61, eos-error: false, consume: false}
  wide: {pos: at, type: strz, eos-error: false, encoding: UTF-16LE}
  rest: {pos: at, type: strz, size-eos: true}
  none: {pos: at, type: u1, repeat: eos}`,
  without_position: `seq: [{id: n, type: u1}, {id: list, type: u1, repeat: expr, repeat-expr: n & 3}]
instances:
  here: {type: part(_io.pos), repeat: expr, repeat-expr: n & 1}
  views: {type: 'view(_index, _io.pos)', repeat: expr, repeat-expr: n & 3}
  last: {io: 'here[0]._io', type: u1, if: n & 1 == 1}
types:
  part: {params: [{id: at, type: u4}], seq: [{id: a, type: u1}]}
  view: {params: [{id: i, type: u4}, {id: at, type: u4}], instances: {v: {pos: at - 1, type: u1}}}`,
  positions_of_other_streams: `seq: [{id: at, type: u1}, {id: part, size: 4, type: part}, {id: tail, type: u1}]
instances:
  own: {io: part._io, pos: 1, size: _io.pos % 4}
  words: {io: part._io, pos: 1, type: u1, repeat: until, repeat-until: part._io.pos >= 3}
types:
  part:
    seq: [{id: a, type: u1}]
    instances: {up: {io: _parent._io, pos: 1, type: u1, repeat: until, repeat-until: _parent._io.pos > 3}}`,
};

const ENCODINGS = [
  'ASCII',
  'UTF-8',
  'UTF-16BE',
  'UTF-16LE',
  'UTF-32BE',
  'UTF-32LE',
  'IBM437',
  'IBM866',
  'Shift_JIS',
  'Big5',
  'EUC-KR',
  'ISO-8859-1',
  'ISO-8859-3',
  'ISO-8859-8',
  'ISO-8859-16',
  'windows-1250',
  'windows-1252',
  'windows-1257',
];
const TEXTS: Readonly<Record<string, string>> = Object.fromEntries(
  ENCODINGS.map((encoding, index) => [
    `text_${index}`,
    `seq: [{id: n, type: u1}, {id: a, type: str, size: n & 7, encoding: ${encoding}}, {id: b, type: strz, encoding: ${encoding}, eos-error: false, repeat: expr, repeat-expr: 2}, {id: c, size: 8, type: strz, encoding: ${encoding}, repeat: eos}]`,
  ]),
);

/** Many bytes give the same, and nothing can be encoded. */
const DROP_LOW = `
export class DropLow {
  decode(source: Uint8Array): Uint8Array {
    return source.map((byte) => byte & 0xf0);
  }
}
`;

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-identity-'));
  const files = Object.entries({ ...KINDS, ...TEXTS, ...ZLIB }).map(([id, body]) => {
    const file = join(folder, `${id}.ksy`);
    const meta = `id: ${id}, endian: le, encoding: UTF-8`;
    writeFileSync(
      file,
      body.startsWith('meta: {') ? body.replace('meta: {', `meta: {${meta}, `) : `meta: {${meta}}\n${body}`,
    );
    return file;
  });
  generated = await generateClasses(files, [], [{ path: 'drop_low.ts', content: DROP_LOW }]);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

const ZLIB: Readonly<Record<string, string>> = {
  compressed: 'seq: [{id: len, type: u1}, {id: body, size: len, process: zlib}, {id: rest, size-eos: true}]',
  compressed_part:
    'seq: [{id: len, type: u1}, {id: part, size: len, process: zlib, type: part}]\ntypes: {part: {seq: [{id: t, type: strz}]}}',
};

/** Bytes that are likely to mean something: terminators, padding, text, not text, numbers that are none. */
const bytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        [0],
        [0x61],
        [0x62],
        [0xff],
        [0x80],
        [0, 0],
        [0x61, 0x61, 0x61],
        [0xef, 0xbb, 0xbf],
        [0xff, 0xfe],
      ),
      fc.constantFrom([0xef, 0xbf, 0xbd], [0xc3, 0xa9], [0xd8, 0x00], [0x87, 0x9a], [0xed, 0x40], [0xfa, 0x54]),
      fc.constantFrom([0x01, 0x00, 0x80, 0x7f], [0x7f, 0x80, 0, 1], [0xff, 0xf0, 0, 0, 0, 0, 0, 1]),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 3 }),
    ),
    { maxLength: 16 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

function read(type: AnyClass, data: Uint8Array): AnyStruct | undefined {
  try {
    return type.fromBytes(data.slice());
  } catch {
    return undefined;
  }
}

describe.each([...Object.keys(KINDS), ...Object.keys(TEXTS)])('%s', (id) => {
  test('any bytes that can be read → written as they were, whether anything was looked at or not', () => {
    const type = generated.top(id);
    let count = 0;
    fc.assert(
      fc.property(bytes, fc.boolean(), (data, isLookedAt) => {
        const struct = read(type, data);
        if (struct === undefined) return;
        count++;
        if (isLookedAt) lookAt(struct);
        expect(struct.toBytes()).toEqual(data);
        expect(struct.toBytes()).toEqual(data);
      }),
      { numRuns: 400, seed: 27 },
    );
    expect(count).toBeGreaterThan(5);
  });
});

/** Asks for all there is. */
function lookAt(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || depth > 5) return;
  if (Array.isArray(value)) {
    for (const item of value) lookAt(item, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  for (const name of [...Object.keys(value), ...Object.getOwnPropertyNames(prototype)]) {
    if (name.startsWith('_')) continue;
    try {
      lookAt(Reflect.get(value, name), depth + 1);
    } catch {
      // What does not lie in the file cannot be had.
    }
  }
}

test.each([1, 6, 9])(
  'compressed at level %d, garbage behind → the same stream, and a new one for new content',
  (level) => {
    const stream = deflateSync(Buffer.from(`${'text '.repeat(20)}\0unread`), { level });
    const data = Uint8Array.from(Buffer.concat([Uint8Array.of(stream.length + 2), stream, Uint8Array.of(7, 7, 8)]));
    const whole = generated.top('compressed').fromBytes(data);
    expect(whole.toBytes()).toEqual(data);
    const part = generated.top('compressed_part').fromBytes(data.subarray(0, -1));
    expect(part.toBytes()).toEqual(data.subarray(0, -1));
    Reflect.set(whole, 'body', Uint8Array.of(1, 2, 3));
    expect(Reflect.get(generated.top('compressed').fromBytes(whole.toBytes()), 'body')).toEqual(Uint8Array.of(1, 2, 3));
  },
);

test('contents that are wrong, read where broken constraints are collected → refused, or written as they were', () => {
  const data = Uint8Array.of(0x61, 0x63, 0x7a);
  for (const id of ['contents_of_fixed', 'contents']) {
    const bytesOf = id === 'contents' ? Uint8Array.of(...data, 0, 1, 2) : data;
    expect(generated.top(id).fromBytes(bytesOf).toBytes()).toEqual(bytesOf);
  }
});

test('a root that became longer, with nothing at a place of its own → what stood behind it still does', () => {
  const struct = generated.top('tail').fromBytes(Uint8Array.of(0x61, 0, 1, 2, 3));
  Reflect.set(struct, 'first', 'abc');
  expect(struct.toBytes()).toEqual(Uint8Array.of(0x61, 0x62, 0x63, 0, 1, 2, 3));
});

test('a root built anew → nothing but its fields', () => {
  expect(generated.class('Tail').create({ first: 'a' }).toBytes()).toEqual(Uint8Array.of(0x61, 0));
});

test('an instance without a position, set by hand → refused, since nobody knows where it stands', () => {
  const struct = generated.top('without_position').fromBytes(Uint8Array.of(1, 2, 3));
  expect(struct.toBytes()).toEqual(Uint8Array.of(1, 2, 3));
  Reflect.set(struct, 'here', Reflect.get(struct, 'here'));
  expect(() => struct.toBytes()).toThrow('here: must be read from a file: the schema gives it no `pos`');
});
