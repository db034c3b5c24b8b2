/** Whether a damaged header may have named a log that has not been replayed yet. */
import { VhdxGuid, VhdxHeader, VhdxLogEntryHeader } from '../../generated/index.js';
import { offsetOf } from '../errors/field-location.js';
import { bytesEqual, u32At } from '../base/bytes.js';
import { formatGuid, type GuidFields, guidsEqual, isZeroGuid } from '../base/guid.js';
import type { CopyIndex } from '../format/copies.js';
import type { HeaderCopy, LogPlace } from '../format/header.js';
import { HEADER_OFFSETS, LIMITS, LOG_SECTOR_SIZE } from '../base/limits.js';
import { decodeHeader } from '../log/entry.js';
import { LOG_SIGNATURES } from '../log/layout.js';
import { type LogPatch, planReplay } from '../log/replay-plan.js';
import { LogRing } from '../log/ring.js';
import { scanLog } from '../log/scan.js';
import { findActiveSequence } from '../log/active-sequence.js';
import { flattenPatches } from '../io/overlay-source.js';
import { type ByteSource, readExactly, readInto, type SourceReadOptions } from '../io/byte-source.js';

/** LogGuids whose entries are looked at: each costs a pass over the log, and a writer leaves those of a few sessions. */
const SESSIONS = 16;
/** Bytes that are compared with what a log would write. More is not what a session leaves: it counts as a difference. */
const COMPARED_BYTES = 1024 * LIMITS.readChunkBytes;

function nothing(): void {
  // What is wrong with a log that no valid header names is of no interest.
}

/** How far the sequence numbers of two headers of one file are apart: each update adds one or two. */
const NEAR = 4n;

/** Whether a damaged header looks whole up to its log fields, as one does that was torn, or has lost a bit. */
function isPlausible(damaged: VhdxHeader, current: VhdxHeader): boolean {
  const distance = damaged.sequenceNumber - current.sequenceNumber;
  return (
    bytesEqual(damaged.signature, current.signature) &&
    distance >= -NEAR &&
    distance <= NEAR &&
    damaged.version === current.version &&
    damaged.logVersion === current.logVersion &&
    damaged.logLength === current.logLength &&
    damaged.logOffset === current.logOffset
  );
}

/** Whether the damaged header is whole but for its LogGuid, which was this one. */
function wasNamed(bytes: Uint8Array, logGuid: GuidFields): boolean {
  const mended = bytes.slice();
  VhdxGuid.create(logGuid).writeTo(mended, offsetOf(VhdxHeader.LAYOUT, 'log_guid'));
  return VhdxHeader.fromBytes(mended, { onViolation: nothing }).verifyChecksum();
}

/** The LogGuids of entries in the log that are not `known`; one more than `SESSIONS` if there are more. */
async function otherSessions(ring: LogRing, known: GuidFields, options?: SourceReadOptions): Promise<GuidFields[]> {
  const found = new Map<string, GuidFields>();
  for await (const { bytes } of ring.chunks(options)) {
    for (let at = 0; at < bytes.length && found.size <= SESSIONS; at += LOG_SECTOR_SIZE) {
      if (u32At(bytes, at) !== LOG_SIGNATURES.entry) continue;
      const { logGuid } = decodeHeader(bytes.slice(at, at + VhdxLogEntryHeader.SIZE)).header;
      if (!guidsEqual(logGuid, known) && !isZeroGuid(logGuid)) found.set(formatGuid(logGuid), logGuid);
    }
    if (found.size > SESSIONS) break;
  }
  return [...found.values()];
}

/** Whether some byte of the file is not what `patches` would make it. */
async function wouldChange(
  source: ByteSource,
  patches: readonly LogPatch[],
  options?: SourceReadOptions,
): Promise<boolean> {
  const pieces = flattenPatches(patches);
  if (pieces.reduce((sum, { position, end }) => sum + end - position, 0) > COMPARED_BYTES) return true;
  const longest = pieces.reduce((length, { position, end }) => Math.max(length, end - position), 0);
  const buffer = new Uint8Array(Math.min(longest, LIMITS.readChunkBytes));
  const other = new Uint8Array(buffer.length);
  for (const { position, end, patch } of pieces) {
    if (end > source.size) return true;
    for (let at = position; at < end; at += buffer.length) {
      const stored = buffer.subarray(0, end - at);
      const logged = other.subarray(0, end - at);
      await readInto(source, stored, at, options);
      await patch.fill(logged, at - patch.position, options);
      if (!bytesEqual(stored, logged)) return true;
    }
  }
  return false;
}

/** Whether the log has a sequence of this session that could be replayed, and a replay would change something. */
async function isUnwritten(
  source: ByteSource,
  ring: LogRing,
  logGuid: GuidFields,
  options?: SourceReadOptions,
): Promise<boolean> {
  const { valid } = await scanLog(ring, logGuid, options);
  const entries = findActiveSequence(valid, ring.length);
  const head = entries?.at(-1);
  if (entries === undefined || head === undefined) return false;
  // Left over from a time when the file was longer: it could not be replayed (2.3.3).
  if (head.flushedFileOffset > BigInt(source.size)) return false;
  const replay = await planReplay(ring, entries, source.size, nothing, options);
  return replay !== undefined && wouldChange(source, replay.patches, options);
}

/** The log that a plausible header named: what its LogGuid says, unless that is what is damaged. */
function namedBy(
  damaged: VhdxHeader,
  current: VhdxHeader,
  bytes: Uint8Array,
  sessions: readonly GuidFields[],
): readonly GuidFields[] {
  const named = sessions.filter((logGuid) => wasNamed(bytes, logGuid));
  if (named.length > 0) return named;
  const { logGuid } = damaged;
  return isZeroGuid(logGuid) || guidsEqual(logGuid, current.logGuid) ? [] : [logGuid];
}

/**
 * Why the damaged header `index` may have been the current one with a log of its own to replay, in one sentence;
 * `undefined` if it makes no difference.
 *
 * By 2.2.2 the one valid header is current, and a header that was torn by a crash during its update (2.2.2.1) is a newer
 * one that was not in force yet: nothing had been done under it. But a header that was damaged later may have been in
 * force. It makes a difference only if it named a log that has not been written to its places yet: then the valid header
 * says that there is nothing to replay, and to overwrite the damaged one would put that log out of reach for good.
 */
export async function lostLogReason(
  source: ByteSource,
  current: HeaderCopy,
  index: CopyIndex,
  place: LogPlace | undefined,
  options?: SourceReadOptions,
): Promise<string | undefined> {
  if (place === undefined) return undefined;
  const bytes = await readExactly(source, HEADER_OFFSETS[index], VhdxHeader.SIZE, options);
  const damaged = VhdxHeader.fromBytes(bytes, { onViolation: nothing });
  const ring = new LogRing(source, place);
  const sessions = await otherSessions(ring, current.header.logGuid, options);
  const plausible = isPlausible(damaged, current.header);
  if (!plausible && sessions.length > SESSIONS) {
    return `the log has entries of more than ${SESSIONS} sessions, any of which the damaged header may have named`;
  }
  for (const logGuid of plausible ? namedBy(damaged, current.header, bytes, sessions) : sessions) {
    if (!(await isUnwritten(source, ring, logGuid, options))) continue;
    return `the log has entries with LogGuid ${formatGuid(logGuid)} that are not in their places, and only the damaged header could say whether they are to be replayed`;
  }
  return undefined;
}
