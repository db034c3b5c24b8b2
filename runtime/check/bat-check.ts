import { type BatGeometry, type BatRun, PayloadState, SectorBitmapState } from '../bat.js';
import { blockCounts, type BlockCounts, blocksInRun, makeStateCounts } from '../bat-states.js';
import { finding, type Report } from '../findings.js';
import { BAT_ENTRY_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from '../limits.js';
import type { SourceReadOptions } from '../source.js';
import { countText, hex, MIB, sizeText } from '../units.js';
import { type BatCheckInput, BatFindings, isUnreachable, STATE_NAMES } from './bat-findings.js';
import { BlockCollisions } from './block-collisions.js';
import { ClaimBatch } from './claim-batch.js';
import { claimSoftAnchors } from './soft-anchors.js';

/** What the pass over the BAT finds out beside its findings. */
export interface BatCheckResult {
  readonly blocks: BlockCounts;
  /** Present sector bitmap blocks of chunks that have partially present blocks: index of the chunk, place in MiB. */
  readonly bitmaps: readonly { readonly chunk: number; readonly fileOffsetMb: number }[];
}

type PayloadRun = Extract<BatRun, { kind: 'payload' }>;

/** One pass (two where blocks collide or have soft anchors) over the BAT. [MS-VHDX] 2.5 */
class BatCheck {
  readonly #input: BatCheckInput;
  readonly #geometry: BatGeometry;
  readonly #findings: BatFindings;
  readonly #report: Report;
  readonly #counts = makeStateCounts();
  readonly #collisions: BlockCollisions;
  readonly #batch: ClaimBatch;
  readonly #bitmaps: { chunk: number; index: number; fileOffsetMb: number; used: boolean }[] = [];
  /** Partially present blocks of the chunk that is being read, and the first of them. */
  #partial = { count: 0, first: 0 };
  #anchors = 0;
  #unallocated = { count: 0, first: 0 };
  /** `counts`: no block has a fault that tells why the blocks are not in order. */
  #order = { last: 0, broken: -1, counts: true };
  #stray = -1;

  constructor(input: BatCheckInput, report: Report) {
    this.#input = input;
    this.#geometry = input.bat.geometry;
    this.#report = report;
    this.#findings = new BatFindings(input.bat, report);
    this.#collisions = new BlockCollisions(input.bat, this.#findings);
    this.#batch = new ClaimBatch(input.owners, (index, unit) => this.#noteOverlap(index, unit));
  }

  async run(options?: SourceReadOptions): Promise<BatCheckResult> {
    const { bat, disk } = this.#input;
    for await (const runs of bat.runs(options)) {
      options?.signal?.throwIfAborted();
      for (const run of runs) {
        if (run.kind === 'bitmap') this.#judgeBitmap(run);
        else this.#judgePayload(run);
      }
      this.#batch.flush();
    }
    // A chunk of a disk without a parent need not end with an entry for its bitmap.
    this.#endChunk(this.#geometry.chunks - 1, SectorBitmapState.NOT_PRESENT);
    this.#judgeTargets();
    this.#claimBitmaps();
    if (this.#anchors > 0) await claimSoftAnchors(this.#input, this.#findings, this.#collisions, options);
    await this.#collisions.name(options);
    this.#findings.tally.flush();
    if (disk.type === 'fixed') this.#judgeFixed();
    if (this.#stray !== -1) this.#reportStray(this.#stray);
    return {
      blocks: blockCounts(this.#counts),
      bitmaps: this.#bitmaps.filter(({ used }) => used).map(({ chunk, fileOffsetMb }) => ({ chunk, fileOffsetMb })),
    };
  }

  #judgePayload(run: PayloadRun): void {
    const blocks = blocksInRun(run, this.#geometry);
    const { entries } = run;
    const state = entries.state(0);
    if (run.uniform && entries.fileOffsetMb(0) === 0 && entries.reserved(0) === 0 && state <= PayloadState.UNMAPPED) {
      this.#counts[state] = (this.#counts[state] ?? 0) + blocks;
      if (blocks > 0 && this.#unallocated.count === 0) this.#unallocated.first = run.index;
      this.#unallocated.count += blocks;
      if (blocks < run.count && state !== 0 && this.#stray === -1) this.#stray = run.index + blocks;
      return;
    }
    for (let at = 0; at < blocks; at += 1) {
      this.#judgeBlock(
        run.index + at,
        run.block + at,
        entries.state(at),
        entries.fileOffsetMb(at),
        entries.reserved(at),
      );
    }
    for (let at = blocks; at < run.count && this.#stray === -1; at += 1) {
      if (entries.state(at) !== 0 || entries.fileOffsetMb(at) !== 0 || entries.reserved(at) !== 0)
        this.#stray = run.index + at;
    }
  }

  #judgeBlock(index: number, block: number, state: number, place: number, reserved: number): void {
    this.#counts[state] = (this.#counts[state] ?? 0) + 1;
    if (reserved !== 0) this.#reportReserved(index, reserved);
    switch (state) {
      case PayloadState.FULLY_PRESENT:
        this.#judgePresent(index, block, place);
        return;
      case PayloadState.PARTIALLY_PRESENT:
        if (!this.#input.disk.hasParent) {
          this.#findings.add(
            'VHDX_BAT_PARTIAL_WITHOUT_PARENT',
            index,
            () => `is PARTIALLY_PRESENT (7), but the disk is ${this.#input.disk.type}`,
          );
        } else {
          if (this.#partial.count === 0) this.#partial.first = index;
          this.#partial.count += 1;
        }
        this.#judgePresent(index, block, place);
        return;
      case PayloadState.UNDEFINED:
      case PayloadState.UNMAPPED:
        if (place !== 0) this.#anchors += 1;
        break;
      case PayloadState.NOT_PRESENT:
      case PayloadState.ZERO:
        if (place !== 0) {
          this.#findings.add(
            'VHDX_BAT_OFFSET_IGNORED',
            index,
            () => `is ${STATE_NAMES[state]} (${state}), but has the file offset ${place} MiB, expected 0`,
          );
        }
        break;
      default:
        this.#findings.add('VHDX_BAT_STATE_RESERVED', index, () => `has the state ${state}, which is reserved`);
    }
    if (this.#unallocated.count === 0) this.#unallocated.first = index;
    this.#unallocated.count += 1;
  }

  #reportReserved(index: number, reserved: number): void {
    this.#findings.add(
      'VHDX_BAT_RESERVED_NONZERO',
      index,
      () => `has the reserved bits 3 to 19 set to ${hex(reserved)}, expected 0`,
    );
  }

  /** I7, I8, I9, I10, I24: the storage of a present block. */
  #judgePresent(index: number, block: number, place: number): void {
    const { fileSize, owners } = this.#input;
    const { blockSize } = this.#geometry;
    if (place === 0) {
      this.#findings.add(
        'VHDX_BAT_OFFSET_ZERO',
        index,
        () => 'is present, but has the file offset 0, inside of the header section',
      );
      this.#order.counts = false;
      return;
    }
    if (place < this.#order.last && this.#order.broken === -1) this.#order.broken = index;
    if (this.#order.last !== 0 && place !== this.#order.last && this.#order.broken === -1) this.#order.broken = index;
    this.#order.last = place + blockSize / MIB;
    if (isUnreachable(place)) {
      this.#findings.add(
        'VHDX_BAT_OFFSET_TOO_LARGE',
        index,
        () => `has the file offset ${place} MiB, which is more than 2^53 bytes`,
      );
      this.#order.counts = false;
      return;
    }
    const start = place * MIB;
    if (start + blockSize > fileSize) this.#reportBeyond(index, block, start);
    if (start >= fileSize) return;
    if (owners.touchesExtent(start, blockSize)) {
      this.#findings.add('VHDX_BAT_BLOCK_ON_STRUCTURE', index, () => {
        const other = owners.extentAt(start, blockSize);
        return `has its storage at ${hex(start)} to ${hex(start + blockSize)}, on ${other?.title} (${hex(other?.fileOffset ?? 0)} to ${hex((other?.fileOffset ?? 0) + (other?.length ?? 0))})`;
      });
      this.#claimBeside(place);
      return;
    }
    // Only of larger blocks is it not all the same in which order they are entered.
    if (blockSize === MIB) {
      this.#batch.add(index, place);
      return;
    }
    const taken = owners.claim(place, blockSize / MIB);
    if (taken !== -1) this.#noteOverlap(index, taken);
  }

  #noteOverlap(index: number, unit: number): void {
    this.#order.counts = false;
    this.#collisions.note('VHDX_BAT_BLOCK_OVERLAP', index, unit);
  }

  /** Enters what a block has beside the structure that it lies on: that is not free. */
  #claimBeside(place: number): void {
    const { owners } = this.#input;
    this.#order.counts = false;
    for (let unit = place, end = place + this.#geometry.blockSize / MIB; unit < end; unit += 1) {
      if (!owners.touchesExtent(unit * MIB, MIB)) owners.claim(unit, 1);
    }
  }

  /** I8, tolerated for what the last block has past the end of the disk. */
  #reportBeyond(index: number, block: number, start: number): void {
    const { fileSize } = this.#input;
    const { blockSize, payloadBlocks } = this.#geometry;
    const harmless = block === payloadBlocks - 1 && start + this.#geometry.usedLength(block) <= fileSize;
    if (!harmless) this.#order.counts = false;
    this.#findings.add(
      'VHDX_BAT_BLOCK_BEYOND_END',
      index,
      () =>
        `has its storage at ${hex(start)} to ${hex(start + blockSize)}, but the file ends at ${hex(fileSize)}` +
        (harmless ? '; only bytes past the end of the virtual disk are missing' : ''),
      { severity: harmless ? 'warning' : 'error' },
    );
  }

  #judgeBitmap(run: Extract<BatRun, { kind: 'bitmap' }>): void {
    const { disk } = this.#input;
    const { index, chunk, entries } = run;
    const state = entries.state(0);
    const place = entries.fileOffsetMb(0);
    const reserved = entries.reserved(0);
    if (reserved !== 0) this.#reportReserved(index, reserved);
    if (state === SectorBitmapState.PRESENT) {
      if (!disk.hasParent) {
        this.#findings.add(
          'VHDX_BAT_BITMAP_WITHOUT_PARENT',
          index,
          () => `is PRESENT (6), but the disk is ${disk.type}`,
        );
      }
      this.#bitmaps.push({ chunk, index, fileOffsetMb: place, used: disk.hasParent && this.#partial.count > 0 });
    } else if (state !== SectorBitmapState.NOT_PRESENT) {
      this.#findings.add('VHDX_BAT_BITMAP_STATE_RESERVED', index, () => `has the state ${state}, expected 0 or 6`);
      this.#partial.count = 0;
    } else if (place !== 0) {
      this.#findings.add(
        'VHDX_BAT_OFFSET_IGNORED',
        index,
        () => `is NOT_PRESENT (0), but has the file offset ${place} MiB, expected 0`,
        { section: '2.5.1.2' },
      );
    }
    this.#endChunk(chunk, state);
  }

  /** I17: a chunk with partially present blocks has its bitmap. */
  #endChunk(chunk: number, state: number): void {
    const { count, first } = this.#partial;
    if (count > 0 && state === SectorBitmapState.NOT_PRESENT) {
      const bitmap = this.#geometry.sectorBitmapIndex(chunk);
      this.#findings.add(
        'VHDX_BAT_BITMAP_MISSING',
        bitmap,
        () =>
          `is NOT_PRESENT (0), but ${countText(count, 'block')} of its chunk, the first of them ${this.#findings.title(first)}, ${count === 1 ? 'is' : 'are'} PARTIALLY_PRESENT (7)`,
      );
    }
    this.#partial.count = 0;
  }

  /** D20: the log is for metadata; a target inside of a payload block is none of its business. */
  #judgeTargets(): void {
    const { owners, patches } = this.#input;
    // Ranges of terabytes, which only a hostile log has, are looked at in part.
    let budget = 2 ** 22;
    for (const patch of patches) {
      const { position, length } = patch;
      const first = Math.floor(position / MIB);
      const end = Math.min(Math.ceil((position + length) / MIB), first + budget);
      budget -= end - first;
      for (let unit = first; unit < end; unit += 1) {
        if (!owners.isClaimed(unit)) continue;
        const { descriptor, kind } = patch;
        const make = (): { fileOffset: number; length: number; path: string; message: string } => ({
          ...descriptor,
          length: 32,
          message: `The ${kind} descriptor ${descriptor.path} at ${hex(descriptor.fileOffset)} writes ${length} bytes at ${hex(position)}, in the payload block that has the MiB at ${hex(unit * MIB)}.`,
        });
        this.#findings.tally.add('VHDX_LOG_TARGET_PAYLOAD', make);
        break;
      }
    }
  }

  /** I20, I21: the storage of the sector bitmap blocks. There are few: 16,384 in the largest disk. */
  #claimBitmaps(): void {
    const { fileSize, owners, disk } = this.#input;
    for (const bitmap of this.#bitmaps) {
      const { index, fileOffsetMb: place, used } = bitmap;
      const start = place * MIB;
      const inside = place !== 0 && !isUnreachable(place) && start + SECTOR_BITMAP_BLOCK_SIZE <= fileSize;
      const apart = inside && !owners.touchesExtent(start, SECTOR_BITMAP_BLOCK_SIZE);
      if (!disk.hasParent) {
        // Never read there, and its presence has been reported (I19); the space is not free, though.
        if (apart) owners.claim(place, 1);
        continue;
      }
      if (apart && owners.claim(place, 1) === -1) {
        if (used) continue;
        this.#findings.add(
          'VHDX_BAT_BITMAP_UNUSED',
          index,
          () => 'is PRESENT (6), but no block of its chunk is partially present',
        );
        continue;
      }
      // What stands there are no bits, so nothing is to be said of them.
      bitmap.used = false;
      if (apart) this.#collisions.note('VHDX_BAT_BITMAP_OVERLAP', index, place);
      else this.#reportMisplacedBitmap(index, place);
    }
  }

  /** I20, I24: a sector bitmap block that is not in the file, or on a structure. */
  #reportMisplacedBitmap(index: number, place: number): void {
    const { fileSize, owners } = this.#input;
    const start = place * MIB;
    const end = start + SECTOR_BITMAP_BLOCK_SIZE;
    if (place === 0) {
      this.#findings.add(
        'VHDX_BAT_BITMAP_OFFSET_ZERO',
        index,
        () => 'is present, but has the file offset 0, inside of the header section',
      );
    } else if (isUnreachable(place)) {
      this.#findings.add(
        'VHDX_BAT_OFFSET_TOO_LARGE',
        index,
        () => `has the file offset ${place} MiB, which is more than 2^53 bytes`,
      );
    } else if (end > fileSize) {
      this.#findings.add(
        'VHDX_BAT_BITMAP_BEYOND_END',
        index,
        () => `has its storage at ${hex(start)} to ${hex(end)}, but the file ends at ${hex(fileSize)}`,
      );
    } else {
      this.#findings.add(
        'VHDX_BAT_BITMAP_OVERLAP',
        index,
        () => `has its storage at ${hex(start)}, on ${owners.extentAt(start, SECTOR_BITMAP_BLOCK_SIZE)?.title}`,
      );
    }
  }

  /** G6, J3: what a fixed disk should be like. */
  #judgeFixed(): void {
    const { bat, fileSize } = this.#input;
    const { payloadBlocks, blockSize } = this.#geometry;
    const { count, first } = this.#unallocated;
    if (count > 0) {
      const needed = payloadBlocks * blockSize;
      const short = fileSize < needed ? ` The file of ${sizeText(fileSize)} cannot hold the disk.` : '';
      this.#report(
        finding('VHDX_FIXED_NOT_ALLOCATED', {
          ...this.#findings.at(first),
          message: `${countText(count, 'block')} of the ${payloadBlocks} of this fixed disk ${count === 1 ? 'has' : 'have'} no storage, the first of them ${this.#findings.title(first)}.${short}`,
        }),
      );
    }
    // Blocks without storage, or with a place that is wrong, are no matter of order.
    if (this.#order.broken === -1 || !this.#order.counts || count > 0) return;
    this.#report(
      finding('VHDX_FIXED_NOT_CONTIGUOUS', {
        fileOffset: bat.entryOffset(this.#order.broken),
        length: BAT_ENTRY_SIZE,
        path: `bat[${this.#order.broken}]`,
        message: `The storage of this fixed disk is not one ascending run: it is interrupted at ${this.#findings.title(this.#order.broken)}.`,
      }),
    );
  }

  /** I3, for entries of the last chunk of a differencing disk. */
  #reportStray(index: number): void {
    this.#report(
      finding('VHDX_BAT_UNUSED_NONZERO', {
        ...this.#findings.at(index),
        message: `${this.#findings.title(index)} is not zero, although the disk has only ${this.#geometry.payloadBlocks} blocks; it is ignored.`,
      }),
    );
  }
}

/**
 * Judges every BAT entry, I3 to I21, D20, G6 and J3, and enters the blocks into the map of owners. Memory does not grow
 * with the BAT.
 */
export function checkBat(input: BatCheckInput, report: Report, options?: SourceReadOptions): Promise<BatCheckResult> {
  return new BatCheck(input, report).run(options);
}
