/**
 * The stream that structures are read from: the stream of the npm package `kaitai-struct` with exact 64-bit integers, and
 * without its faults (clamping in `seek`, errors without offsets). It does not need that package; `interop.ts` makes it an
 * instance of its class, with all of its methods. Bit fields and texts are read by functions of `bits.ts` and `text.ts`:
 * bundlers keep those that are called.
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
  declare readonly buffer: ArrayBufferLike;
  declare readonly byteOffset: number;
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
      this.memory = source.memory;
      this.octets = source.octets;
      this.buffer = source.buffer;
    } else {
      const octets = source instanceof Uint8Array ? source : new Uint8Array(source);
      this.memory = new DataView(octets.buffer, octets.byteOffset, octets.length);
      this.octets = octets;
      this.buffer = octets.buffer;
    }
    this.byteOffset = this.memory.byteOffset + base;
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

  /** A stream over `bytes`, which were read from this one at `position`. */
  substream(bytes: Uint8Array, position: number): KaitaiStream {
    const at = this.origin + position;
    if (bytes.buffer !== this.buffer || bytes.length === 0) return new KaitaiStream(bytes, this, at);
    return new KaitaiStream(this, this, at, bytes.byteOffset - this.memory.byteOffset, bytes.length);
  }

  /** The next `size` bytes, or all that are left, as a stream of their own. */
  readSubstream(size: number = Math.max(0, this.available)): KaitaiStream {
    const start = this.pos;
    this._take(size);
    // Nothing can be read from an empty stream past the end: it may stand anywhere.
    return new KaitaiStream(this, this, this.origin + start, this.base + start, size);
  }

  /** Whether a structure of `size` bytes can be read at once: no violations are collected, and it is all there. */
  canReadFixed(size: number): boolean {
    return this.onViolation === undefined && this.bitsLeft === 0 && this.length - this.pos >= size;
  }

  /** The byte that the next bit field begins in. */
  get bitStart(): number {
    return this.bitsLeft > 0 ? this.pos - 1 : this.pos;
  }

  /** Bytes from the current position to the end; negative past the end. */
  get available(): number {
    return this.length - this.pos;
  }

  /** Moves to `position`, which may lie past the end: only a read there fails. */
  seek(position: number): void {
    if (!Number.isSafeInteger(position) || position < 0)
      throw new EofError(this.origin + this.pos, position, this.length);
    this.pos = position;
    this.alignToByte();
  }

  /**
   * The number of a list's elements, as the file gives it. No more are accounted for than there can be, each of a bit or
   * more or one of those allowed to be empty: a list that the file is too short for ends where the file does.
   *
   * @throws {LimitError}
   */
  countItems(count: number): number {
    const { budget, available } = this;
    const possible = Math.max(0, available) * 8 + this.bitsLeft + budget.emptyItems + 1;
    if (count > 0) budget.take('items', Math.min(count, possible), this.origin + this.pos);
    return count;
  }

  /** One more element of a list whose length is not known. @throws {LimitError} */
  nextItem(): void {
    if (--this.budget.items < 0) this.budget.exceed('items', this.origin + this.pos);
  }

  /** Where an element begins that may take no bytes, by what this said of the one before. @throws {LimitError} */
  movedFrom(before: number): number {
    const at = this.pos * 8 - this.bitsLeft;
    if (at === before) this.budget.take('emptyItems', 1, this.origin + this.pos);
    return at;
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
    if (!(length >= 0)) throw new EofError(this.origin + this.pos, length, this.available);
    if (length > 0 && length > this.available) {
      throw new EofError(this.origin + this.pos, length, Math.max(0, this.available));
    }
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

  readBytesFull(): Uint8Array {
    return this.readBytes(Math.max(0, this.available));
  }

  /** `length` bytes at `position`, wherever the stream stands; none may be asked for anywhere. */
  slice(position: number, length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.byteOffset + (length > 0 ? position : 0), length);
  }

  readU1(): number {
    return this.memory.getUint8(this._take(1));
  }

  readS1(): number {
    return this.memory.getInt8(this._take(1));
  }

  readU2le(): number {
    return this.memory.getUint16(this._take(2), true);
  }

  readU2be(): number {
    return this.memory.getUint16(this._take(2));
  }

  readU4le(): number {
    return this.memory.getUint32(this._take(4), true);
  }

  readU4be(): number {
    return this.memory.getUint32(this._take(4));
  }

  readS2le(): number {
    return this.memory.getInt16(this._take(2), true);
  }

  readS2be(): number {
    return this.memory.getInt16(this._take(2));
  }

  readS4le(): number {
    return this.memory.getInt32(this._take(4), true);
  }

  readS4be(): number {
    return this.memory.getInt32(this._take(4));
  }

  readU8leBigInt(): bigint {
    return this.memory.getBigUint64(this._take(8), true);
  }

  readU8beBigInt(): bigint {
    return this.memory.getBigUint64(this._take(8));
  }

  readS8leBigInt(): bigint {
    return this.memory.getBigInt64(this._take(8), true);
  }

  readS8beBigInt(): bigint {
    return this.memory.getBigInt64(this._take(8));
  }

  readF4le(): number {
    return this.memory.getFloat32(this._take(4), true);
  }

  readF4be(): number {
    return this.memory.getFloat32(this._take(4));
  }

  readF8le(): number {
    return this.memory.getFloat64(this._take(8), true);
  }

  readF8be(): number {
    return this.memory.getFloat64(this._take(8));
  }
}

/** `length` bytes of `memory` from `at` on; none may be asked for anywhere. */
export function sliceOf(memory: DataView, at: number, length: number): Uint8Array {
  // Faster than `subarray`, which asks for the species. To make a buffer of its own for no bytes takes ten times as long.
  return new Uint8Array(memory.buffer, memory.byteOffset + (length > 0 ? at : 0), length);
}
