/** The two headers, and the choice of the current one. [MS-VHDX] 2.2.2 */
import { VhdxHeader } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { bytesEqual } from '../base/bytes.js';
import {
  type CopyIndex,
  type DamagedCopy,
  damagedCopy,
  reportDamage,
  type StructureCopy,
  validCopies,
} from './copies.js';
import { entryOfViolation, finding, findingOfViolation, type Report } from '../errors/findings.js';
import { formatGuid, guidsEqual, isZeroGuid } from '../base/guid.js';
import { HEADER_OFFSETS, LIMITS } from '../base/limits.js';
import { type FieldId, type FieldPlace, fieldOf } from '../errors/field-location.js';
import { exactNumber, hex, sizeText } from '../base/units.js';
import { reportReserved } from './reserved-bytes.js';

/** One of the two headers; `bytes` are its 4 KiB. */
export interface HeaderCopy extends StructureCopy {
  readonly header: VhdxHeader;
}

/** The two headers and the choice between them. */
export interface HeaderChoice {
  readonly copies: readonly [HeaderCopy, HeaderCopy];
  /** The header whose fields count, if there is one. */
  readonly current: HeaderCopy | undefined;
  /** The other header, if it is damaged. */
  readonly damagedCopy: DamagedCopy | undefined;
}

/** Where the log lies, if it can be read there. */
export interface LogPlace {
  readonly fileOffset: number;
  readonly length: number;
}

const MAX_SEQUENCE_NUMBER = 2n ** 64n - 1n;
/** How much an update of both headers adds to the sequence number. [MS-VHDX] 2.2.2.1 */
const HEADER_UPDATE_STEPS = 2n;
/** Updates of both headers that a session of writing needs: its beginning, that of the log, and the end of the log. */
export const SESSION_HEADER_UPDATES = 3;

/** Whether `updates` updates of both headers are possible from the sequence number of `header` on (B20). */
export function canUpdateHeaders({ sequenceNumber }: Pick<VhdxHeader, 'sequenceNumber'>, updates: number): boolean {
  return sequenceNumber + BigInt(updates) * HEADER_UPDATE_STEPS <= MAX_SEQUENCE_NUMBER;
}

/** B20, as checker and writer say it. */
export function sequenceExhaustedText(sequenceNumber: bigint, fileOffset: number): string {
  return (
    `The sequence number of the current header at ${hex(fileOffset)} is ${sequenceNumber}, too close to 2^64 - 1 for the ` +
    'header updates that writing needs.'
  );
}

function field(copy: HeaderCopy, id: FieldId<typeof VhdxHeader.LAYOUT>): FieldPlace {
  return fieldOf(VhdxHeader.LAYOUT, copy.place, id);
}

function readCopy(index: CopyIndex, slot: Uint8Array): HeaderCopy {
  const place = { fileOffset: HEADER_OFFSETS[index], path: `headers[${index}]` };
  const bytes = slot.subarray(0, VhdxHeader.SIZE);
  const violations: Violation[] = [];
  const collect = { onViolation: (violation: Violation): number => violations.push(violation) };
  const header = VhdxHeader.fromBytes(bytes, collect);
  const isDamage = (violation: Violation): boolean => entryOfViolation(violation).damages === 'header';
  // A wrong signature breaks the checksum too; one of the two is enough to say.
  if (!violations.some(isDamage)) header.verifyChecksum(collect);
  const broken = violations.find(isDamage);
  const damage = broken === undefined ? undefined : findingOfViolation(broken, place);
  return { index, place, header, bytes, damage, violations: violations.filter((each) => !isDamage(each)) };
}

/** B18: the rest of a header's 64 KiB is reserved. */
function reportSlot({ place }: HeaderCopy, slot: Uint8Array, report: Report): void {
  const rest = { fileOffset: place.fileOffset + VhdxHeader.SIZE, path: place.path };
  reportReserved('VHDX_HEADER_SLOT_NONZERO', slot.subarray(VhdxHeader.SIZE), rest, place.path, report);
}

