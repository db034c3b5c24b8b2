/** Translates ranges of the virtual disk to ranges of data, zeros and the parent's. [MS-VHDX] 2.5 */
import type { SignalOptions } from '../base/options.js';
import { InternalError } from '../errors/internal-error.js';
import type { Bat } from '../format/bat.js';
import type { BatGeometry, BlockPart } from '../format/bat-geometry.js';
import type { BatExtents } from '../format/bat-extents.js';
import { PayloadState } from '../format/bat-states.js';
import { ENTRY_FAULTS, type EntryFault } from '../image/bat-faults.js';
import type { BatJudge } from '../image/bat-judge.js';
import { BatPages, type BlockEntry } from './bat-pages.js';
import { BitmapPages } from './bitmap-pages.js';
import type { Finding } from '../errors/findings.js';
import { hasBit, runEnd } from '../format/sector-bitmap.js';
import type { ByteSource, SourceReadOptions } from '../io/byte-source.js';
import { MIB } from '../base/units.js';

/** A run of bytes of a virtual disk. */
export interface DiskRun {
  /** First byte of the virtual disk. */
  readonly virtualOffset: number;
  /** Bytes. */
  readonly length: number;
  /** State of the blocks that the run lies in, where that was asked for; runs are then not longer than it holds. */
  readonly state?: number | undefined;
}

/** Origin of a run of bytes of the virtual disk. */
export type DiskRange =
  /** From the file, `length` bytes from `fileOffset` on. */
  | ({ readonly kind: 'data'; readonly fileOffset: number } & DiskRun)
  /** Zeros, without storage. */
  | ({ readonly kind: 'zero' } & DiskRun)
  /** From the parent disk, at the same virtual offset. */
  | ({ readonly kind: 'parent' } & DiskRun);

/** A part of a virtual disk that cannot be read because of its BAT entry. */
export interface UnreadableRange {
  /** First byte of the virtual disk. */
  readonly virtualOffset: number;
  /** Bytes. */
  readonly length: number;
  /** The finding of a check that explains it; its severity is `error`. */
  readonly finding: Finding;
}

export interface FaultOptions extends SignalOptions {
  /**
   * Takes the parts that cannot be read, in order: they are zeros then, never the parent's bytes. Without it the first of
   * them is thrown, with the code and the words of its finding.
   */
  readonly onUnreadable?: ((range: UnreadableRange) => void) | undefined;
}

export interface ResolveOptions extends FaultOptions {
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
  /** Can be exchanged for one that knows more. */
  judge: BatJudge;
  readonly #bat: Bat;

  constructor(bat: Bat, view: ByteSource, judge: BatJudge, batCacheBytes?: number) {
    this.geometry = bat.geometry;
    this.#bat = bat;
    this.judge = judge;
    this.pages = new BatPages(bat, batCacheBytes);
    this.bitmaps = new BitmapPages(bat.geometry, view);
  }

