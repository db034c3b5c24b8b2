/** A byte source with a cache of pages, for slow sources. */
import { LRUCache } from 'lru-cache';
import { abortable } from './abort.js';
import { availableFor } from './ranged-reads.js';
import { type ByteSource, readExactly, type SourceReadOptions } from './byte-source.js';
import { type Bytes, toByteSource } from './to-byte-source.js';
import { KIB, MIB } from '../base/units.js';

/** Size of the cache and of its reads. All numbers are bytes. */
export interface CacheOptions {
  /** Bytes kept at most; 32 MiB if left out. The pages that were used last stay. */
  readonly maxBytes?: number | undefined;
  /** Bytes of a page, the least that is read; 256 KiB if left out. At most `maxBytes`. */
  readonly pageSize?: number | undefined;
  /** Bytes of the longest read of the source; 4 MiB if left out. Pages that lie side by side are read at once up to it. */
  readonly maxReadBytes?: number | undefined;
}

/** One read of the source that any number of readers wait for. */
class Load {
  readonly first: number;
  readonly done: Promise<Uint8Array>;
  readonly #controller = new AbortController();
  #waiting = 0;
  #settled = false;

  /** `first`: number of the first page. */
  constructor(first: number, read: (signal: AbortSignal) => Promise<Uint8Array>) {
    this.first = first;
    this.done = read(this.#controller.signal);
    const settle = (): void => {
      this.#settled = true;
    };
    // A failure that no reader waits for is dropped.
    this.done.then(settle, settle);
  }

  /** Whether all readers have given it up. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** The bytes; the read itself is given up when no reader is left that waits for it. */
  async wait(signal: AbortSignal | undefined): Promise<Uint8Array> {
    this.#waiting += 1;
    try {
      return await abortable(this.done, signal);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#settled) this.#controller.abort();
    }
  }
}

/** A positive integer, or a RangeError that names the option. */
function positive(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new RangeError(`${name} must be a positive integer, not ${value}`);
  return value;
}

/**
 * A source with the pages kept in memory that were used last, for one whose every read costs a round trip. A page that
 * is being read is not asked for twice, and missing pages side by side are one read. A change of the source underneath
 * is not seen where its bytes are kept.
 */
export class CachedSource implements ByteSource {
  readonly #source: ByteSource;
  readonly #pageSize: number;
  readonly #maxPagesPerRead: number;
  readonly #pages: LRUCache<number, Uint8Array>;
  /** By number of page. */
  readonly #loads = new Map<number, Load>();

  /**
   * The cache takes the source over: closing the cache closes it.
   *
   * @throws RangeError if an option is no positive integer, or a page does not fit into the cache; TypeError if `source`
   * is none. The source stays open then.
   */
  constructor(source: Bytes, options: CacheOptions = {}) {
    const maxSize = positive('maxBytes', options.maxBytes ?? 32 * MIB);
    this.#source = toByteSource(source);
    this.#pageSize = positive('pageSize', options.pageSize ?? Math.min(256 * KIB, maxSize));
    if (this.#pageSize > maxSize) throw new RangeError(`pageSize must not exceed maxBytes, ${maxSize}`);
    this.#maxPagesPerRead = Math.max(
      1,
      Math.floor(positive('maxReadBytes', options.maxReadBytes ?? 4 * MIB) / this.#pageSize),
    );
    this.#pages = new LRUCache({ maxSize, sizeCalculation: (page) => page.length });
  }

  get size(): number {
    return this.#source.size;
  }

  get hostAllocatedSize(): number | undefined {
    return this.#source.hostAllocatedSize;
  }

  get hostSparseAttribute(): boolean | undefined {
    return this.#source.hostSparseAttribute;
  }

  get identity(): string | undefined {
    return this.#source.identity;
  }

  /** As the source says; what is kept of an older state stays what it is. */
  async revision(): Promise<string | undefined> {
    return this.#source.revision?.();
  }

  /** @throws RangeError if `position` is no non-negative integer; and what the source throws. */
  async read(into: Uint8Array, position: number, options: SourceReadOptions = {}): Promise<number> {
    const { signal } = options;
    const length = availableFor(this.size, position, into);
    signal?.throwIfAborted();
    const window = this.#maxPagesPerRead * this.#pageSize;
    // Piece by piece, so that a read of any length needs no more memory than one read of the source.
    for (let done = 0; done < length;) {
      const at = position + done;
      const count = Math.min(length - done, window - (at % this.#pageSize));
      const loads = this.#take(into.subarray(done, done + count), at);
      if (loads !== undefined) await this.#finish(into.subarray(done, done + count), at, loads, signal);
      done += count;
    }
    return length;
  }

  /** Forgets all pages and closes the source. */
  async close(): Promise<void> {
    this.#pages.clear();
    await this.#source.close?.();
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Copies what is kept to `into`, and returns the reads that will bring the rest, if there is any. */
  #take(into: Uint8Array, position: number): Set<Load> | undefined {
    const first = Math.floor(position / this.#pageSize);
    const last = Math.floor((position + into.length - 1) / this.#pageSize);
    let missing: Set<Load> | undefined;
    for (let page = first; page <= last; page += 1) {
      const kept = this.#pages.get(page);
      if (kept === undefined) (missing ??= new Set()).add(this.#loadOf(page, last));
      else copyOverlap(into, position, kept, page * this.#pageSize);
    }
    return missing;
  }

  async #finish(into: Uint8Array, position: number, loads: Set<Load>, signal: AbortSignal | undefined): Promise<void> {
    const copy = async (load: Load): Promise<void> => {
      copyOverlap(into, position, await load.wait(signal), load.first * this.#pageSize);
    };
    await Promise.all(Array.from(loads, copy));
  }

  /** The read that will bring `page`; where there is none, one is begun, with the missing pages behind it up to `last`. */
  #loadOf(page: number, last: number): Load {
    const running = this.#loads.get(page);
    if (running !== undefined && !running.abandoned) return running;
    let end = page + 1;
    while (end <= last && !this.#pages.has(end) && (this.#loads.get(end)?.abandoned ?? true)) end += 1;
    const load: Load = new Load(page, (signal) => this.#load(page, end, signal));
    for (let number = page; number < end; number += 1) this.#loads.set(number, load);
    const forget = (): void => {
      for (let number = page; number < end; number += 1) {
        if (this.#loads.get(number) === load) this.#loads.delete(number);
      }
    };
    load.done.then(forget, forget);
    return load;
  }

  /** Reads the pages from `first` to `end`, without `end`, and keeps them. */
  async #load(first: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    const start = first * this.#pageSize;
    const length = Math.min(end * this.#pageSize, this.size) - start;
    const bytes = await readExactly(this.#source, start, length, { signal });
    for (let page = first; page < end; page += 1) {
      const at = (page - first) * this.#pageSize;
      // Copies: a view would keep all bytes of the read alive as long as one of its pages.
      this.#pages.set(page, end - first === 1 ? bytes : bytes.slice(at, at + this.#pageSize));
    }
    return bytes;
  }
}

/** Copies to `into`, which begins at `position`, what `bytes`, which begin at `start`, have of it. */
function copyOverlap(into: Uint8Array, position: number, bytes: Uint8Array, start: number): void {
  const from = Math.max(position, start);
  const to = Math.min(position + into.length, start + bytes.length);
  into.set(bytes.subarray(from - start, to - start), from - position);
}
