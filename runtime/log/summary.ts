/** The state of the log as it is shown to callers. */
import { offsetForm, sequenceNumberForm, withJsonForm } from '../base/json-form.js';
import { LIMITS } from '../base/limits.js';
import { countText, hex } from '../base/units.js';
import { VhdxError } from '../errors/errors.js';
import { finding, type Report } from '../errors/findings.js';
import type { LogState } from './read-log.js';
import type { LogPatch } from './replay-plan.js';

/** A log entry as a summary lists it. */
export interface LogEntrySummary {
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Length in bytes; the entry may go on at the start of the log. */
  readonly length: number;
  /** Sequence number of the entry. [MS-VHDX] 2.3.1.1 */
  readonly sequenceNumber: bigint;
  /** Number of descriptors of the entry. */
  readonly descriptorCount: number;
  /** The descriptors; a long list is truncated. */
  readonly descriptors: readonly LogDescriptorSummary[];
}

/** A write that is pending in the log. */
export interface LogDescriptorSummary {
  /** Kind of the descriptor. */
  readonly kind: 'data' | 'zero';
  /** The descriptor in the file. */
  readonly descriptorOffset: number;
  /** First byte of the file that it writes. */
  readonly fileOffset: number;
  /** Number of bytes that it writes. */
  readonly length: number;
  /** The structure that it writes, as far as it is known. */
  readonly target?: string;
}

/**
 * The log in a form to be shown. `JSON.stringify` writes sequence numbers as decimal strings, and the file sizes of the
 * sequence as numbers, or as decimal strings where a number is not exact.
 */
export interface LogSummary {
  /** State of the log; see `LogState`. */
  readonly state: LogState['state'];
  /** LogGuid of the current header. */
  readonly guid: string;
  /** First byte of the log in the file; 0 if there is no log that can be read. */
  readonly fileOffset: number;
  /** Length of the log in bytes. */
  readonly length: number;
  /** The active sequence, if there is one. */
  readonly sequence?: {
    /** Of the head, the newest entry. */
    readonly sequenceNumber: bigint;
    /** First byte of the oldest entry, from the start of the log. */
    readonly tail: number;
    /** First byte of the newest entry, from the start of the log. */
    readonly head: number;
    /** Number of entries of the sequence. */
    readonly entryCount: number;
    /** Number of descriptors of all entries. */
    readonly descriptorCount: number;
    /** FlushedFileOffset of the newest entry, in bytes. [MS-VHDX] 2.3.1.1 */
    readonly flushedFileOffset: bigint;
    /** LastFileOffset of the newest entry, in bytes. [MS-VHDX] 2.3.1.1 */
    readonly lastFileOffset: bigint;
    /** The oldest ones; a long list is cut. */
    readonly entries: readonly LogEntrySummary[];
  };
}

/** Says what lies at an offset of the file, as far as that is known. */
type TargetName = (fileOffset: number) => string | undefined;

/** Puts what patches write into words and numbers. */
export function describeWrites(patches: readonly LogPatch[], targetName: TargetName): LogDescriptorSummary[] {
  return patches.map(({ kind, position, length, descriptor }) => {
    const written = { kind, descriptorOffset: descriptor.fileOffset, fileOffset: position, length };
    const target = targetName(position);
    return target === undefined ? written : { ...written, target };
  });
}

/** Puts the log into words and numbers. */
export function summarizeLog(log: LogState, targetName: TargetName): LogSummary {
  const { state, guid, place, sequence } = log;
  const common = { state, guid, fileOffset: place?.fileOffset ?? 0, length: place?.length ?? 0 };
  if (sequence === undefined) return common;
  const { entries, head, ring, replay } = sequence;
  const { flushedFileOffset, lastFileOffset } = head;
  const first = entries[0] ?? head;
  const listed = (replay?.patches ?? []).slice(0, LIMITS.listedLogDescriptors);
  const summary = {
    sequenceNumber: head.sequenceNumber,
    tail: first.start,
    head: head.start,
    entryCount: entries.length,
    descriptorCount: entries.reduce((sum, entry) => sum + entry.descriptorCount, 0),
    flushedFileOffset,
    lastFileOffset,
    entries: entries.slice(0, LIMITS.listedLogEntries).map((entry, number) =>
      withJsonForm(
        {
          fileOffset: ring.fileOffsetOf(entry.start),
          length: entry.length,
          sequenceNumber: entry.sequenceNumber,
          descriptorCount: entry.descriptorCount,
          descriptors: describeWrites(
            listed.filter((patch) => patch.entry === number),
            targetName,
          ),
        },
        sequenceNumberForm,
      ),
    ),
  };
  return { ...common, sequence: withJsonForm(summary, sequenceForm) };
}

/** The active sequence as JSON has it. */
function sequenceForm(sequence: NonNullable<LogSummary['sequence']>): unknown {
  return {
    ...sequence,
    sequenceNumber: sequence.sequenceNumber.toString(),
    flushedFileOffset: offsetForm(sequence.flushedFileOffset),
    lastFileOffset: offsetForm(sequence.lastFileOffset),
  };
}

/** E12: what is pending in a file of `fileSize` bytes, named entry by entry; `isReplayable`: as far as it may grow. */
export function reportPending(summary: LogSummary, fileSize: number, report: Report, isReplayable = true): void {
  const { sequence } = summary;
  if (summary.state !== 'pending' || sequence === undefined) return;
  const shown = sequence.entries.slice(0, 4).map((entry) => {
    const writes = entry.descriptors.slice(0, 4).map(({ kind, descriptorOffset, fileOffset, length, target }) => {
      const what = target === undefined ? '' : ` (${target})`;
      return `the ${kind} descriptor at ${hex(descriptorOffset)} writes ${length} bytes at ${hex(fileOffset)}${what}`;
    });
    const more = entry.descriptorCount - writes.length;
    if (more > 0) writes.push(`${more} more`);
    const list = writes.length === 0 ? 'no descriptors' : writes.join(', ');
    return `the entry at ${hex(entry.fileOffset)} (sequence number ${entry.sequenceNumber}): ${list}`;
  });
  if (sequence.entryCount > shown.length) shown.push(`${sequence.entryCount - shown.length} more entries`);
  const [first] = sequence.entries;
  report(
    finding('VHDX_LOG_PENDING', {
      fileOffset: first?.fileOffset ?? summary.fileOffset,
      length: first?.length ?? summary.length,
      path: 'log',
      message:
        `The log has ${countText(sequence.entryCount, 'entry', 'entries')} with ` +
        `${countText(sequence.descriptorCount, 'descriptor')} that have not been replayed: ${shown.join('; ')}.`,
      // The log of a file that has been cut off must not be replayed (E7).
      ...(sequence.flushedFileOffset > BigInt(fileSize) || !isReplayable ? { fix: '' } : {}),
    }),
  );
}

/**
 * Refuses an image whose log would have to be replayed.
 *
 * @throws VhdxError VHDX_LOG_PENDING
 */
export function refusePending(summary: LogSummary, fileSize: number): void {
  reportPending(summary, fileSize, ({ code, message, fileOffset }) => {
    throw new VhdxError(code, { message, fileOffset });
  });
}
