/** Reads the descriptors of a log entry. [MS-VHDX] 2.3.1.2, 2.3.1.3 */
import { VhdxLogDataDescriptor, VhdxLogZeroDescriptor } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { ValidationError } from '../../generated/kaitai/errors.js';
import { isZero, u32At } from '../base/bytes.js';
import { LOG_SECTOR_SIZE } from '../base/limits.js';
import { hex } from '../base/units.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import type { LogEntry } from './entry.js';
import { type EntryFault, faultOf } from './entry-fault.js';
import { DESCRIPTOR_SIZE, descriptorAreaLength, descriptorOffset, LOG_SIGNATURES } from './layout.js';
import type { LogRing } from './ring.js';

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

/** One descriptor as it was read: what it says and what is wrong with it, or why it makes its entry invalid. */
export type DescriptorRead =
  | { readonly descriptor: LogDescriptor; readonly violations: readonly Violation[] }
  | DescriptorFault;

/** Why there is no descriptor that can be used. */
export interface DescriptorFault {
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
  const areaLength = descriptorAreaLength(descriptorCount);
  let dataPosition = start + areaLength;
  let index = 0;
  for (let base = 0; base < areaLength; base += DESCRIPTOR_BATCH) {
    const bytes = await ring.readScratch(start + base, Math.min(DESCRIPTOR_BATCH, areaLength - base), options);
    const batch: DescriptorRead[] = [];
    for (let at = base === 0 ? descriptorOffset(0) : 0; at < bytes.length; at += DESCRIPTOR_SIZE) {
      if (index === descriptorCount) break;
      const read = readDescriptor(
        bytes.subarray(at, at + DESCRIPTOR_SIZE),
        { index, offset: base + at, dataPosition },
        sequenceNumber,
        thorough,
      );
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
