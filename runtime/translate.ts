import { type Bat, type BatGeometry, type BlockPart, type PayloadRun, PayloadState, SectorBitmapState } from './bat.js';
import { BatPages, type BlockEntry } from './bat-pages.js';
import { BitmapPages } from './bitmap-pages.js';
import { VhdxError, type VhdxCode } from './errors.js';
import { SECTOR_BITMAP_BLOCK_SIZE } from './limits.js';
import { hasBit, runEnd } from './sector-bitmap.js';
import type { ByteSource, SourceReadOptions } from './source.js';
import { hex, MIB } from './units.js';

interface Run {
  readonly virtualOffset: number;
  /** Bytes. */
  readonly length: number;
  /** State of the blocks that the run lies in, where that was asked for; runs are then not longer than it holds. */
  readonly state?: number | undefined;
}

/** Where a run of bytes of the virtual disk comes from. */
export type DiskRange =
  /** From the file, `length` bytes from `fileOffset` on. */
  | ({ readonly kind: 'data'; readonly fileOffset: number } & Run)
  /** Zeros, without storage. */
  | ({ readonly kind: 'zero' } & Run)
  /** From the parent disk, at the same virtual offset. */
  | ({ readonly kind: 'parent' } & Run);

export interface ResolveOptions extends SourceReadOptions {
  /** Tell the state of the blocks too, and keep ranges apart that differ in it. [MS-VHDX] 2.5.1.1 */
  readonly states?: boolean | undefined;
}

/**
 * Turns offsets of the virtual disk into ranges of the file. [MS-VHDX] 2.5.1.1 has a state for every block; what blocks
 * without defined contents read as (UNDEFINED, UNMAPPED, and NOT_PRESENT without a parent) is zeros.
 */
export class Translator {
  readonly geometry: BatGeometry;
  readonly pages: BatPages;
  readonly bitmaps: BitmapPages;
  readonly #bat: Bat;
  readonly #hasParent: boolean;

  constructor(bat: Bat, view: ByteSource, hasParent: boolean, batCacheBytes?: number) {
    this.geometry = bat.geometry;
    this.#bat = bat;
    this.#hasParent = hasParent;
    this.pages = new BatPages(bat, batCacheBytes);
    this.bitmaps = new BitmapPages(bat.geometry, view);
  }

  /**
   * The ranges of `length` bytes from `position` on, in order and without gaps; neighbours of one kind that continue
   * each other are one range.
   *
   * @throws VhdxError VHDX_BAT_STATE_RESERVED, VHDX_BAT_PARTIAL_WITHOUT_PARENT, VHDX_BAT_OFFSET_ZERO,
   * VHDX_BAT_OFFSET_TOO_LARGE, VHDX_BAT_BITMAP_MISSING where a block cannot be read; errors of the source
   */
  async resolve(position: number, length: number, options?: ResolveOptions): Promise<DiskRange[]> {
    const ranges: DiskRange[] = [];
    const end = Math.min(position + length, this.geometry.virtualSize);
    let at = position;
    while (at < end) {
      const now = this.resolveCached(at, end - at, ranges, options?.states);
      at += now;
      if (now > 0 && at >= end) break;
      await this.#loadFor(at, options);
    }
    return ranges;
  }

