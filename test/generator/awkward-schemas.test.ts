/** Schemas whose output once had type errors, or read otherwise than the official targets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileOfficial, readOfficial } from '../support/official.js';
import { generateTexts, type SchemaTexts } from '../support/schema-texts.js';
import { Comparison } from '../support/tree-comparison.js';

interface Row {
  readonly name: string;
  /** Everything but `meta/id`. */
  readonly schema: string;
  readonly bytes: string;
  /** By property; where the official JavaScript is wrong, it is not asked. */
  readonly expected: Readonly<Record<string, unknown>>;
  readonly fault?: string;
}

const rows: readonly Row[] = [
  {
    name: 'a path whose second segment is beside the first one → looked up outward',
    schema: `
seq: [{id: x, type: 'a::b'}, {id: y, type: 'a::b::c'}, {id: z, type: '::a'}]
types: {a: {seq: [{id: v, type: u1}]}, b: {seq: [{id: w, type: u1}], types: {d: {}}}, c: {seq: [{id: u, type: u2be}]}}`,
    bytes: '01020304',
    expected: { x: { w: 1 }, y: { u: 0x203 }, z: { v: 4 } },
    fault: 'names the class by its path as written',
  },
  {
    name: 'a nested type that has no such type within → the one outside is taken',
    schema: `
seq: [{id: x, type: a}]
types: {a: {seq: [{id: v, type: 'c::d'}], types: {c: {}}}, c: {types: {d: {seq: [{id: n, type: u1}]}}}}`,
    bytes: '07',
    expected: { x: { v: { n: 7 } } },
    fault: 'names the class by its path as written',
  },
  {
    name: 'an enum outside of the type that its path names → looked up outward',
    schema: `
seq: [{id: x, type: u1, enum: 'a::e'}]
instances: {is_one: {value: 'x == a::b::e::one'}}
types: {a: {}, b: {}}
enums: {e: {1: one}}`,
    bytes: '01',
    expected: { x: 1, isOne: true },
  },
  {
    name: 'a condition that is constant → no code that TypeScript finds unreachable',
    schema: `
seq:
  - {id: a, type: u1, repeat: expr, repeat-expr: 2, if: false}
  - {id: b, type: u1, if: not true}
  - {id: c, type: u1, if: false or true, valid: {expr: true}}
  - {id: d, type: u1, repeat: until, repeat-until: true}
  - {id: e, type: 'sub', if: 1 == 2}
instances: {f: {value: 'true ? 1 : 2', if: false}, g: {pos: 0, type: u1, if: true}}
types: {sub: {}}`,
    bytes: '0102',
    expected: { a: undefined, b: undefined, c: 1, d: [2], f: undefined, g: 1 },
  },
  {
    name: 'contents that are repeated → read and checked one by one',
    schema: `
seq:
  - {id: zeros, contents: [0], repeat: expr, repeat-expr: 3}
  - {id: pairs, contents: [1, 2], repeat: until, repeat-until: _io.eof}`,
    bytes: '00000001020102',
    expected: { zeros: ['00', '00', '00'], pairs: ['0102', '0102'] },
  },
  {
    name: 'values that may be absent, handed to parameters → absent there too',
    schema: `
meta: {encoding: ASCII}
seq:
  - {id: kind, type: u1}
  - {id: list, type: u1, repeat: expr, repeat-expr: 2, if: kind == 1}
  - {id: text, type: str, size: 1, if: kind == 1}
  - {id: raw, size: 1, if: kind == 1}
  - {id: part, type: leaf, if: kind == 1}
  - {id: number, type: u1, if: kind == 1}
  - {id: view, type: 'sub(list, text, raw, part, number)'}
types:
  leaf: {seq: [{id: n, type: u1}]}
  sub:
    params:
      - {id: list, type: 'u8[]'}
      - {id: text, type: str}
      - {id: raw, type: bytes}
      - {id: part, type: leaf}
      - {id: number, type: u8}
    seq: [{id: x, type: 'inner(list)'}]
    instances: {first: {value: 'list[0]', if: number == 9}}
  inner: {params: [{id: list, type: 'u8[]'}], seq: [{id: y, type: u1}]}`,
    bytes: '0005',
    expected: { kind: 0, list: undefined, view: { x: { y: 5 }, first: undefined } },
  },
  {
    name: 'texts that look like code → texts',
    schema: `
meta: {endian: {switch-on: 1, cases: {1: le}}, encoding: ASCII}
seq:
  - {id: items, type: strz, repeat: until, repeat-until: '_ == "isLe" or _ == "i" or _ == "at = 1"'}
  - {id: io, contents: isLe}
  - {id: item, size: 1, valid: {expr: 'items[0] != "io" and items[0] != "need(item)"'}}`,
    bytes: '690069734c6501',
    expected: { items: ['i'], io: '69734c65', item: '01' },
  },
  {
    name: 'fields that are called as what generated code is made of → fields',
    schema: `
seq:
  - {id: store, type: u1}
  - {id: equal, size: store, valid: '[1, 2]'}
  - {id: as, type: 'xundefined(1)'}
  - {id: need, type: u1, repeat: expr, repeat-expr: 1, valid: {expr: '_ < 9 and _index < 5'}}
instances: {is_enum: {pos: 0, type: u1}}
types: {xundefined: {params: [{id: as, type: u1}], seq: [{id: io, type: u1}], instances: {v: {value: as + io}}}}`,
    bytes: '0201020304',
    expected: { store: 2, equal: '0102', as: { io: 3, v: 4 }, need: [4], isEnum: 2 },
  },
  {
    name: 'comparisons of what is known already → no comparison that TypeScript refuses',
    schema: `
meta: {encoding: ASCII}
seq:
  - {id: a, type: u1}
  - {id: flag, type: b1}
  - {id: b, type: {switch-on: a, cases: {1: u1, 2: s1}}, if: a == 2 or 3 == a}
  - {id: c, type: {switch-on: flag, cases: {true: u1, false: s1}}, if: not flag}
instances:
  x: {pos: '(a == 1) ? 2 : 1', type: u1, if: a == 2}
  y: {value: '(flag == true) ? ((flag == true) ? 1 : 2) : ((flag == false) ? 3 : 4)'}
  z: {value: '(f"a{1}" == "a2") ? 1 : 2'}`,
    bytes: '0200fffe',
    expected: { a: 2, flag: false, b: -1, c: -2, x: 0, y: 3, z: 2 },
  },
  {
    name: 'a switch without default → bytes where a size is given, nothing where only a terminator is',
    schema: `
seq:
  - {id: a, type: u1}
  - {id: b, type: {switch-on: a, cases: {1: u1}}, size: 3, pad-right: 0, terminator: 0}
  - {id: c, type: {switch-on: a, cases: {1: u1}}, terminator: 0}
  - {id: d, type: u1}`,
    bytes: '0209000007',
    expected: { b: '090000', c: undefined, d: 7 },
  },
  {
    name: 'a switch of a constant, also of a fraction → no case that TypeScript refuses',
    schema: `
seq:
  - {id: a, type: {switch-on: 1.5, cases: {1: u2le, _: u1}}}
  - {id: b, type: {switch-on: 0x10, cases: {1: u2le, 16: s1, '0x10': u1}}}
  - {id: c, contents: [1, '2', '0x3', '-1']}`,
    bytes: '01ff010203ff',
    expected: { a: 1, b: 255, c: '010203ff' },
  },
  {
    name: 'bit fields of more than 64 bits, in both orders → exact',
    schema: `
meta: {endian: be}
seq:
  - {id: none, type: b0}
  - {id: nibble, type: b4}
  - {id: high, type: b100}
  - {id: low, type: b68le}
  - {id: rest, type: b4le}
instances: {odd: {value: high % 16}}`,
    bytes: '1000000000000000000000000f0300000000000000a5',
    expected: { none: 0, nibble: 1, high: 15n, odd: 15, low: 0x5_0000_0000_0000_0003n, rest: 10 },
    fault: 'bit fields wider than 32 bits are refused at run time',
  },
  {
    name: '_index in repeat-until → the index of the element that was read',
    schema: `
seq: [{id: max, type: u1}, {id: e, type: u1, repeat: until, repeat-until: _index >= max}]`,
    bytes: '02010203',
    expected: { e: [1, 2, 3] },
    fault: 'the index of the next element',
  },
  {
    name: '_index in arguments, sizes and processes → counted',
    schema: `
seq:
  - {id: a, size: _index + 1, process: xor(_index), repeat: expr, repeat-expr: 2}
  - {id: b, type: 'sub(_index)', repeat: eos}
types: {sub: {params: [{id: n, type: u1}], seq: [{id: v, type: u1}]}}`,
    bytes: '0102030405',
    expected: {
      a: ['01', '0302'],
      b: [
        { n: 0, v: 4 },
        { n: 1, v: 5 },
      ],
    },
  },
  {
    name: 'a cast list of values of enums, and of numbers → numbers',
    schema: `
seq:
  - {id: kind, type: u1, enum: e}
  - {id: n, type: u1}
  - {id: wide, type: u8le, enum: w}
  - {id: part, type: {switch-on: '[kind, n > 3 ? 1 : 0].as<bytes>', cases: {'[1, 0]': u1, '[1, 1]': u2be}}}
instances:
  bytes: {value: '[kind, n, wide].as<bytes>'}
  numbers: {value: '[kind, n].as<u8[]>'}
  second: {value: '[kind, n].as<u1[]>[1]'}
  kind_wide: {value: kind.as<u8>}
enums: {e: {1: one}, w: {3: three}}`,
    bytes: '010503000000000000000203',
    expected: { part: 0x203, bytes: '010503', numbers: [1n, 5n], second: 5, kindWide: 1n },
  },
  {
    name: 'a switch of wide integers and floats, cast, compared and handed on → the number that is asked for',
    schema: `
seq:
  - {id: kind, type: u1}
  - {id: v, type: &v {switch-on: kind, cases: {0: u4le, 1: u8le, 2: f8le}}}
  - {id: list, type: *v, repeat: expr, repeat-expr: 2}
  - {id: part, type: 'part(v.as<u4>, v.as<u8>, list[1].as<f8>)'}
  - {id: sized, size: v.as<u1>}
instances:
  sum: {value: v.as<u8> + list.last.as<u8>}
  small: {value: v.as<u4> + 1}
  half: {value: v.as<f4> / 2}
  same: {value: 'v == list[0] and v < 4 and v == 3'}
  either: {value: 'kind > 4 ? v : 3'}
  most: {value: list.max}
  perhaps: {value: v.as<u8>, if: kind < 3}
types:
  part:
    params: [{id: a, type: u4}, {id: b, type: u8}, {id: c, type: f8}]
    instances: {sum: {value: a + b}, float: {value: c + 0.5}}`,
    bytes: '02000000000000084000000000000008400000000000001240010203',
    expected: {
      v: 3,
      list: [3, 4.5],
      part: { a: 3, b: 3n, c: 4.5, sum: 6n, float: 5 },
      sized: '010203',
      sum: 7n,
      small: 4,
      half: 1.5,
      same: true,
      either: 3,
      most: 4.5,
      perhaps: 3n,
    },
    fault: 'a cast keeps the fraction',
  },
];

