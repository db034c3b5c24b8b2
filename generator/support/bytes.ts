/** Byte arrays: terminators, padding, comparison and text. */
import { EncodingError } from './errors.js';
import { noteRaw, type RawOwner } from './raw.js';

/** What ends a string or byte field: one byte, or several. */
export type Terminator = number | Uint8Array;

export function terminatorLength(terminator: Terminator): number {
  return typeof terminator === 'number' ? 1 : terminator.length;
}

/** Where `terminator` begins, at a multiple of its length from `start`; -1 where it does not occur before `end`. */
export function indexOfTerminator(
  bytes: Uint8Array,
  start: number,
  terminator: Terminator,
  end: number = bytes.length,
): number {
  if (typeof terminator === 'number') return indexOfByte(bytes, start, terminator, end);
  const unit = terminator.length;
  const first = terminator[0];
  if (first === undefined) return -1;
  if (unit === 1) return indexOfByte(bytes, start, first, end);
  for (let at = start; at + unit <= end; at += unit) {
    let matched = 0;
    while (matched < unit && bytes[at + matched] === terminator[matched]) matched++;
    if (matched === unit) return at;
  }
  return -1;
}

/** Most texts are short: the search of the engine is faster only beyond this many bytes. */
const NEAR = 32;

function indexOfByte(bytes: Uint8Array, start: number, byte: number, end: number): number {
  const near = Math.min(start + NEAR, end);
  for (let at = start; at < near; at++) if (bytes[at] === byte) return at;
  if (near >= end) return -1;
  const found = bytes.subarray(near, end).indexOf(byte);
  return found === -1 ? -1 : near + found;
}

/** `bytes` up to the first `terminator`; all of them where there is none. */
export function bytesTerminate(bytes: Uint8Array, terminator: Terminator, include: boolean): Uint8Array {
  const end = indexOfTerminator(bytes, 0, terminator);
  return end === -1 ? bytes : bytes.subarray(0, include ? end + terminatorLength(terminator) : end);
}

/** `bytes` without the run of `pad` at its end. */
export function bytesStripRight(bytes: Uint8Array, pad: number): Uint8Array {
  let end = bytes.length;
  if (end >= 64) {
    // Reserved areas are long, and often read by code that has not been compiled yet: four bytes at a time.
    const view = new DataView(bytes.buffer, bytes.byteOffset, end);
    const four = pad * 0x01010101;
    while (end >= 4 && view.getUint32(end - 4) === four) end -= 4;
  }
  while (end > 0 && bytes[end - 1] === pad) end--;
  return end === bytes.length ? bytes : bytes.subarray(0, end);
}

/** Where the value from `start` to `stop` of `bytes` ends: before the padding `pad`, and before or behind `terminator`. */
function endOfValue(
  bytes: Uint8Array,
  start: number,
  stop: number,
  pad: number | undefined,
  terminator: Terminator | undefined,
  include: boolean,
): number {
  let end = stop;
  // Padding that looks like the terminator's end is left for that to find.
  if (pad !== undefined && pad !== (typeof terminator === 'object' ? terminator.at(-1) : terminator))
    while (end > start && bytes[end - 1] === pad) end--;
  if (terminator === undefined) return end;
  const found = indexOfTerminator(bytes, start, terminator, end);
  return found === -1 ? end : include ? found + terminatorLength(terminator) : found;
}

/**
 * The value in `bytes`, which may be shorter: before `terminator` and the padding `pad`. What stands behind it is kept for
 * `owner` where it is not what writing puts there.
 */
export function trimBytes(
  bytes: Uint8Array,
  pad: number | undefined,
  terminator: Terminator | undefined,
  include: boolean,
  owner?: RawOwner,
  id?: string,
  index?: number,
): Uint8Array {
  const { length } = bytes;
  const end = valueEnd(bytes, 0, length, pad, terminator, include, owner, id, index);
  return end === length ? bytes : bytes.subarray(0, end);
}

/** The text in `bytes`, as `trimBytes` finds it and `decodeString` reads it. */
export function trimText(
  bytes: Uint8Array,
  encoding: string,
  pad: number | undefined,
  terminator: Terminator | undefined,
  include: boolean,
  owner?: RawOwner,
  id?: string,
  index?: number,
): string {
  return decodeString(trimBytes(bytes, pad, terminator, include, owner, id, index), encoding, owner, id, index);
}

