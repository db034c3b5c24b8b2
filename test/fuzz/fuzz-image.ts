/** A base image with a few bytes changed, as a source that counts what is asked of it. */
import type { ByteSource } from '../../runtime/io/byte-source.js';
import type { ByteTarget } from '../../runtime/io/byte-target.js';
import type { SparseSource } from '../support/sparse-source.js';

const PAGE = 4096;

/** A reader did something that no image may make it do. */
export class FuzzFault extends Error {
  override readonly name = 'FuzzFault';
}

/** The case asks for more work than is worth waiting for; that is no fault where the file is long. */
export class TooMuchWork extends Error {
  override readonly name = 'TooMuchWork';
}

/** Bounds of one case. */
export interface Bounds {
  /** The longest single read, in bytes. */
  readonly longestRead: number;
  /** Bytes read before the case is given up. */
  readonly bytes: number;
}

/** The changed pages lie over the base, which all cases share. */
export class FuzzImage implements ByteSource {
  size: number;
  readonly #base: SparseSource;
  readonly #bounds: Bounds;
  readonly #pages = new Map<number, Uint8Array>();
  /** Where the bytes of the base end that can be there: once the file has grown, only zeros are behind its old end. */
  #baseEnd = Infinity;
  /** Bytes read so far. */
  bytesRead = 0;
  /** Whether reads behind the end are allowed: those of blocks that lie there are. */
  mayPassEnd = false;

  constructor(base: SparseSource, size: number, bounds: Bounds) {
    this.#base = base;
    this.size = size;
    this.#bounds = bounds;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    if (!Number.isSafeInteger(position) || position < 0) throw new FuzzFault(`read at ${position}`);
    if (into.length > this.#bounds.longestRead) throw new FuzzFault(`read of ${into.length} bytes at ${position}`);
    if (!this.mayPassEnd && position + into.length > this.size) {
      throw new FuzzFault(`read of ${into.length} bytes at ${position} of a file of ${this.size}`);
    }
    const length = Math.max(0, Math.min(into.length, this.size - position));
    this.bytesRead += length;
    if (this.bytesRead > this.#bounds.bytes) throw new TooMuchWork(`${this.bytesRead} bytes read of ${this.size}`);
    this.#fill(length === into.length ? into : into.subarray(0, length), position);
    return Promise.resolve(length);
  }

  /** The bytes at `position`, zeros behind the end. */
  bytes(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#fill(bytes, position);
    return bytes;
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const number = Math.floor((position + done) / PAGE);
      const from = (position + done) % PAGE;
      const count = Math.min(PAGE - from, bytes.length - done);
      let page = this.#pages.get(number);
      if (page === undefined) {
        page = new Uint8Array(PAGE);
        this.#fillFromBase(page, number * PAGE);
        this.#pages.set(number, page);
      }
      page.set(bytes.subarray(done, done + count), from);
      done += count;
    }
  }

  /** Makes the file longer: zeros come to it, whatever the base has there. */
  grow(size: number): void {
    if (size <= this.size) return;
    this.#baseEnd = Math.min(this.#baseEnd, this.size);
    for (const [number, page] of this.#pages) page.fill(0, Math.min(PAGE, Math.max(0, this.size - number * PAGE)));
    this.size = size;
  }

  #fillFromBase(into: Uint8Array, position: number): void {
    this.#base.fill(into, position);
    into.fill(0, Math.min(into.length, Math.max(0, this.#baseEnd - position)));
  }

  #fill(into: Uint8Array, position: number): void {
    this.#fillFromBase(into, position);
    const first = Math.floor(position / PAGE);
    const last = Math.floor((position + into.length - 1) / PAGE);
    // Most reads are of a page or two, and a case that writes a log changes hundreds.
    if (last - first < this.#pages.size) {
      for (let number = first; number <= last; number += 1) this.#overlay(into, position, number);
    } else for (const number of this.#pages.keys()) this.#overlay(into, position, number);
  }

  #overlay(into: Uint8Array, position: number, number: number): void {
    const page = this.#pages.get(number);
    if (page === undefined) return;
    const start = number * PAGE;
    const from = Math.max(position, start);
    const to = Math.min(position + into.length, start + PAGE);
    if (from < to) into.set(page.subarray(from - start, to - start), from - position);
  }
}

/** A case that can be written to. */
export class FuzzTarget implements ByteTarget {
  readonly #image: FuzzImage;

  constructor(image: FuzzImage) {
    this.#image = image;
  }

  get size(): number {
    return this.#image.size;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.#image.read(into, position);
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    if (position < 64 * 1024) throw new FuzzFault(`write of ${bytes.length} bytes at ${position}`);
    this.#image.grow(position + bytes.length);
    this.#image.write(bytes, position);
    return Promise.resolve();
  }

  truncate(size: number): Promise<void> {
    if (size < this.size) throw new FuzzFault(`a file of ${this.size} bytes cut to ${size}`);
    this.#image.grow(size);
    return Promise.resolve();
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}
