/** Memory that is used again for one image after the other. */
import { Spare } from '../base/spare.js';
import { KIB } from '../base/units.js';

/** What the structures at the start of an image and its metadata take: 388 KiB. */
const BYTES = 512 * KIB;
/** Keeps what is taken at whole words. */
const ALIGNMENT = 64;

const spare = new Spare<Uint8Array>();

/** Memory for the structures of one image. */
export class Scratch {
  readonly #bytes: Uint8Array = spare.take(BYTES) ?? new Uint8Array(BYTES);
  #used = 0;

  /** `length` bytes of any contents, to be read into. They are another image's after `release`. */
  take(length: number): Uint8Array {
    const start = this.#used;
    if (start + length > BYTES) return new Uint8Array(length);
    this.#used += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    return this.#bytes.subarray(start, start + length);
  }

  /** Nothing that was taken may be used afterwards. */
  release(): void {
    spare.give(this.#bytes);
  }
}