/** Where the value from `start` to `stop` of `bytes` ends, as `trimBytes` finds it; what stands behind it is kept too. */
export function valueEnd(
  bytes: Uint8Array,
  start: number,
  stop: number,
  pad: number | undefined,
  terminator: Terminator | undefined,
  include: boolean,
  owner?: RawOwner,
  id?: string,
  index?: number,
): number {
  const end = endOfValue(bytes, start, stop, pad, terminator, include);
  noteTail(bytes, end, stop, pad, include, terminator, owner, id, index);
  return end;
}

/** Keeps what stands behind a value, from `end` to `stop`, for `owner`; where there is but padding, that is nothing. */
function noteTail(
  bytes: Uint8Array,
  end: number,
  stop: number,
  pad = 0,
  include: boolean,
  terminator: Terminator | undefined,
  owner: RawOwner | undefined,
  id = '',
  index: number | undefined,
): void {
  if (owner === undefined || terminator === undefined || end === stop) return;
  if (!isPlainTail(bytes, end, stop, pad, include ? undefined : terminator))
    noteRaw(owner, bytes.subarray(end, stop), 'tail', id, index);
}

/** Whether what stands from `from` to `stop` is a terminator, as far as it fits, and padding. */
function isPlainTail(
  bytes: Uint8Array,
  from: number,
  stop: number,
  pad: number,
  terminator: Terminator | undefined,
): boolean {
  let at = from;
  if (typeof terminator === 'number') {
    if (at < stop && bytes[at++] !== terminator) return false;
  } else if (terminator !== undefined) {
    for (const byte of terminator) if (at < stop && bytes[at++] !== byte) return false;
  }
  for (; at < stop; at++) if (bytes[at] !== pad) return false;
  return true;
}

/** Negative, zero or positive, as `a` sorts before, with or after `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Without the library `dom` there is no type of this name. */
type Decoder = InstanceType<typeof TextDecoder>;

const decoders = new Map<string, Decoder>();

/**
 * Text of the encodings that TextDecoder knows, and ASCII; a byte order mark is kept. Bytes that the text does not tell
 * are kept for `owner`.
 *
 * @throws {EncodingError}
 */
export function decodeString(
  bytes: Uint8Array,
  encoding: string,
  owner?: RawOwner,
  id?: string,
  index?: number,
): string {
  const short = shortAscii(bytes, 0, bytes.length, encoding);
  if (short !== undefined) return short;
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = decoderOf(encoding);
    decoders.set(encoding, decoder);
  }
  const text = decoder.decode(bytes);
  // Each byte that is no ASCII is one replacement character, which no decoder makes of it: to UTF-8 it is a character that
  // cannot be decoded, or a part of one.
  if (encoding === 'ASCII' && (text.length < bytes.length || text.includes('\ufffd'))) {
    return noteText(Array.from(bytes, asciiCharacter).join(''), bytes, encoding, owner, id, index);
  }
  return noteText(text, bytes, encoding, owner, id, index);
}

/** Encodings with several sequences of bytes for one character. */
const AMBIGUOUS = /^(?:Shift_JIS|Big5|EUC-KR)$/;

/** `text`, whose bytes are kept where they cannot be found again: some could not be decoded, or there are several ways. */
export function noteText(
  text: string,
  bytes: Uint8Array,
  encoding: string,
  owner: RawOwner | undefined,
  id = '',
  index?: number,
): string {
  if (owner !== undefined && (text.includes('\ufffd') || (encoding !== 'UTF-8' && AMBIGUOUS.test(encoding))))
    noteRaw(owner, bytes, 'value', id, index);
  return text;
}

/** Up to here a loop is faster than the call of a decoder, and what it makes is one string, not a tree of them. */
export const SHORT_TEXT = 12;

/** Such a text of bytes below 0x80, in an encoding in which they are the characters of ASCII; undefined for any other. */
export function shortAscii(bytes: Uint8Array, start: number, length: number, encoding: string): string | undefined {
  if (length > SHORT_TEXT || (encoding !== 'UTF-8' && encoding !== 'ASCII')) return undefined;
  const end = start + length;
  let text = '';
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    if ((a | b | c | d) >= 0x80) return undefined;
    text += String.fromCharCode(a, b, c, d);
  }
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function asciiCharacter(byte: number): string {
  return String.fromCharCode(byte < 0x80 ? byte : 0xfffd);
}

function decoderOf(encoding: string): Decoder {
  try {
    // ASCII is a part of UTF-8; what TextDecoder calls ASCII is windows-1252.
    return new TextDecoder(encoding === 'ASCII' ? 'UTF-8' : encoding, { ignoreBOM: true });
  } catch (error) {
    if (error instanceof RangeError) throw new EncodingError(encoding);
    throw error;
  }
}
