/** How an image uses its file and its virtual disk, in cells for pictures. */
import type { SignalOptions } from '../base/options.js';
import { requireCount, requireOptions } from '../base/arguments.js';
import type { BatExtents } from '../format/bat-extents.js';
import { isPresent, PayloadState, SectorBitmapState } from '../format/bat-states.js';
import { type BatSurvey, surveyBat } from './bat-survey.js';
import { HEADER_SECTION_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import { readVhdx, type VhdxImage } from './open.js';
import { OwnershipMap } from './mib-ownership.js';
import type { RegionName } from '../format/region-table.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { MIB, roundUp } from '../base/units.js';

/** Owner of a part of the file; `overlap`: several blocks, or a block and a structure. */
export const FILE_OWNERS = [
  'overlap',
  'header',
  'log',
  'bat',
  'metadata',
  'region',
  'bitmap',
  'payload',
  'free',
] as const;
/** Owner of a part of the file; see `FILE_OWNERS` of `vhdx/format`. */
export type FileOwner = (typeof FILE_OWNERS)[number];

/**
 * State of a part of the virtual disk, from its block; 4 and 5 are reserved. `unreadable`: a block that is present, but
 * whose storage cannot be read, since a check reports an `error` for it. [MS-VHDX] 2.5.1.1
 */
export const BLOCK_STATES = [
  'unreadable',
  'not-present',
  'undefined',
  'zero',
  'unmapped',
  'reserved',
  'fully-present',
  'partially-present',
] as const;
/** State of a part of the virtual disk; see `BLOCK_STATES` of `vhdx/format`. */
export type BlockState = (typeof BLOCK_STATES)[number];

/** A file or a disk in order, in cells of one size; the last may be incomplete. */
export interface Strip<Kind extends string> {
  /** Length of it all in bytes. */
  readonly length: number;
  /** Bytes per cell. */
  readonly cellSize: number;
  /** For each cell, how many of its bytes are of which kind. */
  readonly cells: readonly Readonly<Record<Kind, number>>[];
  /** Bytes of each kind in the whole strip. */
  readonly totals: Readonly<Record<Kind, number>>;
}

/** Use of the file and of the virtual disk of an image. */
export interface ImageUsage {
  /** The file in file order, by owner, after the log's replay. */
  readonly file: Strip<FileOwner>;
  /** The virtual disk in its order, by state. */
  readonly disk: Strip<BlockState>;
}

export interface UsageOptions extends SignalOptions {
  /** Most cells of each strip; 512 by default. */
  readonly cells?: number | undefined;
}

/** Bytes by kind: none yet. */
const noOwners = (): Record<FileOwner, number> => ({
  overlap: 0,
  header: 0,
  log: 0,
  bat: 0,
  metadata: 0,
  region: 0,
  bitmap: 0,
  payload: 0,
  free: 0,
});

const noStates = (): Record<BlockState, number> => ({
  unreadable: 0,
  'not-present': 0,
  undefined: 0,
  zero: 0,
  unmapped: 0,
  reserved: 0,
  'fully-present': 0,
  'partially-present': 0,
});

/** Adds up bytes by cell. */
class StripMaker<Kind extends string> {
  readonly length: number;
  readonly cellSize: number;
  readonly cells: Record<Kind, number>[];
  readonly totals: Record<Kind, number>;

  constructor(length: number, most: number, zeros: () => Record<Kind, number>) {
    this.length = length;
    // Whole MiBs: that is what owners own.
    this.cellSize = Math.max(MIB, roundUp(Math.ceil(length / most), MIB));
    this.cells = Array.from({ length: Math.ceil(length / this.cellSize) }, zeros);
    this.totals = zeros();
  }

  /** Adds what lies inside of the strip. */
  add(kind: Kind, start: number, length: number): void {
    const end = Math.min(start + length, this.length);
    for (let at = start; at < end;) {
      const index = Math.floor(at / this.cellSize);
      const next = Math.min(end, (index + 1) * this.cellSize);
      const cell = this.cells[index];
      if (cell !== undefined) cell[kind] += next - at;
      this.totals[kind] += next - at;
      at = next;
    }
  }

  /** What has no kind yet is of this one. */
  fill(kind: Kind, kinds: readonly Kind[]): void {
    for (const [index, cell] of this.cells.entries()) {
      const size = Math.min(this.cellSize, this.length - index * this.cellSize);
      const rest = size - kinds.reduce((sum, each) => sum + cell[each], 0);
      if (rest <= 0) continue;
      cell[kind] += rest;
      this.totals[kind] += rest;
    }
  }
}

const REGION_OWNERS: Readonly<Record<RegionName, FileOwner>> = { bat: 'bat', metadata: 'metadata', unknown: 'region' };

const STATE_KINDS: ReadonlyMap<number, BlockState> = new Map([
  [PayloadState.NOT_PRESENT, 'not-present'],
  [PayloadState.UNDEFINED, 'undefined'],
  [PayloadState.ZERO, 'zero'],
  [PayloadState.UNMAPPED, 'unmapped'],
  [PayloadState.FULLY_PRESENT, 'fully-present'],
  [PayloadState.PARTIALLY_PRESENT, 'partially-present'],
]);

/** Adds the blocks of an image to the two strips. */
class BlockAdder {
  readonly #image: VhdxImage;
  readonly #survey: BatSurvey;
  readonly #file: StripMaker<FileOwner>;
  readonly #disk: StripMaker<BlockState>;
  /** MiBs that several blocks have, or a block and a structure: each counts once. */
  readonly #overlaps = new OwnershipMap();

  constructor(image: VhdxImage, survey: BatSurvey, file: StripMaker<FileOwner>, disk: StripMaker<BlockState>) {
    this.#image = image;
    this.#survey = survey;
    this.#file = file;
    this.#disk = disk;
  }

  add(extent: BatExtents): void {
    const { kind, index, number, state, fileOffsetMb } = extent;
    if (kind === 'unused') return;
    if (kind === 'bitmap') {
      if (state === SectorBitmapState.PRESENT) this.#addStorage('bitmap', fileOffsetMb, SECTOR_BITMAP_BLOCK_SIZE);
      return;
    }
    const { geometry } = this.#image.bat;
    const { blockSize } = geometry;
    if (!isPresent(state)) {
      this.#disk.add(STATE_KINDS.get(state) ?? 'reserved', number * blockSize, extent.count * blockSize);
      return;
    }
    for (let step = 0; step < extent.count; step += 1) {
      const block = number + step;
      const place = extent.placeOf(step);
      const entry = { index: index + step, state, fileOffsetMb: place };
      const isUnreadable = this.#survey.judge.unreadable(entry, geometry.usedLength(block)) !== undefined;
      this.#disk.add(
        isUnreadable ? 'unreadable' : (STATE_KINDS.get(state) ?? 'reserved'),
        block * blockSize,
        blockSize,
      );
      this.#addStorage('payload', place, blockSize);
    }
  }

  #addStorage(kind: 'payload' | 'bitmap', place: number, length: number): void {
    const { owners } = this.#survey;
    const count = length / MIB;
    if (!owners.touchesExtent(place * MIB, length) && !owners.isShared(place, count)) {
      this.#file.add(kind, place * MIB, length);
      return;
    }
    for (let unit = place; unit < place + count && unit * MIB < this.#file.length; unit += 1) {
      const isOnStructure = owners.touchesExtent(unit * MIB, MIB);
      if (!isOnStructure && !owners.isShared(unit, 1)) this.#file.add(kind, unit * MIB, MIB);
      else if (this.#overlaps.claim(unit, 1) === -1 && !isOnStructure) this.#file.add('overlap', unit * MIB, MIB);
    }
  }

  /** Adds a structure when all blocks have been added. */
  addStructure(kind: FileOwner, fileOffset: number, length: number): void {
    for (let at = fileOffset, end = fileOffset + length; at < end;) {
      const unit = Math.floor(at / MIB);
      const next = Math.min(end, (unit + 1) * MIB);
      this.#file.add(this.#overlaps.isClaimed(unit) ? 'overlap' : kind, at, next - at);
      at = next;
    }
  }
}

