import { VhdxLogEntryHeader } from '../../generated/index.js';
import { VhdxError } from '../errors/errors.js';
import { finding, findingOfViolation, type Report } from '../errors/findings.js';
import { formatGuid, type GuidFields, isZeroGuid } from '../base/guid.js';
import type { HeaderCopy, LogPlace } from '../format/header.js';
import { offsetForm, sequenceNumberForm, withJsonForm } from '../base/json-form.js';
import { LIMITS } from '../base/limits.js';
import { type LogEntry, readHeaderOf } from './entry.js';
import { type LogReplay, planReplay } from './replay-plan.js';
import { LogRing } from './ring.js';
import { findUnsignedEntries, type InvalidEntry, type LogScan, scanLog } from './scan.js';
import { findActiveSequence } from './active-sequence.js';
import { fieldOf } from '../errors/field-location.js';
import type { ByteSource, SourceReadOptions } from '../io/byte-source.js';
import { countText, exactNumber, hex } from '../base/units.js';

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
  /** The file sizes that the head states, as they are stored. [MS-VHDX] 2.3.1.1 */
  readonly sizes: StatedSizes;
}

/** FlushedFileOffset and LastFileOffset of an entry. [MS-VHDX] 2.3.1.1 */
interface StatedSizes {
  readonly flushedFileOffset: bigint;
  readonly lastFileOffset: bigint;
}

