import { availableAt } from './source-range.js';
import type { ByteSource, SourceReadOptions } from './source.js';

/** Bytes in memory. They are not copied: a change of them is seen by later reads. */
export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** @throws RangeError if `position` is no non-negative integer. */
  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const length = availableAt(this.size, position, into.length);
    options?.signal?.throwIfAborted();
    into.set(this.#bytes.subarray(position, position + length));
    return length;
  }
}
