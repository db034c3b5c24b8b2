import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_BITS } from '../../generator/src/expr/limits.js';
import { LimitError } from '../../generator/support/errors.js';
import {
  MAX_INTEGER_BITS,
  parseBigInteger,
  parseInteger,
  shiftLeft,
  shiftLeftBigInt,
  shiftRight,
  shiftRightBigInt,
} from '../../generator/support/values.js';
import { generateClasses, type Generated } from '../support/generated-classes.js';

/** Expressions and lists that a few bytes of a file make grow; the fields before the instance `v` are there for it. */
const SCHEMAS: Readonly<Record<string, string>> = {
  shift: 'seq: [{id: n, type: u4}]\ninstances: {v: {value: 1 << n}}',
  shift_of_zero: 'seq: [{id: n, type: u4}]\ninstances: {v: {value: (n & 0) << n}}',
  shift_back: 'seq: [{id: n, type: s4}, {id: w, type: u8}]\ninstances: {v: {value: w >> n}}',
  shift_left_of_negative: 'seq: [{id: n, type: s4}]\ninstances: {v: {value: 1 << n}}',
  small_shift: 'seq: [{id: n, type: u4}, {id: s, type: s2}]\ninstances: {v: {value: s >> n}}',
  squares: `seq: [{id: n, type: u4}]\ninstances:\n  s0: {value: n}\n${Array.from({ length: 40 }, (_, i) => `  s${i + 1}: {value: s${i} * s${i}}\n`).join('')}  v: {value: s40}`,
  negative_squares: `seq: [{id: n, type: u4}]\ninstances:\n  s0: {value: -n}\n${Array.from({ length: 40 }, (_, i) => `  s${i + 1}: {value: s${i} * s${i} * s${i}}\n`).join('')}  v: {value: s40}`,
  depth: `seq: [{id: node, type: node}]\ninstances: {v: {value: node.last}, total: {value: 2}}
types: {node: {seq: [{id: more, type: u1}, {id: next, type: node, if: more != 0}], instances: {total: {value: 'more == 7 ? 3 : _parent.as<node>.total * _parent.as<node>.total'}, last: {value: 'more != 0 ? next.last : total'}}}}`,
  texts: `seq: [{id: n, type: str, size: 4}]\ninstances:\n  s0: {value: n}\n${Array.from({ length: 40 }, (_, i) => `  s${i + 1}: {value: 's${i} + s${i}'}\n`).join('')}  v: {value: s40}`,
  interpolated: `seq: [{id: n, type: str, size: 4}]\ninstances:\n  s0: {value: n}\n${Array.from({ length: 40 }, (_, i) => `  s${i + 1}: {value: 'f"{s${i}}{s${i}}"'}\n`).join('')}  v: {value: s40}`,
  sums: `seq: [{id: n, type: u4}]\ninstances:\n  s0: {value: n}\n${Array.from({ length: 300 }, (_, i) => `  s${i + 1}: {value: s${i} + s${i}}\n`).join('')}  v: {value: s300}`,
  empty_items: 'seq: [{id: n, type: u4}, {id: v, type: nothing, repeat: expr, repeat-expr: n}]\ntypes: {nothing: {}}',
  empty_bytes: 'seq: [{id: n, type: u4}, {id: v, size: n & 0, repeat: expr, repeat-expr: n}]',
  empty_to_the_end: 'seq: [{id: v, type: nothing, repeat: eos}]\ntypes: {nothing: {}}',
  empty_until: 'seq: [{id: v, type: nothing, repeat: until, repeat-until: _io.pos > 0}]\ntypes: {nothing: {}}',
  unmatched_to_the_end: 'seq: [{id: v, type: {switch-on: _io.size, cases: {1: u1}}, repeat: eos}]',
};

const MANY = Uint8Array.of(0xff, 0xff, 0xff, 0x3f);
const FROM_FIELDS = Object.keys(SCHEMAS).filter(
  (id) => !['sums', 'shift_of_zero', 'small_shift', 'shift_back', 'depth'].includes(id),
);

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-limits-'));
  const files = Object.entries(SCHEMAS).map(([id, body]) => {
    writeFileSync(join(folder, `${id}.ksy`), `meta: {id: ${id}, endian: le, encoding: ISO-8859-1}\n${body}\n`);
    return join(folder, `${id}.ksy`);
  });
  generated = await generateClasses(files, []);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

const valueOf = (id: string, bytes: Uint8Array): unknown => Reflect.get(generated.top(id).fromBytes(bytes), 'v');

test.each(FROM_FIELDS)('%s: four bytes that ask for very much → LimitError', (id) => {
  const bytes = id === 'shift_left_of_negative' ? Uint8Array.of(0xff, 0xff, 0xff, 0xff) : MANY;
  expect(() => valueOf(id, bytes)).toThrow(expect.objectContaining({ name: 'LimitError' }) as Error);
});

test('structures in structures, each with the square of its parent → LimitError', () => {
  expect(() => valueOf('depth', Uint8Array.of(...new Uint8Array(60).fill(1), 0))).toThrow(/more than 4096 bits/);
});

test('what is asked for within the bounds → right', () => {
  expect(valueOf('shift', Uint8Array.of(100, 0, 0, 0))).toBe(1n << 100n);
  expect(valueOf('sums', MANY)).toBe(0x3fffffffn << 300n);
  expect(valueOf('shift_of_zero', MANY)).toBe(0);
  expect(valueOf('shift_back', Uint8Array.of(...MANY, 1, 2, 3, 4, 5, 6, 7, 8))).toBe(0n);
  expect(valueOf('small_shift', Uint8Array.of(...MANY, 0xfe, 0xff))).toBe(-1);
  expect(valueOf('small_shift', Uint8Array.of(3, 0, 0, 0, 0xf0, 0xff))).toBe(-2);
  expect(valueOf('empty_items', Uint8Array.of(0, 1, 0, 0))).toHaveLength(256);
  expect(() => valueOf('shift_back', new Uint8Array(12).fill(0xff))).toThrow(/a shift by -1 bits/);
});

test('integers: the same limit when code is generated and when it runs', () => {
  expect(BigInt(MAX_INTEGER_BITS)).toBe(MAX_BITS);
  expect(shiftLeftBigInt(1n, 4095n)).toBe(1n << 4095n);
  expect(() => shiftLeftBigInt(1n, 4096n)).toThrow(LimitError);
  expect(shiftLeftBigInt(0n, 1n << 64n)).toBe(0n);
  expect(() => shiftRightBigInt(1n, -1n)).toThrow(LimitError);
  expect(shiftRightBigInt(-1n, 1n << 64n)).toBe(-1n);
  expect(shiftRight(-1, 2 ** 40)).toBe(-1);
  expect(() => shiftLeft(1, -1)).toThrow(LimitError);
});

test('text of many digits, or in a base that does not exist → an error, soon', () => {
  expect(() => parseBigInteger('9'.repeat(1_000_000), 10)).toThrow(
    expect.objectContaining({ name: 'LimitError' }) as Error,
  );
  expect(parseBigInteger(`${'0'.repeat(1_000_000)}7`, 10)).toBe(7n);
  for (const radix of [0, 1, 37, 1000, -1]) {
    expect(() => parseBigInteger('11', radix)).toThrow(expect.objectContaining({ name: 'ConversionError' }) as Error);
    expect(() => parseInteger('11', radix)).toThrow(expect.objectContaining({ name: 'ConversionError' }) as Error);
  }
});
