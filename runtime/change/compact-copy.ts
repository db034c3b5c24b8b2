/** A copy of an image without the storage that it does not need. */
import { VhdxGuid, VhdxPayloadBatEntryView, VhdxRegionTable, VhdxRegionTableEntry } from '../../generated/index.js';
import { InternalError } from '../errors/internal-error.js';
import { parseGuid } from '../base/guid.js';
import {
  BAT_ENTRY_SIZE,
  HEADER_SECTION_SIZE,
  HEADER_SLOT_SIZE,
  LIMITS,
  REGION_TABLE_OFFSETS,
  SECTOR_BITMAP_BLOCK_SIZE,
} from '../base/limits.js';
import { randomGuid } from '../base/random-guid.js';
import { MIB } from '../base/units.js';
import { type Area, end, headerPieces } from '../create/layout.js';
import { isPresent, SectorBitmapState } from '../format/bat-states.js';
import type { VhdxImage } from '../image/open.js';
import { readAvailable, readChunks, readExactly } from '../io/byte-source.js';
import type { ByteTarget, Piece } from '../io/byte-target.js';
import { zeros } from '../io/zeros.js';
import { type Copy, copyInPieces } from './copies.js';
import { FIXED, FREE, FileLayout } from './file-layout.js';
import type { NeedlessStorage } from './needless-storage.js';
import type { ApplyOptions } from './plan.js';

/** Gives out the places of a new file, from its start on; what is fixed is passed over. */
class Places {
  readonly #layout = new FileLayout(0, { blockUnits: 1, firstSmall: 0 });
  readonly #next = new Map<number, number>();

  fix({ offset, length }: Area): void {
    const first = Math.floor(offset / MIB);
    this.#layout.put(FIXED, first, Math.ceil((offset + length) / MIB) - first);
  }

