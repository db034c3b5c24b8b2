import {
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntryHeader,
  VhdxLogZeroDescriptor,
} from '../../generated/index.js';
import { u32At } from '../bytes.js';
import { LIMITS, LOG_SECTOR_SIZE } from '../limits.js';
import type { ActiveSequence, LogState } from '../log.js';
import { DESCRIPTOR_SIZE, LOG_SIGNATURES, type LogEntry } from '../log-entry.js';
import type { LogRing } from '../log-ring.js';
import type { SourceReadOptions } from '../source.js';
import { countText, roundUp } from '../units.js';
import { omitted, readPartly, structNodes } from './struct-nodes.js';
import type { Selection, TreeNode } from './tree-node.js';

/** A part of an entry: elements of one size, read one after the other. */
interface Elements {
  readonly path: string;
  /** From the start of the log, not wrapped. */
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

/** The elements that are asked for, and what stands for those that are not listed. */
async function* elementNodes(
  ring: LogRing,
  { path, start, count, size }: Elements,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  for (let index = 0; index < count; index += 1) {
    const at = { path: `${path}[${index}]`, fileOffset: ring.fileOffsetOf(start + index * size) };
    if (selection.has(path) && index === LIMITS.listedTreeElements) {
      yield omitted(at, count - index, (count - index) * size);
      return;
    }
    if (!selection.touches(at.path)) continue;
    const bytes = await ring.read(start + index * size, size, options);
    const [struct, type] = elementOf(bytes, size);
    if (selection.has(at.path)) yield { ...at, length: size, kind: 'structure', type };
    yield* structNodes({ struct, place: at, bytes }, selection);
  }
}

function elementOf(
  bytes: Uint8Array,
  size: number,
): [VhdxLogDataSector | VhdxLogDataDescriptor | VhdxLogZeroDescriptor, string] {
  if (size === LOG_SECTOR_SIZE) return [readPartly(VhdxLogDataSector, bytes), 'vhdx_log_data_sector'];
  return u32At(bytes, 0) === LOG_SIGNATURES.zero
    ? [readPartly(VhdxLogZeroDescriptor, bytes), 'vhdx_log_zero_descriptor']
    : [readPartly(VhdxLogDataDescriptor, bytes), 'vhdx_log_data_descriptor'];
}

async function* entryNodes(
  { ring }: ActiveSequence,
  { start, length }: LogEntry,
  path: string,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  const fileOffset = ring.fileOffsetOf(start);
  if (selection.has(path)) yield { path, fileOffset, length, kind: 'structure', type: 'vhdx_log_entry' };
  const bytes = await ring.read(start, VhdxLogEntryHeader.SIZE, options);
  const struct = readPartly(VhdxLogEntryHeader, bytes);
  yield* structNodes({ struct, place: { path: `${path}.header`, fileOffset }, bytes }, selection);
  const { descriptorCount } = struct;
  const descriptors = start + VhdxLogEntryHeader.SIZE;
  const sectors = start + roundUp(VhdxLogEntryHeader.SIZE + descriptorCount * DESCRIPTOR_SIZE, LOG_SECTOR_SIZE);
  const parts: readonly Elements[] = [
    { path: `${path}.descriptors`, start: descriptors, count: descriptorCount, size: DESCRIPTOR_SIZE },
    {
      path: `${path}.data_sectors`,
      start: sectors,
      count: Math.floor((start + length - sectors) / LOG_SECTOR_SIZE),
      size: LOG_SECTOR_SIZE,
    },
  ];
  for (const part of parts) yield* elementNodes(ring, part, selection, options);
}

/** The log: the entries of the active sequence, if there is one. [MS-VHDX] 2.3 */
export async function* logNodes(
  { place, state, sequence }: LogState,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  if (place === undefined || place.length === 0) return;
  const entries = sequence?.entries ?? [];
  if (selection.has('log')) {
    const words = {
      clean: 'nothing to replay',
      pending: 'to be replayed',
      invalid: 'to be replayed, but it cannot be',
    };
    const active = entries.length === 0 ? '' : `; active sequence of ${countText(entries.length, 'entry', 'entries')}`;
    const note = `${words[state]}${active}`;
    yield {
      path: 'log',
      fileOffset: place.fileOffset,
      length: place.length,
      kind: 'structure',
      type: 'vhdx_log_ring',
      note,
    };
  }
  if (sequence === undefined) return;
  for (const [number, entry] of entries.entries()) {
    const path = `log.entries[${number}]`;
    if (selection.has('log.entries') && number === LIMITS.listedTreeElements) {
      const length = entries.slice(number).reduce((sum, each) => sum + each.length, 0);
      yield omitted({ path, fileOffset: sequence.ring.fileOffsetOf(entry.start) }, entries.length - number, length);
      return;
    }
    if (selection.touches(path)) yield* entryNodes(sequence, entry, path, selection, options);
  }
}
