import type { ByteSource } from './source.js';

/** Bytes in memory. They are not copied: a change of them is seen by later reads. */
export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    if (!Number.isSafeInteger(position) || position < 0) {
      return Promise.reject(new RangeError(`position must be a non-negative integer, not ${position}`));
    }
    const part = this.#bytes.subarray(position, position + into.length);
    into.set(part);
    return Promise.resolve(part.length);
  }
}
