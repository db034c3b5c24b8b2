/** One pass over the BAT: findings, counts, and who owns which MiB. */
import type { Bat } from '../format/bat.js';
import type { BatGeometry } from '../format/bat-geometry.js';
import type { BatExtent, BatExtents } from '../format/bat-extents.js';
import { PayloadState, SectorBitmapState } from '../format/bat-states.js';
import { ENTRY_FAULTS, type EntryFault, type StoredEntry } from './bat-faults.js';
import { BatJudge } from './bat-judge.js';
import { blockCounts, type BlockCounts, isIndeterminate, makeStateCounts } from '../format/bat-states.js';
import { BlockCollisions } from './block-collisions.js';
import { ClaimBatch } from './claim-batch.js';
import { finding, FindingTally, type Report } from '../errors/findings.js';
import type { DiskParameters } from '../format/metadata-items.js';
import { mapStructures, type OwnershipMap } from './mib-ownership.js';
import { claimFormerStorage } from './former-storage.js';
import type { ByteSource, SourceReadOptions } from '../io/byte-source.js';
import { countText, MIB } from '../base/units.js';
import type { Walk } from './walk.js';

/** The parts of an image that its BAT is judged by. */
export interface SurveyedImage extends Pick<Walk, 'log' | 'regions'> {
  readonly bat: Bat;
  readonly disk: Pick<DiskParameters, 'type' | 'hasParent'>;
  /** The file after the log's replay. */
  readonly view: ByteSource;
}

/** Options of a pass over the BAT. */
export interface SurveyOptions extends SourceReadOptions {
  /** Called when the payload blocks are in the map of owners, and nothing else is yet beside the structures. */
  readonly onBlocks?: ((owners: OwnershipMap) => void) | undefined;
}

/** A sector bitmap block of a differencing disk whose storage can be read. */
export interface BitmapBlock {
  readonly chunk: number;
  readonly fileOffsetMb: number;
}

/** What a pass over the BAT finds out beside its findings. */
export interface BatSurvey {
  readonly judge: BatJudge;
  /** Every MiB of the file with an owner; also knows which of them have several. */
  readonly owners: OwnershipMap;
  readonly blocks: BlockCounts;
  /** First MiB behind the storage of all payload blocks, which may reach past the end of the file (I8, a warning). */
  readonly payloadEnd: number;
  readonly bitmaps: readonly BitmapBlock[];
  /** Blocks without storage, and the entry of the first of them. */
  readonly unallocated: { readonly count: number; readonly first: number };
  /** The first entry whose storage does not follow that of the one before it, or -1; -1 also where a fault explains it. */
  readonly firstOutOfOrder: number;
  /** The first entry behind the blocks of the last chunk of a differencing disk that is not zero, or -1. */
  readonly stray: number;
  /** Entries of sector bitmap blocks of a disk without a parent that are not zero. */
  readonly unusedBitmapEntries: readonly number[];
}

/** One pass (two or three where blocks collide or name former storage) over the BAT. */
class Survey {
  readonly #bat: Bat;
  readonly #geometry: BatGeometry;
  readonly #disk: SurveyedImage['disk'];
  readonly #owners: OwnershipMap;
  readonly #judge: BatJudge;
  readonly #report: Report;
  readonly #tally: FindingTally;
  readonly #counts = makeStateCounts();
  readonly #collisions: BlockCollisions;
  readonly #batch: ClaimBatch;
  readonly #bitmaps: { chunk: number; index: number; fileOffsetMb: number; isNeeded: boolean }[] = [];
  readonly #unusedBitmapEntries: number[] = [];
  /** Entries of a disk without a parent with a state that sector bitmap blocks do not have. */
  #garbage = { count: 0, first: 0, state: 0 };
  /** Partially present blocks of the chunk that is being read, and the first of them. */
  #partial = { count: 0, first: 0 };
  #hasFormerStorage = false;
  #unallocated = { count: 0, first: 0 };
  /** `counts`: no block has a fault that tells why the blocks are not in order. */
  #order = { last: 0, broken: -1, counts: true };
  #stray = -1;
  #payloadEnd = 0;
  readonly #found = (fault: EntryFault, entry: StoredEntry): void => this.#add(fault, entry);

