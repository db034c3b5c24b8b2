/** Headers of log entries. [MS-VHDX] 2.3.1.1 */
import { VhdxLogEntryHeader } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { formatGuid, type GuidFields, guidsEqual } from '../base/guid.js';
import { hex } from '../base/units.js';
import type { VhdxCode } from '../errors/errors.js';
import { codeOfViolation } from '../errors/findings.js';
import { type FieldId, fieldOf } from '../errors/field-location.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import type { SequenceEntry } from './active-sequence.js';
import { type EntryFault, faultOf } from './entry-fault.js';
import { descriptorAreaLength } from './layout.js';
import type { LogRing } from './ring.js';

/** A valid entry of the log, by its header. A hostile log has hundreds of thousands. [MS-VHDX] 2.3.1.1 */
export interface LogEntry extends SequenceEntry {
  readonly descriptorCount: number;
  /** As they are stored; whole MiB, unless `hasRemarks`. */
  readonly flushedFileOffset: bigint;
  readonly lastFileOffset: bigint;
  /** Whether the header breaks constraints that do not make it invalid. */
  readonly hasRemarks: boolean;
}

/** An entry's header as it is stored, with what its own constraints say of it. */
export interface DecodedHeader {
  readonly header: VhdxLogEntryHeader;
  readonly violations: readonly Violation[];
}

/** The header that would begin with `bytes`. */
export function decodeHeader(bytes: Uint8Array): DecodedHeader {
  const violations: Violation[] = [];
  const header = VhdxLogEntryHeader.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
  return { header, violations };
}

/** The header of the entry at `start`, read again: for what a `LogEntry` does not have. */
export async function readHeaderAt(ring: LogRing, start: number, options?: SourceReadOptions): Promise<DecodedHeader> {
  return decodeHeader(await ring.read(start, VhdxLogEntryHeader.SIZE, options));
}

/** The entry at `start` with a header that has no fault. */
export function entryOf(start: number, { header, violations }: DecodedHeader): LogEntry {
  const { sequenceNumber, entryLength: length, tail, descriptorCount, flushedFileOffset, lastFileOffset } = header;
  const hasRemarks = violations.length > 0;
  return { start, length, sequenceNumber, tail, descriptorCount, flushedFileOffset, lastFileOffset, hasRemarks };
}

/** A fault of the header's field `id`. */
export function headerFault(
  code: VhdxCode,
  id: FieldId<typeof VhdxLogEntryHeader.LAYOUT>,
  message: string,
): EntryFault {
  const { fileOffset, length, path } = fieldOf(VhdxLogEntryHeader.LAYOUT, { fileOffset: 0, path: 'header' }, id);
  return { code, offset: fileOffset, length, path, message };
}

/** D2 to D8, as far as the header alone tells: the first fault, or `undefined`. [MS-VHDX] 2.3.1.1 */
export function headerFaultOf(
  { header, violations }: DecodedHeader,
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
  if (descriptorAreaLength(header.descriptorCount) > header.entryLength) {
    return headerFault(
      'VHDX_LOG_ENTRY_DESCRIPTOR_COUNT',
      'descriptor_count',
      `${header.descriptorCount} descriptors do not fit into an entry of ${hex(header.entryLength)} bytes`,
    );
  }
  return undefined;
}