/** State of the log of an image. */
export interface LogState {
  /**
   * `clean`: LogGuid is zero, nothing to replay. `pending`: there is an active sequence that can be replayed.
   * `invalid`: there is something to replay, but it cannot be replayed; an error was reported.
   */
  readonly state: 'clean' | 'pending' | 'invalid';
  /** LogGuid of the current header, as `formatGuid` writes it. [MS-VHDX] 2.2.2 */
  readonly guid: string;
  /** @internal Where the log lies, if it can be read there. */
  readonly place: LogPlace | undefined;
  /** @internal */
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

/** D10 to D12 of the entries of an active sequence; the sizes that its head states. */
async function readSequence(
  ring: LogRing,
  entries: readonly LogEntry[],
  report: Report,
  options?: SourceReadOptions,
): Promise<StatedSizes> {
  let sizes: StatedSizes = { flushedFileOffset: 0n, lastFileOffset: 0n };
  for (const [number, entry] of entries.entries()) {
    const place = { fileOffset: ring.fileOffsetOf(entry.start), path: `log.entries[${number}].header` };
    const { header, violations } = await readHeaderOf(ring, entry, options);
    sizes = { flushedFileOffset: header.flushedFileOffset, lastFileOffset: header.lastFileOffset };
    for (const violation of violations) report(findingOfViolation(violation, place));
    if (header.lastFileOffset > header.flushedFileOffset) {
      report(
        finding('VHDX_LOG_ENTRY_LAST_AFTER_FLUSHED', {
          ...fieldOf(VhdxLogEntryHeader.LAYOUT, place, 'last_file_offset'),
          message: `LastFileOffset ${hex(header.lastFileOffset)} of the log entry at ${hex(place.fileOffset)} is greater than its FlushedFileOffset ${hex(header.flushedFileOffset)}.`,
        }),
      );
    }
  }
  return sizes;
}

/** E7: the file is as long as it was. D21: it does not become longer than any disk needs. False if it must not be replayed. */
function judgeSizes(
  ring: LogRing,
  entries: readonly LogEntry[],
  { flushedFileOffset, lastFileOffset }: StatedSizes,
  fileSize: number,
  report: Report,
): boolean {
  const head = entries.at(-1);
  if (head === undefined) return false;
  const path = `log.entries[${entries.length - 1}].header`;
  if (flushedFileOffset > BigInt(fileSize)) {
    report(
      finding('VHDX_LOG_FILE_TRUNCATED', {
        fileOffset: fileSize,
        length: 0,
        path: `${path}.flushed_file_offset`,
        message:
          `The file has ${hex(fileSize)} bytes, but ${entryTitle(ring, head)} says that ` +
          `${hex(flushedFileOffset)} were on the disk: the file has been truncated.`,
      }),
    );
  }
  const bound = Math.max(LIMITS.replayedFileBytes, fileSize);
  if (lastFileOffset <= BigInt(bound)) return true;
  report(
    finding('VHDX_LOG_REPLAY_TOO_LARGE', {
      ...fieldOf(VhdxLogEntryHeader.LAYOUT, { fileOffset: ring.fileOffsetOf(head.start), path }, 'last_file_offset'),
      message: `LastFileOffset ${hex(lastFileOffset)} of ${entryTitle(ring, head)} would make the file longer than ${hex(bound)} bytes, which no disk needs.`,
    }),
  );
  return false;
}

/** D23: nobody is known to write such entries, and nothing reads them. */
function reportMisaligned(ring: LogRing, start: number, report: Report): void {
  const fileOffset = ring.fileOffsetOf(start);
  report(
    finding('VHDX_LOG_ENTRY_MISALIGNED', {
      fileOffset,
      length: VhdxLogEntryHeader.SIZE,
      path: `log[${hex(start)}]`,
      message: `At ${hex(fileOffset)} there is what looks like a log entry of this session, but it does not begin at a multiple of 4 KiB of the log, so it is not replayed.`,
    }),
  );
}

/**
 * Finds the active sequence and plans its replay; nothing is written. Reports D2 to D23, E6 and E7, but not E12: what
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
  if (scan.misaligned !== undefined) reportMisaligned(ring, scan.misaligned, report);
  const entries = findActiveSequence(scan.valid, ring.length);
  const head = entries?.at(-1);
  if (entries === undefined || head === undefined) {
    await reportNoSequence(ring, header.logGuid, scan, report, options);
    return invalid;
  }
  const sizes = await readSequence(ring, entries, report, options);
  const isBounded = judgeSizes(ring, entries, sizes, source.size, report);
  for (const entry of scan.invalid) {
    if (entry.sequenceNumber > head.sequenceNumber) reportInvalid(ring, entry, 'torn', report);
  }
  const replay = await planReplay(ring, entries, source.size, report, options);
  const state = isBounded && replay !== undefined ? 'pending' : 'invalid';
  const lastFileOffset = exactNumber(sizes.lastFileOffset) ?? 0;
  return { state, guid, place, sequence: { ring, entries, head, replay, lastFileOffset, sizes } };
}

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

/** Puts the log into words and numbers; `targetName` says what lies at an offset of the file. */
export function summarizeLog(log: LogState, targetName: (fileOffset: number) => string | undefined): LogSummary {
  const { state, guid, place, sequence } = log;
  const common = { state, guid, fileOffset: place?.fileOffset ?? 0, length: place?.length ?? 0 };
  if (sequence === undefined) return common;
  const { entries, head, ring, replay, sizes } = sequence;
  const first = entries[0] ?? head;
  const listed = (replay?.patches ?? []).slice(0, LIMITS.listedLogDescriptors);
  const summary = {
    sequenceNumber: head.sequenceNumber,
    tail: first.start,
    head: head.start,
    entryCount: entries.length,
    descriptorCount: entries.reduce((sum, entry) => sum + entry.descriptorCount, 0),
    ...sizes,
    entries: entries.slice(0, LIMITS.listedLogEntries).map((entry, number) =>
      withJsonForm(
        {
          fileOffset: ring.fileOffsetOf(entry.start),
          length: entry.length,
          sequenceNumber: entry.sequenceNumber,
          descriptorCount: entry.descriptorCount,
          descriptors: listed
            .filter(({ descriptor }) => descriptor.path.startsWith(`log.entries[${number}].`))
            .map(({ kind, position, length, descriptor }) => {
              const target = targetName(position);
              const written = { kind, descriptorOffset: descriptor.fileOffset, fileOffset: position, length };
              return target === undefined ? written : { ...written, target };
            }),
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