  /**
   * The ranges of `length` bytes from `position` on, in order and without gaps; neighbours of one kind that continue
   * each other are one range.
   *
   * @throws VhdxError the code of the first finding of severity `error` on a block that the range is in (VHDX_BAT_…), if
   * there is no `onUnreadable`; errors of the source
   */
  async resolve(position: number, length: number, options?: ResolveOptions): Promise<DiskRange[]> {
    const ranges: DiskRange[] = [];
    const end = Math.min(position + length, this.geometry.virtualSize);
    let at = position;
    while (at < end) {
      const now = this.resolveCached(at, end - at, ranges, options);
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
  resolveCached(position: number, length: number, ranges: DiskRange[], options?: ResolveOptions): number {
    const { blockSize } = this.geometry;
    const end = position + length;
    let at = position;
    while (at < end) {
      const block = Math.floor(at / blockSize);
      const inBlock = at - block * blockSize;
      const count = Math.min(end - at, blockSize - inBlock);
      const entry = this.pages.payload(block);
      if (entry === undefined || !this.#append(ranges, entry, { block, inBlock, length: count }, options)) break;
      at += count;
    }
    return at - position;
  }

  /**
   * Appends the ranges from `start` to `end` (exclusive) that the rest of `extents` describes: for listing a whole disk,
   * where neither the page cache nor a step for each block would pay. Only sector bitmaps are read, and waited for.
   */
  async resolveExtents(
    extents: BatExtents,
    start: number,
    end: number,
    ranges: DiskRange[],
    options: ResolveOptions = {},
  ): Promise<void> {
    const { blockSize } = this.geometry;
    while (extents.next()) {
      const { kind, index, number, state } = extents;
      if (kind !== 'payload') continue;
      for (let step = 0; step < extents.count;) {
        const count = this.#countAlike(extents, step);
        const block = number + step;
        const from = Math.max(start, block * blockSize);
        const to = Math.min(end, (block + count) * blockSize);
        const entry = { index: index + step, state, fileOffsetMb: extents.placeOf(step) };
        step += count;
        if (from >= to) continue;
        const part = { block, inBlock: from - block * blockSize, length: to - from };
        if (this.#append(ranges, entry, part, options)) continue;
        for (const range of await this.resolve(from, to - from, options)) push(ranges, range);
      }
    }
  }

  /** How many blocks of an extent from `step` on one range describes. */
  #countAlike(extent: BatExtents, step: number): number {
    const { index, count, state, units } = extent;
    // Each has bits of its own.
    if (state === PayloadState.PARTIALLY_PRESENT) return 1;
    const alike = this.#bat.fateEnd(index + step, index + count) - (index + step);
    if (state !== PayloadState.FULLY_PRESENT) return alike;
    let readable = 0;
    while (readable < alike && this.judge.isReadable(extent.placeOf(step + readable), units)) readable += 1;
    // One with a fault is for itself.
    return Math.max(1, readable);
  }

  /** Appends the ranges of part of a block; false where its sector bitmap is not in the cache. */
  #append(ranges: DiskRange[], entry: BlockEntry, part: BlockPart, options?: ResolveOptions): boolean {
    const { block, inBlock, length } = part;
    const virtualOffset = block * this.geometry.blockSize + inBlock;
    const state = options?.states === true ? entry.state : undefined;
    const lost = this.judge.lost(entry);
    if (lost !== undefined) {
      this.#appendUnreadable(ranges, lost, { entry, of: entry }, part, options);
      return true;
    }
    switch (entry.state) {
      case PayloadState.FULLY_PRESENT:
      case PayloadState.PARTIALLY_PRESENT:
        return this.#appendPresent(ranges, entry, part, options);
      case PayloadState.NOT_PRESENT:
        push(ranges, { kind: this.judge.disk.hasParent ? 'parent' : 'zero', virtualOffset, length, state });
        return true;
      case PayloadState.ZERO:
      case PayloadState.UNDEFINED:
      case PayloadState.UNMAPPED:
        push(ranges, { kind: 'zero', virtualOffset, length, state });
        return true;
      default: {
        const fault = this.judge.unreadable(entry, inBlock + length);
        if (fault === undefined)
          throw new InternalError(`block state ${entry.state} has neither a meaning nor a fault`);
        this.#appendUnreadable(ranges, fault, { entry, of: entry }, part, options);
        return true;
      }
    }
  }

  #appendPresent(ranges: DiskRange[], entry: BlockEntry, part: BlockPart, options?: ResolveOptions): boolean {
    const { block, inBlock, length } = part;
    const fault = this.judge.unreadable(entry, inBlock + length);
    if (fault !== undefined) {
      const there = this.#lengthThere(entry, part, fault);
      if (there > 0 && !this.#appendPresent(ranges, entry, { block, inBlock, length: there }, options)) return false;
      const rest = { block, inBlock: inBlock + there, length: length - there };
      this.#appendUnreadable(ranges, fault, { entry, of: entry }, rest, options);
      return true;
    }
    if (entry.state === PayloadState.PARTIALLY_PRESENT) return this.#appendPartial(ranges, entry, part, options);
    const virtualOffset = block * this.geometry.blockSize + inBlock;
    const state = options?.states === true ? entry.state : undefined;
    push(ranges, { kind: 'data', virtualOffset, length, state, fileOffset: entry.fileOffsetMb * MIB + inBlock });
    return true;
  }

  /** How many bytes of a part of a block can be read in spite of a fault: those before the end of the file. */
  #lengthThere(entry: BlockEntry, { inBlock, length }: BlockPart, fault: EntryFault): number {
    if (fault.code !== 'VHDX_BAT_BLOCK_BEYOND_END') return 0;
    const inFile = this.judge.fileSize - entry.fileOffsetMb * MIB;
    const there = Math.min(inFile - inBlock, length - 1);
    return there > 0 && this.judge.unreadable(entry, inBlock + there) === undefined ? there : 0;
  }

  #appendPartial(ranges: DiskRange[], entry: BlockEntry, part: BlockPart, options?: ResolveOptions): boolean {
    const { block, inBlock, length } = part;
    const bitmapEntry = this.pages.bitmap(this.#chunkOf(block));
    if (bitmapEntry === undefined) return false;
    const fault = this.#bitmapFault(bitmapEntry);
    if (fault !== undefined) {
      this.#appendUnreadable(ranges, fault, { entry, of: bitmapEntry }, part, options);
      return true;
    }
    const bitmap = this.bitmaps.bits(block);
    if (bitmap === undefined) return false;
    const { blockSize, logicalSectorSize } = this.geometry;
    const state = options?.states === true ? entry.state : undefined;
    const start = entry.fileOffsetMb * MIB;
    const end = inBlock + length;
    const lastSector = Math.ceil(end / logicalSectorSize);
    const lost = this.bitmaps.lostSectors(block, bitmapEntry.fileOffsetMb * MIB);
    let at = inBlock;
    while (at < end) {
      const sector = Math.floor(at / logicalSectorSize);
      const [lostFrom, lostEnd] = lost.find(([, after]) => after > sector) ?? [Infinity, Infinity];
      if (lostFrom <= sector) {
        const rest = { block, inBlock: at, length: Math.min(end, lostEnd * logicalSectorSize) - at };
        this.#appendUnreadable(ranges, ENTRY_FAULTS.bitsLost, { entry, of: bitmapEntry }, rest, options);
        at += rest.length;
        continue;
      }
      const same = Math.min(runEnd(bitmap, sector, lastSector), lostFrom);
      const next = Math.min(end, same * logicalSectorSize);
      const virtualOffset = block * blockSize + at;
      if (hasBit(bitmap, sector))
        push(ranges, { kind: 'data', virtualOffset, length: next - at, state, fileOffset: start + at });
      else push(ranges, { kind: 'parent', virtualOffset, length: next - at, state });
      at = next;
    }
    return true;
  }

  /** Part of a block that cannot be read: thrown, or told of and passed over. */
  #appendUnreadable(
    ranges: DiskRange[],
    fault: EntryFault,
    { entry, of }: { readonly entry: BlockEntry; readonly of: BlockEntry },
    { block, inBlock, length }: BlockPart,
    options?: ResolveOptions,
  ): void {
    if (options?.onUnreadable === undefined) throw this.judge.error(fault, of);
    const virtualOffset = block * this.geometry.blockSize + inBlock;
    options.onUnreadable({ virtualOffset, length, finding: this.judge.finding(fault, of) });
    push(ranges, { kind: 'zero', virtualOffset, length, state: options.states === true ? entry.state : undefined });
  }

