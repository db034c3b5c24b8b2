/** Sector bitmaps by block, through a cache of pages. */
import { InternalError } from '../errors/internal-error.js';
import type { BatGeometry } from '../format/bat-geometry.js';
import { LOG_SECTOR_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import { PageCache, type PageSector, pinSectors } from '../io/page-cache.js';
import { HoleSource } from '../io/hole-source.js';
import { setBits } from '../format/sector-bitmap.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../io/byte-source.js';
import { MIB } from '../base/units.js';

/** Parts of sector bitmaps kept, in bytes. */
const CACHE_BYTES = 2 * MIB;

/**
 * The sector bitmaps of blocks, through a cache of pages. A page has the bits of one block or, where those are less
 * than a sector of the log, of neighbours that share one; it never reaches over the end of a chunk. [MS-VHDX] 2.4
 */
export class BitmapPages {
  readonly #geometry: BatGeometry;
  readonly #view: ByteSource;
  /** Bytes that the bits of a block take. */
  readonly #blockBytes: number;
  readonly #blocksPerPage: number;
  readonly #pages: PageCache<Uint8Array>;

  constructor(geometry: BatGeometry, view: ByteSource) {
    this.#geometry = geometry;
    this.#view = view;
    this.#blockBytes = geometry.blockSize / geometry.logicalSectorSize / 8;
    this.#blocksPerPage = Math.max(1, LOG_SECTOR_SIZE / this.#blockBytes);
    this.#pages = new PageCache(CACHE_BYTES / (this.#blocksPerPage * this.#blockBytes));
  }

  /** True if bits that cannot be read are told of by `lostSectors` instead of an error. */
  get hasHoles(): boolean {
    return this.#view instanceof HoleSource;
  }

  /** The most sectors that the bits of one block lie in. */
  get sectorsPerBlock(): number {
    return Math.max(1, this.#blockBytes / LOG_SECTOR_SIZE);
  }

  /** The bits of `block`, if they are in memory. */
  bits(block: number): Uint8Array | undefined {
    const page = this.#pages.get(Math.floor(block / this.#blocksPerPage));
    if (page === undefined) return undefined;
    const start = (block % this.#blocksPerPage) * this.#blockBytes;
    return page.subarray(start, start + this.#blockBytes);
  }

  /** Brings the bits of `block` into memory; `fileOffset` is that of its chunk's sector bitmap block. */
  load(block: number, fileOffset: number, options?: SourceReadOptions): Promise<void> {
    const number = Math.floor(block / this.#blocksPerPage);
    const length = this.#blocksPerPage * this.#blockBytes;
    return this.#pages.load(number, () =>
      readExactly(this.#view, fileOffset + this.#offsetInChunk(number), length, options),
    );
  }

  /**
   * Sets (`present`) or clears the bits of the sectors from `first` to `end` (exclusive) of `block`, which are in memory.
   * Returns the sectors that they lie in; `fileOffset` as for `load`.
   */
  set(block: number, [first, end]: readonly [number, number], present: boolean, fileOffset: number): PageSector[] {
    const number = Math.floor(block / this.#blocksPerPage);
    const bytes = this.#pages.get(number);
    if (bytes === undefined) throw new InternalError(`the sector bitmap of block ${block} is not in memory`);
    const start = (block % this.#blocksPerPage) * this.#blockBytes;
    setBits(bytes, start * 8 + first, start * 8 + end, present);
    const place = { number, fileOffset: fileOffset + this.#offsetInChunk(number), bytes };
    return pinSectors(this.#pages, place, [start + Math.floor(first / 8), start + Math.ceil(end / 8)], LOG_SECTOR_SIZE);
  }

  /**
   * The sectors of `block`, as [first, end), whose bits are in memory but could not be had, so that they mean nothing;
   * `fileOffset` as for `load`.
   */
  lostSectors(block: number, fileOffset: number): (readonly [first: number, end: number])[] {
    if (!(this.#view instanceof HoleSource)) return [];
    const inChunk = (block % this.#geometry.chunkRatio) * this.#blockBytes;
    const start = fileOffset + (inChunk % SECTOR_BITMAP_BLOCK_SIZE);
    const holes = this.#view.holesIn(start, this.#blockBytes);
    return holes.map((hole) => [(hole.start - start) * 8, (hole.end - start) * 8] as const);
  }

  /** Where a page begins in the sector bitmap block of its chunk. */
  #offsetInChunk(number: number): number {
    const block = number * this.#blocksPerPage;
    return ((block % this.#geometry.chunkRatio) * this.#blockBytes) % SECTOR_BITMAP_BLOCK_SIZE;
  }
}
