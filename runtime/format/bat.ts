/** The BAT of an image, read in parts. [MS-VHDX] 2.5 */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import { Spare } from '../base/spare.js';
import { type ByteSource, readInto, type SourceReadOptions } from '../io/byte-source.js';
import { HoleSource } from '../io/hole-source.js';
import { BatExtents } from './bat-extents.js';
import type { BatGeometry } from './bat-geometry.js';

/** The buffer of the last who went through a BAT. */
const spare = new Spare<Uint8Array>();

/** The BAT of an image, read as it is asked for and never whole. */
export class Bat {
  /** Arithmetic of the table. */
  readonly geometry: BatGeometry;
  /** First byte of the BAT region in the file. */
  readonly fileOffset: number;
  readonly #source: ByteSource;
  readonly #holes: HoleSource | undefined;

  constructor(source: ByteSource, fileOffset: number, geometry: BatGeometry) {
    this.#source = source;
    this.#holes = source instanceof HoleSource ? source : undefined;
    this.fileOffset = fileOffset;
    this.geometry = geometry;
  }

  /** File offset of entry `index` in bytes. */
  entryOffset(index: number): number {
    return this.fileOffset + index * BAT_ENTRY_SIZE;
  }

  /** True if entry `index` has been read and could not be had: what a salvage has in its place means nothing. */
  isLost(index: number): boolean {
    return this.#holes !== undefined && this.#holes.holesIn(this.entryOffset(index), BAT_ENTRY_SIZE).length > 0;
  }

  /** First index behind `index`, at most `end`, whose entry may be lost where that of `index` is not, or not where it is. */
  fateEnd(index: number, end: number): number {
    if (this.#holes === undefined) return end;
    const edge = this.#holes.nextEdge(this.entryOffset(index) + BAT_ENTRY_SIZE - 1);
    if (edge === Infinity) return end;
    return Math.min(end, Math.max(index + 1, Math.floor((edge - this.fileOffset) / BAT_ENTRY_SIZE)));
  }

  /** The bytes of `count` entries from `index` on. */
  async readEntries(index: number, count: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const bytes = new Uint8Array(count * BAT_ENTRY_SIZE);
    await readInto(this.#source, bytes, this.entryOffset(index), options);
    return bytes;
  }

  /** State and place of payload block `block`. Costs one read. */
  async payloadEntry(block: number, options?: SourceReadOptions): Promise<{ state: number; fileOffsetMb: number }> {
    const view = new VhdxPayloadBatEntryView(await this.readEntries(this.geometry.payloadIndex(block), 1, options));
    return { state: view.state(0), fileOffsetMb: view.fileOffsetMb(0) };
  }

  /**
   * @internal The entries from index `first` to `end` (exclusive) in order; all of them if not given. For each reading, of 1 MiB, the
   * same cursor, which has to be gone through before the next one is asked for.
   */
  async *extents(
    options?: SourceReadOptions,
    first = 0,
    end: number = this.geometry.entries,
  ): AsyncGenerator<BatExtents, void, undefined> {
    const perRead = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;
    const length = Math.max(0, Math.min(end - first, perRead)) * BAT_ENTRY_SIZE;
    const buffer = spare.take(length) ?? new Uint8Array(length);
    const extents = new BatExtents(this.geometry, buffer.subarray(0, length));
    try {
      for (let index = first; index < end; index += perRead) {
        const count = Math.min(perRead, end - index);
        await readInto(this.#source, buffer.subarray(0, count * BAT_ENTRY_SIZE), this.entryOffset(index), options);
        extents.reset(index, count);
        yield extents;
      }
    } finally {
      spare.give(buffer);
    }
  }
}
