import { VhdxLogEntryHeader } from '../generated/index.js';
import { VhdxError } from './errors.js';
import { finding, findingOfViolation, type Report } from './findings.js';
import { formatGuid, type GuidFields, isZeroGuid } from './guid.js';
import type { HeaderCopy, LogPlace } from './header.js';
import { LIMITS } from './limits.js';
import type { LogEntry } from './log-entry.js';
import { type LogReplay, planReplay } from './log-replay.js';
import { LogRing } from './log-ring.js';
import { findUnsignedEntries, type InvalidEntry, type LogScan, scanLog } from './log-scan.js';
import { findActiveSequence } from './log-sequence.js';
import { fieldOf } from './place.js';
import type { ByteSource, SourceReadOptions } from './source.js';
import { countText, exactNumber, hex } from './units.js';

/** The newest complete sequence of log entries. [MS-VHDX] 2.3.3 */
export interface ActiveSequence {
  readonly ring: LogRing;
  /** Oldest (tail) first; at least one. */
  readonly entries: readonly LogEntry[];
  readonly head: LogEntry;
  /** What its replay writes; `undefined` if it must not be replayed. */
  readonly replay: LogReplay | undefined;
  /** The file has at least this many bytes after the replay. */
  readonly lastFileOffset: number;
}

/** What the log of an image is good for. */
export interface LogState {
  /**
   * `clean`: LogGuid is zero and nothing is to be replayed. `pending`: there is an active sequence, and it can be
   * replayed. `invalid`: there is something to replay, but it cannot be; an error has been reported.
   */
  readonly state: 'clean' | 'pending' | 'invalid';
  readonly guid: string;
  /** Where the log lies, if it can be read there. */
  readonly place: LogPlace | undefined;
  readonly sequence: ActiveSequence | undefined;
}

/** The first words of a message on an entry. */
function entryTitle(ring: LogRing, { start, sequenceNumber }: Pick<InvalidEntry, 'start' | 'sequenceNumber'>): string {
  return `the log entry at ${hex(ring.fileOffsetOf(start))} (sequence number ${sequenceNumber})`;
}

/** What an entry that is not valid means for the image, and how bad that is. */
const CONSEQUENCES = {
  /** There is no active sequence, and this entry may be why. */
  missing: ['error', ''],
  /** There is one, and this entry is newer. */
  torn: ['info', ' It comes after the active sequence, as a torn write does, and is not replayed.'],
  /** It belongs to an earlier session, or to none. */
  foreign: ['info', ' It may be left over from an earlier session.'],
} as const;

function reportInvalid(ring: LogRing, entry: InvalidEntry, kind: keyof typeof CONSEQUENCES, report: Report): void {
  const { fault, start } = entry;
  const path = `log[${hex(start)}]`;
  const fileOffset = ring.fileOffsetOf(start + fault.offset);
  const [severity, consequence] = CONSEQUENCES[kind];
  report(
    finding(fault.code, {
      fileOffset,
      length: fault.length,
      path: fault.path === '' ? path : `${path}.${fault.path}`,
      severity,
      message: `In ${entryTitle(ring, entry)}, at ${hex(fileOffset)}: ${fault.message}.${consequence}`,
    }),
  );
}

/** E6, with what is known of the entries that are not valid. */
async function reportNoSequence(
  ring: LogRing,
  logGuid: GuidFields,
  scan: LogScan,
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  const unsigned = await findUnsignedEntries(ring, logGuid, options);
  const invalid = [...scan.invalid, ...unsigned].toSorted((one, other) => one.start - other.start);
  const damaged = scan.invalidCount + unsigned.length;
  const seen = [
    ...(scan.valid.length > 0
      ? [`${countText(scan.valid.length, 'valid entry', 'valid entries')}, none with a tail inside of its sequence`]
      : []),
    ...(damaged > 0 ? [countText(damaged, 'damaged entry', 'damaged entries')] : []),
    ...(scan.foreign.count > 0 ? [`${countText(scan.foreign.count, 'entry', 'entries')} of another LogGuid`] : []),
  ];
  report(
    finding('VHDX_LOG_NO_ACTIVE_SEQUENCE', {
      fileOffset: ring.fileOffset,
      length: ring.length,
      path: 'log',
      message:
        `The LogGuid ${formatGuid(logGuid)} says that there is a log to replay, but the log (${hex(ring.fileOffset)} to ` +
        `${hex(ring.fileOffset + ring.length)}) has no valid sequence of entries: it has ${seen.length === 0 ? 'no entries' : seen.join(', ')}.`,
    }),
  );
  for (const entry of invalid) reportInvalid(ring, entry, 'missing', report);
  // Leftovers of earlier sessions are nothing unusual: they only count if there is nothing else.
  const { first } = scan.foreign;
  if (first !== undefined && invalid.length === 0 && scan.valid.length === 0) {
    reportInvalid(ring, first, 'foreign', report);
  }
}

/** D10 to D12, and E7, of an active sequence. */
function reportSequence(ring: LogRing, entries: readonly LogEntry[], fileSize: number, report: Report): void {
  for (const [number, { header, start, remarks }] of entries.entries()) {
    const place = { fileOffset: ring.fileOffsetOf(start), path: `log.entries[${number}].header` };
    for (const violation of remarks) report(findingOfViolation(violation, place));
    if (header.lastFileOffset > header.flushedFileOffset) {
      report(
        finding('VHDX_LOG_ENTRY_LAST_AFTER_FLUSHED', {
          ...fieldOf(VhdxLogEntryHeader.LAYOUT, place, 'last_file_offset'),
          message: `LastFileOffset ${hex(header.lastFileOffset)} of the log entry at ${hex(place.fileOffset)} is greater than its FlushedFileOffset ${hex(header.flushedFileOffset)}.`,
        }),
      );
    }
  }
  const head = entries.at(-1);
  if (head === undefined || head.header.flushedFileOffset <= BigInt(fileSize)) return;
  report(
    finding('VHDX_LOG_FILE_TRUNCATED', {
      fileOffset: fileSize,
      length: 0,
      path: `log.entries[${entries.length - 1}].header.flushed_file_offset`,
      message:
        `The file has ${hex(fileSize)} bytes, but ${entryTitle(ring, head)} says that ` +
        `${hex(head.header.flushedFileOffset)} were on the disk: the file has been truncated.`,
    }),
  );
}

