/** The headers of an image while a session writes to it. [MS-VHDX] 2.2.2 */
import { VhdxHeader } from '../../generated/index.js';
import { bytesEqual } from '../base/bytes.js';
import { VhdxError } from '../errors/errors.js';
import { InternalError } from '../errors/internal-error.js';
import { type GuidFields, guidsEqual } from '../base/guid.js';
import { type HeaderCopy, SESSION_HEADER_UPDATES } from '../format/header.js';
import {
  type CurrentHeader,
  type HeaderChange,
  requireHeaderUpdates,
  type UpdatedHeaders,
  updateHeaders,
} from '../format/header-update.js';
import { HEADER_OFFSETS } from '../base/limits.js';
import { type ByteSource, readAvailable } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { hex } from '../base/units.js';

/** The identifiers that the first change of a session gives an image. [MS-VHDX] 2.2.2 */
export interface SessionGuids {
  readonly fileWriteGuid: GuidFields;
  /** Left out: it stays, because what users of the disk see does not change, or not at first. */
  readonly dataWriteGuid?: GuidFields;
}

type Copies = UpdatedHeaders['copies'];

async function readCopies(source: ByteSource): Promise<Copies> {
  const [first, second] = HEADER_OFFSETS;
  return Promise.all([readAvailable(source, first, VhdxHeader.SIZE), readAvailable(source, second, VhdxHeader.SIZE)]);
}

/** The headers of an image while it is written. [MS-VHDX] 2.2.2.1 */
export class SessionHeaders {
  readonly #target: ByteTarget;
  readonly #guids: SessionGuids;
  #current: CurrentHeader;
  /** Both headers, as they are in the file unless someone else writes to it. */
  #copies: Copies;
  #begun: Promise<void> | undefined;
  #isStable = true;

  private constructor(target: ByteTarget, current: CurrentHeader, copies: Copies, guids: SessionGuids) {
    this.#target = target;
    this.#current = current;
    this.#copies = copies;
    this.#guids = guids;
  }

  /**
   * Reads both headers; `current` is the one that the image has been opened by.
   *
   * @throws VhdxError VHDX_HEADER_SEQUENCE_EXHAUSTED if not even a session of one change is possible;
   * VHDX_TARGET_CHANGED if `current` is not what the file has
   * @throws TypeError if a GUID is the one that the header has already
   */
  static async open(target: ByteTarget, current: HeaderCopy, guids: SessionGuids): Promise<SessionHeaders> {
    const { header, index } = current;
    const { fileWriteGuid, dataWriteGuid } = guids;
    const isKnown =
      guidsEqual(fileWriteGuid, header.fileWriteGuid) ||
      (dataWriteGuid !== undefined && guidsEqual(dataWriteGuid, header.dataWriteGuid));
    if (isKnown) {
      throw new TypeError('a session needs GUIDs that the image does not have yet');
    }
    requireHeaderUpdates(current, SESSION_HEADER_UPDATES);
    const copies = await readCopies(target);
    requireEqual(index, copies[index], current.bytes);
    return new SessionHeaders(target, current, copies, guids);
  }

  /**
   * To be awaited before anything else is changed: the first call gives both headers the identifiers of the session, the
   * others wait for it. [MS-VHDX] 2.2.2
   *
   * @throws VhdxError as `requireOwn`
   */
  begin(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  /** Whether both headers are on stable storage as they are. An update leaves the second one to the next flush. */
  get isStable(): boolean {
    return this.#isStable;
  }

  /** To be called after each flush of the target. */
  flushed(): void {
    this.#isStable = true;
  }

  /** Brings a change into both headers, which are stable. Not to be called while another call is running. */
  async update(change: HeaderChange): Promise<void> {
    if (!this.#isStable) throw new InternalError('a header was to be written while the other one was not flushed');
    this.#isStable = false;
    const { copies, ...current } = await updateHeaders(this.#target, this.#current, change);
    this.#current = current;
    this.#copies = copies;
  }

  /**
   * Makes sure that nobody else has written to the image: whoever does changes a header first, its sequence number and
   * FileWriteGuid (2.2.2). Costs two reads of 4 KiB. Not to be called while another call is running.
   *
   * @throws VhdxError VHDX_TARGET_CHANGED
   */
  async requireOwn(): Promise<void> {
    const found = await readCopies(this.#target);
    for (const index of [0, 1] as const) requireEqual(index, found[index], this.#copies[index]);
  }

  async #begin(): Promise<void> {
    await this.requireOwn();
    await this.update(this.#guids);
  }
}

function requireEqual(index: 0 | 1, found: Uint8Array, expected: Uint8Array): void {
  if (bytesEqual(found, expected)) return;
  const fileOffset = HEADER_OFFSETS[index];
  const number = (bytes: Uint8Array): string =>
    bytes.length < VhdxHeader.SIZE ? 'missing' : String(VhdxHeader.fromBytes(bytes, IGNORING).sequenceNumber);
  throw new VhdxError('VHDX_TARGET_CHANGED', {
    fileOffset,
    message:
      `Another program has written to the image: header ${index + 1} at ${hex(fileOffset)} is not the one that this ` +
      `session left there (sequence number ${number(found)}, expected ${number(expected)}). Nothing more is written.`,
  });
}

const IGNORING = { onViolation: (): void => undefined };
