/** Bit fields at constant places of a DataView: taken out of the words of their group, and put together again. */
import type { Endian } from '../../spec/model.js';
import { call, decimal, hexadecimal, infix, integer, member, method } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { BIG_INT, MATH, NUMBER } from '../context/locals.js';
import type { FixedField } from './layout.js';
import { load, wordAccess } from './numbers.js';

/** Loads of a bit group: one word, or two of 32 bits, in file order. */
export function groupWords(place: FixedField, view: Code, base: Code): Code[] {
  const { size, endian } = bitsOf(place).group;
  const word = (bytes: number, offset: number): Code => load(view, wordAccess(bytes, endian === 'le'), base, offset);
  return size <= 4 ? [word(size, place.offset)] : [word(4, place.offset), word(4, place.offset + 4)];
}

/** The value of a bit field out of its group's words: a `number` up to 53 bits, a `bigint` above. */
export function bitsFromWords(place: FixedField, words: readonly Code[]): Code {
  const { first, count, group } = bitsOf(place);
  const [word = decimal(0), second] = words;
  const width = Math.min(32, group.size * 8);
  const last = first + count;
  if (second === undefined || last <= 32)
    return bitsOfWord(word, shiftIn(group.endian, width, first, count), count, width);
  if (first >= 32) return bitsOfWord(second, shiftIn(group.endian, 32, first - 32, count), count, 32);
  const head = 32 - first;
  const tail = count - head;
  const headBits = group.endian === 'le' ? bitsOfWord(word, first, head, 32) : bitsOfWord(word, 0, head, 32);
  const tailBits = group.endian === 'le' ? bitsOfWord(second, 0, tail, 32) : bitsOfWord(second, 32 - tail, tail, 32);
  const [low, high, lowCount] = group.endian === 'le' ? [headBits, tailBits, head] : [tailBits, headBits, tail];
  if (count > 53) {
    return infix(infix(call(BIG_INT, high), '<<', integer(lowCount, true)), '|', call(BIG_INT, low));
  }
  return infix(infix(high, '*', hexadecimal(2 ** lowCount)), '+', low);
}

/** Bit fields of one group put together again: an expression for each word. */
export function wordsFromBits(group: readonly FixedField[], valueOf: (place: FixedField) => Code): Code[] {
  const [head] = group;
  if (head === undefined) return [];
  const { size, endian } = bitsOf(head).group;
  const width = Math.min(32, size * 8);
  const words: Code[][] = size === 8 ? [[], []] : [[]];
  for (const place of group) {
    const { first, count } = bitsOf(place);
    for (const [index, parts] of words.entries()) {
      const from = Math.max(first, index * width);
      const to = Math.min(first + count, (index + 1) * width);
      if (from >= to) continue;
      // Bits of the field's value that go into this word, counted from its least significant one.
      const low = endian === 'le' ? from - first : first + count - to;
      const part = cut(valueOf(place), low, to - from, count);
      const shift = shiftIn(endian, width, from - index * width, to - from);
      parts.push(shift === 0 ? part : infix(part, '<<', decimal(shift)));
    }
  }
  return words.map((parts) => {
    const [first, ...rest] = parts;
    if (first === undefined) return decimal(0);
    const all = rest.reduce((word, part) => infix(word, '|', part), first);
    return rest.length === 0 ? all : infix(all, '>>>', decimal(0));
  });
}

/** `length` bits of a value from bit `low` on; values of more than 32 bits are cut by arithmetic. */
function cut(value: Code, low: number, length: number, count: number): Code {
  if (count > 53) {
    const shifted = infix(value, '>>', integer(low, true));
    return call(NUMBER, method(BIG_INT, 'asUintN', decimal(length), shifted));
  }
  if (count <= 32) return low === 0 ? value : infix(value, '>>>', decimal(low));
  return low === 0
    ? infix(value, '%', hexadecimal(2 ** length))
    : call(member(MATH, 'floor'), infix(value, '/', hexadecimal(2 ** low)));
}

function shiftIn(endian: Endian, width: number, first: number, count: number): number {
  return endian === 'le' ? first : width - first - count;
}

/** `count` bits of a word of `width` bits, from bit `shift` on. */
function bitsOfWord(word: Code, shift: number, count: number, width: number): Code {
  const shifted = shift === 0 ? word : infix(word, '>>>', decimal(shift));
  return shift + count >= width ? shifted : infix(shifted, '&', hexadecimal(2 ** count - 1));
}

function bitsOf(place: FixedField): NonNullable<FixedField['bits']> {
  if (place.bits === undefined) throw new TypeError(`${place.id} is not a bit field`);
  return place.bits;
}