  constructor(image: SurveyedImage, report: Report) {
    const { bat, disk, view } = image;
    this.#bat = bat;
    this.#geometry = bat.geometry;
    this.#disk = disk;
    this.#owners = mapStructures(image);
    this.#owners.reserve(view.size);
    this.#judge = new BatJudge({ bat, disk, view, owners: this.#owners });
    this.#report = report;
    this.#tally = new FindingTally(report);
    this.#collisions = new BlockCollisions(bat, this.#judge, this.#tally);
    const { blockSize, entries } = bat.geometry;
    const units = blockSize / MIB;
    this.#batch = new ClaimBatch(this.#owners, { units, entries }, (index, place, unit) =>
      this.#noteOverlap(index, place, units, unit),
    );
  }

  async run(options: SurveyOptions = {}): Promise<BatSurvey> {
    for await (const extents of this.#bat.extents(options)) {
      options.signal?.throwIfAborted();
      const places = this.#batch.begin(extents.base);
      do this.#enterSound(extents, places);
      while (this.#judgeNext(extents));
    }
    this.#batch.flush();
    this.#batch.release();
    // A chunk of a disk without a parent need not end with an entry for its bitmap.
    this.#endChunk(this.#geometry.chunks - 1, SectorBitmapState.NOT_PRESENT);
    options.onBlocks?.(this.#owners);
    this.#claimBitmaps();
    if (this.#hasFormerStorage) {
      const survey = { bat: this.#bat, judge: this.#judge, collisions: this.#collisions, found: this.#found };
      await claimFormerStorage(survey, options);
    }
    this.#claimUnusedBitmaps();
    await this.#collisions.name(options);
    this.#tally.flush();
    this.#reportGarbage();
    return {
      judge: this.#judge,
      owners: this.#owners,
      blocks: blockCounts(this.#counts),
      payloadEnd: this.#payloadEnd,
      bitmaps: this.#disk.hasParent ? this.#bitmaps : [],
      unallocated: this.#unallocated,
      firstOutOfOrder: this.#order.counts ? this.#order.broken : -1,
      stray: this.#stray,
      unusedBitmapEntries: this.#unusedBitmapEntries,
    };
  }

  #add(fault: EntryFault, entry: StoredEntry): void {
    this.#tally.add(fault.code, () => this.#judge.finding(fault, entry), fault.severity);
  }

  /** Notes the blocks, nearly all of a full disk, that break no rule by themselves. `places`: those of the reading. */
  #enterSound(extents: BatExtents, places: Int32Array): void {
    const { lowest, highest } = this.#judge.apart;
    extents.takePlaces(places, lowest, Math.min(highest, ClaimBatch.MAX_PLACE));
    const { index, count, base, units } = extents;
    if (count === 0) return;
    const start = index - base;
    let { last, broken } = this.#order;
    let payloadEnd = this.#payloadEnd;
    for (let at = start; at < start + count; at += 1) {
      const place = places[at] ?? 0;
      if (place !== last && last !== 0 && broken === -1) broken = base + at;
      last = place + units;
      if (last > payloadEnd) payloadEnd = last;
    }
    this.#order.last = last;
    this.#order.broken = broken;
    this.#payloadEnd = payloadEnd;
    this.#counts[PayloadState.FULLY_PRESENT] = (this.#counts[PayloadState.FULLY_PRESENT] ?? 0) + count;
    this.#batch.added(start, count);
  }

  /** Judges the next extent; false if the reading has no more. */
  #judgeNext(extents: BatExtents): boolean {
    if (!extents.next()) return false;
    if (extents.kind === 'payload') this.#judgePayload(extents);
    else if (extents.kind === 'bitmap') this.#judgeBitmap(extents);
    else this.#judgeUnused(extents);
    return true;
  }

  #judgePayload(extent: BatExtents): void {
    const { index, number, count, state, reserved } = extent;
    if (extent.fileOffsetMb === 0 && reserved === 0 && state <= PayloadState.UNMAPPED) {
      this.#counts[state] = (this.#counts[state] ?? 0) + count;
      if (this.#unallocated.count === 0) this.#unallocated.first = index;
      this.#unallocated.count += count;
      return;
    }
    for (let step = 0; step < count; step += 1) {
      this.#judgeBlock(index + step, number + step, state, extent.placeOf(step), reserved);
    }
  }

  /** I3: an entry of the last chunk behind the last block. */
  #judgeUnused({ index, state, fileOffsetMb, reserved }: BatExtent): void {
    if (this.#stray === -1 && (state !== 0 || fileOffsetMb !== 0 || reserved !== 0)) this.#stray = index;
  }

  #judgeBlock(index: number, block: number, state: number, fileOffsetMb: number, reserved: number): void {
    this.#counts[state] = (this.#counts[state] ?? 0) + 1;
    if (reserved !== 0) this.#add(ENTRY_FAULTS.reservedBits, { index, state, fileOffsetMb, reserved });
    const fault = this.#judge.payloadState(state, fileOffsetMb);
    if (fault !== undefined) this.#add(fault, { index, state, fileOffsetMb });
    if (state === PayloadState.FULLY_PRESENT || state === PayloadState.PARTIALLY_PRESENT) {
      if (state === PayloadState.PARTIALLY_PRESENT && this.#disk.hasParent) {
        if (this.#partial.count === 0) this.#partial.first = index;
        this.#partial.count += 1;
      }
      this.#judgePresent(index, block, state, fileOffsetMb);
      return;
    }
    if (fileOffsetMb !== 0 && isIndeterminate(state)) this.#hasFormerStorage = true;
    if (this.#unallocated.count === 0) this.#unallocated.first = index;
    this.#unallocated.count += 1;
  }

  /** I7 to I10, I24: the storage of a present block. */
  #judgePresent(index: number, block: number, state: number, fileOffsetMb: number): void {
    const { blockSize } = this.#geometry;
    const isApart = this.#judge.isApart(fileOffsetMb);
    const fault = isApart ? undefined : this.#judge.payloadPlace(fileOffsetMb, this.#geometry.usedLength(block));
    if (fault !== undefined) {
      this.#add(fault, { index, state, fileOffsetMb });
      if (fault.severity === 'error') this.#order.counts = false;
    }
    if (fileOffsetMb === 0) return;
    if (this.#order.last !== 0 && fileOffsetMb !== this.#order.last && this.#order.broken === -1) {
      this.#order.broken = index;
    }
    this.#order.last = fileOffsetMb + blockSize / MIB;
    if (!isApart && fileOffsetMb * MIB >= this.#judge.fileSize) return;
    if (this.#order.last > this.#payloadEnd) this.#payloadEnd = this.#order.last;
    const onStructure = isApart ? undefined : this.#judge.payloadOnStructure(fileOffsetMb, blockSize);
    if (onStructure !== undefined) {
      this.#add(onStructure, { index, state, fileOffsetMb });
      this.#claimBeside(fileOffsetMb);
      return;
    }
    this.#batch.add(index, fileOffsetMb);
  }

  /** I9: a block of `count` MiBs from `first` on, of which `taken` is the first that another block has. */
  #noteOverlap(index: number, first: number, count: number, taken: number): void {
    this.#order.counts = false;
    this.#owners.share(first, count);
    this.#collisions.note('VHDX_BAT_BLOCK_OVERLAP', index, taken);
  }

  /** Enters what a block has beside the structure that it lies on: that is not free. */
  #claimBeside(place: number): void {
    this.#order.counts = false;
    // A block of 1 MiB has nothing beside it.
    if (this.#geometry.blockSize === MIB) return;
    this.#batch.flush();
    for (let unit = place, end = place + this.#geometry.blockSize / MIB; unit < end; unit += 1) {
      if (!this.#owners.touchesExtent(unit * MIB, MIB)) this.#owners.claim(unit, 1);
    }
  }

  #judgeBitmap({ index, number: chunk, state, fileOffsetMb, reserved }: BatExtent): void {
    const { hasParent } = this.#disk;
    if (reserved !== 0) this.#add(ENTRY_FAULTS.reservedBits, { index, state, fileOffsetMb, reserved });
    if (!hasParent && (state !== 0 || fileOffsetMb !== 0)) this.#unusedBitmapEntries.push(index);
    const fault = this.#judge.bitmapState(state, fileOffsetMb);
    if (fault === ENTRY_FAULTS.bitmapStateUnused) {
      if (this.#garbage.count === 0) this.#garbage = { count: 0, first: index, state };
      this.#garbage.count += 1;
    } else if (fault !== undefined) this.#add(fault, { index, state, fileOffsetMb });
    if (state === SectorBitmapState.PRESENT) {
      this.#bitmaps.push({ chunk, index, fileOffsetMb, isNeeded: this.#partial.count > 0 });
    }
    this.#endChunk(chunk, state);
  }

  /** I17: a chunk with partially present blocks has its bitmap. */
  #endChunk(chunk: number, state: number): void {
    const { count, first } = this.#partial;
    this.#partial.count = 0;
    if (count === 0 || state !== SectorBitmapState.NOT_PRESENT) return;
    const index = this.#geometry.sectorBitmapIndex(chunk);
    const words = (): string =>
      `is NOT_PRESENT (0), but ${countText(count, 'block')} of its chunk, the first of them ${this.#judge.title(first)}, ${count === 1 ? 'is' : 'are'} PARTIALLY_PRESENT (7)`;
    this.#add({ ...ENTRY_FAULTS.bitmapMissing, words }, { index, state, fileOffsetMb: 0 });
  }

  /** I20, I21: the storage of the sector bitmap blocks. There are few: 16,384 in the largest disk. */
  #claimBitmaps(): void {
    if (!this.#disk.hasParent) return;
    for (const bitmap of this.#bitmaps.splice(0)) {
      const { index, fileOffsetMb, isNeeded } = bitmap;
      const fault = this.#judge.bitmapPlace(fileOffsetMb);
      // What stands in the wrong place are no bits, so nothing is to be said of them.
      if (fault !== undefined) {
        this.#add(fault, { index, state: SectorBitmapState.PRESENT, fileOffsetMb });
        continue;
      }
      if (this.#owners.claim(fileOffsetMb, 1) !== -1) {
        this.#owners.share(fileOffsetMb, 1);
        this.#collisions.note('VHDX_BAT_BITMAP_OVERLAP', index, fileOffsetMb);
        continue;
      }
      this.#bitmaps.push(bitmap);
      if (!isNeeded) this.#add(ENTRY_FAULTS.bitmapUnused, { index, state: SectorBitmapState.PRESENT, fileOffsetMb });
    }
  }

  /** Without a parent they are never read, and collide with nothing; but it is not for a writer to overwrite them. */
  #claimUnusedBitmaps(): void {
    if (this.#disk.hasParent) return;
    for (const { fileOffsetMb } of this.#bitmaps) {
      if (this.#judge.bitmapPlace(fileOffsetMb) === undefined) this.#owners.claim(fileOffsetMb, 1);
    }
  }

  /** I18 without a parent: one finding for all entries, since one tool left them. */
  #reportGarbage(): void {
    const { count, first, state } = this.#garbage;
    if (count === 0) return;
    const entry = { index: first, state, fileOffsetMb: 0 };
    const { severity, code, words } = ENTRY_FAULTS.bitmapStateUnused;
    const more = count === 1 ? '' : ` ${countText(count, 'entry', 'entries')} of sector bitmap blocks are like this.`;
    const message = `${this.#judge.title(first)} ${words(entry, this.#judge)}.${more}`;
    this.#report(finding(code, { ...this.#judge.at(first), severity, message }));
  }
}

/**
 * Judges every BAT entry, I4 to I21 and I24, and enters all storage into a map of owners, behind the end of the file too.
 * What is wrong goes to `report`, with the codes, severities and words that checker, reader and writer share; one that
 * throws ends the pass. Memory does not grow with the BAT. Reads the BAT once, and again where storage is shared or
 * former contents are named. [MS-VHDX] 2.5
 */
export function surveyBat(image: SurveyedImage, report: Report, options?: SurveyOptions): Promise<BatSurvey> {
  return new Survey(image, report).run(options);
}
