/**
 * The stream that structures are read from: the stream of the npm package `kaitai-struct` with exact 64-bit integers, and
 * without its faults (clamping in `seek`, errors without offsets). It does not need that package; `interop.ts` makes it an
 * instance of its class, with all of its methods. Numbers, bit fields, texts, streams within a stream and lists are read by
 * functions of the modules `numbers`, `bits`, `text`, `parts` and `lists`: bundlers keep those that are called.
 */
import type { ReadOptions, Violation } from './constraints.js';
import { EofError } from './errors.js';
import { Budget } from './limits.js';

export class KaitaiStream {
  /** Where the next byte is read, in bytes from the start of the stream. */
  declare pos: number;
  /** The bits of the last byte that are not read yet, and how many. */
  declare bits: number;
  declare bitsLeft: number;
  /** The memory that the stream is a part of, and all its bytes; streams within a stream share it. */
  declare readonly memory: DataView;
  declare readonly octets: Uint8Array;
  /** The buffer of that memory, and where the stream begins in it, in bytes: asking a view for its buffer takes a call. */
  declare readonly store: ArrayBufferLike;
  declare readonly start: number;
  /** Where the stream begins in `memory`, and its length, in bytes. */
  declare readonly base: number;
  declare readonly length: number;
  /** Where this stream begins within the outermost one, in bytes. */
  declare readonly origin: number;
  /** Takes violations of what is read from here on; undefined: they are thrown. */
  declare onViolation: ((violation: Violation) => void) | undefined;
  /** What reading may still take; streams within a stream share it. */
  declare readonly budget: Budget;

  /** A stream over all of `source`, or over `length` bytes of its memory from `base` on. */
  constructor(
    source: Uint8Array | ArrayBuffer | KaitaiStream,
    options?: ReadOptions,
    origin = 0,
    base = 0,
    length?: number,
  ) {
    this.pos = 0;
    this.bits = 0;
    this.bitsLeft = 0;
    if (source instanceof KaitaiStream) {
      ({ memory: this.memory, octets: this.octets, store: this.store } = source);
    } else {
      const octets = source instanceof Uint8Array ? source : new Uint8Array(source);
      this.memory = new DataView(octets.buffer, octets.byteOffset, octets.length);
      this.octets = octets;
      this.store = octets.buffer;
    }
    this.start = this.memory.byteOffset + base;
    this.base = base;
    this.length = length ?? this.octets.length - base;
    this.origin = origin;
    this.onViolation = options?.onViolation;
    this.budget = options instanceof KaitaiStream ? options.budget : new Budget(options?.limits);
  }

  /** All bytes of the stream. */
  get bytes(): Uint8Array {
    const { octets, base, length } = this;
    return base === 0 && length === octets.length ? octets : this.slice(0, length);
  }

  get size(): number {
    return this.length;
  }

  /** Bytes from the current position to the end; negative past the end. */
  get available(): number {
    return this.length - this.pos;
  }

  /** Moves to `position`, which may lie past the end: only a read there fails. */
  seek(position: number): void {
    if (!Number.isSafeInteger(position) || position < 0)
      throw new EofError(
        this.origin + this.pos,
        position,
        this.length,
        `position ${position} is outside of the stream`,
      );
    this.pos = position;
    this.alignToByte();
  }

  /** `bytes`, which others are made of. @throws {LimitError} */
  spend(bytes: Uint8Array): Uint8Array {
    this.budget.take('allocated', bytes.length, this.origin + this.pos);
    return bytes;
  }

  /** Leaves the rest of a byte that bit fields have begun. */
  alignToByte(): void {
    this.bits = 0;
    this.bitsLeft = 0;
  }

  isEof(): boolean {
    return this.pos >= this.length && this.bitsLeft === 0;
  }

  ensureBytesLeft(length: number): void {
    const { available } = this;
    if (length === 0 || (length > 0 && length <= available)) return;
    throw new EofError(this.origin + this.pos, length, length > 0 ? Math.max(0, available) : available);
  }

  /** Moves behind the next `size` bytes, which begin at a whole byte; where they begin in `memory`. */
  _take(size: number): number {
    const start = this.pos;
    if (!(size >= 0 && start + size <= this.length)) this.ensureBytesLeft(size);
    if (this.bitsLeft !== 0) this.alignToByte();
    this.pos = start + size;
    return this.base + start;
  }

  readBytes(length: number): Uint8Array {
    const start = this.pos;
    this._take(length);
    return this.slice(start, length);
  }

  /** `length` bytes at `position`, wherever the stream stands; none may be asked for anywhere. */
  slice(position: number, length: number): Uint8Array {
    const at = this.start + position;
    return new Uint8Array(this.store, length > 0 ? at : Math.min(at, this.store.byteLength), length);
  }
}

/** `length` bytes of `memory` from `at` on; none may be asked for anywhere. */
export function sliceOf(memory: DataView, at: number, length: number): Uint8Array {
  // Faster than `subarray`, which asks for the species. To make a buffer of its own for no bytes takes ten times as long.
  const { buffer, byteOffset } = memory;
  return new Uint8Array(buffer, length > 0 ? byteOffset + at : Math.min(byteOffset + at, buffer.byteLength), length);
}