  /**
   * As `resolve`, without waiting: appends what the caches can tell to `ranges` and returns how many bytes from
   * `position` on that covers.
   */
  resolveCached(position: number, length: number, ranges: DiskRange[], states = false): number {
    const { blockSize } = this.geometry;
    const end = position + length;
    let at = position;
    while (at < end) {
      const block = Math.floor(at / blockSize);
      const inBlock = at - block * blockSize;
      const count = Math.min(end - at, blockSize - inBlock);
      const entry = this.pages.payload(block);
      if (entry === undefined || !this.#append(ranges, entry, { block, inBlock, length: count }, states)) break;
      at += count;
    }
    return at - position;
  }

  /**
   * Appends the ranges from `start` to `end` (exclusive) that a run of BAT entries describes: for listing a whole disk,
   * where neither the page cache nor a step for each block would pay. Only sector bitmaps are read.
   */
  async resolveRun(
    run: PayloadRun,
    start: number,
    end: number,
    ranges: DiskRange[],
    options: ResolveOptions = {},
  ): Promise<void> {
    const { blockSize, payloadBlocks } = this.geometry;
    const { states = false } = options;
    // In a differencing disk the entries of the last chunk go on past the last block of the disk.
    const blocks = Math.min(run.count, payloadBlocks - run.block);
    for (let at = 0; at < blocks;) {
      const count = this.#alike(run, at, blocks);
      const block = run.block + at;
      const from = Math.max(start, block * blockSize);
      const to = Math.min(end, (block + count) * blockSize);
      const entry = { index: run.index + at, state: run.entries.state(at), fileOffsetMb: run.entries.fileOffsetMb(at) };
      at += count;
      if (from >= to) continue;
      const part = { block, inBlock: from - block * blockSize, length: to - from };
      if (this.#append(ranges, entry, part, states)) continue;
      for (const range of await this.resolve(from, to - from, options)) push(ranges, range);
    }
  }

  /** How many entries from `at` on continue each other, so that one range describes them. */
  #alike({ entries, uniform }: PayloadRun, at: number, end: number): number {
    const state = entries.state(at);
    let next = at + 1;
    if (state === PayloadState.FULLY_PRESENT) {
      const step = this.geometry.blockSize / MIB;
      let place = entries.fileOffsetMb(at) + step;
      while (next < end && entries.state(next) === state && entries.fileOffsetMb(next) === place) {
        place += step;
        next += 1;
      }
    } else if (state !== PayloadState.PARTIALLY_PRESENT) {
      if (uniform) return end - at;
      while (next < end && entries.state(next) === state) next += 1;
    }
    return next - at;
  }

  /** Appends the ranges of part of a block; false where its sector bitmap is not in the cache. */
  #append(ranges: DiskRange[], entry: BlockEntry, part: BlockPart, states: boolean): boolean {
    const { block, inBlock, length } = part;
    const virtualOffset = block * this.geometry.blockSize + inBlock;
    const state = states ? entry.state : undefined;
    switch (entry.state) {
      case PayloadState.FULLY_PRESENT:
        push(ranges, { kind: 'data', virtualOffset, length, state, fileOffset: this.#placeOf(entry) + inBlock });
        return true;
      case PayloadState.PARTIALLY_PRESENT:
        return this.#appendPartial(ranges, entry, part, state);
      case PayloadState.NOT_PRESENT:
        push(ranges, { kind: this.#hasParent ? 'parent' : 'zero', virtualOffset, length, state });
        return true;
      case PayloadState.ZERO:
      case PayloadState.UNDEFINED:
      case PayloadState.UNMAPPED:
        push(ranges, { kind: 'zero', virtualOffset, length, state });
        return true;
      default:
        throw this.#fault('VHDX_BAT_STATE_RESERVED', entry, `has the reserved state ${entry.state}`);
    }
  }

  #appendPartial(ranges: DiskRange[], entry: BlockEntry, part: BlockPart, state: number | undefined): boolean {
    const { block, inBlock, length } = part;
    if (!this.#hasParent) {
      throw this.#fault('VHDX_BAT_PARTIAL_WITHOUT_PARENT', entry, 'is partially present, but the disk has no parent');
    }
    const bitmap = this.bitmaps.bits(block);
    if (bitmap === undefined) return false;
    const { blockSize, logicalSectorSize } = this.geometry;
    const start = this.#placeOf(entry);
    const end = inBlock + length;
    const lastSector = Math.ceil(end / logicalSectorSize);
    let at = inBlock;
    while (at < end) {
      const sector = Math.floor(at / logicalSectorSize);
      const next = Math.min(end, runEnd(bitmap, sector, lastSector) * logicalSectorSize);
      const virtualOffset = block * blockSize + at;
      if (hasBit(bitmap, sector))
        push(ranges, { kind: 'data', virtualOffset, length: next - at, state, fileOffset: start + at });
      else push(ranges, { kind: 'parent', virtualOffset, length: next - at, state });
      at = next;
    }
    return true;
  }

  /** Brings what the byte at `position` needs into the caches. */
  async #loadFor(position: number, options?: SourceReadOptions): Promise<void> {
    const block = Math.floor(position / this.geometry.blockSize);
    const entry = this.pages.payload(block);
    if (entry === undefined) return this.pages.loadPayload(block, options);
    if (entry.state === PayloadState.PARTIALLY_PRESENT) await this.#loadBitmap(block, options);
  }

  /** Brings the bits of a partially present block into the cache. */
  async #loadBitmap(block: number, options?: SourceReadOptions): Promise<void> {
    await this.bitmaps.load(block, await this.bitmapOffset(block, options), options);
  }

  /**
   * Where the sector bitmap block of the chunk of `block` lies in the file.
   *
   * @throws VhdxError VHDX_BAT_BITMAP_MISSING, VHDX_BAT_OFFSET_ZERO, VHDX_BAT_OFFSET_TOO_LARGE
   */
  async bitmapOffset(block: number, options?: SourceReadOptions): Promise<number> {
    const chunk = Math.floor(block / this.geometry.chunkRatio);
    let entry = this.pages.bitmap(chunk);
    while (entry === undefined) {
      await this.pages.loadBitmap(chunk, options);
      entry = this.pages.bitmap(chunk);
    }
    if (entry.state !== SectorBitmapState.PRESENT) {
      throw this.#fault(
        'VHDX_BAT_BITMAP_MISSING',
        entry,
        `has no sector bitmap block (state ${entry.state}), but block ${block} needs one`,
      );
    }
    return this.#placeOf(entry, SECTOR_BITMAP_BLOCK_SIZE);
  }

