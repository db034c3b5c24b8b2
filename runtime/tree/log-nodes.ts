/** The log in the tree. [MS-VHDX] 2.3 */
import {
  VhdxLogDataDescriptor,
  VhdxLogDataDescriptorSchema,
  VhdxLogDataSector,
  VhdxLogDataSectorSchema,
  VhdxLogEntryHeader,
  VhdxLogEntryHeaderSchema,
  VhdxLogEntrySchema,
  VhdxLogRingSchema,
  VhdxLogZeroDescriptor,
  VhdxLogZeroDescriptorSchema,
} from '../../generated/index.js';
import { u32At } from '../base/bytes.js';
import { formatGuid } from '../base/guid.js';
import { LIMITS, LOG_SECTOR_SIZE } from '../base/limits.js';
import type { ActiveSequence, LogState } from '../log/read-log.js';
import { type LogEntry, readHeaderAt } from '../log/entry.js';
import { DESCRIPTOR_SIZE, descriptorAreaLength, descriptorOffset, LOG_SIGNATURES } from '../log/layout.js';
import { LogRing } from '../log/ring.js';
import { scanLog } from '../log/scan.js';
import type { ByteSource, SourceReadOptions } from '../io/byte-source.js';
import { countText, hex } from '../base/units.js';
import { omitted, readPartly, structNodes, type StructSource } from './struct-nodes.js';
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
    if (selection.isCut && selection.has(path) && index === LIMITS.listedTreeElements) {
      yield omitted(at, count - index, (count - index) * size);
      return;
    }
    if (!selection.touches(at.path) || !selection.covers(at.fileOffset, size)) continue;
    const bytes = await ring.read(start + index * size, size, options);
    const { struct, schema } = elementOf(bytes, size);
    if (selection.has(at.path)) yield { ...at, length: size, kind: 'structure', type: schema.id };
    yield* structNodes({ schema, struct, place: at }, selection);
  }
}

function elementOf(bytes: Uint8Array, size: number): Pick<StructSource, 'struct' | 'schema'> {
  if (size === LOG_SECTOR_SIZE)
    return { struct: readPartly(VhdxLogDataSector, bytes), schema: VhdxLogDataSectorSchema };
  return u32At(bytes, 0) === LOG_SIGNATURES.zero
    ? { struct: readPartly(VhdxLogZeroDescriptor, bytes), schema: VhdxLogZeroDescriptorSchema }
    : { struct: readPartly(VhdxLogDataDescriptor, bytes), schema: VhdxLogDataDescriptorSchema };
}

