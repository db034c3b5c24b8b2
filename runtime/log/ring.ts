/** The log as a ring. [MS-VHDX] 2.3 */
import type { LogPlace } from '../format/header.js';
import { LIMITS } from '../base/limits.js';
import { type ByteSource, readChunks, readInto, type SourceReadOptions } from '../io/byte-source.js';

/** A part of the ring in memory. */
interface Window {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** `length` bytes to read into: those of a window that is not needed any more, if it has as many. */
function roomIn(window: Window | undefined, length: number): Uint8Array {
  const { buffer } = window?.bytes ?? new Uint8Array(0);
  return new Uint8Array(buffer.byteLength < length ? new ArrayBuffer(length) : buffer, 0, length);
}

/** The log as a ring: positions count from its start and go on at its start after its end. [MS-VHDX] 2.3 */
export class LogRing {
  readonly fileOffset: number;
  /** Length in bytes. */
  readonly length: number;
  readonly #source: ByteSource;
  /** The piece of the log that small reads are served from: entries are many and mostly read in order. */
  #piece: Window | undefined;
  /** What `readScratch` has read last: an entry is looked at from several sides. */
  #scratch: Window | undefined;

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
    let piece = this.#piece;
    if (piece?.start !== base) {
      // Who reads meanwhile takes another buffer.
      this.#piece = undefined;
      const bytes = roomIn(piece, Math.min(unit, this.length - base));
      await readInto(this.#source, bytes, this.fileOffset + base, options);
      piece = { start: base, bytes };
      this.#piece = piece;
    }
    into.set(piece.bytes.subarray(start - base, start - base + into.length));
  }

  /**
   * The `length` bytes from `position` on, not to be changed, in a buffer that the next call may overwrite: a hostile log
   * has hundreds of thousands of entries, and an array for each would fill memory before it is collected.
   */
  async readScratch(position: number, length: number, options?: SourceReadOptions): Promise<Uint8Array> {
    let scratch = this.#scratch;
    if (scratch === undefined || position < scratch.start || position + length > scratch.start + scratch.bytes.length) {
      this.#scratch = undefined;
      const bytes = roomIn(scratch, length);
      await this.readInto(bytes, position, options);
      scratch = { start: position, bytes };
      this.#scratch = scratch;
    }
    const from = position - scratch.start;
    return scratch.bytes.subarray(from, from + length);
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
