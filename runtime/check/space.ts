/** Accounts for the space of a file: rules A6 to A9 and J2. */
import { VhdxMetadataTable, VhdxMetadataTableEntry } from '../../generated/index.js';
import { offsetOf } from '../errors/field-location.js';
import { PayloadState } from '../format/bat-states.js';
import { firstNonzero, isZero } from '../base/bytes.js';
import { finding, type Report } from '../errors/findings.js';
import { formatGuid, GUIDS } from '../base/guid.js';
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import type { MetadataItem } from '../format/metadata-table.js';
import type { OwnershipMap } from '../image/mib-ownership.js';
import type { Region } from '../format/region-table.js';
import { type ByteSource, readExactly, readInto, type SourceReadOptions } from '../io/byte-source.js';
import { Spare } from '../base/spare.js';
import { countText, hex, KIB, MIB, roundUp, sizeText, sizeTexts } from '../base/units.js';

/** Bytes of a file that are searched for one that is not zero at a time: a buffer that stays in the processor's cache. */
const SEARCHED_BYTES = 128 * KIB;
/** Of anything else, which may be at the other end of a network: what a region has as a rule. */
const FETCHED_BYTES = MIB;
const spare = new Spare<Uint8Array>();

/** Use of the space of a file (J2). All numbers except `holes` are bytes; owned and free bytes add up to the file. */
export interface SpaceSummary {
  /** Length of the file, after the log's replay. */
  readonly fileSize: number;
  /** Header section, log, regions, blocks. */
  readonly ownedBytes: number;
  /** Bytes that nothing refers to. */
  readonly freeBytes: number;
  /** The part of it that lies behind everything else: cutting it off would do no harm. */
  readonly trailingBytes: number;
  /** Number of free ranges before that. */
  readonly holes: number;
}

/** A7, A8: what nothing refers to. */
export function accountSpace(owners: OwnershipMap, fileSize: number, report: Report): SpaceSummary {
  let freeBytes = 0;
  let trailingBytes = 0;
  let holes = 0;
  let firstHole = 0;
  for (const [first, end] of owners.free(fileSize)) {
    const start = first * MIB;
    const length = Math.min(end * MIB, fileSize) - start;
    freeBytes += length;
    if (end * MIB >= fileSize) trailingBytes = length;
    else {
      if (holes === 0) firstHole = start;
      holes += 1;
    }
  }
  if (trailingBytes > 0) {
    const fileOffset = fileSize - trailingBytes;
    report(
      finding('VHDX_TRAILING_SPACE', {
        fileOffset,
        length: trailingBytes,
        path: 'file',
        message: `Nothing refers to the last ${sizeText(trailingBytes)} of the file, from ${hex(fileOffset)} on.`,
      }),
    );
  }
  if (holes > 0) {
    const inside = freeBytes - trailingBytes;
    report(
      finding('VHDX_FREE_SPACE', {
        fileOffset: firstHole,
        length: inside,
        path: 'file',
        message: `Nothing refers to ${sizeText(inside)} inside the file, in ${countText(holes, 'range')} from ${hex(firstHole)} on.`,
      }),
    );
  }
  return { fileSize, ownedBytes: fileSize - freeBytes, freeBytes, trailingBytes, holes };
}

/** A6, A9: the file as the host has it. */
export function judgeFile(source: ByteSource, report: Report): void {
  if (source.size % MIB !== 0) {
    report(
      finding('VHDX_FILE_LENGTH_UNALIGNED', {
        fileOffset: source.size,
        length: roundUp(source.size, MIB) - source.size,
        path: 'file',
        message: `The file has ${source.size} bytes (${hex(source.size)}), expected a multiple of 1 MiB.`,
      }),
    );
  }
  const allocated = source.hostAllocatedSize;
  // File systems allocate whole blocks of some KiB, so a little less means nothing.
  if (allocated === undefined || allocated + MIB > source.size) return;
  const [spent, size] = sizeTexts(allocated, source.size);
  report(
    finding('VHDX_HOST_FILE_SPARSE', {
      fileOffset: 0,
      length: source.size,
      path: 'file',
      message: `The host allocates only ${spent} for the file of ${size}.`,
    }),
  );
}