/** The parts of an entry, which may go on at the start of the log. */
async function* entryNodes(
  ring: LogRing,
  { start, length }: Pick<LogEntry, 'start' | 'length'>,
  path: string,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  const fileOffset = ring.fileOffsetOf(start);
  const bytes = await ring.read(start, VhdxLogEntryHeader.SIZE, options);
  const struct = readPartly(VhdxLogEntryHeader, bytes);
  const place = { path: `${path}.header`, fileOffset };
  yield* structNodes({ schema: VhdxLogEntryHeaderSchema, struct, place }, selection);
  const { descriptorCount } = struct;
  const descriptors = start + descriptorOffset(0);
  const sectors = start + descriptorAreaLength(descriptorCount);
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

/** Whether part of an entry is asked for: a byte behind its wrap is one of it too. */
function coversEntry(
  ring: LogRing,
  { start, length }: Pick<LogEntry, 'start' | 'length'>,
  selection: Selection,
): boolean {
  const wrapped = start + length - ring.length;
  return (
    selection.covers(ring.fileOffset + start, Math.min(length, ring.length - start)) ||
    (wrapped > 0 && selection.covers(ring.fileOffset, wrapped))
  );
}

/** The entries of the active sequence, oldest first. */
async function* activeNodes(
  { ring, entries }: ActiveSequence,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  for (const [number, entry] of entries.entries()) {
    const path = `log.entries[${number}]`;
    const fileOffset = ring.fileOffsetOf(entry.start);
    if (selection.isCut && selection.has('log.entries') && number === LIMITS.listedTreeElements) {
      const length = entries.slice(number).reduce((sum, each) => sum + each.length, 0);
      yield omitted({ path, fileOffset }, entries.length - number, length);
      return;
    }
    if (!selection.touches(path) || !coversEntry(ring, entry, selection)) continue;
    if (selection.has(path)) {
      yield { path, fileOffset, length: entry.length, kind: 'structure', type: VhdxLogEntrySchema.id };
    }
    yield* entryNodes(ring, entry, path, selection, options);
  }
}

/** An entry that is in the ring, and is not replayed. */
interface OldEntry extends Pick<LogEntry, 'start' | 'length' | 'sequenceNumber'> {
  readonly path: string;
  /** What is wrong with it, if it is damaged. */
  readonly damage: string | undefined;
}

/** The entries in the ring that the active sequence does not have, as far as they can be told, by ascending start. */
async function oldEntries(
  ring: LogRing,
  active: readonly LogEntry[],
  options?: SourceReadOptions,
): Promise<{ readonly entries: readonly OldEntry[]; readonly count: number }> {
  const { valid, invalid, invalidCount } = await scanLog(ring, undefined, options);
  const isActive = new Set(active.map(({ start }) => start));
  const others = [
    ...valid.filter(({ start }) => !isActive.has(start)).map((entry) => ({ ...entry, damage: undefined })),
    // The length that a damaged entry states need not be true: its header is what can be shown.
    ...invalid.map(({ start, sequenceNumber, fault }) => {
      return { start, sequenceNumber, length: LOG_SECTOR_SIZE, damage: fault.message };
    }),
  ];
  const entries = others
    .toSorted((one, other) => one.start - other.start)
    .map(({ start, length, sequenceNumber, damage }) => {
      return { start, length, sequenceNumber, damage, path: `log[${hex(start)}]` };
    });
  return { entries, count: entries.length + invalidCount - invalid.length };
}

/** Old entries, a line for each; of one that is asked for by its path or by a byte all that it has. */
async function* oldNodes(
  ring: LogRing,
  { entries, count }: Awaited<ReturnType<typeof oldEntries>>,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  for (const [number, entry] of entries.entries()) {
    const { path, start, length, sequenceNumber, damage } = entry;
    const fileOffset = ring.fileOffsetOf(start);
    const isListed = selection.has('log');
    if (selection.isCut && isListed && number === LIMITS.listedTreeElements) {
      yield omitted({ path, fileOffset }, count - number, ring.length - start);
      return;
    }
    if (!selection.touches(path) || !coversEntry(ring, entry, selection)) continue;
    if (selection.has(path)) {
      const { header } = await readHeaderAt(ring, start, options);
      const words = damage === undefined ? 'old, not replayed' : `not replayed: ${damage}`;
      const note = `sequence number ${sequenceNumber}, LogGuid ${formatGuid(header.logGuid)}; ${words}`;
      yield { path, fileOffset, length, kind: 'structure', type: VhdxLogEntrySchema.id, note };
    }
    if (!isListed || !selection.isCut) yield* entryNodes(ring, entry, path, selection, options);
  }
}

/** The log: the entries of the active sequence, if there is one, and what else is in the ring. [MS-VHDX] 2.3 */
export async function* logNodes(
  source: ByteSource,
  { place, state, sequence }: LogState,
  selection: Selection,
  options?: SourceReadOptions,
): AsyncGenerator<TreeNode> {
  if (place === undefined || place.length === 0 || !selection.touches('log')) return;
  if (!selection.covers(place.fileOffset, place.length)) return;
  const ring = new LogRing(source, place);
  const active = sequence?.entries ?? [];
  const old = await oldEntries(ring, active, options);
  if (selection.has('log')) {
    const words = {
      clean: 'nothing to replay',
      pending: 'to be replayed',
      invalid: 'to be replayed, but it cannot be',
    };
    const entries = active.length === 0 ? '' : `; active sequence of ${countText(active.length, 'entry', 'entries')}`;
    const others = old.count === 0 ? '' : `; ${countText(old.count, 'entry is', 'entries are')} not replayed`;
    const note = `${words[state]}${entries}${others}`;
    yield {
      path: 'log',
      fileOffset: place.fileOffset,
      length: place.length,
      kind: 'structure',
      type: VhdxLogRingSchema.id,
      note,
    };
  }
  if (sequence !== undefined) yield* activeNodes(sequence, selection, options);
  yield* oldNodes(ring, old, selection, options);
}
