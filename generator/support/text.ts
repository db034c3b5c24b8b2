/** Texts and bytes up to a terminator, out of a stream. */
import {
  SHORT_TEXT,
  decodeString,
  indexOfTerminator,
  isAsciiAtLeast,
  shortAscii,
  terminatorLength,
  type Terminator,
} from './bytes.js';
import { TerminatorError } from './errors.js';
import type { RawOwner } from './raw.js';
import type { KaitaiStream } from './stream.js';

/** Bytes up to `terminator`, which is looked for at multiples of its own length. */
export function readBytesUntil(
  io: KaitaiStream,
  terminator: Terminator,
  include: boolean,
  consume: boolean,
  eosError: boolean,
): Uint8Array {
  const start = io.pos;
  return io.slice(start, skipUntil(io, terminator, include, consume, eosError));
}

/** Text of `length` bytes, as `decodeString`. */
export function readText(
  io: KaitaiStream,
  length: number,
  encoding: string,
  owner?: RawOwner,
  id?: string,
  index?: number,
): string {
  const start = io.pos;
  io._take(length);
  return textAt(io, start, length, encoding, owner, id, index);
}

/** Text up to `terminator`, as `readBytesUntil` finds it. */
export function readTextUntil(
  io: KaitaiStream,
  terminator: Terminator,
  include: boolean,
  consume: boolean,
  eosError: boolean,
  encoding: string,
  owner?: RawOwner,
  id?: string,
  index?: number,
): string {
  const start = io.pos;
  const length = skipUntil(io, terminator, include, consume, eosError);
  return textAt(io, start, length, encoding, owner, id, index);
}

/** Moves behind what `terminator` ends, and returns how much of it is the value. */
function skipUntil(
  io: KaitaiStream,
  terminator: Terminator,
  include: boolean,
  consume: boolean,
  eosError: boolean,
): number {
  const { octets, base, pos: start, length } = io;
  const found = indexOfTerminator(octets, base + start, terminator, base + length);
  if (found === -1) {
    if (eosError) throw new TerminatorError(io.origin + start, terminator);
    const rest = Math.max(0, io.available);
    io._take(rest);
    return rest;
  }
  const end = found - base;
  const after = end + terminatorLength(terminator);
  io._take((consume ? after : end) - start);
  return (include ? after : end) - start;
}

/** Text of `length` bytes at `start` of the stream. */
function textAt(
  io: KaitaiStream,
  start: number,
  length: number,
  encoding: string,
  owner?: RawOwner,
  id?: string,
  index?: number,
): string {
  const isShort = length <= SHORT_TEXT && isAsciiAtLeast(encoding);
  const text = isShort ? shortAscii(io.octets, io.base + start, length) : undefined;
  if (text !== undefined) return text;
  const bytes = io.slice(start, length);
  return decodeString(length > SHORT_TEXT ? io.spend(bytes) : bytes, encoding, owner, id, index);
}
