/** Bytes in memory as a byte source. */
import { describeValue } from '../base/arguments.js';
import { availableFor } from './ranged-reads.js';
import type { ByteSource, SourceReadOptions } from './byte-source.js';

/** All bytes of `value`, not copied. */
function viewOf(value: ArrayBufferLike | ArrayBufferView): Uint8Array {
  const isView = ArrayBuffer.isView(value);
  const buffer = isView ? value.buffer : value;
  if (!['[object ArrayBuffer]', '[object SharedArrayBuffer]'].includes(Object.prototype.toString.call(buffer))) {
    throw new TypeError(`expected an ArrayBuffer or a view of one, not ${describeValue(value)}`);
  }
  try {
    return isView ? new Uint8Array(buffer, value.byteOffset, value.byteLength) : new Uint8Array(buffer);
  } catch (cause) {
    throw new TypeError('the ArrayBuffer is detached: its bytes have been transferred to somewhere else', { cause });
  }
}

/** Bytes in memory. They are not copied: a change of them is seen by later reads. */
export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;

  /** @throws TypeError if `bytes` are none, or their buffer has been transferred to somewhere else */
  constructor(bytes: ArrayBufferLike | ArrayBufferView) {
    this.#bytes = viewOf(bytes);
  }

  get size(): number {
    return this.#bytes.length;
  }

  /** @throws RangeError if `position` is no non-negative integer. */
  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const length = availableFor(this.size, position, into);
    options?.signal?.throwIfAborted();
    into.set(this.#bytes.subarray(position, position + length));
    return length;
  }
}
