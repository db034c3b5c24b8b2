import { VhdxPayloadBatEntry, VhdxSectorBitmapBatEntry } from '../../generated/index.js';
import { type Bat, type BatRun, PayloadState, SectorBitmapState } from '../bat.js';
import { BAT_ENTRY_SIZE, LIMITS } from '../limits.js';
import type { SourceReadOptions } from '../source.js';
import { hex, MIB } from '../units.js';
import { omitted, readPartly, structNodes } from './struct-nodes.js';
import type { Selection, TreeNode } from './tree-node.js';

/** Entries that stand side by side and say the same: one state, and storage without a gap if they have some. */
interface BatRange {
  readonly kind: 'payload' | 'bitmap';
  readonly index: number;
  /** Number of the first block, or of the chunk of the bitmap. */
  readonly number: number;
  readonly state: number;
  readonly place: number;
  readonly reserved: number;
  readonly bytes: Uint8Array;
  count: number;
}

const PAYLOAD_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(PayloadState).map(([name, state]) => [state, name]),
);
const BITMAP_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(SectorBitmapState).map(([name, state]) => [state, name]),
);

function stateName({ kind, state }: Pick<BatRange, 'kind' | 'state'>): string {
  const name = (kind === 'payload' ? PAYLOAD_NAMES : BITMAP_NAMES).get(state) ?? 'reserved';
  return `${name} (${state})`;
}

function hasStorage({ kind, state, place }: BatRange): boolean {
  return kind === 'bitmap' ? state === SectorBitmapState.PRESENT : place !== 0 || state >= PayloadState.FULLY_PRESENT;
}

function rangeNode(range: BatRange, { geometry, entryOffset }: Pick<Bat, 'geometry'> & EntryOffset): TreeNode {
  const { index, count, number, kind, place, reserved } = range;
  const blocks = count === 1 ? `block ${number}` : `blocks ${number} to ${number + count - 1}`;
  const what = kind === 'payload' ? blocks : `sector bitmap block ${number}`;
  const length = kind === 'payload' ? geometry.blockSize : MIB;
  const where = hasStorage(range) ? ` at ${hex(place * MIB)} to ${hex(place * MIB + count * length)}` : '';
  const bits = reserved === 0 ? '' : `, reserved bits ${hex(reserved)}`;
  return {
    path: count === 1 ? `bat[${index}]` : `bat[${index}..${index + count - 1}]`,
    fileOffset: entryOffset(index),
    length: count * BAT_ENTRY_SIZE,
    kind: 'range',
    type: kind === 'payload' ? 'vhdx_payload_bat_entry' : 'vhdx_sector_bitmap_bat_entry',
    note: `${what}: ${stateName(range)}${where}${bits}`,
    bytes: range.bytes,
  };
}

interface EntryOffset {
  readonly entryOffset: (index: number) => number;
}

/** The entries of a run; of equal ones without storage the first, for all of them. */
function* rangesOf(run: BatRun): Generator<BatRange> {
  for (let at = 0; at < run.count;) {
    const [state, place, reserved] = [run.entries.state(at), run.entries.fileOffsetMb(at), run.entries.reserved(at)];
    const all = run.kind === 'payload' && run.uniform && place === 0;
    const { buffer, byteOffset } = run.entries.view;
    const bytes = new Uint8Array(buffer, byteOffset + at * BAT_ENTRY_SIZE, BAT_ENTRY_SIZE).slice();
    const number = run.kind === 'payload' ? run.block + at : run.chunk;
    const count = all ? run.count : 1;
    yield { kind: run.kind, index: run.index + at, number, state, place, reserved, bytes, count };
    at += count;
  }
}

function continues(last: BatRange, next: BatRange, blockSize: number): boolean {
  if (last.kind !== 'payload' || next.kind !== 'payload') return false;
  if (last.state !== next.state || last.reserved !== next.reserved) return false;
  return next.place === (last.place === 0 ? 0 : last.place + (last.count * blockSize) / MIB);
}

/** The BAT as ranges of entries, as many as are listed; what comes after them is not read. */
async function* batRanges(bat: Bat, options?: SourceReadOptions): AsyncGenerator<TreeNode> {
  const { geometry } = bat;
  const entryOffset = (index: number): number => bat.entryOffset(index);
  let last: BatRange | undefined;
  let listed = 0;
  for await (const runs of bat.runs(options)) {
    for (const run of runs) {
      for (const range of rangesOf(run)) {
        if (last !== undefined && continues(last, range, geometry.blockSize)) {
          last.count += range.count;
          continue;
        }
        if (last !== undefined) yield rangeNode(last, { geometry, entryOffset });
        last = undefined;
        if (listed === LIMITS.listedBatRanges) {
          const place = { path: `bat[${range.index}]`, fileOffset: entryOffset(range.index) };
          const count = geometry.entries - range.index;
          yield omitted(place, count, count * BAT_ENTRY_SIZE);
          return;
        }
        listed += 1;
        last = range;
      }
    }
  }
  if (last !== undefined) yield rangeNode(last, { geometry, entryOffset });
}

/** The BAT: its ranges, or the fields of the one entry that is asked for (`bat[5]`). [MS-VHDX] 2.5 */
export async function* batNodes(
  bat: Bat,
  length: number,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  if (selection.has('bat')) {
    const { entries } = bat.geometry;
    const note = `${entries} entries`;
    yield { path: 'bat', fileOffset: bat.fileOffset, length, kind: 'structure', type: 'bat', note };
    yield* batRanges(bat, options);
    return;
  }
  const index = Number(/^bat\[(\d+)\](?:\.|$)/.exec(selection.path)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(index) || index >= bat.geometry.entries) return;
  const bytes = await bat.readEntries(index, 1, options);
  const { kind, number } = bat.geometry.entryAt(index);
  const struct = readPartly<VhdxPayloadBatEntry | VhdxSectorBitmapBatEntry>(
    kind === 'payload' ? VhdxPayloadBatEntry : VhdxSectorBitmapBatEntry,
    bytes,
  );
  const place = { path: `bat[${index}]`, fileOffset: bat.entryOffset(index) };
  if (selection.has(place.path)) {
    const note = kind === 'payload' ? `block ${number}` : `sector bitmap block ${number}`;
    const type = kind === 'payload' ? 'vhdx_payload_bat_entry' : 'vhdx_sector_bitmap_bat_entry';
    yield { ...place, length: BAT_ENTRY_SIZE, kind: 'structure', type, note };
  }
  yield* structNodes({ struct, place, bytes }, selection);
}
