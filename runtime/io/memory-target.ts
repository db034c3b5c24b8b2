/** Bytes in memory as a byte target. */
import { requireBytes, requireOffset } from '../base/arguments.js';
import { MemorySource } from './memory-source.js';
import type { ByteTarget } from './byte-target.js';

/** A file in memory that can be written. Nothing outlives the process, so `flush` has nothing to do. */
export class MemoryTarget implements ByteTarget {
  /** The bytes, with room for more behind them, which is zero. */
  #room: Uint8Array;
  #size: number;

  /** `bytes` are copied. @throws TypeError if they are no array of bytes */
  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    requireBytes(bytes, 'bytes');
    this.#room = Uint8Array.from(bytes);
    this.#size = bytes.length;
  }

  /** Length in bytes. */
  get size(): number {
    return this.#size;
  }

  /** The bytes as they are now, as a copy. */
  toBytes(): Uint8Array {
    return this.#room.slice(0, this.#size);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return new MemorySource(this.#room.subarray(0, this.#size)).read(into, position);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    requireBytes(bytes, 'bytes');
    requireOffset(position, 'position');
    if (position + bytes.length > this.#size) await this.truncate(position + bytes.length);
    this.#room.set(bytes, position);
  }

  async truncate(size: number): Promise<void> {
    requireOffset(size, 'size');
    if (size < this.#size) this.#room.fill(0, size, this.#size);
    if (size > this.#room.length) {
      const room = new Uint8Array(Math.max(size, 2 * this.#room.length));
      room.set(this.#room);
      this.#room = room;
    }
    this.#size = size;
  }

  async flush(): Promise<void> {
    // Memory is as stable as it gets.
  }
}