/** B4: valid headers with equal sequence numbers; only byte-identical ones leave no doubt. */
function chooseOfEqual(copies: readonly [HeaderCopy, HeaderCopy], report: Report): HeaderCopy | undefined {
  const [first, second] = copies;
  const identical = bytesEqual(first.bytes, second.bytes);
  const number = first.header.sequenceNumber;
  report(
    finding('VHDX_HEADER_SEQUENCE_EQUAL', {
      ...field(second, 'sequence_number'),
      severity: identical ? 'warning' : 'error',
      message:
        `Both headers (${hex(first.place.fileOffset)} and ${hex(second.place.fileOffset)}) are valid and have sequence ` +
        `number ${number}, so neither is current. ` +
        (identical ? 'They are identical in every byte, so either can be used.' : 'They differ in other fields.'),
    }),
  );
  return identical ? first : undefined;
}

/** B6, B7: what the noncurrent header says otherwise than the current one. */
function compareWithNoncurrent(current: HeaderCopy, other: HeaderCopy, report: Report): void {
  const [now, before] = [current.header, other.header];
  if (!guidsEqual(now.dataWriteGuid, before.dataWriteGuid)) {
    report(
      finding('VHDX_HEADER_DATA_WRITE_GUID_DIFFERS', {
        ...field(other, 'data_write_guid'),
        message:
          `The DataWriteGuid of the noncurrent ${other.place.path} at ${hex(other.place.fileOffset)} is ` +
          `${formatGuid(before.dataWriteGuid)}, that of the current header is ${formatGuid(now.dataWriteGuid)}. ` +
          'A log replay by QEMU leaves this behind.',
      }),
    );
  }
  const differing = [
    ...(guidsEqual(now.fileWriteGuid, before.fileWriteGuid) ? [] : ['FileWriteGuid']),
    ...(guidsEqual(now.logGuid, before.logGuid) ? [] : ['LogGuid']),
    ...(now.logVersion === before.logVersion ? [] : ['LogVersion']),
    ...(now.version === before.version ? [] : ['Version']),
    ...(now.logLength === before.logLength ? [] : ['LogLength']),
    ...(now.logOffset === before.logOffset ? [] : ['LogOffset']),
    ...(bytesEqual(now.reserved, before.reserved) ? [] : ['Reserved']),
  ];
  if (differing.length === 0) return;
  report(
    finding('VHDX_HEADER_COPIES_DIFFER', {
      fileOffset: other.place.fileOffset,
      length: VhdxHeader.SIZE,
      path: other.place.path,
      message:
        `The noncurrent ${other.place.path} at ${hex(other.place.fileOffset)} differs from the current one in ` +
        `${differing.join(', ')}: only one header was updated.`,
    }),
  );
}

/** B3. The advice to restore one header from the other does not apply then. */
function reportNoneValid(copies: HeaderChoice['copies'], report: Report): void {
  const [first, second] = copies.map(({ place }) => hex(place.fileOffset));
  report(
    finding('VHDX_HEADER_NONE_VALID', {
      fileOffset: HEADER_OFFSETS[0],
      length: HEADER_OFFSETS[1] - HEADER_OFFSETS[0] + VhdxHeader.SIZE,
      path: 'headers',
      message: `Neither the header at ${first} nor the one at ${second} is valid, so no structure can be located reliably.`,
    }),
  );
}

/**
 * Chooses the current header from the two 64 KiB slots: the valid one with the greater sequence number. Reports B1,
 * B2, B3, B4, B6, B7 and B18. [MS-VHDX] 2.2.2
 */
export function chooseHeader(slots: readonly [Uint8Array, Uint8Array], report: Report): HeaderChoice {
  const copies = [readCopy(0, slots[0]), readCopy(1, slots[1])] as const;
  // The worst first: it is what a reader of the report has to know.
  if (validCopies(copies).length === 0) reportNoneValid(copies, report);
  reportDamage(copies, '', report);
  const current = chooseCurrent(copies, report);
  for (const copy of copies) {
    if (copy.damage === undefined) reportSlot(copy, slots[copy.index], report);
  }
  return { copies, current, damagedCopy: damagedCopy(copies) };
}

function chooseCurrent(copies: readonly [HeaderCopy, HeaderCopy], report: Report): HeaderCopy | undefined {
  const [first, second] = copies;
  if (first.damage !== undefined) return second.damage === undefined ? second : undefined;
  if (second.damage !== undefined) return first;
  if (first.header.sequenceNumber === second.header.sequenceNumber) return chooseOfEqual(copies, report);
  const [current, other] =
    first.header.sequenceNumber > second.header.sequenceNumber ? [first, second] : [second, first];
  compareWithNoncurrent(current, other, report);
  return current;
}

