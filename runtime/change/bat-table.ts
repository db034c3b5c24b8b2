/** The BAT of a resized disk: kept in its place, or written to new storage. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { bytesEqual, isZero } from '../base/bytes.js';
import { BAT_ENTRY_SIZE, LIMITS, LOG_SECTOR_SIZE } from '../base/limits.js';
import { MIB, roundUp } from '../base/units.js';
import { WRITTEN_WHOLE } from '../create/create.js';
import type { Bat } from '../format/bat.js';
import type { BatGeometry } from '../format/bat-geometry.js';
import { PayloadState } from '../format/bat-states.js';
import { readExactly, type SourceReadOptions } from '../io/byte-source.js';
import type { Storage } from '../image/file-space.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

/** Storage that blocks get, one behind the other from block `first` on. */
export interface NewStorage {
  readonly first: number;
  readonly count: number;
  readonly fileOffset: number;
}

/** The BAT of a disk that gets another size: the entries of blocks that stay, zeros, and those of blocks with storage. */
export class ResizedBat {
  readonly geometry: BatGeometry;
  readonly #old: Bat;
  readonly #storage: NewStorage | undefined;
  /** Entries up to here stay as they are. */
  readonly #keptEnd: number;
  /** The entry of the last sector bitmap block, which is not among those, or -1. */
  readonly #keptBitmap: number;

  constructor(old: Bat, geometry: BatGeometry, hasParent: boolean, storage?: NewStorage) {
    this.#old = old;
    this.geometry = geometry;
    this.#storage = storage;
    const blocks = Math.min(old.geometry.payloadBlocks, geometry.payloadBlocks);
    this.#keptEnd = blocks === 0 ? 0 : geometry.payloadIndex(blocks - 1) + 1;
    const lastChunk = Math.floor((blocks - 1) / geometry.chunkRatio);
    this.#keptBitmap = hasParent && blocks > 0 ? geometry.sectorBitmapIndex(lastChunk) : -1;
  }

  /** Entries that count both before and after: those of the smaller disk. */
  get commonEntries(): number {
    return Math.min(this.#old.geometry.entries, this.geometry.entries);
  }

  /** First entry that may become another one, at the start of a 4 KiB sector of the table. */
  get firstChanged(): number {
    const perSector = LOG_SECTOR_SIZE / BAT_ENTRY_SIZE;
    return Math.floor(this.#keptEnd / perSector) * perSector;
  }

  /** The bytes of `count` entries from `index` on. */
  async read(index: number, count: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const bytes = new Uint8Array(count * BAT_ENTRY_SIZE);
    const copy = async (first: number, end: number): Promise<void> => {
      const [from, to] = [Math.max(first, index), Math.min(end, index + count)];
      if (from < to) bytes.set(await this.#old.readEntries(from, to - from, options), (from - index) * BAT_ENTRY_SIZE);
    };
    await copy(0, this.#keptEnd);
    if (this.#keptBitmap >= this.#keptEnd) await copy(this.#keptBitmap, this.#keptBitmap + 1);
    this.#fillStorage(bytes, index, count);
    return bytes;
  }

  #fillStorage(bytes: Uint8Array, index: number, count: number): void {
    if (this.#storage === undefined) return;
    const { first, count: blocks, fileOffset } = this.#storage;
    const view = new VhdxPayloadBatEntryView(bytes);
    const { geometry } = this;
    const from = Math.max(index, geometry.payloadIndex(first));
    for (let at = from; at < index + count; at += 1) {
      const { kind, number } = geometry.entryAt(at);
      if (number >= first + blocks) break;
      if (kind === 'bitmap') continue;
      const fileOffsetMb = (fileOffset + (number - first) * geometry.blockSize) / MIB;
      view.set(at - index, { state: PayloadState.FULLY_PRESENT, fileOffsetMb });
    }
  }
}

const PER_STEP = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;

/** Writes the whole table into space that has been taken for it. */
export async function writeTable(session: ChangeSession, table: ResizedBat, storage: Storage): Promise<void> {
  const entries = storage.length / BAT_ENTRY_SIZE;
  for (let index = 0; index < entries; index += PER_STEP) {
    const bytes = await table.read(index, Math.min(PER_STEP, entries - index), session.reading);
    // Behind the end of the file there are zeros already.
    if (storage.isNew && storage.length > WRITTEN_WHOLE && isZero(bytes)) continue;
    await session.writePayload(bytes, storage.fileOffset + index * BAT_ENTRY_SIZE);
  }
}

/**
 * Changes the table where it is. Sectors of entries that count before and after go to `edits`, as part of a group; the
 * others, which count only for the larger of the two disks, are written at once: to be called so before the group that
 * makes a disk larger, and behind the one that makes it smaller, with what is to be done.
 */
export async function rewriteTable(
  session: ChangeSession,
  table: ResizedBat,
  region: { readonly fileOffset: number; readonly length: number },
  oldEntries: number,
  edits: SectorEdits | undefined,
  others: 'write' | 'leave',
): Promise<void> {
  const perSector = LOG_SECTOR_SIZE / BAT_ENTRY_SIZE;
  const most = region.length / BAT_ENTRY_SIZE;
  const end = Math.min(most, roundUp(Math.max(oldEntries, table.geometry.entries), perSector));
  const first = edits === undefined ? roundUp(table.commonEntries, perSector) : table.firstChanged;
  for (let index = first; index < end; index += PER_STEP) {
    const count = Math.min(PER_STEP, end - index);
    const [after, before] = [
      await table.read(index, count, session.reading),
      await readExactly(
        session.target,
        region.fileOffset + index * BAT_ENTRY_SIZE,
        count * BAT_ENTRY_SIZE,
        session.reading,
      ),
    ];
    for (let at = 0; at < after.length; at += LOG_SECTOR_SIZE) {
      const sector = after.subarray(at, at + LOG_SECTOR_SIZE);
      if (bytesEqual(sector, before.subarray(at, at + LOG_SECTOR_SIZE))) continue;
      const fileOffset = region.fileOffset + index * BAT_ENTRY_SIZE + at;
      if (index + at / BAT_ENTRY_SIZE < table.commonEntries) await edits?.write(sector, fileOffset, session.reading);
      else if (others === 'write') await session.writePayload(sector, fileOffset);
    }
  }
}
