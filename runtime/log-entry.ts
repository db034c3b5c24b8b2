import { crc32c } from './checksum.js';
import {
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntryHeader,
  VhdxLogZeroDescriptor,
  type Violation,
} from '../generated/index.js';
import { ValidationError } from '../generated/kaitai.js';
import { u32At } from './bytes.js';
import type { VhdxCode } from './errors.js';
import { codeOfViolation } from './findings.js';
import { formatGuid, type GuidFields, guidsEqual } from './guid.js';
import { LIMITS, LOG_SECTOR_SIZE } from './limits.js';
import type { LogRing } from './log-ring.js';
import type { SequenceEntry } from './log-sequence.js';
import { fieldOf } from './place.js';
import type { SourceReadOptions } from './source.js';
import { hex, roundUp } from './units.js';
import { violationText } from './violation-text.js';

/** `loge`, `desc`, `zero` and `data` as little-endian numbers. [MS-VHDX] 2.3.1 */
export const LOG_SIGNATURES = { entry: 0x65676f6c, data: 0x61746164, desc: 0x63736564, zero: 0x6f72657a } as const;

/** Length of a descriptor of either kind. [MS-VHDX] 2.3.1 */
export const DESCRIPTOR_SIZE: number = VhdxLogDataDescriptor.SIZE;

/** The fields of an entry's header that outlive the search. There may be very many of these. [MS-VHDX] 2.3.1.1 */
export interface LogEntryHeader {
  readonly checksum: number;
  readonly entryLength: number;
  readonly tail: number;
  readonly sequenceNumber: bigint;
  readonly descriptorCount: number;
  readonly flushedFileOffset: bigint;
  readonly lastFileOffset: bigint;
}

/** A valid entry of the log. */
export interface LogEntry extends SequenceEntry {
  readonly header: LogEntryHeader;
  /** What is wrong with its header without making it invalid. */
  readonly remarks: readonly Violation[];
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

function headerFault(code: VhdxCode, id: string, message: string): EntryFault {
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
  if (violation !== undefined && violation.rule === 'D2') return faultOf(violation, 'header');
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
  if (header.descriptorCount > LIMITS.replayDescriptors) {
    return headerFault(
      'VHDX_LOG_TOO_MANY_DESCRIPTORS',
      'descriptor_count',
      `descriptor_count is ${header.descriptorCount}; more than ${LIMITS.replayDescriptors} are not replayed`,
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

/** The CRC-32C of an entry, taken piece by piece: the checksum field counts as zero. [MS-VHDX] 2.3.1.1 */
async function checksumOf(ring: LogRing, start: number, length: number, options?: SourceReadOptions): Promise<number> {
  const field = fieldOf(VhdxLogEntryHeader.LAYOUT, { fileOffset: 0, path: '' }, 'checksum');
  const buffer = new Uint8Array(Math.min(length, LIMITS.readChunkBytes));
  let crc = 0;
  for (let done = 0; done < length; done += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, length - done));
    await ring.readInto(piece, start + done, options);
    if (done === 0) piece.fill(0, field.fileOffset, field.fileOffset + field.length);
    crc = crc32c(piece, crc);
  }
  return crc;
}

/** One descriptor as it was read: what it says and what is wrong with it, or why it makes its entry invalid. */
export type DescriptorRead =
  | { readonly descriptor: LogDescriptor; readonly violations: readonly Violation[] }
  | { readonly fault: EntryFault };

/** Bytes of descriptors that are read at once. */
const DESCRIPTOR_BATCH = 16 * LOG_SECTOR_SIZE;

/**
 * The descriptors of an entry in order, in batches; a faulty one is the last. With `thorough` also what is wrong with
 * them without making the entry invalid.
 */
export async function* readDescriptors(
  ring: LogRing,
  start: number,
  header: LogEntryHeader,
  thorough: boolean,
  options?: SourceReadOptions,
): AsyncGenerator<readonly DescriptorRead[]> {
  const areaLength = descriptorBytes(header.descriptorCount);
  let dataPosition = start + areaLength;
  let index = 0;
  for (let base = 0; base < areaLength; base += DESCRIPTOR_BATCH) {
    const bytes = await ring.read(start + base, Math.min(DESCRIPTOR_BATCH, areaLength - base), options);
    const batch: DescriptorRead[] = [];
    for (let at = base === 0 ? VhdxLogEntryHeader.SIZE : 0; at < bytes.length; at += DESCRIPTOR_SIZE) {
      if (index === header.descriptorCount) break;
      const place = { index, offset: base + at, dataPosition };
      const read = readDescriptor(bytes.subarray(at, at + DESCRIPTOR_SIZE), place, header.sequenceNumber, thorough);
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
    return { fault: { code: 'VHDX_LOG_DESCRIPTOR_SIGNATURE_MISMATCH', offset, length: 4, path, message } };
  }
  const violation = violations.find(({ severity }) => severity === 'error');
  if (violation !== undefined) return { fault: faultOf(violation, `descriptors[${index}]`, offset) };
  if (raw.sequenceNumber !== sequenceNumber) {
    const path = `descriptors[${index}]`;
    const message = `${path} has the sequence number ${raw.sequenceNumber}, but its entry's is ${sequenceNumber}`;
    return {
      fault: { code: 'VHDX_LOG_DESCRIPTOR_SEQUENCE_MISMATCH', offset, length: DESCRIPTOR_SIZE, path, message },
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
  start: number,
  header: LogEntryHeader,
  options?: SourceReadOptions,
): Promise<EntryFault | undefined> {
  const area = descriptorBytes(header.descriptorCount);
  const buffer = new Uint8Array(Math.min(header.entryLength - area, LIMITS.readChunkBytes));
  for (let done = area; done < header.entryLength; done += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, header.entryLength - done));
    await ring.readInto(piece, start + done, options);
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
      if (number === header.sequenceNumber) continue;
      const message = `${path} has the sequence number ${number}, but its entry's is ${header.sequenceNumber}`;
      return { code: 'VHDX_LOG_DATA_SECTOR_MISMATCH', offset, length: LOG_SECTOR_SIZE, path, message };
    }
  }
  return undefined;
}

/** D4, D13 to D17: what is wrong with an entry whose header has no fault. [MS-VHDX] 2.3.1 */
export async function bodyFaultOf(
  ring: LogRing,
  start: number,
  header: LogEntryHeader,
  options?: SourceReadOptions,
): Promise<EntryFault | undefined> {
  const checksum = await checksumOf(ring, start, header.entryLength, options);
  if (checksum !== header.checksum) {
    const message = `checksum is ${hex(header.checksum)}, but that of the entry's ${header.entryLength} bytes is ${hex(checksum)}`;
    return headerFault('VHDX_LOG_ENTRY_CHECKSUM_MISMATCH', 'checksum', message);
  }
  let dataSectors = 0;
  for await (const batch of readDescriptors(ring, start, header, false, options)) {
    for (const read of batch) {
      if ('fault' in read) return read.fault;
      if (read.descriptor.kind === 'data') dataSectors += 1;
    }
  }
  const room = (header.entryLength - descriptorBytes(header.descriptorCount)) / LOG_SECTOR_SIZE;
  if (room !== dataSectors) {
    const message = `the entry has room for ${room} data sectors, but ${dataSectors} data descriptors`;
    return headerFault('VHDX_LOG_DATA_SECTOR_COUNT', 'entry_length', message);
  }
  return dataSectorFault(ring, start, header, options);
}
