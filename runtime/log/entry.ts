import { crc32c } from '../format/checksum.js';
import {
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntryHeader,
  VhdxLogZeroDescriptor,
} from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { ValidationError } from '../../generated/kaitai/errors.js';
import { isZero, u32At } from '../base/bytes.js';
import type { VhdxCode } from '../errors/errors.js';
import { codeOfViolation } from '../errors/findings.js';
import { formatGuid, type GuidFields, guidsEqual } from '../base/guid.js';
import { LIMITS, LOG_SECTOR_SIZE } from '../base/limits.js';
import type { LogRing } from './ring.js';
import type { SequenceEntry } from './active-sequence.js';
import { type FieldId, fieldOf, spanOf } from '../errors/field-location.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { countText, hex, roundUp } from '../base/units.js';
import { violationText } from '../errors/violation-text.js';

/** `loge`, `desc`, `zero` and `data` as little-endian numbers. [MS-VHDX] 2.3.1 */
export const LOG_SIGNATURES = { entry: 0x65676f6c, data: 0x61746164, desc: 0x63736564, zero: 0x6f72657a } as const;

/** Length of a descriptor of either kind. [MS-VHDX] 2.3.1 */
export const DESCRIPTOR_SIZE: number = VhdxLogDataDescriptor.SIZE;

/**
 * A valid entry of the log: what is needed to go on with it. A hostile log has hundreds of thousands, so the rest of its
 * header is read again where it is asked for. [MS-VHDX] 2.3.1.1
 */
export interface LogEntry extends SequenceEntry {
  readonly descriptorCount: number;
}

/** Why an entry is not valid. */
export interface EntryFault {
  readonly code: VhdxCode;
  /** From the start of the entry, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** From the entry; empty for the entry itself. */
  readonly path: string;
  readonly message: string;
}

/** One descriptor of a valid entry. */
export interface LogDescriptor {
  readonly kind: 'data' | 'zero';
  /** Its number in the entry. */
  readonly index: number;
  /** First byte of the file that it writes; a multiple of 4 KiB. */
  readonly target: bigint;
  /** How many bytes it writes; a multiple of 4 KiB. */
  readonly length: bigint;
  /** From the start of the entry, in bytes. */
  readonly offset: number;
  /** The data sector of a data descriptor, in bytes from the start of the log (not wrapped). */
  readonly dataPosition: number;
  readonly raw: VhdxLogDataDescriptor | VhdxLogZeroDescriptor;
}

/** Length in bytes of the header and `count` descriptors, in whole sectors. [MS-VHDX] 2.3.1 */
export function descriptorBytes(count: number): number {
  return roundUp(VhdxLogEntryHeader.SIZE + DESCRIPTOR_SIZE * count, LOG_SECTOR_SIZE);
}

/** The header that would begin with `bytes`, and what its own constraints say of it. */
export function readEntryHeader(bytes: Uint8Array): { header: VhdxLogEntryHeader; violations: Violation[] } {
  const violations: Violation[] = [];
  const header = VhdxLogEntryHeader.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
  return { header, violations };
}

/** The header of an entry, with what its own constraints say of it; valid until the ring's scratch buffer is used again. */
export async function readHeaderOf(
  ring: LogRing,
  { start }: Pick<LogEntry, 'start'>,
  options?: SourceReadOptions,
): Promise<ReturnType<typeof readEntryHeader>> {
  return readEntryHeader(await ring.readScratch(start, VhdxLogEntryHeader.SIZE, options));
}

function faultOf(violation: Violation, part: string, offset = 0): EntryFault {
  const path = `${part}.${violation.path}`;
  return {
    code: codeOfViolation(violation),
    offset: offset + violation.offset,
    length: violation.length,
    path,
    message: violationText(violation, path),
  };
}

function headerFault(code: VhdxCode, id: FieldId<typeof VhdxLogEntryHeader.LAYOUT>, message: string): EntryFault {
  const { fileOffset, length, path } = fieldOf(VhdxLogEntryHeader.LAYOUT, { fileOffset: 0, path: 'header' }, id);
  return { code, offset: fileOffset, length, path, message };
}

