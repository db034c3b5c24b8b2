/** Replay of a pending log into the file: the plan, and its execution in safe order. [MS-VHDX] 2.3.3 */
import type { SignalOptions } from '../base/options.js';
import { InternalError } from '../errors/internal-error.js';
import { isZero } from '../base/bytes.js';
import { decidedBy } from '../errors/codes.js';
import { VhdxError } from '../errors/errors.js';
import { errorOf, type Finding, type Report, throwOnError } from '../errors/findings.js';
import { GUIDS, parseGuid } from '../base/guid.js';
import { type CurrentHeader, newFileWriteGuid, requireHeaderUpdates, updateHeaders } from '../format/header-update.js';
import { LIMITS } from '../base/limits.js';
import { describeWrites, type LogDescriptorSummary, type LogSummary } from '../log/summary.js';
import { replayedSize } from '../image/log-growth.js';
import type { LogPatch } from '../log/replay-plan.js';
import { flattenPatches, type Piece } from '../io/overlay-source.js';
import { type ByteSource, readInto, type SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { countText, sizeText } from '../base/units.js';
import type { VhdxImage } from '../image/open.js';
import { structureAt, walkImage } from '../image/walk.js';
import { applyOperation, type ChangeReport, type Operation, type PlanParts, planOperation } from './apply.js';
import { type ApplyOptions, type ChangePlan, type PlanStep, stateOf } from './plan.js';

/** Plan of a log replay. */
export interface ReplayPlan extends ChangePlan {
  readonly operation: 'replay';
  /** The log as it is before the replay. `clean`: there is nothing to replay. */
  readonly log: LogSummary;
  /** Writes of the descriptors, in the order of the log; without descriptors that write nothing. */
  readonly writes: readonly LogDescriptorSummary[];
  /** Other findings, judged after the replay. None of them prevents it. */
  readonly findings: readonly Finding[];
}

type ReplayDetail = Pick<ReplayPlan, 'operation' | 'log' | 'writes' | 'findings'>;

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
  readonly detail: Omit<ReplayDetail, 'writes'>;
  /** What the plan says of the writes: only a plan needs it. */
  readonly writes: () => LogDescriptorSummary[];
  readonly current: CurrentHeader;
  /** The writes, disjoint and in ascending order; `undefined` if there is nothing to replay. */
  readonly pieces: readonly Piece<LogPatch>[] | undefined;
  /** Bytes of the file that are written, each counted once, headers not counted. */
  readonly bytes: number;
  /** Length of the file in bytes after the replay; never less than before. */
  readonly newFileSize: number;
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

/** Checks everything before the first write; throws what forbids it. */
async function prepare(source: ByteSource, options: SourceReadOptions): Promise<PreparedReplay> {
  const findings: Finding[] = [];
  const report = refuseUnreplayable((found) => findings.push(found));
  const walk = await walkImage(source, report, { signal: options.signal });
  if (walk.kind === 'foreign') throw unexplained();
  const { header: current, log, logSummary } = walk;
  if (current === undefined || log === undefined || logSummary === undefined) throw unexplained();
  const fileSize = source.size;
  const detail = { operation: 'replay', log: logSummary, findings } as const;
  if (log.state === 'clean') {
    return { detail, writes: () => [], current, pieces: undefined, bytes: 0, newFileSize: fileSize };
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
  const writes = (): LogDescriptorSummary[] => describeWrites(patches, (at) => structureAt(at, walk.regions));
  return { detail, writes, current, pieces, bytes, newFileSize };
}

/** A part is missing, but no finding said why. */
function unexplained(): InternalError {
  return new InternalError('the log cannot be replayed, but no error was reported');
}

function stepOf({ log }: Pick<ReplayDetail, 'log'>, bytes: number): PlanStep {
  const { entryCount = 0, descriptorCount = 0 } = log.sequence ?? {};
  const entries = `${countText(entryCount, 'entry', 'entries')} with ${countText(descriptorCount, 'descriptor')}`;
  return { kind: 'replay-log', message: `Replay the pending log: ${entries}, ${sizeText(bytes)} (2.3.3).`, bytes };
}

/** Errors of the image that are no hindrance to a replay, and are not mended by it either. */
function noticesOf({ findings }: Pick<ReplayDetail, 'findings'>): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return [];
  return [`The image has ${countText(errors, 'error')} beside the log, which stay (vhdx check says more).`];
}

/** The step that the pending log of an image asks for; `undefined` if it has none. */
export async function replayStep(
  source: ByteSource,
  { log }: VhdxImage,
  options: SignalOptions,
): Promise<PlanStep | undefined> {
  if (log.state !== 'pending') return undefined;
  const { detail, bytes } = await prepare(source, options);
  return stepOf(detail, bytes);
}

async function planParts(source: ByteSource, options: SignalOptions): Promise<PlanParts<ReplayDetail>> {
  const { detail, writes, pieces, bytes, newFileSize } = await prepare(source, options);
  const isPending = pieces !== undefined;
  return {
    steps: isPending ? [stepOf(detail, bytes)] : [],
    refusals: [],
    notices: noticesOf(detail),
    replaysLog: isPending,
    changesContents: false,
    newFileSize,
    detail: { ...detail, writes: writes() },
  };
}

const REPLAY: Operation<ReplayDetail> = {
  name: 'replay',
  plan: planParts,
  run: async (target, options) => void (await replayPending(target, options)),
};

/**
 * Says what a replay of the image's log would do, and changes nothing. Reads what an opener reads. The source stays
 * open. `JSON.stringify` writes the plan; see `LogSummary` for its 64-bit fields.
 *
 * @throws VhdxError with the code of the first error in file, headers or log (rules A, B, D and E);
 * VHDX_LOG_REPLAY_TOO_LARGE; VHDX_HEADER_SEQUENCE_EXHAUSTED
 */
export async function planReplay(source: Bytes, options: SignalOptions = {}): Promise<ReplayPlan> {
  return planOperation(toByteSource(source), REPLAY, options);
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
 * the log names it. Zeros that are zero already are not written: they may be a hole of the host file.
 */
async function writePieces(
  target: ByteTarget,
  pieces: readonly Piece<LogPatch>[],
  options: SourceReadOptions,
  onProgress: ApplyOptions['onProgress'],
): Promise<void> {
  const total = pieces.reduce((length, { position, end }) => length + end - position, 0);
  const buffer = new Uint8Array(Math.min(total, LIMITS.readChunkBytes));
  // What is in the buffer, and where it belongs: pieces that are neighbours are written at once.
  let [start, filled, done] = [0, 0, 0];
  const writeFilled = async (): Promise<void> => {
    if (filled > 0) await target.write(buffer.subarray(0, filled), start);
    filled = 0;
    onProgress?.(done);
  };
  for (const { position, end, patch } of pieces) {
    for (let at = position; at < end;) {
      options.signal?.throwIfAborted();
      const length = Math.min(buffer.length, end - at);
      if (at !== start + filled || filled + length > buffer.length) await writeFilled();
      if (filled === 0) start = at;
      const bytes = buffer.subarray(filled, filled + length);
      if (patch.kind === 'data' || !(await hasZeros(target, at, bytes, options))) {
        await patch.fill(bytes, at - patch.position, options);
        filled += length;
      }
      at += length;
      done += length;
    }
  }
  await writeFilled();
}

/** Replays the log of an image if it is pending, as `replayImage` says, and returns how many bytes that has written. */
export async function replayPending(target: ByteTarget, options: ApplyOptions): Promise<number> {
  const { current, pieces, bytes, newFileSize } = await prepare(target, options);
  if (pieces === undefined) return 0;
  const fileWriteGuid = newFileWriteGuid(current.header, options.fileWriteGuid);
  options.signal?.throwIfAborted();
  const announced = await updateHeaders(target, current, { fileWriteGuid });
  if (newFileSize > target.size) await target.truncate(newFileSize);
  await writePieces(target, pieces, options, options.onProgress);
  await target.flush();
  await updateHeaders(target, announced, { logGuid: parseGuid(GUIDS.zero) });
  await target.flush();
  return bytes;
}

/**
 * Plans as `planReplay` and carries it out at once: replays the pending log of an image into the file itself, or does
 * nothing if LogGuid is zero. [MS-VHDX] 2.3.3
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
 * @throws VhdxError as `planReplay` and `applyPlan`; what `target` throws
 */
export async function replayImage(target: ByteTarget, options: ApplyOptions = {}): Promise<ChangeReport<ReplayPlan>> {
  return applyOperation(target, REPLAY, options);
}

/** As `planReplay` of `vhdx/change`. @throws VhdxError as that */
export async function planLogReplay(source: Bytes, options: SignalOptions = {}): Promise<ReplayPlan> {
  return planReplay(source, options);
}

/** As `replayImage` of `vhdx/change`, with the plan and the identifiers afterwards in one. @throws VhdxError as that */
export async function replayLog(target: ByteTarget, options: ReplayOptions = {}): Promise<ReplayReport> {
  const { plan, changed } = await replayImage(target, options);
  const { fileWriteGuid, dataWriteGuid } = changed ? await stateOf(target, {}) : plan.boundTo;
  return { ...plan, replayed: changed, fileWriteGuid, dataWriteGuid };
}
