/** Interval arithmetic on integer expressions: what decides between `number` and `bigint`. */
import { LIMIT, MAX_BITS } from '../expr/limits.js';

/** An inclusive interval of integers: what is known of an integer expression before it is evaluated. */
export interface IntRange {
  readonly lo: bigint;
  readonly hi: bigint;
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** Bounds of what 64-bit targets can hold. */
export const WIDEST: IntRange = { lo: -(1n << 63n), hi: (1n << 64n) - 1n };
/** What is known of integers that may be of any size: they are checked where they are made. */
export const UNBOUNDED: IntRange = { lo: -LIMIT, hi: LIMIT };
/** Lengths, sizes, positions and indices: far above any buffer, and sums of a few of them stay exact in a double. */
export const SIZE_RANGE: IntRange = { lo: 0n, hi: (1n << 48n) - 1n };
/** Numbers parsed from text or cut from floats: checked at run time to be exact. */
export const SAFE_RANGE: IntRange = { lo: -MAX_SAFE, hi: MAX_SAFE };

export const range = (lo: bigint, hi: bigint): IntRange => ({ lo: max(lo, -LIMIT), hi: min(hi, LIMIT) });
export const single = (value: bigint): IntRange => ({ lo: value, hi: value });

export const unsigned = (bits: number): IntRange => range(0n, (1n << BigInt(bits)) - 1n);
export const signed = (bits: number): IntRange => range(-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n);

/** Whether no value reaches the limit. */
export const isBounded = ({ lo, hi }: IntRange): boolean => lo > -LIMIT && hi < LIMIT;

/** Whether every value is exact in a double. */
export const isSafe = ({ lo, hi }: IntRange): boolean => lo >= -MAX_SAFE && hi <= MAX_SAFE;

export const fitsInt32 = ({ lo, hi }: IntRange): boolean => lo >= -(1n << 31n) && hi < 1n << 31n;
export const fitsUint32 = ({ lo, hi }: IntRange): boolean => lo >= 0n && hi < 1n << 32n;
export const isNonNegative = ({ lo }: IntRange): boolean => lo >= 0n;
export const sameRange = (a: IntRange, b: IntRange): boolean => a.lo === b.lo && a.hi === b.hi;

export function union(a: IntRange, b: IntRange): IntRange {
  return range(min(a.lo, b.lo), max(a.hi, b.hi));
}

export const negate = ({ lo, hi }: IntRange): IntRange => range(-hi, -lo);
export const invert = ({ lo, hi }: IntRange): IntRange => range(-hi - 1n, -lo - 1n);
export const add = (a: IntRange, b: IntRange): IntRange => range(a.lo + b.lo, a.hi + b.hi);
export const subtract = (a: IntRange, b: IntRange): IntRange => range(a.lo - b.hi, a.hi - b.lo);

export function multiply(a: IntRange, b: IntRange): IntRange {
  return hull([a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi]);
}

/** Floor division; a divisor of zero fails at run time and adds nothing. */
export function divide(a: IntRange, b: IntRange): IntRange {
  const divisors = [b.lo, b.hi, -1n, 1n].filter((d) => d !== 0n && d >= b.lo && d <= b.hi);
  if (divisors.length === 0) return a;
  return hull(divisors.flatMap((d) => [floorDivide(a.lo, d), floorDivide(a.hi, d)]));
}

/** Remainder with the divisor's sign. */
export function modulo(a: IntRange, b: IntRange): IntRange {
  if (a.lo >= 0n && b.lo > 0n && a.hi < b.lo) return a;
  const hi = b.hi > 0n ? b.hi - 1n : 0n;
  const lo = b.lo < 0n ? b.lo + 1n : 0n;
  return range(lo, a.lo >= 0n && b.lo >= 0n ? min(hi, a.hi) : hi);
}

export function bitAnd(a: IntRange, b: IntRange): IntRange {
  if (a.lo >= 0n && b.lo >= 0n) return range(0n, min(a.hi, b.hi));
  if (a.lo >= 0n) return range(0n, a.hi);
  if (b.lo >= 0n) return range(0n, b.hi);
  return bitHull(a, b);
}

/** Or and exclusive or. */
export function bitOr(a: IntRange, b: IntRange): IntRange {
  return bitHull(a, b);
}

export function shiftLeft(a: IntRange, amount: IntRange): IntRange {
  const lo = clamp(amount.lo, 0n, MAX_BITS);
  const hi = clamp(amount.hi, 0n, MAX_BITS);
  return hull([a.lo << lo, a.lo << hi, a.hi << lo, a.hi << hi]);
}

export function shiftRight(a: IntRange, amount: IntRange): IntRange {
  const lo = clamp(amount.lo, 0n, MAX_BITS);
  const hi = clamp(amount.hi, 0n, MAX_BITS);
  return hull([a.lo >> lo, a.lo >> hi, a.hi >> lo, a.hi >> hi]);
}

/** The smallest two's-complement interval of both. */
function bitHull(a: IntRange, b: IntRange): IntRange {
  const all = union(a, b);
  const bits = max(bitLength(all.hi), bitLength(-all.lo - 1n));
  const top = (1n << bits) - 1n;
  return all.lo >= 0n ? range(0n, top) : range(-top - 1n, top);
}

function bitLength(value: bigint): bigint {
  return value <= 0n ? 0n : BigInt(value.toString(2).length);
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export function floorModulo(a: bigint, b: bigint): bigint {
  return a - b * floorDivide(a, b);
}

function hull(values: readonly bigint[]): IntRange {
  return values.map(single).reduce(union);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

const clamp = (value: bigint, lo: bigint, hi: bigint): bigint => min(max(value, lo), hi);
