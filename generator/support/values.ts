/** What expressions do with values: optional ones, arrays, numbers, enums and text. */
import { ConversionError, ExpressionError, LimitError } from './errors.js';

/** A value that the schema makes optional, where an expression cannot do without it. */
export function need<T>(value: T | undefined): T {
  if (value === undefined)
    throw new ExpressionError('an expression uses a field that is not present', 'a field that is present');
  return value;
}

/** What `convert` makes of a value; nothing of an absent one. */
export function present<T, U>(value: T | undefined, convert: (value: T) => U): U | undefined {
  return value === undefined ? undefined : convert(value);
}

/** `value` as `T`: the schema's author says what it is (`.as<T>`). */
export function as<T>(value: unknown): T {
  return value as T;
}

/** An object whose fields only its own class sets. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An element of an array; past its end is an error, as in other languages. */
export function itemAt<T>(items: ArrayLike<T>, index: number): T {
  if (!(index >= 0 && index < items.length)) {
    throw new ExpressionError(
      `index ${index} is outside of an array of ${items.length}`,
      `an index below ${items.length}`,
    );
  }
  return items[index] as T;
}

/** The last element of a non-empty array. */
export function last<T>(items: ArrayLike<T>): T {
  return itemAt(items, items.length - 1);
}

export function minOf<T>(items: ArrayLike<T>): T {
  let least = itemAt(items, 0);
  for (let index = 1; index < items.length; index++) {
    const item = itemAt(items, index);
    if (item < least) least = item;
  }
  return least;
}

export function maxOf<T>(items: ArrayLike<T>): T {
  let greatest = itemAt(items, 0);
  for (let index = 1; index < items.length; index++) {
    const item = itemAt(items, index);
    if (item > greatest) greatest = item;
  }
  return greatest;
}

/** A float cut to an integer, towards zero. @throws {ConversionError} beyond ±2^53 */
export function truncate(value: number): number {
  const integer = Math.trunc(value);
  if (!Number.isSafeInteger(integer)) throw new ConversionError(value);
  // Minus zero is no integer.
  return integer === 0 ? 0 : integer;
}

/** An integer written in `radix`, a sign before it and nothing behind. @throws {ConversionError} also beyond ±2^53 */
export function parseInteger(text: string, radix: number): number {
  const digits = /^[-+]?([0-9a-z]+)$/i.exec(text)?.[1];
  const isNumber = digits !== undefined && Array.from(digits).every((digit) => Number.parseInt(digit, 36) < radix);
  const value = isNumber ? Number.parseInt(text, radix) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new ConversionError(text);
  return value === 0 ? 0 : value;
}

/** As `parseInteger`, of any size up to the limit. @throws {ConversionError} @throws {LimitError} */
export function parseBigInteger(text: string, radix: number): bigint {
  const [, sign, digits = ''] = /^([-+]?)0*([0-9a-z]+)$/i.exec(text) ?? [];
  if (radix < 2 || radix > 36) throw new ConversionError(text);
  if (digits.length > MAX_INTEGER_BITS) throw tooManyBits();
  const values = Array.from(digits, (digit) => Number.parseInt(digit, 36));
  if (values.length === 0 || values.some((value) => value >= radix)) throw new ConversionError(text);
  const magnitude = values.reduce((sum, value) => sum * BigInt(radix) + BigInt(value), 0n);
  return boundedInteger(sign === '-' ? -magnitude : magnitude);
}

/** No expression makes an integer of more bits. */
export const MAX_INTEGER_BITS = 4096;
// Bundlers leave out what is called for nothing, but no operator.
const INTEGER_LIMIT = /* @__PURE__ */ powerOfTwo(MAX_INTEGER_BITS);
/** No expression makes a longer text. */
export const MAX_TEXT_LENGTH = 0x400_0000;

const tooManyBits = (): LimitError => new LimitError(`an integer of more than ${MAX_INTEGER_BITS} bits`);

function powerOfTwo(bits: number): bigint {
  return 1n << BigInt(bits);
}

/** `value`, whose size depends on the file. @throws {LimitError} */
export function boundedInteger(value: bigint): bigint {
  if (value >= INTEGER_LIMIT || value <= -INTEGER_LIMIT) throw tooManyBits();
  return value;
}

/** `text`, whose length depends on the file. @throws {LimitError} */
export function boundedText(text: string): string {
  if (text.length > MAX_TEXT_LENGTH) throw new LimitError(`a text of more than ${MAX_TEXT_LENGTH} characters`);
  return text;
}

/** @throws {LimitError} where `amount` is negative, or the result has too many bits */
export function shiftLeftBigInt(value: bigint, amount: bigint): bigint {
  if (amount < 0n) throw negativeShift(amount);
  if (value === 0n) return 0n;
  if (amount > MAX_INTEGER_BITS) throw tooManyBits();
  return boundedInteger(value << amount);
}

/** @throws {LimitError} where `amount` is negative */
export function shiftRightBigInt(value: bigint, amount: bigint): bigint {
  if (amount < 0n) throw negativeShift(amount);
  return value >> amount;
}

/** As `shiftLeftBigInt`, where the result is known to be exact in a number. */
export function shiftLeft(value: number, amount: number): number {
  if (amount < 0) throw negativeShift(amount);
  return value === 0 ? 0 : value * 2 ** amount;
}

export function shiftRight(value: number, amount: number): number {
  if (amount < 0) throw negativeShift(amount);
  // A quotient too small for a number is rounded to zero, of either sign.
  return amount > 1023 ? (value < 0 ? -1 : 0) : Math.floor(value / 2 ** amount);
}

const negativeShift = (amount: bigint | number): LimitError => new LimitError(`a shift by ${amount} bits`);

export function reverseString(text: string): string {
  return Array.from(text).reverse().join('');
}

/** An exact number out of a bigint: sizes, positions, indices. What is a number stays one. */
export function toNumber(value: bigint | number): number {
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isSafeInteger(number)) {
    throw new ExpressionError(`${value} is beyond 2^53 and cannot be a size or position`, 'a number up to 2^53');
  }
  return number;
}

/** A number where an integer of 64 bits is wanted: a float loses its fraction. */
export function toBigInt(value: bigint | number): bigint {
  if (typeof value === 'bigint') return value;
  if (Number.isFinite(value)) return BigInt(Math.trunc(value));
  throw new ExpressionError(`${value} cannot be an integer`, 'a finite number');
}

const divisionByZero = (): ExpressionError => new ExpressionError('division by zero', 'a divisor other than 0');

/** Division rounding down, as the expression language has it. */
export function floorDiv(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  return Math.floor(a / b);
}

export function floorDivBigInt(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero();
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Remainder of `floorDiv`: it has the divisor's sign. */
export function floorMod(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  return a - b * Math.floor(a / b);
}

export function floorModBigInt(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero();
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}
