/** Numbers and bit fields at constant places of a DataView: how they are read and written. */
import type { ClassSpec, Endian } from '../../spec/model.js';
import type { FieldPlace, FixedField } from './layout.js';
import { P, atom, infix, type Code } from '../code/operators.js';

export interface NumberAccess {
  /** `getUint16`, without `get`. */
  readonly method: string;
  /** `, true` or nothing. */
  readonly littleEndian: string;
}

/** The DataView methods for a number; undefined for other types. */
export function numberAccess({ attr }: FieldPlace, owner: ClassSpec): NumberAccess | undefined {
  const { type } = attr;
  if (type.kind !== 'int' && type.kind !== 'float') return undefined;
  const endian: Endian = type.endian ?? (owner.meta.endian === 'le' ? 'le' : 'be');
  const littleEndian = type.bytes > 1 && endian === 'le' ? ', true' : '';
  if (type.kind === 'float') return { method: `Float${type.bytes * 8}`, littleEndian };
  const kind = type.signed ? 'Int' : 'Uint';
  return { method: `${type.bytes === 8 ? 'Big' : ''}${kind}${type.bytes * 8}`, littleEndian };
}

/** `at + 8`, or `at`. */
export function plus(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

/** Loads of a bit group: one word, or two of 32 bits, in file order. */
export function groupWords(place: FixedField, view: string, base: string): string[] {
  const { group } = bitsOf(place);
  const little = group.endian === 'le' ? ', true' : '';
  if (group.size === 1) return [`${view}.getUint8(${plus(base, place.offset)})`];
  if (group.size === 2) return [`${view}.getUint16(${plus(base, place.offset)}${little})`];
  const word = (offset: number): string => `${view}.getUint32(${plus(base, offset)}${little})`;
  return group.size === 4 ? [word(place.offset)] : [word(place.offset), word(place.offset + 4)];
}

/** The value of a bit field out of its group's words: a `number` up to 53 bits, a `bigint` above. */
export function bitsFromWords(place: FixedField, words: readonly string[]): string {
  const { first, count, group } = bitsOf(place);
  const [word = '0', second] = words;
  const width = Math.min(32, group.size * 8);
  const last = first + count;
  if (second === undefined || last <= 32)
    return bitsOfWord(word, shiftIn(group.endian, width, first, count), count, width).text;
  if (first >= 32) return bitsOfWord(second, shiftIn(group.endian, 32, first - 32, count), count, 32).text;
  const head = 32 - first;
  const tail = count - head;
  const headBits = group.endian === 'le' ? bitsOfWord(word, first, head, 32) : bitsOfWord(word, 0, head, 32);
  const tailBits = group.endian === 'le' ? bitsOfWord(second, 0, tail, 32) : bitsOfWord(second, 32 - tail, tail, 32);
  const [low, high, lowCount] = group.endian === 'le' ? [headBits, tailBits, head] : [tailBits, headBits, tail];
  if (count > 53) return `(BigInt(${high.text}) << ${lowCount}n) | BigInt(${low.text})`;
  const scaled = infix(high, '*', atom(`0x${(2 ** lowCount).toString(16)}`), P.product);
  return infix(scaled, '+', low, P.sum).text;
}

/** Bit fields of one group put together again: an expression for each word. */
export function wordsFromBits(group: readonly FixedField[], valueOf: (place: FixedField) => string): string[] {
  const [head] = group;
  if (head === undefined) return [];
  const { size, endian } = bitsOf(head).group;
  const width = Math.min(32, size * 8);
  const words: string[][] = size === 8 ? [[], []] : [[]];
  for (const place of group) {
    const { first, count } = bitsOf(place);
    for (const [index, parts] of words.entries()) {
      const from = Math.max(first, index * width);
      const to = Math.min(first + count, (index + 1) * width);
      if (from >= to) continue;
      const value = valueOf(place);
      // Bits of the field's value that go into this word, counted from its least significant one.
      const low = endian === 'le' ? from - first : first + count - to;
      const part = cut(value, low, to - from, count);
      const shift = shiftIn(endian, width, from - index * width, to - from);
      parts.push(shift === 0 ? part : `(${part} << ${shift})`);
    }
  }
  return words.map((parts) => {
    const [only] = parts;
    if (only === undefined) return '0';
    return parts.length === 1 ? only : `(${parts.join(' | ')}) >>> 0`;
  });
}

/** `length` bits of a value from bit `low` on; values of more than 32 bits are cut by arithmetic. */
function cut(value: string, low: number, length: number, count: number): string {
  if (count > 53) return `Number(BigInt.asUintN(${length}, ${value} >> ${low}n))`;
  if (count <= 32) return low === 0 ? value : `(${value} >>> ${low})`;
  return low === 0
    ? `(${value} % 0x${(2 ** length).toString(16)})`
    : `Math.floor(${value} / 0x${(2 ** low).toString(16)})`;
}

function shiftIn(endian: Endian, width: number, first: number, count: number): number {
  return endian === 'le' ? first : width - first - count;
}

/** `count` bits of a word of `width` bits, from bit `shift` on. */
function bitsOfWord(word: string, shift: number, count: number, width: number): Code {
  const shifted = shift === 0 ? atom(word) : infix(atom(word), '>>>', atom(String(shift)), P.shift);
  if (shift + count >= width) return shifted;
  const operand = shift === 0 ? shifted : atom(`(${shifted.text})`);
  return infix(operand, '&', atom(`0x${(2 ** count - 1).toString(16)}`), P.bitAnd);
}

function bitsOf(place: FixedField): NonNullable<FixedField['bits']> {
  if (place.bits === undefined) throw new TypeError(`${place.id} is not a bit field`);
  return place.bits;
}
