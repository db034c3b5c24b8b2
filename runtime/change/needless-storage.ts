/** Finds storage that can be given up, by reason, and gives it up. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { BAT_ENTRY_SIZE } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { MIB } from '../base/units.js';
import type { BatGeometry } from '../format/bat-geometry.js';
import { isPresent, PayloadState, SectorBitmapState } from '../format/bat-states.js';
import type { BatSurvey } from '../image/bat-survey.js';
import type { VhdxImage } from '../image/open.js';
import type { ContentsQuestions } from './block-contents.js';
import { FileLayout, FIRST_MOVABLE, FIXED } from './file-layout.js';
import type { ChangeSubject } from './operation.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';
import { movableStructures } from './structures.js';
import {
  type FreedBytes,
  freesContents,
  hasStorage,
  type Reason,
  REASONS,
  stateWithout,
  StorageJudge,
} from './storage-judge.js';

/** Why a block is given up, in a byte for each: 0, or the place in `REASONS` from 1 on. */
const KEPT = 0;

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
    return freesContents(this.freed);
  }

  /** How many entries of the BAT change. */
  get entries(): number {
    return this.count + this.#bitmapChunks.size;
  }

  /** Goes through the BAT, and the contents of blocks as far as there are questions about them. */
  static async find(image: VhdxImage, questions: ContentsQuestions, options: SignalOptions): Promise<NeedlessStorage> {
    const judge = new StorageJudge(image, questions, options);
    const reasons = new Uint8Array(image.bat.geometry.payloadBlocks);
    const bitmapChunks = new Set<number>();
    for await (const extents of image.bat.extents(options)) {
      while (extents.next()) {
        const { kind, number, state } = extents;
        if (kind === 'bitmap' && judge.bitmap(state)) bitmapChunks.add(number);
        if (kind !== 'payload' || !hasStorage(state, extents.fileOffsetMb)) continue;
        for (let step = 0; step < extents.count; step += 1) {
          const reason = await judge.payload(number + step, state, extents.placeOf(step));
          if (reason !== undefined) reasons[number + step] = REASONS.indexOf(reason) + 1;
        }
      }
      options.signal?.throwIfAborted();
    }
    await judge.finish();
    return new NeedlessStorage(reasons, bitmapChunks, judge.freed, judge.count);
  }

  /** What lies where in the file, without what is not needed. The numbers of things are those that `moveBlocks` takes. */
  async layout({ image, survey }: ChangeSubject, options: SignalOptions): Promise<FileLayout> {
    const { bat, view, disk } = image;
    const { blockSize, payloadBlocks, chunkRatio } = bat.geometry;
    const units = Math.ceil(view.size / MIB);
    const firstSmall = FIRST_MOVABLE + payloadBlocks;
    const firstStructure = firstSmall + Math.ceil(payloadBlocks / chunkRatio);
    const structures = movableStructures(image);
    const structureUnits = structures.map(({ length }) => length / MIB);
    const ends = survey.owners.extents.map(({ fileOffset, length }) => endMb(fileOffset, length));
    const claimedEnd = Math.max(0, ...ends.filter((end) => end > units));
    const sizes = { blockUnits: blockSize / MIB, firstSmall, firstStructure, structureUnits, claimedEnd };
    const layout = new FileLayout(units, sizes);
    for (const { fileOffset, length } of survey.owners.extents) {
      const first = Math.floor(fileOffset / MIB);
      if (first < units) layout.put(FIXED, first, Math.min(endMb(fileOffset, length), units) - first);
    }
    for (const [index, { fileOffset, length }] of structures.entries()) {
      layout.put(firstStructure + index, fileOffset / MIB, length / MIB);
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
          const bytes = entryBytes({ state: stateWithout(reason, state), fileOffsetMb: 0 });
          await edits.write(bytes, bat.entryOffset(index + step), session.reading);
          if (state === PayloadState.PARTIALLY_PRESENT) await clearBits(edits, bat.geometry, bits, number + step);
          if (edits.count >= GROUP_SECTORS) await commit();
        }
      }
    }
    if (edits.count > 0) await commit();
    await session.flush();
  }

  #reasonOf(block: number): Reason | undefined {
    return REASONS[(this.#reasons[block] ?? KEPT) - 1];
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

/** The bytes of a BAT entry. [MS-VHDX] 2.5.1 */
export function entryBytes(entry: { readonly state: number; readonly fileOffsetMb: number }): Uint8Array {
  const bytes = new Uint8Array(BAT_ENTRY_SIZE);
  new VhdxPayloadBatEntryView(bytes).set(0, entry);
  return bytes;
}

function endMb(fileOffset: number, length: number): number {
  return Math.ceil((fileOffset + length) / MIB);
}
