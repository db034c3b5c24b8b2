/** Judges the storage of an image, entry by entry of its BAT: what is not needed, and why. */
import { SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { MIB } from '../base/units.js';
import { isIndeterminate, isPresent, PayloadState, SectorBitmapState } from '../format/bat-states.js';
import type { VhdxImage } from '../image/open.js';
import { BlockContents, type ContentsQuestions } from './block-contents.js';

/** Bytes of storage that a compaction gives up, by the reason. */
export interface FreedBytes {
  /** Of blocks that are all zero. */
  readonly zero: number;
  /** Of the former contents of UNMAPPED and UNDEFINED blocks. [MS-VHDX] 2.5.1.1 */
  readonly unmapped: number;
  /** Of blocks in which all that is not zero is in free ranges. */
  readonly unused: number;
  /** Of blocks that equal the parent's, or have none of their sectors in this image. */
  readonly parent: number;
  /** Of sector bitmap blocks that no block needs any more. [MS-VHDX] 2.5.1.2 */
  readonly bitmap: number;
}

/** Whether users of the disk see a change when this is given up: what was in free ranges is zeros then. */
export function freesContents({ unused }: FreedBytes): boolean {
  return unused > 0;
}

/** Why a payload block is given up. */
export const REASONS = ['zero', 'unmapped', 'unused', 'parent'] as const;
export type Reason = (typeof REASONS)[number];

/** Whether an entry of a payload block names storage. */
export function hasStorage(state: number, fileOffsetMb: number): boolean {
  return isPresent(state) || (isIndeterminate(state) && fileOffsetMb !== 0);
}

/**
 * The state of a block that is given up. ZERO is the one state that has every reader return zeros; NOT_PRESENT leaves a
 * block to the parent. A block without defined contents stays one. [MS-VHDX] 2.5.1.1
 */
export function stateWithout(reason: Reason, state: number): number {
  if (reason === 'parent') return PayloadState.NOT_PRESENT;
  return reason === 'unmapped' ? state : PayloadState.ZERO;
}

/** Asked about all entries with storage in the order of the BAT, says whose storage is not needed. */
export class StorageJudge {
  readonly #image: VhdxImage;
  /** Left out for a fixed disk, which has storage for all of its blocks. */
  readonly #contents: BlockContents | undefined;
  readonly #bytes: Record<Reason, number> = { zero: 0, unmapped: 0, unused: 0, parent: 0 };
  #bitmaps = 0;
  #count = 0;
  /** Partially present blocks that are kept, of the chunk that is being gone through. */
  #partial = 0;

  constructor(image: VhdxImage, questions: ContentsQuestions, options: SignalOptions) {
    this.#image = image;
    this.#contents = image.disk.type === 'fixed' ? undefined : new BlockContents(image, questions, options);
  }

  /** Payload blocks that are given up, so far. */
  get count(): number {
    return this.#count;
  }

  /** What is given up, so far. */
  get freed(): FreedBytes {
    return { ...this.#bytes, bitmap: this.#bitmaps * SECTOR_BITMAP_BLOCK_SIZE };
  }

  /** Why the storage of a payload block, which has some, is given up; `undefined` if it is kept. */
  async payload(block: number, state: number, fileOffsetMb: number): Promise<Reason | undefined> {
    const reason = await this.#reasonFor(block, state, fileOffsetMb);
    if (reason !== undefined) {
      this.#bytes[reason] += this.#image.bat.geometry.blockSize;
      this.#count += 1;
    } else if (state === PayloadState.PARTIALLY_PRESENT) this.#partial += 1;
    return reason;
  }

  /** Whether the sector bitmap block of the chunk whose blocks came last is given up. [MS-VHDX] 2.5.1.2 */
  bitmap(state: number): boolean {
    const isKept = this.#image.disk.hasParent && this.#partial > 0;
    this.#partial = 0;
    if (state !== SectorBitmapState.PRESENT || isKept) return false;
    this.#bitmaps += 1;
    return true;
  }

  /** To be called behind the last entry. @throws RangeError if the free ranges were not in order */
  async finish(): Promise<void> {
    await this.#contents?.finish();
  }

  async #reasonFor(block: number, state: number, fileOffsetMb: number): Promise<Reason | undefined> {
    if (!isPresent(state)) return 'unmapped';
    const { geometry } = this.#image.bat;
    const place = state === PayloadState.FULLY_PRESENT ? fileOffsetMb * MIB : undefined;
    return this.#contents?.needless(block * geometry.blockSize, geometry.usedLength(block), place);
  }
}
