/** The log as a ring. [MS-VHDX] 2.3 */
import type { LogPlace } from '../format/header.js';
import { LIMITS } from '../base/limits.js';
import { type ByteSource, readChunks, readInto, type SourceReadOptions } from '../io/byte-source.js';

/** A part of the ring in memory. */
interface Window {
  start: number;
  /** 0 while there is nothing. */
  length: number;
  buffer: Uint8Array;
}

/** `length` bytes of the buffer, which then has no part of the ring until they have been read. */
function roomFor(window: Window, length: number): Uint8Array {
  window.length = 0;
  if (window.buffer.length < length) window.buffer = new Uint8Array(length);
  return window.buffer.subarray(0, length);
}

/** The log as a ring: positions count from its start and go on at its start after its end. [MS-VHDX] 2.3 */
export class LogRing {
  readonly fileOffset: number;
  /** Length in bytes. */
  readonly length: number;
  readonly #source: ByteSource;
  /** The piece of the log that small reads are served from: entries are many and mostly read in order. */
  readonly #piece: Window = { start: 0, length: 0, buffer: new Uint8Array(0) };
  /** What `readScratch` has read last: an entry is looked at from several sides. */
  readonly #scratch: Window = { start: 0, length: 0, buffer: new Uint8Array(0) };

  constructor(source: ByteSource, place: LogPlace) {
    this.#source = source;
    this.fileOffset = place.fileOffset;
    this.length = place.length;
  }

  /** `position`, which may be past the end, as an offset in the file. */
  fileOffsetOf(position: number): number {
    return this.fileOffset + (position % this.length);
  }

  /** Fills `into`, at most a whole ring, from `position` on. */
  async readInto(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<void> {
    const start = position % this.length;
    const first = Math.min(into.length, this.length - start);
    await this.#readStraight(into.subarray(0, first), start, options);
    if (first < into.length) await this.#readStraight(into.subarray(first), 0, options);
  }

  async #readStraight(into: Uint8Array, start: number, options?: SourceReadOptions): Promise<void> {
    const unit = LIMITS.readChunkBytes;
    const base = start - (start % unit);
    if (into.length >= unit / 2 || start + into.length > base + unit) {
      await readInto(this.#source, into, this.fileOffset + start, options);
      return;
    }
    const piece = this.#piece;
    if (piece.start !== base || piece.length === 0) {
      const bytes = roomFor(piece, Math.min(unit, this.length - base));
      await readInto(this.#source, bytes, this.fileOffset + base, options);
      Object.assign(piece, { start: base, length: bytes.length });
    }
    into.set(piece.buffer.subarray(start - base, start - base + into.length));
  }

  /**
   * The `length` bytes from `position` on, not to be changed, in a buffer that the next call may overwrite: a hostile log
   * has hundreds of thousands of entries, and an array for each would fill memory before it is collected.
   */
  async readScratch(position: number, length: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const scratch = this.#scratch;
    const from = position - scratch.start;
    if (from < 0 || from + length > scratch.length) {
      const bytes = roomFor(scratch, length);
      await this.readInto(bytes, position, options);
      Object.assign(scratch, { start: position, length });
      return bytes;
    }
    return scratch.buffer.subarray(from, from + length);
  }

  /** The whole ring from its start to its end, in pieces of whole sectors; the buffer is used again for each. */
  async *chunks(
    options?: SourceReadOptions,
  ): AsyncGenerator<{ readonly start: number; readonly bytes: Uint8Array }, void, undefined> {
    const { fileOffset } = this;
    const end = fileOffset + this.length;
    for await (const { position, bytes } of readChunks(this.#source, fileOffset, end, LIMITS.readChunkBytes, options)) {
      yield { start: position - fileOffset, bytes };
    }
  }

  async read(position: number, length: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    await this.readInto(bytes, position, options);
    return bytes;
  }
}
