import { PayloadState, SectorBitmapState, type BatRun } from '../bat.js';
import { blocksInRun } from '../bat-states.js';
import { VhdxError } from '../errors.js';
import { SECTOR_BITMAP_BLOCK_SIZE } from '../limits.js';
import type { VhdxImage } from '../open.js';
import { mapStructures, type OwnershipMap } from '../ownership.js';
import type { SourceReadOptions } from '../source.js';
import { hex, MIB, roundUp } from '../units.js';

/** Storage for a block. */
export interface Storage {
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Bytes. */
  readonly length: number;
  /** True if it lies behind all that the file has ever had, so that it reads as zeros; otherwise anything may be there. */
  readonly isNew: boolean;
}

/** Ranges of free MiBs, as [first, end). */
type FreeRange = readonly [number, number];

/**
 * Which space of the file is free. Header section, log, all regions (unknown ones too), blocks and the places that
 * unmapped blocks still name are not. [MS-VHDX] 2.1
 */
export class FileSpace {
  /** MiBs of a payload block. Nothing else is asked for than these and the single MiB of a sector bitmap block. */
  readonly #blockUnits: number;
  /** Free ranges with room for a payload block, and those without; the one to be used first stands last. */
  readonly #large: FreeRange[] = [];
  readonly #small: FreeRange[] = [];
  #end: number;
  #lastUsed: number;

  /** `free`: in the order in which they are to be used. `end`, `lastUsed`: as the getters of these names. */
  constructor(blockSize: number, free: Iterable<FreeRange>, end: number, lastUsed: number) {
    this.#blockUnits = blockSize / MIB;
    for (const range of [...free].toReversed()) this.#keep(range);
    this.#end = end;
    this.#lastUsed = lastUsed;
  }

  /**
   * Goes through the whole BAT: 8 bytes for each block.
   *
   * @throws VhdxError VHDX_BAT_BLOCK_OVERLAP, VHDX_BAT_BLOCK_ON_STRUCTURE, VHDX_BAT_BLOCK_BEYOND_END,
   * VHDX_BAT_OFFSET_ZERO, VHDX_BAT_OFFSET_TOO_LARGE, VHDX_BAT_STATE_RESERVED: writing to such a file would lose data
   */
  static async scan(image: VhdxImage, options?: SourceReadOptions): Promise<FileSpace> {
    const scan = new Scan(image);
    for await (const runs of image.bat.runs(options)) {
      for (const run of runs) scan.enter(run);
    }
    // Afterwards, so that a place that a block has as well is no fault; few images have any.
    for await (const runs of scan.hasAnchors ? image.bat.runs(options) : []) {
      for (const run of runs) scan.enterAnchors(run);
    }
    return scan.result();
  }

  /** Bytes that the file has when all that has been taken is in it: whole MiB. */
  get end(): number {
    return this.#end;
  }

  /** End in bytes of the last structure or block that there has been: whole MiB. [MS-VHDX] 2.3.1.1, LastFileOffset */
  get lastUsed(): number {
    return this.#lastUsed;
  }

  /** Takes `length` bytes, whole MiB: free space of the file if there is such a range, or else new space at its end. */
  take(length: number): Storage {
    const count = length / MIB;
    const taken = this.#takeFree(count);
    const first = taken ?? this.#end / MIB;
    const storage = { fileOffset: first * MIB, length, isNew: taken === undefined };
    this.#end = Math.max(this.#end, storage.fileOffset + length);
    this.#lastUsed = Math.max(this.#lastUsed, storage.fileOffset + length);
    return storage;
  }

  /** Gives storage back. Nothing refers to it any more, on stable storage neither. */
  release({ fileOffset, length }: Pick<Storage, 'fileOffset' | 'length'>): void {
    this.#keep([fileOffset / MIB, (fileOffset + length) / MIB]);
  }

  #takeFree(count: number): number | undefined {
    const range = (count < this.#blockUnits ? this.#small.pop() : undefined) ?? this.#large.pop();
    if (range === undefined) return undefined;
    const [first, end] = range;
    this.#keep([first + count, end]);
    return first;
  }

  #keep([first, end]: FreeRange): void {
    if (first < end) (end - first < this.#blockUnits ? this.#small : this.#large).push([first, end]);
  }
}

/** What the BAT says of the use of the file, entry by entry. */
class Scan {
  readonly #image: VhdxImage;
  readonly #owners: OwnershipMap;
  /** Whether blocks that are undefined or unmapped name places of the file. [MS-VHDX] 2.5.1.1 */
  hasAnchors = false;
  #lastUsed: number;