/** D2 to D8, as far as the header alone tells: the first fault, or `undefined`. [MS-VHDX] 2.3.1.1 */
export function headerFaultOf(
  { header, violations }: { header: VhdxLogEntryHeader; violations: readonly Violation[] },
  logGuid: GuidFields,
  logLength: number,
): EntryFault | undefined {
  const violation = violations.find(({ severity }) => severity === 'error');
  if (violation !== undefined && codeOfViolation(violation) === 'VHDX_LOG_ENTRY_SIGNATURE_MISMATCH')
    return faultOf(violation, 'header');
  if (!guidsEqual(header.logGuid, logGuid)) {
    return headerFault(
      'VHDX_LOG_ENTRY_GUID_MISMATCH',
      'log_guid',
      `log_guid is ${formatGuid(header.logGuid)}, but the header's is ${formatGuid(logGuid)}`,
    );
  }
  if (violation !== undefined) return faultOf(violation, 'header');
  if (header.entryLength > logLength) {
    return headerFault(
      'VHDX_LOG_ENTRY_LENGTH_INVALID',
      'entry_length',
      `entry_length is ${hex(header.entryLength)}, more than the log's ${hex(logLength)}`,
    );
  }
  if (header.tail >= logLength) {
    return headerFault(
      'VHDX_LOG_ENTRY_TAIL_INVALID',
      'tail',
      `tail is ${hex(header.tail)}, outside of the log of ${hex(logLength)} bytes`,
    );
  }
  if (descriptorBytes(header.descriptorCount) > header.entryLength) {
    return headerFault(
      'VHDX_LOG_ENTRY_DESCRIPTOR_COUNT',
      'descriptor_count',
      `${header.descriptorCount} descriptors do not fit into an entry of ${hex(header.entryLength)} bytes`,
    );
  }
  return undefined;
}

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
    const piece = await ring.readScratch(start + done, Math.min(step, length - done), options);
    if (done === 0) {
      stored = u32At(piece, checksum.offset);
      piece.fill(0, checksum.offset, checksum.offset + checksum.size);
    }
    actual = crc32c(piece, actual);
  }
  return { stored, actual };
}

/** One descriptor as it was read: what it says and what is wrong with it, or why it makes its entry invalid. */
export type DescriptorRead =
  | { readonly descriptor: LogDescriptor; readonly violations: readonly Violation[] }
  | DescriptorFault;

/** Why there is no descriptor that can be used. */
interface DescriptorFault {
  readonly fault: EntryFault;
  /** True for zeros, and for a data sector: there is none at all. */
  readonly isBlank: boolean;
}

/** Bytes of descriptors that are read at once. */
const DESCRIPTOR_BATCH = 16 * LOG_SECTOR_SIZE;

/**
 * The descriptors of an entry in order, in batches; a faulty one is the last. With `thorough` also what is wrong with
 * them without making the entry invalid. A batch is valid until the ring's scratch buffer is used again.
 */
export async function* readDescriptors(
  ring: LogRing,
  { start, descriptorCount, sequenceNumber }: LogEntry,
  thorough: boolean,
  options?: SourceReadOptions,
): AsyncGenerator<readonly DescriptorRead[]> {
  const areaLength = descriptorBytes(descriptorCount);
  let dataPosition = start + areaLength;
  let index = 0;
  for (let base = 0; base < areaLength; base += DESCRIPTOR_BATCH) {
    const bytes = await ring.readScratch(start + base, Math.min(DESCRIPTOR_BATCH, areaLength - base), options);
    const batch: DescriptorRead[] = [];
    for (let at = base === 0 ? VhdxLogEntryHeader.SIZE : 0; at < bytes.length; at += DESCRIPTOR_SIZE) {
      if (index === descriptorCount) break;
      const place = { index, offset: base + at, dataPosition };
      const read = readDescriptor(bytes.subarray(at, at + DESCRIPTOR_SIZE), place, sequenceNumber, thorough);
      batch.push(read);
      if ('fault' in read) break;
      if (read.descriptor.kind === 'data') dataPosition += LOG_SECTOR_SIZE;
      index += 1;
    }
    yield batch;
    const last = batch.at(-1);
    if (last !== undefined && 'fault' in last) return;
  }
}