/** Bytes as hex, structures as the members that are asked for. */
function shown(value: unknown, like: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value))
    return value.map((item, index) => shown(item, Array.isArray(like) ? like[index] : undefined));
  if (typeof value !== 'object' || value === null || typeof like !== 'object' || like === null) return value;
  return Object.fromEntries(Object.entries(like).map(([key, part]) => [key, shown(Reflect.get(value, key), part)]));
}

const idOf = (index: number): string => `awkward${index}`;

describe('awkward schemas', () => {
  let generated: SchemaTexts;
  beforeAll(async () => {
    const texts = rows.map(({ schema }, index): [string, string] => {
      const meta = /^meta: \{/m.test(schema);
      const id = idOf(index);
      return [id, meta ? schema.replace(/^meta: \{/m, `meta: {id: ${id}, `) : `meta: {id: ${id}}\n${schema}`];
    });
    generated = await generateTexts(Object.fromEntries(texts));
  });
  afterAll(() => {
    generated.remove();
  });

  test('all of them → no type errors', () => {
    expect(generated.problems).toEqual([]);
  });

  test.each(rows.map((row, index) => ({ ...row, index })))('$name', async ({ bytes, expected, fault, index }) => {
    const input = Uint8Array.from(Buffer.from(bytes, 'hex'));
    const value = generated.top(idOf(index)).fromBytes(input);
    expect(shown(value, expected)).toEqual(expected);
    expect(Buffer.from(value.toBytes()).toString('hex')).toBe(bytes);
    if (fault !== undefined) return;
    const comparison = new Comparison();
    comparison.compare(value, readOfficial(await compileOfficial(generated.file(idOf(index))), input), idOf(index));
    expect(comparison.differences).toEqual([]);
  });
});
