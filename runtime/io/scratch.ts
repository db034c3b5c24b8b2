/** Memory that is used again for one image after the other. */
import { KIB } from '../base/units.js';

/** What the structures at the start of an image and its metadata take: 388 KiB. */
const BYTES = 512 * KIB;
/** Keeps what is taken at whole words. */
const ALIGNMENT = 64;

/** The memory of the last one that was released. */
let spare: Uint8Array | undefined;

/**
 * Memory for the structures of one image. The system takes longer to provide new memory than to read into it, which is
 * most of the work where thousands of images are checked.
 */
export class Scratch {
  readonly #bytes: Uint8Array;
  #used = 0;

  constructor() {
    this.#bytes = spare ?? new Uint8Array(BYTES);
    // Another image may be read at the same time.
    spare = undefined;
  }

  /** `length` bytes of any contents, to be read into. They are another image's after `release`. */
  take(length: number): Uint8Array {
    const start = this.#used;
    if (start + length > BYTES) return new Uint8Array(length);
    this.#used += Math.ceil(length / ALIGNMENT) * ALIGNMENT;
    return this.#bytes.subarray(start, start + length);
  }

  /** Nothing that was taken may be used afterwards. */
  release(): void {
    spare = this.#bytes;
  }
}