  /** The lowest place with room for `length` bytes, whole MiB. */
  take(length: number): Area {
    const units = length / MIB;
    let first = this.#next.get(units) ?? 0;
    let unit = first;
    while (unit < first + units) {
      if (this.#layout.at(unit) !== FREE) first = unit + 1;
      unit += 1;
    }
    this.#layout.put(FIXED, first, units);
    this.#next.set(units, first + units);
    return { offset: first * MIB, length };
  }

  /** Bytes of the file. */
  get end(): number {
    return this.#layout.end * MIB;
  }
}

/** Where everything of a copy is but its blocks. */
interface CopyLayout {
  readonly places: Places;
  readonly log: Area;
  /** The places of the regions, in the order of the table. */
  readonly regions: readonly Area[];
  readonly bat: Area;
}

/** What is not understood stays where it is: it may say where. [MS-VHDX] 2.2.3 */
function layoutOf({ regions: { regions }, log }: VhdxImage): CopyLayout {
  const places = new Places();
  places.fix({ offset: 0, length: HEADER_SECTION_SIZE });
  for (const { name, fileOffset, length } of regions) {
    if (name === 'unknown') places.fix({ offset: fileOffset, length });
  }
  const logArea = places.take(log.place?.length ?? MIB);
  const areas = regions.map(({ name, fileOffset, length }) =>
    name === 'unknown' ? { offset: fileOffset, length } : places.take(length),
  );
  const bat = areas[regions.findIndex(({ name }) => name === 'bat')];
  if (bat === undefined) throw new InternalError('the image has no BAT region, but no finding says so');
  return { places, log: logArea, regions: areas, bat };
}

/**
 * Copies an image into `target`, which is empty, without the storage that is not needed: the blocks in the order of the
 * disk, one behind the other, structures in front of them. All identifiers but FileWriteGuid stay, so that the copy can
 * be put in the place of the image; DataWriteGuid is a new one if users of the disk see a change (2.2.2). What says that
 * the file is a VHDX is written last; nothing is flushed. Calls at once write to different places.
 */
export async function copyWithout(
  image: VhdxImage,
  needless: NeedlessStorage,
  target: ByteTarget,
  options: ApplyOptions,
): Promise<void> {
  const layout = layoutOf(image);
  await copyRegions(image, layout, target, options);
  await copyBlocks(image, needless, layout, target, options);
  // The last block may have been incomplete.
  await target.truncate(layout.places.end);
  for (const { bytes, offset } of structuresOf(image, needless, layout, options)) await target.write(bytes, offset);
  await target.write(await readExactly(image.view, 0, HEADER_SLOT_SIZE, options), 0);
}

/** All regions but the BAT, and zeros for the log: a new file has no holes (decision 0005). */
async function copyRegions(
  { regions: { regions }, view }: VhdxImage,
  layout: CopyLayout,
  target: ByteTarget,
  options: ApplyOptions,
): Promise<void> {
  for (const area of [{ offset: 0, length: HEADER_SECTION_SIZE }, layout.log]) {
    for (const { bytes, offset } of zeros(area.offset, end(area))) await target.write(bytes, offset);
  }
  for (const [index, { name, fileOffset, length }] of regions.entries()) {
    const offset = layout.regions[index]?.offset ?? fileOffset;
    if (name === 'bat') continue;
    const there = Math.min(fileOffset + length, view.size);
    for await (const { bytes, position } of readChunks(view, fileOffset, there, MIB, options)) {
      await target.write(bytes, offset + position - fileOffset);
    }
  }
}

/** Goes through the BAT in its order: each MiB of it is written when the blocks that it names are. */
async function copyBlocks(
  image: VhdxImage,
  needless: NeedlessStorage,
  { places, bat: area }: CopyLayout,
  target: ByteTarget,
  options: ApplyOptions,
): Promise<void> {
  const { bat, disk } = image;
  const { geometry } = bat;
  const perRead = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;
  let done = 0;
  // The last block of a file may be incomplete: what it lacks is zeros, which the new file has there.
  const copyPiece = async ({ from, to, length }: Copy): Promise<void> => {
    options.signal?.throwIfAborted();
    await target.write(await readAvailable(image.view, from, length, options), to);
    done += length;
    options.onProgress?.(done);
  };
  let written = 0;
  for (let first = 0; first < geometry.entries; first += perRead) {
    options.signal?.throwIfAborted();
    const count = Math.min(perRead, geometry.entries - first);
    const bytes = await bat.readEntries(first, count, options);
    const entries = new VhdxPayloadBatEntryView(bytes);
    const copies: Copy[] = [];
    for (let at = 0; at < count; at += 1) {
      const { kind, number } = geometry.entryAt(first + at);
      const state = entries.state(at);
      const from = entries.fileOffsetMb(at) * MIB;
      if (kind === 'payload' ? number >= geometry.payloadBlocks : !disk.hasParent) {
        entries.set(at, { state: 0, fileOffsetMb: 0 });
        continue;
      }
      const kept = kind === 'payload' ? needless.stateOf(number, state) : needless.bitmapStateOf(number, state);
      const isStored = kind === 'payload' ? isPresent(kept) : kept === SectorBitmapState.PRESENT;
      const length = kind === 'payload' ? geometry.blockSize : SECTOR_BITMAP_BLOCK_SIZE;
      const to = isStored ? places.take(length).offset : 0;
      if (isStored) copies.push({ from, to, length });
      entries.set(at, { state: kept, fileOffsetMb: to / MIB });
    }
    await copyInPieces(copies, copyPiece);
    written += bytes.length;
    await target.write(bytes, area.offset + first * BAT_ENTRY_SIZE);
  }
  for (const { bytes, offset } of zeros(area.offset + written, end(area))) await target.write(bytes, offset);
}

/** Both headers and both copies of the region table. [MS-VHDX] 2.2.2, 2.2.3 */
function structuresOf(
  { header: { header }, regions: { regions } }: VhdxImage,
  { changesContents }: NeedlessStorage,
  layout: CopyLayout,
  { fileWriteGuid, dataWriteGuid }: ApplyOptions,
): Piece[] {
  const random = (text: string | undefined): ReturnType<typeof randomGuid> =>
    text === undefined ? randomGuid() : parseGuid(text);
  const entries = regions.map(({ guid, length, required }, index) =>
    VhdxRegionTableEntry.create({
      guid: VhdxGuid.create(parseGuid(guid)),
      fileOffset: BigInt(layout.regions[index]?.offset ?? 0),
      length,
      required,
    }),
  );
  const table = VhdxRegionTable.create({ entries }).toBytes();
  return [
    ...headerPieces(layout, {
      fileWriteGuid: random(fileWriteGuid),
      dataWriteGuid: changesContents ? random(dataWriteGuid) : header.dataWriteGuid,
    }),
    ...REGION_TABLE_OFFSETS.map((offset) => ({ offset, bytes: table })),
  ];
}