/** The descriptor in `bytes`, by the reader that stops at the first error; a thorough one takes much longer. */
function decodeDescriptor(
  bytes: Uint8Array,
  onViolation: ((violation: Violation) => void) | undefined,
): VhdxLogDataDescriptor | VhdxLogZeroDescriptor | undefined {
  const options = onViolation && { onViolation };
  const signature = u32At(bytes, 0);
  if (signature === LOG_SIGNATURES.desc) return VhdxLogDataDescriptor.fromBytes(bytes, options);
  return signature === LOG_SIGNATURES.zero ? VhdxLogZeroDescriptor.fromBytes(bytes, options) : undefined;
}

function decodeOrCollect(
  bytes: Uint8Array,
  thorough: boolean,
  violations: Violation[],
): VhdxLogDataDescriptor | VhdxLogZeroDescriptor | undefined {
  const collect = (violation: Violation): number => violations.push(violation);
  if (thorough) return decodeDescriptor(bytes, collect);
  try {
    return decodeDescriptor(bytes, undefined);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return decodeDescriptor(bytes, collect);
  }
}

function readDescriptor(
  bytes: Uint8Array,
  { index, offset, dataPosition }: Pick<LogDescriptor, 'index' | 'offset' | 'dataPosition'>,
  sequenceNumber: bigint,
  thorough: boolean,
): DescriptorRead {
  const violations: Violation[] = [];
  const raw = decodeOrCollect(bytes, thorough, violations);
  if (raw === undefined) {
    const path = `descriptors[${index}]`;
    const message = `${path} has the signature ${hex(u32At(bytes, 0))}, expected desc (${hex(LOG_SIGNATURES.desc)}) or zero (${hex(LOG_SIGNATURES.zero)})`;
    const isBlank = u32At(bytes, 0) === LOG_SIGNATURES.data || isZero(bytes);
    return { fault: { code: 'VHDX_LOG_DESCRIPTOR_SIGNATURE_MISMATCH', offset, length: 4, path, message }, isBlank };
  }
  const violation = violations.find(({ severity }) => severity === 'error');
  if (violation !== undefined) return { fault: faultOf(violation, `descriptors[${index}]`, offset), isBlank: false };
  if (raw.sequenceNumber !== sequenceNumber) {
    const path = `descriptors[${index}]`;
    const message = `${path} has the sequence number ${raw.sequenceNumber}, but its entry's is ${sequenceNumber}`;
    return {
      fault: { code: 'VHDX_LOG_DESCRIPTOR_SEQUENCE_MISMATCH', offset, length: DESCRIPTOR_SIZE, path, message },
      isBlank: false,
    };
  }
  const isData = raw instanceof VhdxLogDataDescriptor;
  const kind = isData ? 'data' : 'zero';
  const length = isData ? BigInt(LOG_SECTOR_SIZE) : raw.zeroLength;
  return { descriptor: { kind, index, target: raw.fileOffset, length, offset, dataPosition, raw }, violations };
}

/** D16: each data sector has its signature and the entry's sequence number. */
async function dataSectorFault(
  ring: LogRing,
  { start, length, descriptorCount, sequenceNumber }: LogEntry,
  options?: SourceReadOptions,
): Promise<EntryFault | undefined> {
  const area = descriptorBytes(descriptorCount);
  const step = LIMITS.readChunkBytes;
  for (let done = area; done < length; done += step) {
    const piece = await ring.readScratch(start + done, Math.min(step, length - done), options);
    for (let at = 0; at < piece.length; at += LOG_SECTOR_SIZE) {
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
  const isTooLarge = descriptorBytes(descriptorCount) + dataBytes > length;
  if (!isTooLarge && !(isBlank && descriptorBytes(sound.descriptors) + dataBytes === length)) return undefined;
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
  const room = (entry.length - descriptorBytes(entry.descriptorCount)) / LOG_SECTOR_SIZE;
  if (room !== dataSectors) {
    const message = `the entry has room for ${room} data sectors, but ${dataSectors} data descriptors`;
    return headerFault('VHDX_LOG_DATA_SECTOR_COUNT', 'entry_length', message);
  }
  return dataSectorFault(ring, entry, options);
}
