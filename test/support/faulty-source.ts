import { VhdxError } from '../../runtime/errors.js';
import type { ByteSource } from '../../runtime/source.js';

/** A drive with bad sectors: no read that touches one of the ranges `[start, end)` gives anything. */
export class FaultySource implements ByteSource {
  readonly path: string | undefined;
  reads = 0;
  readonly #base: ByteSource;
  readonly #bad: readonly (readonly [start: number, end: number])[];

  constructor(base: ByteSource, bad: readonly (readonly [start: number, end: number])[], path?: string) {
    this.#base = base;
    this.#bad = bad;
    this.path = path;
  }

  get size(): number {
    return this.#base.size;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    this.reads += 1;
    const end = Math.min(position + into.length, this.size);
    const hit = this.#bad.find(([start, stop]) => start < end && position < stop);
    if (hit === undefined) return this.#base.read(into, position);
    return Promise.reject(
      new VhdxError('VHDX_SOURCE_IO', { message: 'Cannot read the drive: EIO.', fileOffset: hit[0] }),
    );
  }
}
