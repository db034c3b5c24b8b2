/** Texts and bytes up to a terminator, out of a stream. */
import {
  SHORT_TEXT,
  decodeString,
  indexOfTerminator,
  shortAscii,
  terminatorLength,
  trimText,
  valueEnd,
  type Terminator,
} from './bytes.js';
import { TerminatorError } from './errors.js';
import { ensureAt } from './parts.js';
import type { RawOwner } from './raw.js';
import { KaitaiStream } from './stream.js';
import { bytesIn, type KaitaiStruct } from './struct.js';

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
  return textFrom(io, start, length, encoding, owner, id, index);
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
  return textFrom(io, start, length, encoding, owner, id, index);
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

/** Text of `length` bytes at `position` of `io`, which stays where it stands. @throws {EofError} */
export function textAt(
  io: KaitaiStream,
  position: number,
  length: number,
  encoding: string,
  owner?: RawOwner,
  id?: string,
): string {
  ensureAt(io, position, length);
  return textFrom(io, position, length, encoding, owner, id);
}

/**
 * Text in `length` bytes at `offset` of `struct`, before `terminator` and the padding `pad`; bytes that it does not tell are
 * kept where the field has an `id`.
 */
export function textIn(
  struct: KaitaiStruct,
  offset: number,
  length: number,
  encoding: string,
  id?: string,
  pad?: number,
  terminator?: Terminator,
  include = false,
): string {
  const source = struct['_source'];
  const owner = id === undefined ? undefined : struct;
  if (!(source instanceof KaitaiStream))
    return trimText(bytesIn(struct, offset, length), encoding, pad, terminator, include, owner, id);
  const { octets, base } = source;
  const start = base + (struct['_start'] ?? 0) + offset;
  const stop = start + length;
  const isWhole = pad === undefined && terminator === undefined;
  const end = isWhole ? stop : valueEnd(octets, start, stop, pad, terminator, include, owner, id);
  const text = shortAscii(octets, start, end - start, encoding);
  return text ?? decodeString(source.slice(start - base, end - start), encoding, owner, id);
}

/** Text of `length` bytes at `start` of the stream. */
function textFrom(
  io: KaitaiStream,
  start: number,
  length: number,
  encoding: string,
  owner?: RawOwner,
  id?: string,
  index?: number,
): string {
  const text = shortAscii(io.octets, io.base + start, length, encoding);
  if (text !== undefined) return text;
  const bytes = io.slice(start, length);
  return decodeString(length > SHORT_TEXT ? io.spend(bytes) : bytes, encoding, owner, id, index);
}
