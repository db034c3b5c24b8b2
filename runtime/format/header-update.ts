/** The procedure that updates both headers. [MS-VHDX] 2.2.2.1 */
import { VhdxGuid, VhdxHeader } from '../../generated/index.js';
import { VhdxError } from '../errors/errors.js';
import { type GuidFields, guidsEqual, parseGuid } from '../base/guid.js';
import { randomGuid } from '../base/random-guid.js';
import type { CopyIndex } from './copies.js';
import { canUpdateHeaders, sequenceExhaustedText } from './header.js';
import { HEADER_OFFSETS } from '../base/limits.js';
import type { ByteTarget } from '../io/byte-target.js';

/** The header that counts, and which of the two copies it is. */
export interface CurrentHeader {
  readonly index: CopyIndex;
  readonly header: VhdxHeader;
}

/** The headers after an update. */
export interface UpdatedHeaders extends CurrentHeader {
  /** The bytes of both headers, in the order of the file. */
  readonly copies: readonly [Uint8Array, Uint8Array];
}

/** The fields that an update changes; the others keep the values of the current header. */
export interface HeaderChange {
  readonly fileWriteGuid?: GuidFields;
  readonly dataWriteGuid?: GuidFields;
  readonly logGuid?: GuidFields;
  /** First byte of the log in the file; only while LogGuid is zero. */
  readonly logOffset?: number;
}

/**
 * Makes sure that `updates` more updates are possible.
 *
 * @throws VhdxError VHDX_HEADER_SEQUENCE_EXHAUSTED if the sequence number would pass 2^64 - 1
 */
export function requireHeaderUpdates({ index, header }: CurrentHeader, updates: number): void {
  if (canUpdateHeaders(header, updates)) return;
  const fileOffset = HEADER_OFFSETS[index];
  throw new VhdxError('VHDX_HEADER_SEQUENCE_EXHAUSTED', {
    fileOffset,
    message: sequenceExhaustedText(header.sequenceNumber, fileOffset),
  });
}

/**
 * The FileWriteGuid that announces a change of the image: `wanted`, or a random one.
 *
 * @throws TypeError if it is the one that the image has
 */
export function newFileWriteGuid({ fileWriteGuid }: VhdxHeader, wanted: string | undefined): GuidFields {
  const guid = wanted === undefined ? randomGuid() : parseGuid(wanted);
  if (guidsEqual(guid, fileWriteGuid)) throw new TypeError('the new FileWriteGuid is the old one');
  return guid;
}

interface UpdatedHeader extends CurrentHeader {
  readonly bytes: Uint8Array;
}

/** The procedure of 2.2.2.1 without its flush, once: the noncurrent header becomes the current one. */
async function updateNoncurrent(
  target: ByteTarget,
  { index, header }: CurrentHeader,
  change: HeaderChange,
): Promise<UpdatedHeader> {
  const changed = (now: VhdxGuid, to: GuidFields | undefined): VhdxGuid =>
    to === undefined ? now : VhdxGuid.create(to);
  const updated: CurrentHeader = {
    index: index === 0 ? 1 : 0,
    header: VhdxHeader.create({
      sequenceNumber: header.sequenceNumber + 1n,
      fileWriteGuid: changed(header.fileWriteGuid, change.fileWriteGuid),
      dataWriteGuid: changed(header.dataWriteGuid, change.dataWriteGuid),
      logGuid: changed(header.logGuid, change.logGuid),
      logVersion: header.logVersion,
      version: header.version,
      logLength: header.logLength,
      logOffset: change.logOffset === undefined ? header.logOffset : BigInt(change.logOffset),
    }),
  };
  const bytes = updated.header.toBytes();
  await target.write(bytes, HEADER_OFFSETS[updated.index]);
  return { ...updated, bytes };
}

/**
 * Brings a change into both headers: first into the noncurrent one, which thereby becomes current, then into the other,
 * with a flush between them, so that at any time one of the two is valid and whole. The change is on stable storage then;
 * the caller flushes before the next update, for the second header to be so too. Reserved bytes of a header become
 * zero; the rest of its 64 KiB is not touched. Returns the new current header, and both as they are now. [MS-VHDX]
 * 2.2.2.1
 *
 * @throws VhdxError VHDX_HEADER_SEQUENCE_EXHAUSTED, before anything is written; what `target` throws
 */
export async function updateHeaders(
  target: ByteTarget,
  current: CurrentHeader,
  change: HeaderChange,
): Promise<UpdatedHeaders> {
  requireHeaderUpdates(current, 1);
  const first = await updateNoncurrent(target, current, change);
  await target.flush();
  const { bytes, ...second } = await updateNoncurrent(target, first, change);
  return { ...second, copies: second.index === 0 ? [bytes, first.bytes] : [first.bytes, bytes] };
}