/**
 * Use of the file and of the virtual disk of an image, in at most `cells` cells. Takes one bit of memory for each MiB
 * of the file. Reads what an opener reads, and the BAT twice, or more often if blocks overlap. The source stays open.
 *
 * @throws VhdxError as `openVhdx`; TypeError or RangeError if `source` is none, or an option cannot be
 */
export async function imageUsage(source: Bytes, options: UsageOptions = {}): Promise<ImageUsage> {
  requireOptions(options);
  requireCount(options.cells, 'cells', 1);
  const image = await readVhdx(toByteSource(source), { signal: options.signal });
  const { view, log, regions, disk: parameters, bat } = image;
  const most = options.cells ?? 512;
  const file = new StripMaker<FileOwner>(view.size, most, noOwners);
  const disk = new StripMaker<BlockState>(parameters.virtualSize, most, noStates);
  const survey = await surveyBat(image, () => undefined, options);
  const adder = new BlockAdder(image, survey, file, disk);
  for await (const extents of bat.extents(options)) {
    while (extents.next()) adder.add(extents);
  }
  adder.addStructure('header', 0, HEADER_SECTION_SIZE);
  if (log.place !== undefined) adder.addStructure('log', log.place.fileOffset, log.place.length);
  for (const { name, fileOffset, length } of regions.regions) {
    adder.addStructure(REGION_OWNERS[name], fileOffset, length);
  }
  file.fill('free', FILE_OWNERS);
  return { file, disk };
}
