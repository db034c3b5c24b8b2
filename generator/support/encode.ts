/** The other direction of what reading does to bytes: text into bytes, and the processes that can be undone. */
import { decodeString } from './bytes.js';
import { processRotateLeft } from './process.js';
import { rawOf } from './raw.js';
import type { WritableStruct } from './write.js';

/** How bytes become text: `decodeString`, or what stands in for it where an encoding needs more. */
export type Decode = (bytes: Uint8Array, encoding: string) => string;

/**
 * The text of a field in an encoding: the bytes it was read from, if it is still the same. Not a method: types without
 * texts do not need it.
 */
export function encodeField(
  struct: WritableStruct,
  id: string,
  text: string,
  encoding: string,
  decode: Decode = decodeString,
  index?: number,
): Uint8Array {
  const raw = rawOf(struct, 'value', id, index);
  if (raw !== undefined) {
    if (decode(raw, encoding) === text) return raw;
    if (text.includes('\ufffd'))
      struct['_refuse'](id, 'text without U+FFFD, which stands for bytes that could not be decoded', text);
  }
  try {
    return encodeString(text, encoding, decode);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return struct['_refuse'](id, `text in ${encoding}`, text);
  }
}

/** @throws {RangeError} where the encoding has no such character */
export function encodeString(text: string, encoding: string, decode: Decode = decodeString): Uint8Array {
  if (encoding.startsWith('UTF-') && /\p{Surrogate}/u.test(text))
    throw new RangeError(`half a surrogate pair in ${encoding}`);
  switch (encoding) {
    case 'UTF-8':
      return new TextEncoder().encode(text);
    case 'UTF-16LE':
    case 'UTF-16BE': {
      const view = new DataView(new ArrayBuffer(text.length * 2));
      for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), encoding === 'UTF-16LE');
      return new Uint8Array(view.buffer);
    }
    case 'UTF-32LE':
    case 'UTF-32BE': {
      const characters = Array.from(text);
      const view = new DataView(new ArrayBuffer(characters.length * 4));
      for (const [at, character] of characters.entries())
        view.setUint32(at * 4, character.codePointAt(0) ?? 0, encoding === 'UTF-32LE');
      return new Uint8Array(view.buffer);
    }
    default:
      return encodeByTable(text, encoding, decode);
  }
}

/** For each encoding: the bytes of each of its characters. */
const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

function encodeByTable(text: string, encoding: string, decode: Decode): Uint8Array {
  const table = tables.get(encoding) ?? tableOf(encoding, decode);
  tables.set(encoding, table);
  const bytes: number[] = [];
  for (const character of text) {
    const code = table.get(character);
    if (code === undefined) throw new RangeError(`${character} does not exist in ${encoding}`);
    bytes.push(...code);
  }
  return Uint8Array.from(bytes);
}

/** Found by decoding every sequence of one byte, and of two where the first alone is no character. */
function tableOf(encoding: string, decode: Decode): Map<string, readonly number[]> {
  const table = new Map<string, readonly number[]>();
  const add = (...bytes: number[]): boolean => {
    const text = decode(Uint8Array.from(bytes), encoding);
    const isCharacter = !text.includes('\ufffd') && Array.from(text).length === 1;
    if (isCharacter && !table.has(text)) table.set(text, bytes);
    return isCharacter;
  };
  const leads = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !add(byte));
  if (!isMultiByte(encoding)) return table;
  for (const lead of leads) for (let trail = 0x30; trail < 0xff; trail++) add(lead, trail);
  return table;
}

function isMultiByte(encoding: string): boolean {
  return /^(?:shift|big5|euc|gb)/i.test(encoding);
}

/** Undoes a rotation to the left by `amount` bits. */
export function unprocessRotateLeft(bytes: Uint8Array, amount: number): Uint8Array {
  return processRotateLeft(bytes, 8 - amount);
}

/** Undoes a custom process, whose class must have `encode` beside `decode`. @throws {TypeError} where it has not */
export function unprocessCustom(processor: object, bytes: Uint8Array): Uint8Array {
  if (!('encode' in processor) || typeof processor.encode !== 'function') {
    throw new TypeError(`${processor.constructor.name} has no method \`encode\`: what it decodes cannot be written`);
  }
  const encoded: unknown = processor.encode(bytes);
  if (!(encoded instanceof Uint8Array))
    throw new TypeError(`${processor.constructor.name}.encode must return a Uint8Array`);
  return encoded;
}
