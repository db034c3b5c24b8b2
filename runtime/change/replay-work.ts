/** The work of a log replay: what is to be written, and the writes in safe order. [MS-VHDX] 2.3.3 */
import { isZero } from '../base/bytes.js';
import { GUIDS, parseGuid } from '../base/guid.js';
import { LIMITS } from '../base/limits.js';
import { sizeText } from '../base/units.js';
import { decidedBy } from '../errors/codes.js';
import { VhdxError } from '../errors/errors.js';
import { errorOf, type Finding, type Report } from '../errors/findings.js';
import { InternalError } from '../errors/internal-error.js';
import { type CurrentHeader, newFileWriteGuid, requireHeaderUpdates, updateHeaders } from '../format/header-update.js';
import { replayedSize } from '../image/log-growth.js';
import { structureAt, type Walk, walkImage } from '../image/walk.js';
import { type ByteSource, readInto, type SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { flattenPatches, type Piece } from '../io/overlay-source.js';
import type { LogPatch } from '../log/replay-plan.js';
import { describeWrites, type LogDescriptorSummary, type LogSummary } from '../log/summary.js';
import type { ApplyOptions } from './plan.js';

/** A replay that nothing forbids. */
export interface PreparedReplay {
  /** The log as it is before the replay. */
  readonly log: LogSummary;
  /** What a plan says of the writes. */
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
 * Whether a finding forbids a replay: before it nothing but headers and log may be relied on, so that a damaged or unknown
 * region is no reason to leave the log as it is.
 */
export function forbidsReplay({ code, severity }: Pick<Finding, 'code' | 'severity'>): boolean {
  // A file that would become too long can be read, but not be replayed.
  if (code === 'VHDX_LOG_REPLAY_TOO_LARGE') return true;
  return severity === 'error' && decidedBy(code) !== undefined && code !== 'VHDX_LOG_PENDING';
}

/** D21: what a small file can make the host write is bounded. */
function requireBounded(bytes: number): void {
  if (bytes <= LIMITS.replayBytes) return;
  throw new VhdxError('VHDX_LOG_REPLAY_TOO_LARGE', {
    message: `The log would write ${sizeText(bytes)}, more than the ${sizeText(LIMITS.replayBytes)} that all metadata can have.`,
  });
}

/** What a walk must have found for a replay; `VhdxImage` has it. */
type Replayable = Pick<Walk, 'header' | 'log' | 'logSummary' | 'regions' | 'source'>;

/** The replay of an image that has been read, without an error in what a replay depends on. Throws what else forbids it. */
export function replayOf({ header: current, log, logSummary, regions, source }: Replayable): PreparedReplay {
  if (current === undefined || log === undefined || logSummary === undefined) throw unexplained();
  const fileSize = source.size;
  if (log.state === 'clean') {
    return { log: logSummary, writes: () => [], current, pieces: undefined, bytes: 0, newFileSize: fileSize };
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
  const writes = (): LogDescriptorSummary[] => describeWrites(patches, (at) => structureAt(at, regions));
  return { log: logSummary, writes, current, pieces, bytes, newFileSize };
}

/** Checks everything before the first write; throws what forbids it. Other findings go to `findings`. */
export async function prepareReplay(
  source: ByteSource,
  options: SourceReadOptions,
  findings: Finding[] = [],
): Promise<PreparedReplay> {
  const report: Report = (found) => {
    if (forbidsReplay(found)) throw errorOf(found);
    if (found.code !== 'VHDX_LOG_PENDING') findings.push(found);
  };
  const walk = await walkImage(source, report, { signal: options.signal });
  if (walk.kind === 'foreign') throw unexplained();
  return replayOf(walk);
}

/** A part is missing, but no finding said why. */
function unexplained(): InternalError {
  return new InternalError('the log cannot be replayed, but no error was reported');
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

/**
 * Replays the log of an image if it is pending, as `replayImage` says, and returns how many bytes that has written.
 * `prepared`: what has been read of `target` for it, if it has been.
 */
export async function replayPending(
  target: ByteTarget,
  options: ApplyOptions,
  prepared?: PreparedReplay,
): Promise<number> {
  const { current, pieces, bytes, newFileSize } = prepared ?? (await prepareReplay(target, options));
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
