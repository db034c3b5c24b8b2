/** Checks the body of a log entry: checksum, descriptors, data sectors. [MS-VHDX] 2.3.1 */
import { VhdxLogDataSector, VhdxLogEntryHeader } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { u32At } from '../base/bytes.js';
import { LIMITS, LOG_SECTOR_SIZE } from '../base/limits.js';
import { countText, hex } from '../base/units.js';
import { spanOf } from '../errors/field-location.js';
import { crc32c } from '../format/checksum.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { type DescriptorFault, readDescriptors } from './descriptor.js';
import { headerFault, type LogEntry } from './entry.js';
import { type EntryFault, faultOf } from './entry-fault.js';
import { DATA_SECTOR, descriptorAreaLength, LOG_SIGNATURES } from './layout.js';
import type { LogRing } from './ring.js';

/**
 * The CRC-32C of an entry, taken piece by piece, and what its checksum field says, which counts as zero.
 * [MS-VHDX] 2.3.1.1
 */
async function checksumsOf(
  ring: LogRing,
  { start, length }: LogEntry,
  options?: SourceReadOptions,
): Promise<{ stored: number; actual: number }> {
  const checksum = spanOf(VhdxLogEntryHeader.LAYOUT, 'checksum');
  const step = LIMITS.readChunkBytes;
  let stored = 0;
  let actual = 0;
  for (let done = 0; done < length; done += step) {
    let piece = await ring.readScratch(start + done, Math.min(step, length - done), options);
    if (done === 0) {
      stored = u32At(piece, checksum.offset);
      actual = crc32c(new Uint8Array(checksum.size), crc32c(piece.subarray(0, checksum.offset)));
      piece = piece.subarray(checksum.offset + checksum.size);
    }
    actual = crc32c(piece, actual);
  }
  return { stored, actual };
}

/** Whether there is a data sector with this sequence number at `at`, as nearly everywhere. */
function isDataSector(sectors: DataView, at: number, high: number, low: number): boolean {
  return (
    sectors.getUint32(at + DATA_SECTOR.signature, true) === LOG_SIGNATURES.data &&
    sectors.getUint32(at + DATA_SECTOR.sequenceHigh, true) === high &&
    sectors.getUint32(at + DATA_SECTOR.sequenceLow, true) === low
  );
}

/** D16: each data sector has its signature and the entry's sequence number. */
async function dataSectorFault(
  ring: LogRing,
  { start, length, descriptorCount, sequenceNumber }: LogEntry,
  options?: SourceReadOptions,
): Promise<EntryFault | undefined> {
  const area = descriptorAreaLength(descriptorCount);
  const step = LIMITS.readChunkBytes;
  const [high, low] = [Number(sequenceNumber >> 32n), Number(sequenceNumber & 0xffff_ffffn)];
  for (let done = area; done < length; done += step) {
    const piece = await ring.readScratch(start + done, Math.min(step, length - done), options);
    const sectors = new DataView(piece.buffer, piece.byteOffset, piece.length);
    for (let at = 0; at < piece.length; at += LOG_SECTOR_SIZE) {
      if (isDataSector(sectors, at, high, low)) continue;
      const offset = done + at;
      const path = `data_sectors[${(offset - area) / LOG_SECTOR_SIZE}]`;
      const violations: Violation[] = [];
      const sector = VhdxLogDataSector.fromBytes(piece.subarray(at, at + LOG_SECTOR_SIZE), {
        onViolation: (violation) => violations.push(violation),
      });
      const [violation] = violations;
      if (violation !== undefined) return faultOf(violation, path, offset);
      const number = (BigInt(sector.sequenceHigh) << 32n) | BigInt(sector.sequenceLow);
      if (number === sequenceNumber) continue;
      const message = `${path} has the sequence number ${number}, but its entry's is ${sequenceNumber}`;
      return { code: 'VHDX_LOG_DATA_SECTOR_MISMATCH', offset, length: LOG_SECTOR_SIZE, path, message };
    }
  }
  return undefined;
}

/**
 * D8: a number of descriptors for which the entry has no room, or behind which it has none: those that were read before
 * (`sound`) fill it exactly. What is found in the place of the others is a consequence.
 */
function countFaultOf(
  { descriptorCount, length }: LogEntry,
  sound: { readonly descriptors: number; readonly dataSectors: number },
  { isBlank }: DescriptorFault,
): EntryFault | undefined {
  const dataBytes = sound.dataSectors * LOG_SECTOR_SIZE;
  const isTooLarge = descriptorAreaLength(descriptorCount) + dataBytes > length;
  if (!isTooLarge && !(isBlank && descriptorAreaLength(sound.descriptors) + dataBytes === length)) return undefined;
  const message = `descriptor_count is ${descriptorCount}, but the entry of ${hex(length)} bytes has ${countText(sound.descriptors, 'descriptor')}`;
  return headerFault('VHDX_LOG_ENTRY_DESCRIPTOR_COUNT', 'descriptor_count', message);
}

/** D4, D13 to D17: what is wrong with an entry whose header has no fault. [MS-VHDX] 2.3.1 */
export async function bodyFaultOf(
  ring: LogRing,
  entry: LogEntry,
  options?: SourceReadOptions,
): Promise<EntryFault | undefined> {
  const { stored, actual } = await checksumsOf(ring, entry, options);
  if (stored !== actual) {
    const message = `checksum is ${hex(stored)}, but that of the entry's ${entry.length} bytes is ${hex(actual)}`;
    return headerFault('VHDX_LOG_ENTRY_CHECKSUM_MISMATCH', 'checksum', message);
  }
  // An entry that is too long to be replayed is no reason to replay older ones instead: it stays in the sequence, which
  // is refused for it. Its checksum tells that it was written so.
  if (entry.descriptorCount > LIMITS.replayDescriptors) return undefined;
  let descriptors = 0;
  let dataSectors = 0;
  for await (const batch of readDescriptors(ring, entry, false, options)) {
    for (const read of batch) {
      if ('fault' in read) return countFaultOf(entry, { descriptors, dataSectors }, read) ?? read.fault;
      descriptors += 1;
      if (read.descriptor.kind === 'data') dataSectors += 1;
    }
  }
  const room = (entry.length - descriptorAreaLength(entry.descriptorCount)) / LOG_SECTOR_SIZE;
  if (room !== dataSectors) {
    const message = `the entry has room for ${room} data sectors, but ${dataSectors} data descriptors`;
    return headerFault('VHDX_LOG_DATA_SECTOR_COUNT', 'entry_length', message);
  }
  return dataSectorFault(ring, entry, options);
}
