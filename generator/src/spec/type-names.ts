/** The names of types that are built into the language. */
import type { BuiltinType, Endian } from './model.js';

const INT = /^([us])(?:(1)|([248])(le|be)?)$/;
const FLOAT = /^f([48])(le|be)?$/;
const BITS = /^b([0-9]+)(le|be)?$/;
/** 128 KiB: far above any key or hash. A value of more would cost too much time in every expression. */
export const MAX_BITS: number = 1 << 20;

/** `u2`, `s8be`, `f4`, `b12le`, `str`, `strz`; undefined for any other name, and for a width above `MAX_BITS`. */
export function builtinType(name: string): BuiltinType | undefined {
  if (name === 'str' || name === 'strz') return { kind: name };
  return intType(name) ?? floatType(name) ?? bitsType(name);
}

/** Whether the name has the form of a bit type, be its width right or not. */
export function isBitsName(name: string): boolean {
  return BITS.test(name);
}

/** An integer or float of more than one byte that takes its byte order from `meta/endian`. */
export function needsDefaultEndian(type: BuiltinType): boolean {
  return (type.kind === 'int' || type.kind === 'float') && type.bytes > 1 && type.endian === undefined;
}

function intType(name: string): BuiltinType | undefined {
  const match = INT.exec(name);
  if (match === null) return undefined;
  const [, sign, one, width, endian] = match;
  const bytes = widthOf(one ?? width);
  return bytes && { kind: 'int', signed: sign === 's', bytes, endian: endianOf(endian) };
}

function floatType(name: string): BuiltinType | undefined {
  const match = FLOAT.exec(name);
  return match === null ? undefined : { kind: 'float', bytes: match[1] === '4' ? 4 : 8, endian: endianOf(match[2]) };
}

function bitsType(name: string): BuiltinType | undefined {
  const match = BITS.exec(name);
  const bits = Number(match?.[1] ?? Infinity);
  return bits > MAX_BITS ? undefined : { kind: 'bits', bits, endian: endianOf(match?.[2]) };
}

function widthOf(digit: string | undefined): 1 | 2 | 4 | 8 | undefined {
  const widths = { '1': 1, '2': 2, '4': 4, '8': 8 } as const;
  return digit === '1' || digit === '2' || digit === '4' || digit === '8' ? widths[digit] : undefined;
}

function endianOf(suffix: string | undefined): Endian | undefined {
  return suffix === 'le' || suffix === 'be' ? suffix : undefined;
}