/** B9: an unknown log version matters only if there is a log to replay. */
function reportLogVersion(current: HeaderCopy, report: Report): void {
  const { header } = current;
  if (header.logVersion === 0) return;
  const place = field(current, 'log_version');
  const pending = !isZeroGuid(header.logGuid);
  report(
    finding('VHDX_HEADER_LOG_VERSION_UNSUPPORTED', {
      ...place,
      severity: pending ? 'error' : 'warning',
      message:
        `The log version of the current header is ${header.logVersion} at ${hex(place.fileOffset)}, expected 0; ` +
        (pending ? 'there is a log to replay, and this version is not known.' : 'there is no log to replay.'),
    }),
  );
}

function reportGuids(current: HeaderCopy, report: Report): void {
  const guids = [
    ['file_write_guid', 'FileWriteGuid', current.header.fileWriteGuid],
    ['data_write_guid', 'DataWriteGuid', current.header.dataWriteGuid],
  ] as const;
  for (const [id, name, guid] of guids) {
    if (!isZeroGuid(guid)) continue;
    const place = field(current, id);
    report(
      finding('VHDX_HEADER_GUID_ZERO', {
        ...place,
        message: `The ${name} of the current header at ${hex(place.fileOffset)} is zero, so it identifies nothing.`,
      }),
    );
  }
}

/** B10 to B16: where the log lies; `undefined` if there is none that can be read. */
export function locateLog(current: HeaderCopy, fileSize: number, report: Report): LogPlace | undefined {
  const { header, violations } = current;
  const lengthPlace = field(current, 'log_length');
  const at = lengthPlace.fileOffset;
  if (header.logLength === 0) {
    const pending = !isZeroGuid(header.logGuid);
    report(
      finding(pending ? 'VHDX_LOG_MISSING' : 'VHDX_LOG_ABSENT', {
        ...lengthPlace,
        message: pending
          ? `The log length of the current header at ${hex(at)} is 0, but its LogGuid ${formatGuid(header.logGuid)} says that there is a log to replay.`
          : `The log length of the current header at ${hex(at)} is 0: without a log the file can be read, but not be modified safely.`,
      }),
    );
    return undefined;
  }
  if (header.logLength > LIMITS.usualLogBytes) {
    report(
      finding('VHDX_LOG_TOO_LONG', {
        ...lengthPlace,
        message: `The log length at ${hex(at)} is ${sizeText(header.logLength)}; some readers refuse more than ${sizeText(LIMITS.usualLogBytes)}.`,
      }),
    );
  }
  if (violations.some((violation) => entryOfViolation(violation).misplaces === 'log')) return undefined;
  const fileOffset = exactNumber(header.logOffset);
  if (fileOffset === undefined || fileOffset + header.logLength > fileSize) {
    report(
      finding('VHDX_LOG_BEYOND_END', {
        ...field(current, 'log_offset'),
        message:
          `The log lies at ${hex(header.logOffset)} and is ${sizeText(header.logLength)} long, ` +
          `but the file ends at ${hex(fileSize)}.`,
      }),
    );
    return undefined;
  }
  return { fileOffset, length: header.logLength };
}

/**
 * Judges the fields of the current header, B8 to B20, and returns the place of the log. Without it in spite of a
 * nonzero LogGuid the log cannot be replayed, and an error has been reported. [MS-VHDX] 2.2.2
 */
export function readCurrentHeader(current: HeaderCopy, fileSize: number, report: Report): LogPlace | undefined {
  const { header, place, violations } = current;
  for (const violation of violations) {
    // B9 depends on LogGuid and is judged below.
    if (!entryOfViolation(violation).inContext) report(findingOfViolation(violation, place));
  }
  reportLogVersion(current, report);
  const log = locateLog(current, fileSize, report);
  reportGuids(current, report);
  if (!canUpdateHeaders(header, SESSION_HEADER_UPDATES)) {
    const number = field(current, 'sequence_number');
    report(
      finding('VHDX_HEADER_SEQUENCE_EXHAUSTED', {
        ...number,
        message: sequenceExhaustedText(header.sequenceNumber, number.fileOffset),
      }),
    );
  }
  return log;
}

/** False if the current header has a version whose layout nothing is known of. [MS-VHDX] 2.2.2 */
export function isKnownVersion({ header }: HeaderCopy): boolean {
  return header.version === 1;
}
