/** Makes the bytes of a log entry. [MS-VHDX] 2.3.1 */
import {
  VhdxGuid,
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntry,
  VhdxLogEntry_Descriptor,
  VhdxLogEntryHeader,
} from '../../generated/index.js';
import { spanOf } from '../errors/field-location.js';
import type { GuidFields } from '../base/guid.js';
import { LOG_SECTOR_SIZE } from '../base/limits.js';
import { descriptorAreaLength } from './layout.js';

/** A 4 KiB update of the file. */
export interface SectorUpdate {
  /** Byte offset in the file, a multiple of 4096. */
  readonly fileOffset: number;
  /** 4096 bytes. */
  readonly bytes: Uint8Array;
}

/** What the header of an entry says. [MS-VHDX] 2.3.1.1 */
export interface EntryHeaderFields {
  readonly logGuid: GuidFields;
  readonly sequenceNumber: bigint;
  /** Bytes from the start of the log to the oldest entry that is still needed. */
  readonly tail: number;
  /** Bytes; whole MiB. */
  readonly flushedFileOffset: number;
  /** Bytes; whole MiB. */
  readonly lastFileOffset: number;
}

/** Bytes of a data sector's update that its descriptor keeps, at either end. [MS-VHDX] 2.3.1.3 */
const LEADING = spanOf(VhdxLogDataDescriptor.LAYOUT, 'leading_bytes').size;
const TRAILING = spanOf(VhdxLogDataDescriptor.LAYOUT, 'trailing_bytes').size;

/** Bytes of an entry with so many updates. */
export function logEntryLength(updates: number): number {
  return descriptorAreaLength(updates) + updates * LOG_SECTOR_SIZE;
}

/** The bytes of a log entry that makes these updates. [MS-VHDX] 2.3.1 */
export function logEntryBytes(updates: readonly SectorUpdate[], fields: EntryHeaderFields): Uint8Array {
  const { sequenceNumber } = fields;
  const descriptors = updates.map(({ fileOffset, bytes }) =>
    VhdxLogEntry_Descriptor.create({
      body: VhdxLogDataDescriptor.create({
        trailingBytes: bytes.subarray(LOG_SECTOR_SIZE - TRAILING),
        leadingBytes: bytes.subarray(0, LEADING),
        fileOffset: BigInt(fileOffset),
        sequenceNumber,
      }),
    }),
  );
  const dataSectors = updates.map(({ bytes }) =>
    VhdxLogDataSector.create({
      sequenceHigh: Number(sequenceNumber >> 32n),
      data: bytes.subarray(LEADING, LOG_SECTOR_SIZE - TRAILING),
      sequenceLow: Number(BigInt.asUintN(32, sequenceNumber)),
    }),
  );
  const header = VhdxLogEntryHeader.create({
    entryLength: logEntryLength(updates.length),
    tail: fields.tail,
    sequenceNumber,
    descriptorCount: updates.length,
    logGuid: VhdxGuid.create(fields.logGuid),
    flushedFileOffset: BigInt(fields.flushedFileOffset),
    lastFileOffset: BigInt(fields.lastFileOffset),
  });
  return VhdxLogEntry.create({ header, descriptors, dataSectors }).toBytes();
}
