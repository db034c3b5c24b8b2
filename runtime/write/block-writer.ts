/** Changes of single blocks: storage, states, sector bitmaps. */
import { PayloadState, SectorBitmapState } from '../format/bat-states.js';
import type { BlockEntry } from '../disk/bat-pages.js';
import { isIndeterminate } from '../format/bat-states.js';
import { SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import { allBitsSet } from '../format/sector-bitmap.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import type { Translator } from '../disk/translator.js';
import { MIB } from '../base/units.js';
import { VhdxError } from '../errors/errors.js';
import { BlockLocks } from './block-locks.js';
import type { Commits, MetadataChange } from './commits.js';
import type { FileSpace, Storage } from '../image/file-space.js';
import type { GuardedTarget } from '../io/guarded-target.js';
import type { OperationTracker } from './operation-tracker.js';
import { zeros } from '../io/zeros.js';

/** What is to be written into one block: whole sectors. */
export interface BlockPiece {
  readonly block: number;
  /** Bytes from the start of the block. */
  readonly inBlock: number;
  readonly bytes: Uint8Array;
}

/** What the block writer works on. */
export interface BlockWriterParts {
  readonly target: GuardedTarget;
  readonly translator: Translator;
  readonly hasParent: boolean;
  readonly space: FileSpace;
  readonly commits: Commits;
  readonly operations: OperationTracker;
}

/**
 * A file grows by this part of its length at a time, and by no more than this: each call of the host costs as much as a
 * small write, and closing cuts off what has not been used.
 */
const GROWTH = { part: 1 / 4, mostBytes: 32 * MIB } as const;

/** BAT sectors that a change of one block touches: that of its own entry, and of its sector bitmap's. */
const BAT_SECTORS = 2;

/**
 * Changes what the BAT and the sector bitmaps say of blocks. Payload is written first; only when it is in the file does
 * memory refer to it, and only with the next commit the file does. [MS-VHDX] 2.5.1.1
 */
export class BlockWriter {
  readonly #parts: BlockWriterParts;
  readonly #locks = new BlockLocks();
  /** For sector bitmap blocks, by chunk. */
  readonly #chunkLocks = new BlockLocks();
  #growing: Promise<void> | undefined;

  constructor(parts: BlockWriterParts) {
    this.#parts = parts;
  }

  /** Writes a piece into its block, whatever state that is in. */
  write(piece: BlockPiece, options?: SourceReadOptions): Promise<void> {
    return this.#locks.run(piece.block, () => this.#write(piece, options));
  }

  /** Makes a block of a disk that is not fixed read as zeros for every reader; it loses its storage. */
  clear(block: number, options?: SourceReadOptions): Promise<void> {
    return this.#locks.run(block, () => this.#clear(block, options));
  }

  /** As `clear`, of a block in a state that lets readers return its former contents; one in another state stays as it is. */
  settle(block: number, options?: SourceReadOptions): Promise<void> {
    return this.#locks.run(block, async () => {
      if (isIndeterminate((await this.#entry(block, options)).state)) await this.#clear(block, options);
    });
  }

  async #write(piece: BlockPiece, options?: SourceReadOptions): Promise<void> {
    const { hasParent } = this.#parts;
    const { state, fileOffsetMb } = await this.#entry(piece.block, options);
    if (state === PayloadState.FULLY_PRESENT)
      return this.#writePayload(piece.bytes, fileOffsetMb * MIB + piece.inBlock);
    if (state === PayloadState.PARTIALLY_PRESENT) return this.#writePartial(piece, fileOffsetMb * MIB, options);
    const readsParent = hasParent && state === PayloadState.NOT_PRESENT;
    if (readsParent && !this.#coversBlock(piece)) return this.#beginPartial(piece, options);
    // What an unmapped or undefined block still names is its own; the offsets of the other states mean nothing.
    await this.#beginFull(piece, readsParent, isIndeterminate(state) ? fileOffsetMb : 0, options);
  }

  /** A block without storage, or with another one, becomes fully present; what is not written of it is zeros. */
  async #beginFull(
    piece: BlockPiece,
    readsParent: boolean,
    formerMb: number,
    options?: SourceReadOptions,
  ): Promise<void> {
    const { block } = piece;
    await this.#withStorage(piece, !this.#coversBlock(piece), async (storage) => {
      const entry = { state: PayloadState.FULLY_PRESENT, fileOffsetMb: storage.fileOffset / MIB };
      await this.#change({ block }, options, ({ pages }) => ({
        sectors: [pages.setPayload(block, entry)],
        showsPayload: readsParent || !storage.isNew,
        whenDurable: formerMb === 0 ? undefined : (): void => this.#releaseLater(formerMb),
      }));
    });
  }

  /** A block of the parent's becomes partially present. */
  async #beginPartial(piece: BlockPiece, options?: SourceReadOptions): Promise<void> {
    const { block } = piece;
    const bitmapOffset = await this.#provideBitmap(block, options);
    await this.#withStorage(piece, false, async (storage) => {
      const entry = { state: PayloadState.PARTIALLY_PRESENT, fileOffsetMb: storage.fileOffset / MIB };
      await this.#change({ block, bitmapOffset }, options, ({ bitmaps, pages }) => ({
        sectors: [
          // The block may have been partially present before: its bits count only now.
          ...bitmaps.set(block, this.#allSectors(), false, bitmapOffset),
          ...bitmaps.set(block, this.#sectorsOf(piece), true, bitmapOffset),
          pages.setPayload(block, entry),
        ],
        showsPayload: true,
      }));
    });
  }

  /** More sectors of a partially present block come into this file. */
  async #writePartial(piece: BlockPiece, fileOffset: number, options?: SourceReadOptions): Promise<void> {
    const { block } = piece;
    await this.#writePayload(piece.bytes, fileOffset + piece.inBlock);
    const bitmapOffset = await this.#parts.translator.bitmapOffset(block, options);
    const [first, end] = this.#sectorsOf(piece);
    await this.#change({ block, bitmapOffset }, options, ({ bitmaps, pages }) => {
      if (allBitsSet(bitmaps.bits(block) ?? new Uint8Array(), first, end)) return undefined;
      const whole = { state: PayloadState.FULLY_PRESENT, fileOffsetMb: fileOffset / MIB };
      const sectors = this.#coversBlock(piece)
        ? [pages.setPayload(block, whole)]
        : bitmaps.set(block, [first, end], true, bitmapOffset);
      return { sectors, showsPayload: true };
    });
  }

  /**
   * The state is ZERO, the only one that has every reader return zeros: of an unmapped block it may return the former
   * contents, which readers in the field take from the parent. A block of a disk without a parent that has never been
   * written stays as it is. [MS-VHDX] 2.5.1.1
   */
  async #clear(block: number, options?: SourceReadOptions): Promise<void> {
    const { hasParent, translator } = this.#parts;
    const { state, fileOffsetMb } = await this.#entry(block, options);
    if (state === PayloadState.ZERO || (state === PayloadState.NOT_PRESENT && !hasParent)) return;
    const isPartial = state === PayloadState.PARTIALLY_PRESENT;
    const bitmapOffset = isPartial ? await translator.bitmapOffset(block, options) : undefined;
    const ownsStorage = isPresent(state) || (isIndeterminate(state) && fileOffsetMb !== 0);
    await this.#change({ block, bitmapOffset }, options, ({ bitmaps, pages }) => ({
      sectors: [
        ...(bitmapOffset === undefined ? [] : bitmaps.set(block, this.#allSectors(), false, bitmapOffset)),
        pages.setPayload(block, { state: PayloadState.ZERO, fileOffsetMb: 0 }),
      ],
      showsPayload: false,
      whenDurable: ownsStorage ? (): void => this.#releaseLater(fileOffsetMb) : undefined,
    }));
  }

  /** The BAT entry of a block, loaded if it has to be. */
  async #entry(block: number, options?: SourceReadOptions): Promise<BlockEntry> {
    const { pages } = this.#parts.translator;
    for (;;) {
      const entry = pages.payload(block);
      if (entry !== undefined) return entry;
      await pages.loadPayload(block, options);
    }
  }

  /**
   * Changes the metadata of a block as soon as its BAT entry and, with `bitmapOffset`, its bits are in memory and there is
   * room for the change. `change` runs in the same turn in which that is so, and says what it has done.
   */
  async #change(
    { block, bitmapOffset }: { readonly block: number; readonly bitmapOffset?: number | undefined },
    options: SourceReadOptions | undefined,
    change: (translator: Translator) => MetadataChange | undefined,
  ): Promise<void> {
    const { commits, translator } = this.#parts;
    const { bitmaps, pages } = translator;
    const sectors = BAT_SECTORS + (bitmapOffset === undefined ? 0 : bitmaps.sectorsPerBlock);
    for (;;) {
      if (pages.payload(block) === undefined) await pages.loadPayload(block, options);
      else if (bitmapOffset !== undefined && bitmaps.bits(block) === undefined) {
        await bitmaps.load(block, bitmapOffset, options);
      } else if (!commits.hasRoom(sectors)) await commits.commit();
      else break;
    }
    const changed = change(translator);
    if (changed !== undefined) commits.add(changed);
  }

  /** Where the sector bitmap block of the chunk of `block` lies; makes one if there is none. */
  #provideBitmap(block: number, options?: SourceReadOptions): Promise<number> {
    const { commits, translator } = this.#parts;
    const { pages, geometry } = translator;
    const chunk = Math.floor(block / geometry.chunkRatio);
    return this.#chunkLocks.run(chunk, async () => {
      await pages.loadBitmap(chunk, options);
      if (pages.bitmap(chunk)?.state === SectorBitmapState.PRESENT) return translator.bitmapOffset(block, options);
      return this.#withSpace(SECTOR_BITMAP_BLOCK_SIZE, async (storage) => {
        const { fileOffset, length, isNew } = storage;
        if (!isNew) await this.#writeZeros(fileOffset, length);
        while (pages.bitmap(chunk) === undefined || !commits.hasRoom(1)) {
          await (pages.bitmap(chunk) === undefined ? pages.loadBitmap(chunk, options) : commits.commit());
        }
        const entry = { state: SectorBitmapState.PRESENT, fileOffsetMb: fileOffset / MIB };
        commits.add({ sectors: [pages.setBitmap(chunk, entry)], showsPayload: !isNew });
        return fileOffset;
      });
    });
  }

  /** Takes storage for a block, writes a piece into it and, with `isWhole`, zeros around that, for `use` to refer to. */
  #withStorage(
    { inBlock, bytes }: BlockPiece,
    isWhole: boolean,
    use: (storage: Storage) => Promise<void>,
  ): Promise<void> {
    return this.#withSpace(this.#parts.translator.geometry.blockSize, async (storage) => {
      const { fileOffset, length, isNew } = storage;
      if (isWhole && !isNew) {
        const end = inBlock + bytes.length;
        await this.#writeZeros(fileOffset, inBlock);
        await this.#writeZeros(fileOffset + end, length - end);
      }
      await this.#writePayload(bytes, fileOffset + inBlock);
      await use(storage);
    });
  }

  /** Takes space of the file, which is given back if `use` fails: it has not let anything refer to it then. */
  async #withSpace<T>(length: number, use: (storage: Storage) => Promise<T>): Promise<T> {
    const storage = this.#parts.space.take(length);
    try {
      await this.#extendTo(storage);
      return await use(storage);
    } catch (error) {
      this.#parts.space.release(storage);
      throw error;
    }
  }

  async #writePayload(bytes: Uint8Array, fileOffset: number): Promise<void> {
    await this.#parts.target.writePayload(bytes, fileOffset);
    this.#parts.commits.payloadWritten();
  }

  async #writeZeros(fileOffset: number, length: number): Promise<void> {
    const { target, commits } = this.#parts;
    for (const { bytes, offset } of zeros(fileOffset, fileOffset + length)) await target.writePayload(bytes, offset);
    if (length > 0) commits.payloadWritten();
  }

  /** Makes the file long enough. One call at a time, so that none makes it shorter again. */
  async #extendTo({ fileOffset, length }: Storage): Promise<void> {
    while (this.#parts.target.size < fileOffset + length) {
      this.#growing ??= this.#grow().finally(() => {
        this.#growing = undefined;
      });
      await this.#growing;
    }
  }

  /** Makes the file longer than it has to be by now, or just as long if the host has no room for more. */
  async #grow(): Promise<void> {
    const { target, space } = this.#parts;
    const { end } = space;
    const ahead = Math.min(end * GROWTH.part, GROWTH.mostBytes);
    try {
      await target.extend(end + ahead - (ahead % MIB));
    } catch (error) {
      if (!(error instanceof VhdxError && error.code === 'VHDX_TARGET_FULL') || ahead < MIB) throw error;
      await target.extend(space.end);
    }
  }

  /** Lets go of a block's storage, to which the file does not refer any more, once nobody reads or writes there. */
  #releaseLater(fileOffsetMb: number): void {
    const { space, operations, translator } = this.#parts;
    const storage = { fileOffset: fileOffsetMb * MIB, length: translator.geometry.blockSize };
    operations.afterCurrent(() => space.release(storage));
  }

  /** Whether a piece is all that the disk has in its block. */
  #coversBlock({ block, inBlock, bytes }: BlockPiece): boolean {
    return inBlock === 0 && bytes.length >= this.#parts.translator.geometry.usedLength(block);
  }

  /** All sectors of a block, as [first, end). */
  #allSectors(): readonly [number, number] {
    const { blockSize, logicalSectorSize } = this.#parts.translator.geometry;
    return [0, blockSize / logicalSectorSize];
  }

  /** The sectors of its block that a piece fills, as [first, end). */
  #sectorsOf({ inBlock, bytes }: BlockPiece): readonly [number, number] {
    const { logicalSectorSize } = this.#parts.translator.geometry;
    return [inBlock / logicalSectorSize, (inBlock + bytes.length) / logicalSectorSize];
  }
}

function isPresent(state: number): boolean {
  return state === PayloadState.FULLY_PRESENT || state === PayloadState.PARTIALLY_PRESENT;
}
