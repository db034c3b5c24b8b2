/** What is left of a stream, streams within it, and what stands at a place of it. */
import type { ReadOptions } from './constraints.js';
import { KaitaiStream } from './stream.js';

/** All bytes that are left. */
export function readBytesFull(io: KaitaiStream): Uint8Array {
  return io.readBytes(Math.max(0, io.available));
}

/** A stream over `bytes`, which were read from `io` at `position`. */
export function substream(io: KaitaiStream, bytes: Uint8Array, position: number): KaitaiStream {
  const at = io.origin + position;
  if (bytes.buffer !== io.store || bytes.length === 0) return new KaitaiStream(bytes, io, at);
  return new KaitaiStream(io, io, at, bytes.byteOffset - io.memory.byteOffset, bytes.length);
}

/** The next `size` bytes of `io`, or all that are left, as a stream of their own. */
export function readSubstream(io: KaitaiStream, size: number = Math.max(0, io.available)): KaitaiStream {
  const start = io.pos;
  io._take(size);
  // Nothing can be read from an empty stream past the end: it may stand anywhere.
  return new KaitaiStream(io, io, io.origin + start, io.base + start, size);
}

/** Finds out that there are `length` bytes at `position` of `io`, which stays where it stands. @throws {EofError} */
export function ensureAt(io: KaitaiStream, position: number, length: number): void {
  const isThere = position >= 0 && length >= 0 && position + length <= io.length && Number.isSafeInteger(position);
  if (isThere) return;
  const { pos } = io;
  try {
    io.seek(position);
    io.ensureBytesLeft(length);
  } finally {
    io.pos = pos;
  }
}

/** Those bytes. @throws {EofError} */
export function bytesAt(io: KaitaiStream, position: number, length: number): Uint8Array {
  ensureAt(io, position, length);
  return io.slice(position, length);
}

/** The memory of `bytes` where a structure of `size` bytes is to be read at once: nobody collects violations, and it is all there. */
export function memoryOf(bytes: Uint8Array, size: number, options: ReadOptions | undefined): DataView | undefined {
  if (options !== undefined || bytes.length < size) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
