import { requireCount, requireOptions } from './arguments.js';
import { type BatRun, PayloadState, SectorBitmapState } from './bat.js';
import { blocksInRun } from './bat-states.js';
import { HEADER_SECTION_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from './limits.js';
import { readVhdx, type VhdxImage } from './open.js';
import type { RegionName } from './region-table.js';
import type { SourceReadOptions } from './source.js';
import { type Bytes, toByteSource } from './to-byte-source.js';
import { MIB, roundUp } from './units.js';

/** What a part of the file is for. */
export const FILE_OWNERS = ['header', 'log', 'bat', 'metadata', 'region', 'bitmap', 'payload', 'free'] as const;
export type FileOwner = (typeof FILE_OWNERS)[number];

/** What a part of the virtual disk is, by the state of its block; 4 and 5 are reserved. [MS-VHDX] 2.5.1.1 */
export const BLOCK_STATES = [
  'not-present',
  'undefined',
  'zero',
  'unmapped',
  'reserved',
  'fully-present',
  'partially-present',
] as const;
export type BlockState = (typeof BLOCK_STATES)[number];

/** A file or a disk in order, in cells of one size; the last may be incomplete. */
export interface Strip<Kind extends string> {
  /** Length of it all in bytes. */
  readonly length: number;
  /** Bytes that a cell stands for. */
  readonly cellSize: number;
  /** For each cell, how many of its bytes are of which kind. */
  readonly cells: readonly Readonly<Record<Kind, number>>[];
  readonly totals: Readonly<Record<Kind, number>>;
}

/** How an image uses its file and its virtual disk. */
export interface ImageUsage {
  /** The file in file order, by owner, after the log's replay. */
  readonly file: Strip<FileOwner>;
  /** The virtual disk in its order, by state. */
  readonly disk: Strip<BlockState>;
}

export interface UsageOptions extends SourceReadOptions {
  /** How many cells each strip has at most; 512 if left out. */
  readonly cells?: number | undefined;
}

/** Bytes by kind: none yet. */
const noOwners = (): Record<FileOwner, number> => ({
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

const STATE_NAMES: ReadonlyMap<number, BlockState> = new Map([
  [PayloadState.NOT_PRESENT, 'not-present'],
  [PayloadState.UNDEFINED, 'undefined'],
  [PayloadState.ZERO, 'zero'],
  [PayloadState.UNMAPPED, 'unmapped'],
  [PayloadState.FULLY_PRESENT, 'fully-present'],
  [PayloadState.PARTIALLY_PRESENT, 'partially-present'],
]);

function addRun(run: BatRun, { bat }: VhdxImage, file: StripMaker<FileOwner>, disk: StripMaker<BlockState>): void {
  const { entries } = run;
  if (run.kind === 'bitmap') {
    if (entries.state(0) !== SectorBitmapState.PRESENT) return;
    file.add('bitmap', entries.fileOffsetMb(0) * MIB, SECTOR_BITMAP_BLOCK_SIZE);
    return;
  }
  const { geometry } = bat;
  const { blockSize } = geometry;
  const blocks = blocksInRun(run, geometry);
  // Equal entries in one step: a disk as it was created has millions.
  const step = run.uniform && entries.fileOffsetMb(0) === 0 ? blocks : 1;
  for (let at = 0; at < blocks; at += step) {
    const state = entries.state(at);
    const start = (run.block + at) * blockSize;
    disk.add(STATE_NAMES.get(state) ?? 'reserved', start, step * blockSize);
    if (state >= PayloadState.FULLY_PRESENT) file.add('payload', entries.fileOffsetMb(at) * MIB, blockSize);
  }
}

/**
 * How an image uses its file and its virtual disk, in at most so many cells. Memory does not grow with the image. Reads
 * what an opener reads, and the BAT once. The source stays open.
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
  file.add('header', 0, HEADER_SECTION_SIZE);
  if (log.place !== undefined) file.add('log', log.place.fileOffset, log.place.length);
  for (const { name, fileOffset, length } of regions.regions) file.add(REGION_OWNERS[name], fileOffset, length);
  for await (const runs of bat.runs(options)) {
    for (const run of runs) addRun(run, image, file, disk);
  }
  file.fill('free', FILE_OWNERS);
  return { file, disk };
}
