/** Integers of a fixed layout: all are checked at once before anything is stored, and the one that does not fit is named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateClasses, type Generated } from '../../../support/generated-classes.js';

const SCHEMA = `
meta: {id: numbers, endian: le, bit-endian: le}
seq:
  - {id: magic, contents: [1, 2]}
  - {id: flag, type: b1}
  - {id: three_bits, type: b3}
  - {id: many_bits, type: b44}
  - {id: rest_of_bits, type: b16}
  - {id: byte, type: u1}
  - {id: short, type: u2be}
  - {id: word, type: u4}
  - {id: long_word, type: u8}
  - {id: signed_byte, type: s1}
  - {id: signed_short, type: s2}
  - {id: signed_word, type: s4}
  - {id: signed_long_word, type: s8be}
  - {id: chosen, type: u1, enum: choice}
  - {id: big_chosen, type: u4, enum: big_choice}
enums:
  choice: {1: one}
  big_choice: {1: one, 18446744073709551615: most}
`;

const VALUES = {
  flag: true,
  threeBits: 0,
  manyBits: 0,
  restOfBits: 0,
  byte: 0,
  short: 0,
  word: 0,
  longWord: 0n,
  signedByte: 0,
  signedShort: 0,
  signedWord: 0,
  signedLongWord: 0n,
  chosen: 0,
  bigChosen: 0n,
};

/** What each field may hold, both ends inclusive: two's complement of its width. */
const RANGES: readonly (readonly [property: keyof typeof VALUES, id: string, lo: bigint, hi: bigint])[] = [
  ['threeBits', 'three_bits', 0n, 7n],
  ['manyBits', 'many_bits', 0n, 0xfffffffffffn],
  ['restOfBits', 'rest_of_bits', 0n, 0xffffn],
  ['byte', 'byte', 0n, 255n],
  ['short', 'short', 0n, 0xffffn],
  ['word', 'word', 0n, 0xffffffffn],
  ['longWord', 'long_word', 0n, 0xffffffffffffffffn],
  ['signedByte', 'signed_byte', -128n, 127n],
  ['signedShort', 'signed_short', -0x8000n, 0x7fffn],
  ['signedWord', 'signed_word', -0x80000000n, 0x7fffffffn],
  ['signedLongWord', 'signed_long_word', -0x8000000000000000n, 0x7fffffffffffffffn],
  ['chosen', 'chosen', 0n, 255n],
  ['bigChosen', 'big_chosen', 0n, 0xffffffffn],
];

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-numbers-'));
  const file = join(folder, 'numbers.ksy');
  writeFileSync(file, SCHEMA);
  generated = await generateClasses([file], []);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

const written = (change: object): Uint8Array =>
  generated
    .class('Numbers')
    .create({ ...VALUES, ...change })
    .toBytes();
const likeItself = (property: keyof typeof VALUES, value: bigint): number | bigint =>
  typeof VALUES[property] === 'bigint' ? value : Number(value);

describe.each(RANGES)('%s', (property, id, lo, hi) => {
  test.each([lo, hi])('%d, which just fits → read back', (value) => {
    const bytes = written({ [property]: likeItself(property, value) });
    expect(generated.top('numbers').fromBytes(bytes)).toMatchObject({ [property]: likeItself(property, value) });
  });

  test.each([lo - 1n, hi + 1n])('%d, one too far → refused, named', (value) => {
    const wrong = likeItself(property, value);
    const expected = { name: 'WriteError', path: id, expected: `an integer from ${lo} to ${hi}`, actual: wrong };
    expect(() => written({ [property]: wrong })).toThrow(expect.objectContaining(expected));
  });
});

describe.each(RANGES.filter(([property]) => typeof VALUES[property] === 'number'))('%s', (property, id) => {
  test.each([0.5, NaN, Infinity, undefined])('%d, which is no integer → refused, named', (wrong) => {
    expect(() => written({ [property]: wrong })).toThrow(expect.objectContaining({ path: id, actual: wrong }));
  });
});

describe('fixed contents of a structure that was made', () => {
  test('asked for → what they must be', () => {
    expect(generated.class('Numbers').create(VALUES)).toMatchObject({ magic: Uint8Array.of(1, 2) });
  });

  test('never asked for → written', () => {
    expect(written({}).subarray(0, 3)).toEqual(Uint8Array.of(1, 2, 1));
  });

  test('replaced by others → refused', () => {
    const made = generated.class('Numbers').create(VALUES);
    Reflect.set(made, 'magic', Uint8Array.of(1, 3));
    expect(() => made.toBytes()).toThrow(expect.objectContaining({ path: 'magic' }));
  });
});
