/** Ranges: every value that an operation can give is within the range that is inferred for it, and its ends are reached. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  bitAnd,
  bitOr,
  divide,
  fitsInt32,
  fitsUint32,
  invert,
  isSafe,
  modulo,
  multiply,
  negate,
  range,
  shiftLeft,
  shiftRight,
  single,
  subtract,
  type IntRange,
} from '../../../generator/src/types/int-range.js';

const floorDiv = (x: bigint, y: bigint): bigint => x / y - (x % y !== 0n && x < 0n !== y < 0n ? 1n : 0n);
const floorMod = (x: bigint, y: bigint): bigint => x - floorDiv(x, y) * y;

type Case = [
  operator: string,
  infer: (a: IntRange, b: IntRange) => IntRange,
  apply: (x: bigint, y: bigint) => bigint | undefined,
];
const CASES: Case[] = [
  ['+', add, (x, y) => x + y],
  ['-', subtract, (x, y) => x - y],
  ['*', multiply, (x, y) => x * y],
  ['/', divide, (x, y) => (y === 0n ? undefined : floorDiv(x, y))],
  ['%', modulo, (x, y) => (y === 0n ? undefined : floorMod(x, y))],
  ['&', bitAnd, (x, y) => x & y],
  ['|', bitOr, (x, y) => x | y],
  ['^', bitOr, (x, y) => x ^ y],
  ['<<', shiftLeft, (x, y) => (y < 0n ? undefined : x << y)],
  ['>>', shiftRight, (x, y) => (y < 0n ? undefined : x >> y)],
];

const bound = fc.bigInt({ min: -40n, max: 40n });
const interval = fc.tuple(bound, bound).map(([x, y]): IntRange => (x < y ? range(x, y) : range(y, x)));
const valuesIn = ({ lo, hi }: IntRange): bigint[] =>
  Array.from({ length: Number(hi - lo) + 1 }, (_, i) => lo + BigInt(i));

test.each(CASES)('%s of any two values → within the range', (_, infer, apply) => {
  fc.assert(
    fc.property(interval, interval, (a, b) => {
      const { lo, hi } = infer(a, b);
      for (const x of valuesIn(a)) {
        for (const y of valuesIn(b)) {
          const value = apply(x, y);
          if (value !== undefined && (value < lo || value > hi)) expect.fail(`${x}, ${y} give ${value}: ${lo}..${hi}`);
        }
      }
    }),
    { numRuns: 60, seed: 12, endOnFailure: true },
  );
});

test.each(CASES.slice(0, 3))('%s → no wider than its values', (_, infer, apply) => {
  fc.assert(
    fc.property(interval, interval, (a, b) => {
      const values = [a.lo, a.hi].flatMap((x) => [b.lo, b.hi].map((y) => apply(x, y) ?? 0n));
      const [lo, hi] = [values.reduce((x, y) => (x < y ? x : y)), values.reduce((x, y) => (x > y ? x : y))];
      expect(infer(a, b)).toEqual({ lo, hi });
    }),
    { numRuns: 200, seed: 12, endOnFailure: true },
  );
});

test('negative and inverted → turned around', () => {
  expect(negate(range(-3n, 5n))).toEqual({ lo: -5n, hi: 3n });
  expect(invert(range(-3n, 5n))).toEqual({ lo: -6n, hi: 2n });
});

describe('limits of representations', () => {
  const MAX = BigInt(Number.MAX_SAFE_INTEGER);
  test.each([
    [MAX, true],
    [-MAX, true],
    [MAX + 1n, false],
    [-MAX - 1n, false],
    [2n * MAX, false],
  ])('%s exact in a double → %s', (value, safe) => {
    expect(isSafe(single(value))).toBe(safe);
  });

  test.each([
    [2n ** 31n - 1n, true, true],
    [2n ** 31n, false, true],
    [-(2n ** 31n), true, false],
    [-(2n ** 31n) - 1n, false, false],
    [2n ** 32n - 1n, false, true],
    [2n ** 32n, false, false],
    [-1n, true, false],
  ])('%s → signed %s, unsigned %s', (value, signed, unsigned) => {
    expect([fitsInt32(single(value)), fitsUint32(single(value))]).toEqual([signed, unsigned]);
  });
});
