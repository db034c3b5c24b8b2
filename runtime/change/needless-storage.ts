/** Finds storage that can be given up, by reason, and gives it up. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { BAT_ENTRY_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { MIB } from '../base/units.js';
import type { BatGeometry } from '../format/bat-geometry.js';
import { isIndeterminate, isPresent, PayloadState, SectorBitmapState } from '../format/bat-states.js';
import type { BatSurvey } from '../image/bat-survey.js';
import type { VhdxImage } from '../image/open.js';
import { BlockContents, type ContentsQuestions } from './block-contents.js';
import { FileLayout, FIRST_MOVABLE, FIXED } from './file-layout.js';
import type { ChangeSubject } from './operation.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

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

/** Why a block is given up, in a byte for each. */
const KEPT = 0;
const REASONS = ['zero', 'unmapped', 'unused', 'parent'] as const;
type Reason = (typeof REASONS)[number];

/** Sectors of the BAT and of bitmaps that are changed at once: an entry of any log has room for them. */
const GROUP_SECTORS = 100;

/** The storage of an image that is not needed. */
export class NeedlessStorage {
  readonly freed: FreedBytes;
  /** Payload blocks that are given up. */
  readonly count: number;
  readonly #reasons: Uint8Array;
  /** Chunks whose sector bitmap block is given up. */
  readonly #bitmapChunks: ReadonlySet<number>;

  private constructor(reasons: Uint8Array, bitmapChunks: ReadonlySet<number>, freed: FreedBytes, count: number) {
    this.#reasons = reasons;
    this.#bitmapChunks = bitmapChunks;
    this.freed = freed;
    this.count = count;
  }

  /** Whether users of the disk see a change when it is given up: what was in free ranges is zeros then. */
  get changesContents(): boolean {
    return this.freed.unused > 0;
  }

  /** How many entries of the BAT change. */
  get entries(): number {
    return this.count + this.#bitmapChunks.size;
  }

  /** Goes through the BAT, and the contents of blocks as far as there are questions about them. */
  static async find(image: VhdxImage, questions: ContentsQuestions, options: SignalOptions): Promise<NeedlessStorage> {
    const { bat, disk } = image;
    const { geometry } = bat;
    const { blockSize, payloadBlocks } = geometry;
    // A fixed disk has storage for all of its blocks.
    const contents = disk.type === 'fixed' ? undefined : new BlockContents(image, questions, options);
    const reasons = new Uint8Array(payloadBlocks);
    const bytes: Record<Reason, number> = { zero: 0, unmapped: 0, unused: 0, parent: 0 };
    const bitmapChunks = new Set<number>();
    let count = 0;
    let partial = 0;
    const give = (block: number, reason: Reason): void => {
      reasons[block] = REASONS.indexOf(reason) + 1;
      bytes[reason] += blockSize;
      count += 1;
    };
    for await (const extents of bat.extents(options)) {
      while (extents.next()) {
        const { kind, number, state } = extents;
        if (kind === 'bitmap') {
          const isKept = disk.hasParent && partial > 0;
          if (state === SectorBitmapState.PRESENT && !isKept) bitmapChunks.add(number);
          partial = 0;
        }
        if (kind !== 'payload') continue;
        for (let step = 0; step < extents.count; step += 1) {
          const block = number + step;
          if (isPresent(state)) {
            const found = await contents?.needless(block * blockSize, geometry.usedLength(block));
            if (found !== undefined) give(block, found);
            else if (state === PayloadState.PARTIALLY_PRESENT) partial += 1;
          } else if (isIndeterminate(state) && extents.fileOffsetMb !== 0) give(block, 'unmapped');
          else break;
        }
      }
      options.signal?.throwIfAborted();
    }
    await contents?.finish();
    const freed = { ...bytes, bitmap: bitmapChunks.size * SECTOR_BITMAP_BLOCK_SIZE };
    return new NeedlessStorage(reasons, bitmapChunks, freed, count);
  }

  /** The state of a payload block when it has given up what is not needed. */
  stateOf(block: number, state: number): number {
    const reason = this.#reasonOf(block);
    return reason === undefined ? state : stateFor(reason, state);
  }

  /** The same of the sector bitmap block of a chunk. */
  bitmapStateOf(chunk: number, state: number): number {
    return this.#bitmapChunks.has(chunk) ? SectorBitmapState.NOT_PRESENT : state;
  }