  /** Why a sector bitmap block cannot be read. A salvage reads of it what is there. */
  #bitmapFault(entry: BlockEntry): EntryFault | undefined {
    const fault = this.judge.unreadableBitmap(entry);
    if (fault !== ENTRY_FAULTS.bitmapBeyondEnd || !this.bitmaps.hasHoles) return fault;
    return entry.fileOffsetMb * MIB < this.judge.fileSize ? undefined : fault;
  }

  #chunkOf(block: number): number {
    return Math.floor(block / this.geometry.chunkRatio);
  }

  /** Brings what the byte at `position` needs into the caches. */
  async #loadFor(position: number, options?: SourceReadOptions): Promise<void> {
    const block = Math.floor(position / this.geometry.blockSize);
    const entry = this.pages.payload(block);
    if (entry === undefined) return this.pages.loadPayload(block, options);
    if (entry.state !== PayloadState.PARTIALLY_PRESENT) return;
    const bitmapEntry = this.pages.bitmap(this.#chunkOf(block));
    if (bitmapEntry === undefined) return this.pages.loadBitmap(this.#chunkOf(block), options);
    if (this.#bitmapFault(bitmapEntry) !== undefined) return;
    await this.bitmaps.load(block, bitmapEntry.fileOffsetMb * MIB, options);
  }

  /**
   * Where the sector bitmap block of the chunk of `block` lies in the file.
   *
   * @throws VhdxError the code of the finding, if it cannot be read
   */
  async bitmapOffset(block: number, options?: SourceReadOptions): Promise<number> {
    const chunk = this.#chunkOf(block);
    let entry = this.pages.bitmap(chunk);
    while (entry === undefined) {
      await this.pages.loadBitmap(chunk, options);
      entry = this.pages.bitmap(chunk);
    }
    const fault = this.judge.unreadableBitmap(entry);
    if (fault !== undefined) throw this.judge.error(fault, entry);
    return entry.fileOffsetMb * MIB;
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