/**
 * Finds the active sequence and plans its replay; nothing is written. Reports D2 to D22, E6 and E7, but not E12: what
 * is pending can only be named once the regions are known. Reads the log three times at most. [MS-VHDX] 2.3.3
 */
export async function readLog(
  source: ByteSource,
  { header }: HeaderCopy,
  place: LogPlace | undefined,
  report: Report,
  options?: SourceReadOptions,
): Promise<LogState> {
  const guid = formatGuid(header.logGuid);
  if (isZeroGuid(header.logGuid)) return { state: 'clean', guid, place, sequence: undefined };
  const invalid: LogState = { state: 'invalid', guid, place, sequence: undefined };
  if (place === undefined || header.logVersion !== 0) return invalid;
  const ring = new LogRing(source, place);
  const scan = await scanLog(ring, header.logGuid, options);
  const entries = findActiveSequence(scan.valid, ring.length);
  const head = entries?.at(-1);
  if (entries === undefined || head === undefined) {
    await reportNoSequence(ring, header.logGuid, scan, report, options);
    return invalid;
  }
  reportSequence(ring, entries, source.size, report);
  for (const entry of scan.invalid) {
    if (entry.sequenceNumber > head.sequenceNumber) reportInvalid(ring, entry, 'torn', report);
  }
  const replay = await planReplay(ring, entries, source.size, report, options);
  const lastFileOffset = exactNumber(head.header.lastFileOffset);
  if (lastFileOffset === undefined) {
    report(
      finding('VHDX_LOG_TARGET_BEYOND_END', {
        fileOffset: ring.fileOffsetOf(head.start),
        length: 64,
        path: `log.entries[${entries.length - 1}].header.last_file_offset`,
        message: `LastFileOffset ${hex(head.header.lastFileOffset)} of ${entryTitle(ring, head)} is more than any file can have.`,
      }),
    );
  }
  const sequence = { ring, entries, head, replay, lastFileOffset: lastFileOffset ?? 0 };
  return { state: replay === undefined || lastFileOffset === undefined ? 'invalid' : 'pending', guid, place, sequence };
}

/** A log entry as a summary lists it. */
export interface LogEntrySummary {
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Length in bytes; the entry may go on at the start of the log. */
  readonly length: number;
  readonly sequenceNumber: bigint;
  readonly descriptorCount: number;
  readonly descriptors: readonly LogDescriptorSummary[];
}

/** A write that is pending in the log. */
export interface LogDescriptorSummary {
  readonly kind: 'data' | 'zero';
  /** The descriptor in the file. */
  readonly descriptorOffset: number;
  /** First byte of the file that it writes. */
  readonly fileOffset: number;
  /** How many bytes it writes. */
  readonly length: number;
  /** The structure that it writes, as far as it is known. */
  readonly target?: string;
}

/** The log in a form to be shown. */
export interface LogSummary {
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
    readonly entryCount: number;
    readonly descriptorCount: number;
    readonly flushedFileOffset: bigint;
    readonly lastFileOffset: bigint;
    /** The oldest ones; a long list is cut. */
    readonly entries: readonly LogEntrySummary[];
  };
}

/** Puts the log into words and numbers; `targetName` says what lies at an offset of the file. */
export function summarizeLog(log: LogState, targetName: (fileOffset: number) => string | undefined): LogSummary {
  const { state, guid, place, sequence } = log;
  const common = { state, guid, fileOffset: place?.fileOffset ?? 0, length: place?.length ?? 0 };
  if (sequence === undefined) return common;
  const { entries, head, ring, replay } = sequence;
  const first = entries[0] ?? head;
  const listed = (replay?.patches ?? []).slice(0, LIMITS.listedLogDescriptors);
  return {
    ...common,
    sequence: {
      sequenceNumber: head.sequenceNumber,
      tail: first.start,
      head: head.start,
      entryCount: entries.length,
      descriptorCount: entries.reduce((sum, { header }) => sum + header.descriptorCount, 0),
      flushedFileOffset: head.header.flushedFileOffset,
      lastFileOffset: head.header.lastFileOffset,
      entries: entries.slice(0, LIMITS.listedLogEntries).map((entry, number) => ({
        fileOffset: ring.fileOffsetOf(entry.start),
        length: entry.length,
        sequenceNumber: entry.sequenceNumber,
        descriptorCount: entry.header.descriptorCount,
        descriptors: listed
          .filter(({ descriptor }) => descriptor.path.startsWith(`log.entries[${number}].`))
          .map(({ kind, position, length, descriptor }) => {
            const target = targetName(position);
            const written = { kind, descriptorOffset: descriptor.fileOffset, fileOffset: position, length };
            return target === undefined ? written : { ...written, target };
          }),
      })),
    },
  };
}

/** E12: what is pending in a file of `fileSize` bytes, named entry by entry. */
export function reportPending(summary: LogSummary, fileSize: number, report: Report): void {
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
      ...(sequence.flushedFileOffset > BigInt(fileSize) ? { fix: '' } : {}),
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
