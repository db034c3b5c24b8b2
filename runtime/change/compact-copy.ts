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
import { MIB, roundUp } from '../base/units.js';
import { type Area, end as areaEnd, headerPieces } from '../create/layout.js';
import { isPresent, SectorBitmapState } from '../format/bat-states.js';
import type { VhdxImage } from '../image/open.js';
import { readChunks, readExactly, readPadded } from '../io/byte-source.js';
import type { ByteTarget, Piece } from '../io/byte-target.js';
import { zeros } from '../io/zeros.js';
import type { ContentsQuestions } from './block-contents.js';
import { Copier, type Copy } from './copies.js';
import { FIXED, FREE, FileLayout } from './file-layout.js';
import type { ApplyOptions } from './plan.js';
import { freesContents, type FreedBytes, hasStorage, stateWithout, StorageJudge } from './storage-judge.js';

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

function layoutOf({ regions: { regions }, log }: VhdxImage): CopyLayout {
  const places = new Places();
  places.fix({ offset: 0, length: HEADER_SECTION_SIZE });
  const logArea = places.take(log.place?.length ?? MIB);
  const areas = regions.map(({ length }) => places.take(roundUp(length, MIB)));
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
  questions: ContentsQuestions,
  target: ByteTarget,
  options: ApplyOptions,
): Promise<FreedBytes> {
  const layout = layoutOf(image);
  await copyRegions(image, layout, target, options);
  const judge = new StorageJudge(image, questions, options);
  await copyBlocks(image, judge, layout, target, options);
  // The last block may have been incomplete.
  await target.truncate(layout.places.end);
  const { freed } = judge;
  for (const { bytes, offset } of structuresOf(image, freed, layout, options)) await target.write(bytes, offset);
  await target.write(await readExactly(image.view, 0, HEADER_SLOT_SIZE, options), 0);
  return freed;
}

/** All regions but the BAT, and zeros for the log: a new file has no holes (decision 0005). */
async function copyRegions(
  { regions: { regions }, view }: VhdxImage,
  layout: CopyLayout,
  target: ByteTarget,
  options: ApplyOptions,
): Promise<void> {
  for (const area of [{ offset: 0, length: HEADER_SECTION_SIZE }, layout.log]) {
    for (const { bytes, offset } of zeros(area.offset, areaEnd(area))) await target.write(bytes, offset);
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

/** Goes through the BAT in its order, and looks at each block right before it is copied. */
async function copyBlocks(
  image: VhdxImage,
  judge: StorageJudge,
  layout: CopyLayout,
  target: ByteTarget,
  options: ApplyOptions,
): Promise<void> {
  const { bat } = image;
  const { entries } = bat.geometry;
  const perRead = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;
  const copier = new Copier();
  let done = 0;
  const copyPiece = async ({ from, to, length }: Copy, buffer: Uint8Array): Promise<void> => {
    options.signal?.throwIfAborted();
    // The last block of a file may be incomplete: what it lacks is zeros.
    await readPadded(image.view, buffer, from, options);
    await target.write(buffer, to);
    done += length;
    options.onProgress?.(done);
  };
  let end = layout.bat.offset;
  for (let first = 0; first < entries; first += perRead) {
    options.signal?.throwIfAborted();
    const bytes = await bat.readEntries(first, Math.min(perRead, entries - first), options);
    await copier.copy(placeEntries(image, judge, layout.places, first, bytes), copyPiece);
    await target.write(bytes, end);
    end += bytes.length;
  }
  await judge.finish();
  for (const { bytes, offset } of zeros(end, areaEnd(layout.bat))) await target.write(bytes, offset);
}

/** Turns entries of the BAT, from entry `first` on, into those of the copy, and says what is to be copied for them. */
async function* placeEntries(
  { bat: { geometry }, disk }: VhdxImage,
  judge: StorageJudge,
  places: Places,
  first: number,
  bytes: Uint8Array,
): AsyncGenerator<Copy> {
  const entries = new VhdxPayloadBatEntryView(bytes);
  for (let at = 0; at < entries.length; at += 1) {
    const { kind, number } = geometry.entryAt(first + at);
    const [state, fileOffsetMb] = [entries.state(at), entries.fileOffsetMb(at)];
    let kept = state;
    let length = 0;
    if (kind === 'bitmap') {
      if (judge.bitmap(state) || !disk.hasParent) kept = SectorBitmapState.NOT_PRESENT;
      if (kept === SectorBitmapState.PRESENT) length = SECTOR_BITMAP_BLOCK_SIZE;
    } else if (number >= geometry.payloadBlocks) kept = 0;
    else {
      const reason = hasStorage(state, fileOffsetMb) ? await judge.payload(number, state, fileOffsetMb) : undefined;
      if (reason !== undefined) kept = stateWithout(reason, state);
      if (isPresent(kept)) length = geometry.blockSize;
    }
    const to = length > 0 ? places.take(length).offset : 0;
    entries.set(at, { state: kept, fileOffsetMb: to / MIB });
    if (length > 0) yield { from: fileOffsetMb * MIB, to, length };
  }
}

/** Both headers and both copies of the region table. [MS-VHDX] 2.2.2, 2.2.3 */
function structuresOf(
  { header: { header }, regions: { regions } }: VhdxImage,
  freed: FreedBytes,
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
      dataWriteGuid: freesContents(freed) ? random(dataWriteGuid) : header.dataWriteGuid,
    }),
    ...REGION_TABLE_OFFSETS.map((offset) => ({ offset, bytes: table })),
  ];
}
