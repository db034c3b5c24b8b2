/** The two region tables, the choice between them, and rules C. [MS-VHDX] 2.2.3 */
import { VhdxRegionTable, VhdxRegionTableEntry } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { checksumAround, checksums } from '../../generated/kaitai/checksums.js';
import { ReadError } from '../../generated/kaitai/errors.js';
import { bytesEqual, u32At } from '../base/bytes.js';
import {
  type CopyIndex,
  type DamagedCopy,
  damagedCopy,
  reportDamage,
  type StructureCopy,
  validCopies,
} from './copies.js';
import { summaryText } from '../errors/codes.js';
import {
  codeOfViolation,
  entryOfViolation,
  type Finding,
  finding,
  findingOfViolation,
  type Report,
} from '../errors/findings.js';
import { formatGuid, GUIDS } from '../base/guid.js';
import type { LogPlace } from './header.js';
import { REGION_TABLE_OFFSETS } from '../base/limits.js';
import { type FieldId, type FieldPlace, fieldOf, offsetOf, type Place, spanOf } from '../errors/field-location.js';
import { checksumText } from '../errors/violation-text.js';
import type { Assume } from '../errors/assume.js';
import { extentText, inFileOrder } from './overlaps.js';
import { reportReserved } from './reserved-bytes.js';
import { capitalized, exactNumber, hex, sizeText } from '../base/units.js';

/** Purpose of a region. */
export type RegionName = 'bat' | 'metadata' | 'unknown';

/** An entry of the region table whose place is usable. */
export interface Region {
  readonly index: number;
  readonly name: RegionName;
  /** As `formatGuid` writes it. */
  readonly guid: string;
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Length in bytes; more than zero. */
  readonly length: number;
  readonly required: boolean;
  /** The entry in the table. */
  readonly place: Place;
}

/** One of the two tables; `bytes` are its 64 KiB. */
interface TableCopy extends StructureCopy {
  /** `undefined` if it has an impossible number of entries. */
  readonly table: VhdxRegionTable | undefined;
}

/** The region table in use. */
export interface RegionTableChoice {
  /** Which copy is read, or `undefined` if both are damaged. */
  readonly copy: CopyIndex | undefined;
  /** The other copy, if it is damaged. */
  readonly damagedCopy: DamagedCopy | undefined;
  /** The entries with a usable place, in the order of the table. */
  readonly regions: readonly Region[];
  /** The BAT region, if there is one that can be read. */
  readonly bat: Region | undefined;
  /** The metadata region, if there is one that can be read. */
  readonly metadata: Region | undefined;
}

/** What to do where there is no good copy to restore the other from. */
const NO_COPY_LEFT = 'Both copies are damaged: restore the file from a backup.';

const END_OF_OFFSETS = 2n ** 64n;

function readCopy(index: CopyIndex, bytes: Uint8Array): TableCopy {
  const place = { fileOffset: REGION_TABLE_OFFSETS[index], path: `region_tables[${index}]` };
  const violations: Violation[] = [];
  let table: VhdxRegionTable | undefined;
  try {
    table = VhdxRegionTable.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
  } catch (error) {
    // More entries than the table, or any list, has room for (C3, which has been noted).
    if (!(error instanceof ReadError)) throw error;
  }
  const isDamage = (violation: Violation): boolean => entryOfViolation(violation).damages === 'region-table';
  const broken = violations.find(isDamage);
  const damage = broken === undefined ? checksumFault(bytes, place) : findingOfViolation(broken, place);
  return { index, place, bytes, table, damage, violations: violations.filter((each) => !isDamage(each)) };
}

/** C1: the checksum of the whole table, also of one whose entries cannot be read. */
function checksumFault(bytes: Uint8Array, place: Place): Finding | undefined {
  const span = spanOf(VhdxRegionTable.LAYOUT, 'checksum');
  const expected = checksumAround(checksums.crc32c, bytes, 0, bytes.length, span);
  const actual = u32At(bytes, span.offset);
  if (actual === expected) return undefined;
  const at = fieldOf(VhdxRegionTable.LAYOUT, place, 'checksum');
  const words = checksumText(`${at.path} at ${hex(at.fileOffset)}`, actual, expected);
  const code = 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH';
  return finding(code, { ...at, message: `${summaryText(code)}: ${words}.` });
}

function chooseCopy(copies: readonly [TableCopy, TableCopy], report: Report): TableCopy | undefined {
  const [first, second] = copies;
  reportDamage(copies, NO_COPY_LEFT, report);
  const valid = validCopies(copies);
  if (valid.length === 2 && !bytesEqual(first.bytes, second.bytes)) {
    const { offset: checksum, size } = spanOf(VhdxRegionTable.LAYOUT, 'checksum');
    // The checksums differ because something else does.
    const differs = (byte: number, at: number): boolean =>
      byte !== second.bytes[at] && (at < checksum || at >= checksum + size);
    const at = Math.max(0, first.bytes.findIndex(differs));
    report(
      finding('VHDX_REGION_TABLES_DIFFER', {
        fileOffset: second.place.fileOffset + at,
        length: second.bytes.length - at,
        path: second.place.path,
        message:
          `Both region tables are valid, but they differ: the first difference is between ` +
          `${hex(first.place.fileOffset + at)} and ${hex(second.place.fileOffset + at)}. The first table is used.`,
      }),
    );
  }
  return valid[0];
}

