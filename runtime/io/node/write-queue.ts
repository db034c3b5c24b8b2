/** Writes of an open file that threads make, one after the other. */
import { write, writev } from 'node:fs';
import { MIB } from '../../base/units.js';
import { MAX_TRANSFER, progressOf, threaded } from './transfers.js';

/** What is left of a write that was asked for. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly position: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Neighbours are put together up to this many bytes: by then the call itself costs nothing. */
const GATHERED_BYTES = 8 * MIB;
/** Linux takes no more parts in a call. */
const GATHERED_PARTS = 1024;

/**
 * Makes the long writes of a file in the order in which they are asked for, one at a time: a file system lets no two of
 * them into a file at once, and a thread that waits there is one that reads nothing. Those that wait and continue each
 * other are made by one call.
 */
export class WriteQueue {
  readonly #fd: number;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Whether a write is under way. */
  get isBusy(): boolean {
    return this.#isRunning;
  }

  /** Writes all of `bytes` to `position`. @throws what the system throws; some of it may have been written then */
  write(bytes: Uint8Array, position: number): Promise<void> {
    if (bytes.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, position, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      try {
        this.#advance(progressOf(await this.#writeFirst()));
      } catch (error) {
        // Those behind it are made by themselves.
        this.#waiting.shift()?.reject(error);
      }
    }
    this.#isRunning = false;
  }

  /** Writes the first of those that wait, and what continues it; gives the number of bytes. */
  #writeFirst(): Promise<number> {
    const parts: Uint8Array[] = [];
    let total = 0;
    const [{ position: start } = { position: 0 }] = this.#waiting;
    for (const { bytes, position } of this.#waiting) {
      if (position !== start + total || parts.length === GATHERED_PARTS) break;
      if (parts.length > 0 && total + bytes.length > GATHERED_BYTES) break;
      parts.push(bytes.length > MAX_TRANSFER ? bytes.subarray(0, MAX_TRANSFER) : bytes);
      total += bytes.length;
    }
    return threaded((done) => {
      const [only] = parts;
      if (only !== undefined && parts.length === 1) write(this.#fd, only, 0, only.length, start, done);
      else writev(this.#fd, parts, start, done);
    });
  }

  /** `count` bytes have been written, from the first byte of the first write that waits on. */
  #advance(count: number): void {
    for (let left = count; left > 0;) {
      const first = this.#waiting.shift();
      if (first === undefined) return;
      if (left < first.bytes.length) {
        this.#waiting.unshift({ ...first, bytes: first.bytes.subarray(left), position: first.position + left });
        return;
      }
      left -= first.bytes.length;
      first.resolve();
    }
  }
}
