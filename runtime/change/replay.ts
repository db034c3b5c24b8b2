/** Replay of a pending log into the file: the plan, and its execution in safe order. [MS-VHDX] 2.3.3 */
import type { SignalOptions } from '../base/options.js';
import { InternalError } from '../errors/internal-error.js';
import { requireOptions } from '../base/arguments.js';
import { isZero } from '../base/bytes.js';
import { decidedBy } from '../errors/codes.js';
import { VhdxError } from '../errors/errors.js';
import { errorOf, type Finding, type Report, throwOnError } from '../errors/findings.js';
import { formatGuid, GUIDS, parseGuid } from '../base/guid.js';
import { type CurrentHeader, newFileWriteGuid, requireHeaderUpdates, updateHeaders } from '../format/header-update.js';
import { LIMITS } from '../base/limits.js';
import { describeWrites, type LogDescriptorSummary, type LogSummary } from '../log/summary.js';
import { replayedSize } from '../image/log-growth.js';
import type { LogPatch } from '../log/replay-plan.js';
import { flattenPatches, type Piece } from '../io/overlay-source.js';
import { type ByteSource, readInto, type SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { requireTarget } from '../io/to-byte-target.js';
import { sizeText } from '../base/units.js';
import { structureAt, walkImage } from '../image/walk.js';

/** Plan of a log replay. */
export interface ReplayPlan {
  /** The log as it is before the replay. `clean`: there is nothing to replay. */
  readonly log: LogSummary;
  /** Writes of the descriptors, in the order of the log; without descriptors that write nothing. */
  readonly writes: readonly LogDescriptorSummary[];
  /** Bytes of the file that are written, each counted once, headers not counted. */
  readonly bytes: number;
  /** Length of the file in bytes before the replay. */
  readonly fileSize: number;
  /** Length of the file in bytes after the replay; never less than before. */
  readonly newFileSize: number;
  /** Other findings, judged after the replay. None of them prevents it. */
  readonly findings: readonly Finding[];
}

/** Result of a log replay. */
export interface ReplayReport extends ReplayPlan {
  /** False if there was nothing to replay; the file has not been changed then. */
  readonly replayed: boolean;
  /** FileWriteGuid of the headers now. */
  readonly fileWriteGuid: string;
  /** The same as before: a replay changes nothing that a user of the disk can see. */
  readonly dataWriteGuid: string;
}

export interface ReplayOptions extends SignalOptions {
  /** Instead of a random one. */
  readonly fileWriteGuid?: string | undefined;
}

interface PreparedReplay {
  readonly plan: ReplayPlan;
  readonly current: CurrentHeader;
  /** What is to be written, disjoint and in ascending order; `undefined` if there is nothing to replay. */
  readonly pieces: readonly Piece<LogPatch>[] | undefined;
}

/**
 * Ends the walk at the first error in what a replay depends on and keeps the rest, errors too: before the replay nothing
 * but headers and log may be relied on, so that a damaged or unknown region is no reason to leave the log as it is.
 */
function refuseUnreplayable(keep: Report): Report {
  const refuse = throwOnError(keep);
  return (found, unseen) => {
    const { code } = found;
    if (code === 'VHDX_LOG_PENDING') return;
    // A file that would become too long can be read, but not be replayed.
    if (code === 'VHDX_LOG_REPLAY_TOO_LARGE') throw errorOf(found);
    (decidedBy(code) === undefined ? keep : refuse)(found, unseen);
  };
}

/** D21: what a small file can make the host write is bounded. */
function requireBounded(bytes: number): void {
  if (bytes <= LIMITS.replayBytes) return;
  throw new VhdxError('VHDX_LOG_REPLAY_TOO_LARGE', {
    message: `The log would write ${sizeText(bytes)}, more than the ${sizeText(LIMITS.replayBytes)} that all metadata can have.`,
  });
}

/** All that has to be known before the first write; throws whatever forbids it. */
async function prepare(source: ByteSource, options: SourceReadOptions): Promise<PreparedReplay> {
  const findings: Finding[] = [];
  const report = refuseUnreplayable((found) => findings.push(found));
  const walk = await walkImage(source, report, { signal: options.signal });
  if (walk.kind === 'foreign') throw unexplained();
  const { header: current, log, logSummary } = walk;
  if (current === undefined || log === undefined || logSummary === undefined) throw unexplained();
  const fileSize = source.size;
  if (log.state === 'clean') {
    const plan = { log: logSummary, writes: [], bytes: 0, fileSize, newFileSize: fileSize, findings };
    return { plan, current, pieces: undefined };
  }
  const { sequence } = log;
  if (log.state === 'invalid' || sequence?.replay === undefined) throw unexplained();
  // One update announces the replay, one ends it.
  requireHeaderUpdates(current, 2);
  const { patches } = sequence.replay;
  const pieces = flattenPatches(patches);
  const bytes = pieces.reduce((sum, { position, end }) => sum + (end - position), 0);
  const newFileSize = replayedSize(sequence, patches, fileSize);
  requireBounded(bytes);
  const writes = describeWrites(patches, (at) => structureAt(at, walk.regions));
  return { plan: { log: logSummary, writes, bytes, fileSize, newFileSize, findings }, current, pieces };
}

/** A part is missing, but no finding said why. */
function unexplained(): InternalError {
  return new InternalError('the log cannot be replayed, but no error was reported');
}

/**
 * Says what a replay of the image's log would do, and changes nothing. Reads what an opener reads. The source stays
 * open. `JSON.stringify` writes the plan; see `LogSummary` for its 64-bit fields.
 *
 * @throws VhdxError as `replayLog` does before its first write
 */
export async function planLogReplay(source: Bytes, options: SignalOptions = {}): Promise<ReplayPlan> {
  requireOptions(options);
  return (await prepare(toByteSource(source), options)).plan;
}

/** True if the target has only zeros from `position` on; `buffer`, which is overwritten, says how many are meant. */
async function hasZeros(
  target: ByteTarget,
  position: number,
  buffer: Uint8Array,
  options: SourceReadOptions,
): Promise<boolean> {
  await readInto(target, buffer, position, options);
  return isZero(buffer);
}

/**
 * Writes the pieces. Of patches that overlap only the last one is in them, so every byte is written once, however often
 * the log names it. What is to be zero and is so already stays as it is: it may be a hole of the host file.
 */
async function writePieces(
  target: ByteTarget,
  pieces: readonly Piece<LogPatch>[],
  options: SourceReadOptions,
): Promise<void> {
  const longest = pieces.reduce((length, { position, end }) => Math.max(length, end - position), 0);
  const buffer = new Uint8Array(Math.min(longest, LIMITS.readChunkBytes));
  for (const { position, end, patch } of pieces) {
    for (let at = position; at < end; at += buffer.length) {
      options.signal?.throwIfAborted();
      const bytes = buffer.subarray(0, Math.min(buffer.length, end - at));
      if (patch.kind === 'zero' && (await hasZeros(target, at, bytes, options))) continue;
      await patch.fill(bytes, at - patch.position, options);
      await target.write(bytes, at);
    }
  }
}

/**
 * Replays the pending log of an image into the file itself, or does nothing if LogGuid is zero. [MS-VHDX] 2.3.3
 *
 * Everything that forbids a replay is detected before the first write. Then:
 * 1. both headers, the noncurrent one first, get a new FileWriteGuid (2.2.2: before any other modification, log replay
 *   included), with a flush after the first; LogGuid stays, so that a crash from here on leads to the same replay;
 * 2. the file grows as LastFileOffset and the descriptors require, the updates of the descriptors are written, and all is
 *   flushed;
 * 3. both headers, the noncurrent one first, get LogGuid zero, with a flush after each.
 *
 * An interruption by a crash, a fault or `signal` leaves an image with the same contents, and the next replay completes
 * it. The log itself is only read. A damaged header is replaced; DataWriteGuid never changes. Regions, metadata and BAT
 * need not be valid: an opener judges them after the replay. Costs a read and a write for each descriptor, and memory
 * for each descriptor, independent of their contents. The target stays open.
 *
 * @throws VhdxError with the code of the first error in file, headers or log (rules A, B, D and E);
 * VHDX_LOG_REPLAY_TOO_LARGE; VHDX_HEADER_SEQUENCE_EXHAUSTED; what `target` throws
 */
export async function replayLog(target: ByteTarget, options: ReplayOptions = {}): Promise<ReplayReport> {
  requireOptions(options);
  const { plan, current, pieces } = await prepare(requireTarget(target), options);
  const before = current.header;
  const dataWriteGuid = formatGuid(before.dataWriteGuid);
  if (pieces === undefined) {
    return { ...plan, replayed: false, fileWriteGuid: formatGuid(before.fileWriteGuid), dataWriteGuid };
  }
  const fileWriteGuid = newFileWriteGuid(before, options.fileWriteGuid);
  options.signal?.throwIfAborted();
  const announced = await updateHeaders(target, current, { fileWriteGuid });
  if (plan.newFileSize > plan.fileSize) await target.truncate(plan.newFileSize);
  await writePieces(target, pieces, options);
  await target.flush();
  await updateHeaders(target, announced, { logGuid: parseGuid(GUIDS.zero) });
  await target.flush();
  return { ...plan, replayed: true, fileWriteGuid: formatGuid(fileWriteGuid), dataWriteGuid };
}
