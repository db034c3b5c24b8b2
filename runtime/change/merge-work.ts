/** The work of a merge: blocks written to the parent, group by group. */
import { VhdxPayloadBatEntryView, VhdxSectorBitmapBatEntryView } from '../../generated/index.js';
import { BAT_ENTRY_SIZE, LIMITS, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { MIB } from '../base/units.js';
import type { VhdxDisk } from '../disk/disk.js';
import type { Bat } from '../format/bat.js';
import type { BatGeometry } from '../format/bat-geometry.js';
import { PayloadState, SectorBitmapState } from '../format/bat-states.js';
import { setBits } from '../format/sector-bitmap.js';
import type { FileSpace, Storage } from '../image/file-space.js';
import type { VhdxImage } from '../image/open.js';
import { readExactly, readInto } from '../io/byte-source.js';
import { Copier, type Copy } from './copies.js';
import { byBlock, type Origin, type SuppliedRun, suppliedRuns } from './merge-supply.js';
import { type BlockMerge, mergeBlock, type ParentBlock } from './merge-block.js';
import { entryBytes } from './needless-storage.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

/** Bytes that are written before the BAT says so, and sectors of BAT and bitmaps that are changed at once. */
const BATCH_BYTES = 128 * MIB;
const GROUP_SECTORS = 80;

/** The image that children are merged into, with the size that it gets. */
export interface MergeTarget {
  readonly image: VhdxImage;
  readonly geometry: BatGeometry;
}

/** A block of the parent and what is done with it. */
export interface MergedBlock {
  readonly block: number;
  readonly parent: ParentBlock;
  readonly runs: readonly SuppliedRun[];
  readonly merge: BlockMerge;
}

const PAGE_ENTRIES = LIMITS.readChunkBytes / BAT_ENTRY_SIZE / 16;

/** Entries of a BAT, asked for in ascending order, each before it is changed. */
class EntryReader {
  readonly #bat: Bat;
  readonly #options: SignalOptions;
  #first = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(bat: Bat, options: SignalOptions) {
    this.#bat = bat;
    this.#options = options;
  }

  async payload(block: number): Promise<{ readonly state: number; readonly fileOffsetMb: number }> {
    const index = this.#bat.geometry.payloadIndex(block);
    if (index < this.#first || index >= this.#first + this.#bytes.length / BAT_ENTRY_SIZE) {
      const count = Math.min(PAGE_ENTRIES, this.#bat.geometry.entries - index);
      this.#bytes = await this.#bat.readEntries(index, count, this.#options);
      this.#first = index;
    }
    const view = new VhdxPayloadBatEntryView(this.#bytes);
    return { state: view.state(index - this.#first), fileOffsetMb: view.fileOffsetMb(index - this.#first) };
  }
}

/** The blocks of the parent for which `levels` supply something, in ascending order. */
export async function* mergedBlocks(
  { image, geometry }: MergeTarget,
  levels: readonly VhdxDisk[],
  options: SignalOptions,
): AsyncGenerator<MergedBlock> {
  const { bat, disk } = image;
  const entries = new EntryReader(bat, options);
  const size = Math.min(levels[0]?.size ?? 0, geometry.virtualSize);
  const isFixed = disk.type === 'fixed';
  // Blocks that the parent gets when it grows: a fixed disk has storage for them by then.
  const grown = { state: isFixed ? PayloadState.FULLY_PRESENT : PayloadState.NOT_PRESENT, fileOffsetMb: 0 };
  for await (const { block, runs } of byBlock(suppliedRuns(levels, 0, size, options), geometry.blockSize)) {
    options.signal?.throwIfAborted();
    const entry = block < bat.geometry.payloadBlocks ? await entries.payload(block) : grown;
    const parent = { ...entry, usedLength: geometry.usedLength(block), hasParent: disk.hasParent, isFixed };
    yield { block, parent, runs, merge: mergeBlock(parent, runs) };
  }
}

/** Bytes that are written for a block; with `isNew`, in storage that reads as zeros already. */
export function bytesFor({ runs, merge }: MergedBlock, blockSize: number, isNew: boolean): number {
  if (merge.writes === 'nothing') return 0;
  const supplied = runs.filter(({ origin }) => !(isNew && origin === undefined));
  if (merge.writes === 'new' && merge.fillsGaps && !isNew) return blockSize;
  return supplied.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Whether the bits of a block have to be somewhere. */
export function needsBitmap({ merge }: MergedBlock): boolean {
  return merge.bits === 'add' || merge.bits === 'replace';
}

/** A copy from a child; of zeros, if no origin is given. */
interface MergeCopy extends Copy {
  readonly origin?: Origin;
}

/** What lies between the runs of a block, and behind them. */
function* gapsOf(runs: readonly SuppliedRun[], blockSize: number): Generator<readonly [number, number]> {
  let at = 0;
  for (const { start, end } of runs) {
    if (start > at) yield [at, start];
    at = end;
  }
  if (at < blockSize) yield [at, blockSize];
}

/** Writes what children supply into the image of a session, a batch at a time. */
export class Merger {
  readonly #session: ChangeSession;
  readonly #image: VhdxImage;
  /** Where the sector bitmap blocks lie, by chunk, in bytes. */
  readonly #bitmaps = new Map<number, number>();
  readonly #copier = new Copier();
  #copies: MergeCopy[] = [];
  #edits: SectorEdits;
  #bytes = 0;

  /** `image`: that of the session as it is now. */
  constructor(session: ChangeSession, image: VhdxImage) {
    this.#session = session;
    this.#image = image;
    this.#edits = session.edits();
  }

  get #space(): FileSpace {
    return this.#session.space;
  }

  /** What `levels` supply is in the image, on stable storage, when this is done. */
  async merge(levels: readonly VhdxDisk[]): Promise<void> {
    const target = { image: this.#image, geometry: this.#image.bat.geometry };
    for await (const merged of mergedBlocks(target, levels, this.#session.reading)) {
      await this.#add(merged);
      if (this.#bytes >= BATCH_BYTES || this.#edits.count >= GROUP_SECTORS) await this.#write();
    }
    await this.#write();
    await this.#session.flush();
  }

  async #add(merged: MergedBlock): Promise<void> {
    const { block, parent, runs, merge } = merged;
    const { bat } = this.#image;
    const { blockSize } = bat.geometry;
    const storage = merge.writes === 'new' ? this.#space.take(blockSize) : undefined;
    const fileOffset = storage?.fileOffset ?? parent.fileOffsetMb * MIB;
    if (merge.writes !== 'nothing') this.#addCopies(runs, fileOffset, storage);
    if (storage !== undefined && !storage.isNew && merge.fillsGaps) {
      for (const [start, end] of gapsOf(runs, blockSize)) {
        this.#copies.push({ from: 0, to: fileOffset + start, length: end - start });
      }
    }
    this.#bytes += bytesFor(merged, blockSize, storage?.isNew ?? false);
    if (merge.bits !== 'none') await this.#changeBits(merged);
    if (merge.state === undefined) return;
    const hasStorage = merge.state !== PayloadState.ZERO;
    const entry = entryBytes({ state: merge.state, fileOffsetMb: hasStorage ? fileOffset / MIB : 0 });
    await this.#edits.write(entry, bat.entryOffset(bat.geometry.payloadIndex(block)), this.#session.reading);
  }

  #addCopies(runs: readonly SuppliedRun[], fileOffset: number, storage: Storage | undefined): void {
    for (const { start, end, origin } of runs) {
      const place = { to: fileOffset + start, length: end - start };
      if (origin !== undefined) this.#copies.push({ ...place, from: origin.fileOffset, origin });
      else if (storage?.isNew !== true) this.#copies.push({ ...place, from: 0 });
    }
  }

  async #changeBits({ block, runs, merge: { bits } }: MergedBlock): Promise<void> {
    const { reading, target } = this.#session;
    const { blockSize, logicalSectorSize, chunkRatio } = this.#image.bat.geometry;
    const chunk = Math.floor(block / chunkRatio);
    const length = blockSize / logicalSectorSize / 8;
    const fileOffset = (await this.#provideBitmap(chunk, bits !== 'clear')) + (block % chunkRatio) * length;
    const bytes = bits === 'add' ? await readExactly(target, fileOffset, length, reading) : new Uint8Array(length);
    if (bits !== 'clear') {
      for (const { start, end } of runs) setBits(bytes, start / logicalSectorSize, end / logicalSectorSize, true);
    }
    await this.#edits.write(bytes, fileOffset, reading);
  }

  /** Where the sector bitmap block of a chunk lies; with `makes`, one is made if there is none. */
  async #provideBitmap(chunk: number, makes: boolean): Promise<number> {
    const known = this.#bitmaps.get(chunk);
    if (known !== undefined) return known;
    const { bat } = this.#image;
    const index = bat.geometry.sectorBitmapIndex(chunk);
    const entry = new VhdxSectorBitmapBatEntryView(await bat.readEntries(index, 1, this.#session.reading));
    let fileOffset = entry.fileOffsetMb(0) * MIB;
    if (entry.state(0) !== SectorBitmapState.PRESENT && makes) {
      const storage = this.#space.take(SECTOR_BITMAP_BLOCK_SIZE);
      ({ fileOffset } = storage);
      await this.#session.extend();
      if (!storage.isNew) await this.#session.writeZeros(fileOffset, SECTOR_BITMAP_BLOCK_SIZE);
      const bytes = entryBytes({ state: SectorBitmapState.PRESENT, fileOffsetMb: fileOffset / MIB });
      await this.#edits.write(bytes, bat.entryOffset(index), this.#session.reading);
    }
    this.#bitmaps.set(chunk, fileOffset);
    return fileOffset;
  }

  async #write(): Promise<void> {
    const copies = this.#copies;
    this.#copies = [];
    this.#bytes = 0;
    if (copies.length > 0) {
      await this.#session.extend();
      await this.#copier.copy(copies, (piece, buffer) => this.#copyPiece(piece, buffer));
    }
    if (this.#edits.count === 0) return;
    await this.#session.commit(this.#edits);
    await this.#session.flush();
    this.#edits = this.#session.edits();
  }

  async #copyPiece({ from, to, length, origin }: MergeCopy, buffer: Uint8Array): Promise<void> {
    if (origin === undefined) return this.#session.writeZeros(to, length);
    await readInto(origin.view, buffer, from, this.#session.reading);
    await this.#session.writePayload(buffer, to);
  }
}