  constructor(image: VhdxImage) {
    this.#image = image;
    this.#owners = mapStructures(image);
    this.#lastUsed = this.#owners.extents.reduce((end, extent) => Math.max(end, extent.fileOffset + extent.length), 0);
  }

  enter(run: BatRun): void {
    if (run.kind === 'bitmap') {
      if (run.entries.state(0) === SectorBitmapState.PRESENT) {
        this.#own(run.index, run.entries.fileOffsetMb(0), SECTOR_BITMAP_BLOCK_SIZE);
      }
      return;
    }
    const { geometry } = this.#image.bat;
    const { entries } = run;
    for (let at = 0, count = blocksInRun(run, geometry); at < count; at += 1) {
      const state = entries.state(at);
      switch (state) {
        case PayloadState.FULLY_PRESENT:
        case PayloadState.PARTIALLY_PRESENT:
          this.#own(run.index + at, entries.fileOffsetMb(at), geometry.blockSize);
          break;
        case PayloadState.UNDEFINED:
        case PayloadState.UNMAPPED:
          this.hasAnchors ||= entries.fileOffsetMb(at) !== 0;
          break;
        case PayloadState.NOT_PRESENT:
        case PayloadState.ZERO:
          if (run.uniform) return;
          break;
        default:
          throw this.#fault('VHDX_BAT_STATE_RESERVED', run.index + at, `has the reserved state ${state}`);
      }
    }
  }

  #own(index: number, fileOffsetMb: number, length: number): void {
    const fileOffset = fileOffsetMb * MIB;
    if (fileOffsetMb === 0) throw this.#fault('VHDX_BAT_OFFSET_ZERO', index, 'is present, but has FileOffsetMB 0');
    if (!Number.isSafeInteger(fileOffset + length)) {
      throw this.#fault('VHDX_BAT_OFFSET_TOO_LARGE', index, `lies at ${fileOffsetMb} MiB`);
    }
    const place = `lies at ${hex(fileOffset)}`;
    if (fileOffset >= this.#image.view.size) {
      throw this.#fault('VHDX_BAT_BLOCK_BEYOND_END', index, `${place}, past the end of the file`);
    }
    if (this.#owners.touchesExtent(fileOffset, length)) {
      const title = this.#owners.extentAt(fileOffset, length)?.title ?? 'another structure';
      throw this.#fault('VHDX_BAT_BLOCK_ON_STRUCTURE', index, `${place}, on ${title}`);
    }
    if (this.#owners.claim(fileOffsetMb, length / MIB) !== -1) {
      throw this.#fault('VHDX_BAT_BLOCK_OVERLAP', index, `${place}, where another block is`);
    }
    this.#lastUsed = Math.max(this.#lastUsed, fileOffset + length);
  }

  /** Keeps the places of blocks that are undefined or unmapped: they may still be read there. [MS-VHDX] 2.5.1.1 */
  enterAnchors(run: BatRun): void {
    if (run.kind === 'bitmap') return;
    const { geometry } = this.#image.bat;
    for (let at = 0, count = blocksInRun(run, geometry); at < count; at += 1) {
      const state = run.entries.state(at);
      if (state !== PayloadState.UNDEFINED && state !== PayloadState.UNMAPPED) continue;
      const first = run.entries.fileOffsetMb(at);
      if (first === 0 || first * MIB >= this.#image.view.size) continue;
      this.#owners.claim(first, geometry.blockSize / MIB);
      this.#lastUsed = Math.max(this.#lastUsed, first * MIB + geometry.blockSize);
    }
  }

  result(): FileSpace {
    const { size } = this.#image.view;
    // A map that is incomplete knows nothing to be free: the file grows then.
    const free = this.#owners.incomplete ? [] : this.#owners.free(size);
    const end = Math.max(roundUp(size, MIB), this.#lastUsed);
    return new FileSpace(this.#image.bat.geometry.blockSize, free, end, roundUp(this.#lastUsed, MIB));
  }

  #fault(code: ConstructorParameters<typeof VhdxError>[0], index: number, what: string): VhdxError {
    const { bat } = this.#image;
    const { kind, number } = bat.geometry.entryAt(index);
    const owner = kind === 'payload' ? `payload block ${number}` : `the sector bitmap of chunk ${number}`;
    const fileOffset = bat.entryOffset(index);
    return new VhdxError(code, {
      fileOffset,
      message:
        `The image is damaged and must not be written: ${owner} (BAT entry ${index} at ${hex(fileOffset)}) ${what}. ` +
        'A check lists all that is wrong.',
    });
  }
}
