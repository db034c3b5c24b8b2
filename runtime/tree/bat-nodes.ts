/** The BAT in the tree. [MS-VHDX] 2.5 */
import {
  VhdxPayloadBatEntry,
  VhdxPayloadBatEntrySchema,
  VhdxSectorBitmapBatEntry,
  VhdxSectorBitmapBatEntrySchema,
} from '../../generated/index.js';
import type { StructSchema } from '../../generated/kaitai/reflect.js';
import type { Bat } from '../format/bat.js';
import type { BatExtent } from '../format/bat-extents.js';
import { bitmapStateText, PayloadState, payloadStateText, SectorBitmapState } from '../format/bat-states.js';
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { countText, hex, MIB } from '../base/units.js';
import { omitted, readPartly, structNodes } from './struct-nodes.js';
import type { Selection, TreeNode } from './tree-node.js';

/**
 * Entries that stand side by side and say the same: one state, and storage without a gap if they have some. Entries of
 * sector bitmap blocks that are NOT_PRESENT do not part them.
 */
interface BatRange {
  readonly kind: 'payload' | 'bitmap';
  readonly index: number;
  /** Number of the first block, or of the chunk of the bitmap. */
  readonly number: number;
  readonly state: number;
  readonly place: number;
  readonly reserved: number;
  readonly bytes: Uint8Array;
  /** Blocks. */
  count: number;
  /** Entries of sector bitmap blocks between and behind those of the blocks. */
  bitmaps: number;
}

/** What the schemas say of an entry of each kind. */
const SCHEMAS: Readonly<Record<BatRange['kind'], StructSchema>> = {
  payload: VhdxPayloadBatEntrySchema,
  bitmap: VhdxSectorBitmapBatEntrySchema,
};

function hasStorage({ kind, state, place }: BatRange): boolean {
  return kind === 'bitmap' ? state === SectorBitmapState.PRESENT : place !== 0 || state >= PayloadState.FULLY_PRESENT;
}

/** Whether the storage of an entry is in use: former contents are not. */
function isAllocated({ kind, state }: Pick<BatRange, 'kind' | 'state'>): boolean {
  return kind === 'bitmap' ? state === SectorBitmapState.PRESENT : state >= PayloadState.FULLY_PRESENT;
}

function rangeNode(range: BatRange, bat: Bat): TreeNode {
  const { index, count, bitmaps, number, kind, state, place, reserved } = range;
  const blocks = count === 1 ? `block ${number}` : `blocks ${number} to ${number + count - 1}`;
  const what = kind === 'payload' ? blocks : `sector bitmap block ${number}`;
  const length = kind === 'payload' ? bat.geometry.blockSize : MIB;
  const where = hasStorage(range) ? ` at ${hex(place * MIB)} to ${hex(place * MIB + count * length)}` : '';
  const bits = reserved === 0 ? '' : `, reserved bits ${hex(reserved)}`;
  const between =
    bitmaps === 0 ? '' : `, with ${countText(bitmaps, 'sector bitmap entry', 'sector bitmap entries')} NOT_PRESENT (0)`;
  const entries = count + bitmaps;
  return {
    path: entries === 1 ? `bat[${index}]` : `bat[${index}..${index + entries - 1}]`,
    fileOffset: bat.entryOffset(index),
    length: entries * BAT_ENTRY_SIZE,
    kind: 'range',
    type: SCHEMAS[kind].id,
    note: `${what}: ${kind === 'payload' ? payloadStateText(state) : bitmapStateText(state)}${where}${bits}${between}`,
    bytes: range.bytes,
  };
}

/** Entries of the last chunk past the end of the disk are shown as those of blocks are. */
function rangeKind({ kind }: BatExtent): BatRange['kind'] {
  return kind === 'bitmap' ? 'bitmap' : 'payload';
}

/** True for the entry of a sector bitmap block that says nothing at all. */
function isBlank({ kind, state, fileOffsetMb, reserved }: BatExtent): boolean {
  return kind === 'bitmap' && state === SectorBitmapState.NOT_PRESENT && fileOffsetMb === 0 && reserved === 0;
}