  #reasonOf(block: number): Reason | undefined {
    return REASONS[(this.#reasons[block] ?? KEPT) - 1];
  }

  /** What lies where in the file, without what is not needed. The numbers of things are those that `changedEntry` takes. */
  async layout({ image, survey }: ChangeSubject, options: SignalOptions): Promise<FileLayout> {
    const { bat, view, disk } = image;
    const { blockSize, payloadBlocks } = bat.geometry;
    const units = Math.ceil(view.size / MIB);
    const firstSmall = FIRST_MOVABLE + payloadBlocks;
    const claimedEnd = Math.max(0, ...survey.owners.extents.map(({ fileOffset, length }) => endMb(fileOffset, length)));
    const layout = new FileLayout(units, { blockUnits: blockSize / MIB, firstSmall, claimedEnd });
    for (const { fileOffset, length } of survey.owners.extents) {
      const first = Math.floor(fileOffset / MIB);
      if (first < units) layout.put(FIXED, first, Math.min(endMb(fileOffset, length), units) - first);
    }
    for await (const extents of bat.extents(options)) {
      while (extents.next()) {
        const { kind, number, state } = extents;
        if (kind === 'payload' && isPresent(state)) {
          for (let step = 0; step < extents.count; step += 1) {
            if (this.#reasons[number + step] !== KEPT) continue;
            layout.put(FIRST_MOVABLE + number + step, extents.placeOf(step), layout.blockUnits);
          }
        } else if (kind === 'bitmap' && state === SectorBitmapState.PRESENT && disk.hasParent) {
          if (!this.#bitmapChunks.has(number)) layout.put(firstSmall + number, extents.fileOffsetMb, 1);
        }
      }
    }
    return layout;
  }

  /** Lets the BAT name the storage no more, a part at a time; what it was is free when this is done. */
  async giveUp(session: ChangeSession, { bitmaps }: Pick<BatSurvey, 'bitmaps'>): Promise<void> {
    const { bat } = session.image;
    const bits = new Map(bitmaps.map(({ chunk, fileOffsetMb }) => [chunk, fileOffsetMb * MIB]));
    let { changesContents } = this;
    let edits = session.edits();
    const commit = async (): Promise<void> => {
      await session.commit(edits, { changesContents });
      changesContents = false;
      edits = session.edits();
    };
    for await (const extents of bat.extents(session.reading)) {
      while (extents.next()) {
        const { kind, number, state, index } = extents;
        if (kind === 'bitmap' && this.#bitmapChunks.has(number)) {
          await edits.write(new Uint8Array(BAT_ENTRY_SIZE), bat.entryOffset(index), session.reading);
        }
        if (kind !== 'payload') continue;
        for (let step = 0; step < extents.count; step += 1) {
          const reason = this.#reasonOf(number + step);
          if (reason === undefined) continue;
          const bytes = entryBytes({ state: stateFor(reason, state), fileOffsetMb: 0 });
          await edits.write(bytes, bat.entryOffset(index + step), session.reading);
          if (state === PayloadState.PARTIALLY_PRESENT) await clearBits(edits, bat.geometry, bits, number + step);
          if (edits.count >= GROUP_SECTORS) await commit();
        }
      }
    }
    if (edits.count > 0) await commit();
    await session.flush();
  }
}

/** The bits of a block that is no longer partially present: they mean nothing, and must not when it is so once more. */
async function clearBits(
  edits: SectorEdits,
  geometry: BatGeometry,
  bitmaps: ReadonlyMap<number, number>,
  block: number,
): Promise<void> {
  const { blockSize, logicalSectorSize, chunkRatio } = geometry;
  const fileOffset = bitmaps.get(Math.floor(block / chunkRatio));
  if (fileOffset === undefined) return;
  const length = blockSize / logicalSectorSize / 8;
  await edits.write(new Uint8Array(length), fileOffset + (block % chunkRatio) * length);
}

/**
 * ZERO is the one state that has every reader return zeros; NOT_PRESENT leaves a block to the parent. A block without
 * defined contents stays one. [MS-VHDX] 2.5.1.1
 */
function stateFor(reason: Reason, state: number): number {
  if (reason === 'parent') return PayloadState.NOT_PRESENT;
  return reason === 'unmapped' ? state : PayloadState.ZERO;
}

/** The bytes of a BAT entry. [MS-VHDX] 2.5.1 */
export function entryBytes(entry: { readonly state: number; readonly fileOffsetMb: number }): Uint8Array {
  const bytes = new Uint8Array(BAT_ENTRY_SIZE);
  new VhdxPayloadBatEntryView(bytes).set(0, entry);
  return bytes;
}

function endMb(fileOffset: number, length: number): number {
  return Math.ceil((fileOffset + length) / MIB);
}