  /** First byte of a present block in the file. */
  #placeOf(entry: BlockEntry, size: number = this.geometry.blockSize): number {
    const fileOffset = entry.fileOffsetMb * MIB;
    if (fileOffset === 0) throw this.#fault('VHDX_BAT_OFFSET_ZERO', entry, 'is present, but has FileOffsetMB 0');
    if (fileOffset + size > Number.MAX_SAFE_INTEGER) {
      throw this.#fault('VHDX_BAT_OFFSET_TOO_LARGE', entry, `lies at ${entry.fileOffsetMb} MiB`);
    }
    return fileOffset;
  }

  #fault(code: VhdxCode, { index }: BlockEntry, what: string): VhdxError {
    const fileOffset = this.#bat.entryOffset(index);
    const { kind, number } = this.geometry.entryAt(index);
    const owner = kind === 'payload' ? `payload block ${number}` : `chunk ${number}`;
    return new VhdxError(code, {
      fileOffset,
      message: `The BAT entry ${index} at ${hex(fileOffset)}: ${owner} ${what}.`,
    });
  }
}

/** Appends a range, or lengthens the last one where this continues it. */
function push(ranges: DiskRange[], range: DiskRange): void {
  const last = ranges.at(-1);
  if (last === undefined || !continues(last, range)) {
    ranges.push(range);
    return;
  }
  ranges[ranges.length - 1] = { ...last, length: last.length + range.length };
}

/** Whether one range can stand for both. */
export function continues(last: DiskRange, next: DiskRange): boolean {
  if (last.kind !== next.kind || last.state !== next.state) return false;
  if (last.virtualOffset + last.length !== next.virtualOffset) return false;
  return last.kind !== 'data' || next.kind !== 'data' || last.fileOffset + last.length === next.fileOffset;
}