/** I3: bytes of the BAT region behind the last entry. I25: a region that is larger than it needs to be. */
export async function judgeBatRest(
  view: ByteSource,
  region: Region,
  usedLength: number,
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  const end = region.fileOffset + region.length;
  const start = region.fileOffset + usedLength;
  let stray = await findNonzero(view, start, end, options);
  if (stray === start && (await hasZeroEntry(view, start, options))) {
    stray = await findNonzero(view, start + BAT_ENTRY_SIZE, end, options);
  }
  if (stray !== -1) {
    report(
      finding('VHDX_BAT_UNUSED_NONZERO', {
        fileOffset: stray,
        length: end - stray,
        path: 'bat',
        message: `The bytes after the last BAT entry are not all zero: the first is at ${hex(stray)}. They are ignored.`,
      }),
    );
  }
  const needed = Math.max(roundUp(usedLength, MIB), MIB);
  if (region.length <= needed) return;
  const [there, enough] = sizeTexts(region.length, needed);
  report(
    finding('VHDX_BAT_ROOM_FOR_GROWTH', {
      fileOffset: region.fileOffset + needed,
      length: region.length - needed,
      path: 'bat',
      message: `The BAT region at ${hex(region.fileOffset)} has ${there}, of which the disk needs ${enough}.`,
    }),
  );
}

/**
 * Whether an entry has the state ZERO and no more: QEMU before 7.2.2 and 8.1 leaves one right behind the last entry of
 * every disk (QEMU issue 727).
 */
async function hasZeroEntry(view: ByteSource, position: number, options?: SourceReadOptions): Promise<boolean> {
  const bytes = await readExactly(view, position, BAT_ENTRY_SIZE, options);
  return bytes[0] === PayloadState.ZERO && isZero(bytes.subarray(1));
}

/** First byte in `[position, end)` that is not zero, or -1. */
async function findNonzero(
  view: ByteSource,
  position: number,
  end: number,
  options?: SourceReadOptions,
): Promise<number> {
  const isFile = view.path !== undefined;
  const buffer = isFile
    ? (spare.take(SEARCHED_BYTES) ?? new Uint8Array(SEARCHED_BYTES))
    : new Uint8Array(Math.min(FETCHED_BYTES, end - position));
  try {
    for (let at = position; at < end; at += buffer.length) {
      const bytes = buffer.subarray(0, Math.min(buffer.length, end - at));
      await readInto(view, bytes, at, options);
      const stray = firstNonzero(bytes);
      if (stray !== -1) return at + stray;
    }
    return -1;
  } finally {
    if (isFile) spare.give(buffer);
  }
}

/**
 * Whether an entry of the virtual disk ID stands behind the last entry of the metadata table once more, as in every image
 * made by Hyper-V.
 */
async function hasStaleEntry(view: ByteSource, position: number, options?: SourceReadOptions): Promise<boolean> {
  const bytes = await readExactly(view, position, VhdxMetadataTableEntry.SIZE, options);
  return (
    formatGuid(VhdxMetadataTableEntry.fromBytes(bytes, { onViolation: () => undefined }).itemId) === GUIDS.virtualDiskId
  );
}

/** F19: bytes of the metadata region that belong to no item. */
export async function judgeMetadataRest(
  view: ByteSource,
  region: Region,
  items: readonly MetadataItem[],
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  const end = region.fileOffset + Math.min(region.length, LIMITS.metadataRegionBytes);
  const owned = items
    .filter(({ readable, length }) => readable && length > 0)
    .map(({ fileOffset, length }) => [fileOffset, fileOffset + length] as const)
    .toSorted(([one], [other]) => one - other);
  const table = offsetOf(VhdxMetadataTable.LAYOUT, 'entries');
  let position = region.fileOffset + table + items.length * VhdxMetadataTableEntry.SIZE;
  if (await hasStaleEntry(view, position, options)) position += VhdxMetadataTableEntry.SIZE;
  for (const [start, after] of [...owned, [end, end] as const]) {
    const stray = start > position ? await findNonzero(view, position, Math.min(start, end), options) : -1;
    if (stray !== -1) {
      report(
        finding('VHDX_METADATA_UNREFERENCED', {
          fileOffset: stray,
          length: start - stray,
          path: 'metadata_table',
          message: `The metadata region has bytes that belong to no item: the first is at ${hex(stray)}.`,
        }),
      );
      return;
    }
    position = Math.max(position, after);
  }
}
