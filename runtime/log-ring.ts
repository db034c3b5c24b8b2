import type { LogPlace } from './header.js';
import { type ByteSource, readInto, type SourceReadOptions } from './source.js';

/** The log as a ring: positions count from its start and go on at its start after its end. [MS-VHDX] 2.3 */
export class LogRing {
  readonly fileOffset: number;
  /** Length in bytes. */
  readonly length: number;
  readonly #source: ByteSource;

  constructor(source: ByteSource, place: LogPlace) {
    this.#source = source;
    this.fileOffset = place.fileOffset;
    this.length = place.length;
  }

  /** `position`, which may be past the end, as an offset in the file. */
  fileOffsetOf(position: number): number {
    return this.fileOffset + (position % this.length);
  }

  /** Fills `into`, at most a whole ring, from `position` on. */
  async readInto(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<void> {
    const start = position % this.length;
    const first = Math.min(into.length, this.length - start);
    await readInto(this.#source, into.subarray(0, first), this.fileOffset + start, options);
    if (first < into.length) await readInto(this.#source, into.subarray(first), this.fileOffset, options);
  }

  async read(position: number, length: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    await this.readInto(bytes, position, options);
    return bytes;
  }
}