function nameOf(guid: string): RegionName {
  if (guid === GUIDS.batRegion) return 'bat';
  return guid === GUIDS.metadataRegion ? 'metadata' : 'unknown';
}

/** How a region is spoken of: `the BAT region`, `region 4a…`. */
function title(name: RegionName, guid: string): string {
  if (name === 'bat') return 'the BAT region';
  return name === 'metadata' ? 'the metadata region' : `region ${guid}`;
}

/** How a region is spoken of. */
export function regionTitle({ name, guid }: Region): string {
  return title(name, guid);
}

function entryField(place: Place, id: FieldId<typeof VhdxRegionTableEntry.LAYOUT>): FieldPlace {
  return fieldOf(VhdxRegionTableEntry.LAYOUT, place, id);
}

/** C6, C7, C8: the region, if its place can be used. */
function placeRegion(
  entry: VhdxRegionTableEntry,
  index: number,
  place: Place,
  { fileSize, broken, report }: { fileSize: number; broken: ReadonlySet<number>; report: Report },
): Region | undefined {
  const guid = formatGuid(entry.guid);
  const name = nameOf(guid);
  const needed = name !== 'unknown' || entry.required;
  if (entry.length === 0) {
    const at = entryField(place, 'length');
    report(
      finding('VHDX_REGION_LENGTH_INVALID', {
        ...at,
        severity: needed ? 'error' : 'warning',
        message: `The length of ${title(name, guid)} at ${hex(at.fileOffset)} is 0, expected a positive multiple of 1 MiB.`,
      }),
    );
    return undefined;
  }
  const end = entry.fileOffset + BigInt(entry.length);
  const fileOffset = exactNumber(entry.fileOffset);
  if (end > BigInt(fileSize)) {
    const at = entryField(place, 'file_offset');
    report(
      finding('VHDX_REGION_BEYOND_END', {
        ...at,
        severity: needed || end > END_OF_OFFSETS ? 'error' : 'warning',
        message:
          `${capitalized(title(name, guid))} lies at ${hex(entry.fileOffset)} and is ` +
          `${sizeText(entry.length)} long, but the file ends at ${hex(fileSize)}.`,
      }),
    );
  }
  if (fileOffset === undefined || end > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  if ((['file_offset', 'length'] as const).some((id) => broken.has(entryField(place, id).fileOffset))) return undefined;
  return { index, name, guid, fileOffset, length: entry.length, required: entry.required, place };
}

/** C5, C13, C15, C19: what an entry says apart from its place. */
function judgeIdentity(entry: VhdxRegionTableEntry, place: Place, seen: Map<string, Place>, report: Report): void {
  const guid = formatGuid(entry.guid);
  const name = nameOf(guid);
  const at = entryField(place, 'guid');
  const earlier = seen.get(guid);
  if (earlier === undefined) seen.set(guid, place);
  else {
    report(
      finding('VHDX_REGION_DUPLICATE', {
        ...at,
        message: `${place.path} at ${hex(place.fileOffset)} has the GUID ${guid} of ${earlier.path} at ${hex(earlier.fileOffset)}.`,
      }),
    );
  }
  if (guid === GUIDS.zero) {
    report(
      finding('VHDX_REGION_GUID_ZERO', {
        ...at,
        message: `The GUID of ${place.path} at ${hex(at.fileOffset)} is zero.`,
      }),
    );
  }
  const required = entryField(place, 'required');
  if (name === 'unknown' && entry.required) {
    report(
      finding('VHDX_REGION_UNKNOWN_REQUIRED', {
        ...at,
        message: `Region ${guid} (${place.path} at ${hex(place.fileOffset)}) is required to understand the file, but it is not known.`,
      }),
    );
  }
  // Bits 1 to 31 are C14's; a field of 2 is a strange way to say "required", not a missing flag.
  if (name !== 'unknown' && !entry.required && entry.reserved === 0) {
    report(
      finding('VHDX_REGION_NOT_REQUIRED', {
        ...required,
        message: `The field Required of ${title(name, guid)} at ${hex(required.fileOffset)} is 0, expected 1. QEMU writes 0, and all known readers accept it.`,
      }),
    );
  }
}

/** C9, C10: regions that overlap each other or the log. */
function reportOverlaps(regions: readonly Region[], log: LogPlace | undefined, report: Report): void {
  for (const { extent: region, overlapped } of inFileOrder(regions)) {
    const at = entryField(region.place, 'file_offset');
    const extent = `${capitalized(regionTitle(region))} (${extentText(region)})`;
    if (overlapped !== undefined) {
      const message = `${extent} overlaps ${regionTitle(overlapped)} (${extentText(overlapped)}).`;
      report(finding('VHDX_REGION_OVERLAP', { ...at, message }));
    }
    if (log === undefined) continue;
    if (region.fileOffset < log.fileOffset + log.length && log.fileOffset < region.fileOffset + region.length) {
      report(
        finding('VHDX_REGION_LOG_OVERLAP', { ...at, message: `${extent} overlaps the log (${extentText(log)}).` }),
      );
    }
  }
}

/** C12: both known regions. A region whose place is unusable has been reported for that. */
function reportMissing(table: VhdxRegionTable, place: Place, report: Report): void {
  const present = new Set(table.entries.map(({ guid }) => nameOf(formatGuid(guid))));
  for (const [name, guid] of [
    ['bat', GUIDS.batRegion],
    ['metadata', GUIDS.metadataRegion],
  ] as const) {
    if (present.has(name)) continue;
    report(
      finding('VHDX_REGION_MISSING', {
        ...fieldOf(VhdxRegionTable.LAYOUT, place, 'entry_count'),
        message: `The region table at ${hex(place.fileOffset)} has no entry for ${title(name, guid)} (${guid}).`,
      }),
    );
  }
}

function judgeTable(chosen: TableCopy, table: VhdxRegionTable, fileSize: number, report: Report): Region[] {
  const { place, violations } = chosen;
  const first = offsetOf(VhdxRegionTable.LAYOUT, 'entries');
  // A length of zero is judged by placeRegion, as its severity depends on the region.
  for (const violation of violations) report(findingOfViolation(violation, place));
  // Where in the file the fields are that break a constraint.
  const broken = new Set(
    violations.filter(({ severity }) => severity === 'error').map(({ offset }) => place.fileOffset + offset),
  );
  const seen = new Map<string, Place>();
  const regions: Region[] = [];
  for (const [index, entry] of table.entries.entries()) {
    const at = {
      fileOffset: place.fileOffset + first + index * VhdxRegionTableEntry.SIZE,
      path: `${place.path}.entries[${index}]`,
    };
    judgeIdentity(entry, at, seen, report);
    const region = placeRegion(entry, index, at, { fileSize, broken, report });
    if (region !== undefined) regions.push(region);
  }
  reportMissing(table, place, report);
  const unused = {
    fileOffset: place.fileOffset + first + table.entries.length * VhdxRegionTableEntry.SIZE,
    path: `${place.path}.unused`,
  };
  const behind = `the last entry of ${place.path}`;
  reportReserved('VHDX_REGION_TABLE_UNUSED_NONZERO', table.unused, unused, behind, report);
  return regions;
}

/** The first copy, the valid ones before others, that places both known regions in a file; undefined if none does. */
function guessCopy(
  copies: readonly [TableCopy, TableCopy],
  chosen: TableCopy | undefined,
  fileSize: number,
): TableCopy | undefined {
  return [...(chosen === undefined ? [] : [chosen]), ...copies].find((copy) => {
    if (copy.table === undefined) return false;
    const regions = judgeTable(copy, copy.table, fileSize, () => undefined);
    return (['bat', 'metadata'] as const).every((name) =>
      regions.some((region) => region.name === name && region.fileOffset < fileSize),
    );
  });
}

/**
 * Chooses between the two copies of the region table (64 KiB each, as they are after the log's replay) and judges the
 * one in use, C1 to C19. `fileSize` is the file's length after the replay. With `assume`, for a salvage, a damaged copy
 * is used if it is plausible, and regions that are cut off are read as far as they go. [MS-VHDX] 2.2.3
 */
export function readRegionTables(
  slots: readonly [Uint8Array, Uint8Array],
  log: LogPlace | undefined,
  fileSize: number,
  report: Report,
  assume?: Assume,
): RegionTableChoice {
  const copies = [readCopy(0, slots[0]), readCopy(1, slots[1])] as const;
  const valid = chooseCopy(copies, report);
  const chosen = assume === undefined ? valid : (guessCopy(copies, valid, fileSize) ?? valid);
  if (chosen !== undefined && chosen !== valid) {
    assume?.(`The region table at ${hex(chosen.place.fileOffset)} is used: what it says is plausible.`);
  }
  if (chosen?.table === undefined) {
    // The count is impossible, so there is no telling what of the rest is an entry.
    const count = chosen?.violations.find((each) => codeOfViolation(each) === 'VHDX_REGION_COUNT_EXCEEDED');
    if (chosen !== undefined && count !== undefined) report(findingOfViolation(count, chosen.place));
    return { copy: chosen?.index, damagedCopy: damagedCopy(copies), regions: [], bat: undefined, metadata: undefined };
  }
  const regions = judgeTable(chosen, chosen.table, fileSize, report);
  reportOverlaps(regions, log, report);
  const readable = (name: RegionName): Region | undefined =>
    regions.find(
      (region) =>
        region.name === name &&
        (assume === undefined ? region.fileOffset + region.length : region.fileOffset + 1) <= fileSize,
    );
  return {
    copy: chosen.index,
    damagedCopy: damagedCopy(copies),
    regions,
    bat: readable('bat'),
    metadata: readable('metadata'),
  };
}