/** Whether an extent goes on where a range ends; both are cut at the ends of chunks. */
function continues(last: BatRange, next: BatExtent, blockUnits: number): boolean {
  if (last.kind !== 'payload' || next.kind === 'bitmap') return false;
  if (last.state !== next.state || last.reserved !== next.reserved) return false;
  return next.fileOffsetMb === (last.place === 0 ? 0 : last.place + last.count * blockUnits);
}

/** Joins extents as they come, and yields the ranges that are complete. */
async function* joinedRanges(bat: Bat, [first, end]: Bounds, options?: SourceReadOptions): AsyncGenerator<BatRange> {
  const blockUnits = bat.geometry.blockSize / MIB;
  let last: BatRange | undefined;
  for await (const extents of bat.extents(options, first, end)) {
    while (extents.next()) {
      if (last?.kind === 'payload' && isBlank(extents)) last.bitmaps += 1;
      else if (last !== undefined && continues(last, extents, blockUnits)) last.count += extents.count;
      else {
        if (last !== undefined) yield last;
        const { index, number, state, fileOffsetMb: place, reserved, count, firstBytes: bytes } = extents;
        last = { kind: rangeKind(extents), index, number, state, place, reserved, bytes, count, bitmaps: 0 };
      }
    }
  }
  if (last !== undefined) yield last;
}

/** First entry and end (exclusive). */
type Bounds = readonly [number, number];

/** Entries as ranges, as many as are listed; what comes after them is not read. */
async function* batRanges(
  bat: Bat,
  [first, end]: Bounds,
  { allocated }: Pick<Selection, 'allocated'>,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  let listed = 0;
  for await (const range of joinedRanges(bat, [first, end], options)) {
    if (allocated && !isAllocated(range)) continue;
    if (listed === LIMITS.listedBatRanges) {
      const { index } = range;
      const count = end - index;
      const place = { path: `bat[${index}..${end - 1}]`, fileOffset: bat.entryOffset(index) };
      const note = `${countText(count, 'more entry is', 'more entries are')} not listed: ask for them by this path`;
      yield { ...omitted(place, count, count * BAT_ENTRY_SIZE), note };
      return;
    }
    listed += 1;
    yield rangeNode(range, bat);
  }
}

/** The index of the one entry that is asked for, or NaN. */
function wantedEntry(bat: Bat, { path, at }: Selection): number {
  if (at !== undefined) return Math.floor((at - bat.fileOffset) / BAT_ENTRY_SIZE);
  return Number(/^bat\[(\d+)\](?:\.|$)/.exec(path)?.[1] ?? Number.NaN);
}

/** The BAT: its ranges, those of some entries (`bat[100..200]`), or the fields of one (`bat[5]`). [MS-VHDX] 2.5 */
export async function* batNodes(
  bat: Bat,
  length: number,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  const { entries } = bat.geometry;
  if (selection.has('bat') && selection.covers(bat.fileOffset, length)) {
    const note = `${entries} entries`;
    yield { path: 'bat', fileOffset: bat.fileOffset, length, kind: 'structure', type: 'bat', note };
    if (selection.at === undefined) return yield* batRanges(bat, [0, entries], selection, options);
  }
  const { batRange } = selection;
  if (batRange !== undefined) {
    const end = Math.min(batRange.last + 1, entries);
    if (batRange.first < end) yield* batRanges(bat, [batRange.first, end], selection, options);
    return;
  }
  const index = wantedEntry(bat, selection);
  if (!Number.isSafeInteger(index) || index < 0 || index >= entries) return;
  const bytes = await bat.readEntries(index, 1, options);
  const { kind, number } = bat.geometry.entryAt(index);
  const schema = SCHEMAS[kind];
  const struct = readPartly<VhdxPayloadBatEntry | VhdxSectorBitmapBatEntry>(
    kind === 'payload' ? VhdxPayloadBatEntry : VhdxSectorBitmapBatEntry,
    bytes,
  );
  const place = { path: `bat[${index}]`, fileOffset: bat.entryOffset(index) };
  if (selection.has(place.path)) {
    const note = kind === 'payload' ? `block ${number}` : `sector bitmap block ${number}`;
    yield { ...place, length: BAT_ENTRY_SIZE, kind: 'structure', type: schema.id, note };
  }
  yield* structNodes({ schema, struct, place }, selection);
}
