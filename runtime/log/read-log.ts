/** Reads the log of an image: its active sequence, its state, and rules D and E. */
import { VhdxLogEntryHeader } from '../../generated/index.js';
import { finding, findingOfViolation, type Report } from '../errors/findings.js';
import { formatGuid, type GuidFields, isZeroGuid } from '../base/guid.js';
import type { HeaderCopy, LogPlace } from '../format/header.js';
import { LIMITS } from '../base/limits.js';
import { type LogEntry, readHeaderAt } from './entry.js';
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
  /** The newest entry, whose file sizes count. */
  readonly head: LogEntry;
  /** What its replay writes; `undefined` if it must not be replayed. */
  readonly replay: LogReplay | undefined;
  /** The file has at least this many bytes after the replay. */
  readonly lastFileOffset: number;
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
      ? [`${countText(scan.valid.length, 'valid entry', 'valid entries')}, none with a tail inside its sequence`]
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

/** D10 to D12 of the entries of an active sequence. */
async function judgeEntries(
  ring: LogRing,
  entries: readonly LogEntry[],
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  for (const [number, entry] of entries.entries()) {
    const { start, flushedFileOffset, lastFileOffset } = entry;
    const place = { fileOffset: ring.fileOffsetOf(start), path: `log.entries[${number}].header` };
    if (entry.hasRemarks) {
      const { violations } = await readHeaderAt(ring, start, options);
      for (const violation of violations) report(findingOfViolation(violation, place));
    }
    if (lastFileOffset > flushedFileOffset) {
      report(
        finding('VHDX_LOG_ENTRY_LAST_AFTER_FLUSHED', {
          ...fieldOf(VhdxLogEntryHeader.LAYOUT, place, 'last_file_offset'),
          message: `LastFileOffset ${hex(lastFileOffset)} of the log entry at ${hex(place.fileOffset)} is greater than its FlushedFileOffset ${hex(flushedFileOffset)}.`,
        }),
      );
    }
  }
}

/** E7: the file is as long as it was. D21: it does not become longer than any disk needs. False if it must not be replayed. */
function judgeSizes(ring: LogRing, head: LogEntry, path: string, fileSize: number, report: Report): boolean {
  const { flushedFileOffset, lastFileOffset } = head;
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
  await judgeEntries(ring, entries, report, options);
  const isBounded = judgeSizes(ring, head, `log.entries[${entries.length - 1}].header`, source.size, report);
  for (const entry of scan.invalid) {
    if (entry.sequenceNumber > head.sequenceNumber) reportInvalid(ring, entry, 'torn', report);
  }
  const replay = await planReplay(ring, entries, source.size, report, options);
  const state = isBounded && replay !== undefined ? 'pending' : 'invalid';
  const lastFileOffset = exactNumber(head.lastFileOffset) ?? 0;
  return { state, guid, place, sequence: { ring, entries, head, replay, lastFileOffset } };
}
