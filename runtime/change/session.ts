/** A session of changing an image at rest. */
import { randomGuid } from '../base/random-guid.js';
import { parseGuid } from '../base/guid.js';
import { MIB } from '../base/units.js';
import { InternalError } from '../errors/internal-error.js';
import type { VhdxImage } from '../image/open.js';
import type { LogPlace } from '../format/header.js';
import type { FileSpace } from '../image/file-space.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { GuardedTarget } from '../io/guarded-target.js';
import { zeros } from '../io/zeros.js';
import { SessionHeaders } from '../log/session-headers.js';
import { LogWriter } from '../log/writer.js';
import type { ApplyOptions } from './plan.js';
import { SectorEdits } from './sector-edits.js';

/** What a group of metadata changes brings beside its sectors. */
export interface CommitOptions {
  /** It changes what a user of the disk sees: DataWriteGuid is a new one exactly from then on. [MS-VHDX] 2.2.2 */
  readonly changesContents?: boolean;
}

/**
 * The one way in which an image at rest is changed. The order is: payload in space that nothing refers to; flush; a group
 * of metadata changes in the log; flush; from here on the change counts, as a whole; the changes in their places. What
 * the change has freed may be used again, or cut off, only after the next `flush`.
 *
 * Whenever it breaks off, by a crash or a fault, the image opens as before or after the last group.
 */
export class ChangeSession {
  readonly image: VhdxImage;
  /** The file; what is read from it has all that has been committed. */
  readonly target: GuardedTarget;
  readonly signal: AbortSignal | undefined;
  readonly #headers: SessionHeaders;
  #logPlace: LogPlace;
  #log: LogWriter;
  readonly #space: FileSpace;
  readonly #options: ApplyOptions;
  /** File length in bytes that is on stable storage. */
  #flushedSize: number;
  #hasUnflushed = false;
  #written = 0;
  #defersDataWriteGuid = false;

  private constructor(
    image: VhdxImage,
    target: GuardedTarget,
    headers: SessionHeaders,
    space: FileSpace,
    options: ApplyOptions,
  ) {
    const { place } = image.log;
    if (place === undefined) throw new InternalError('the image has no log, but no finding says so');
    this.image = image;
    this.target = target;
    this.#headers = headers;
    this.#logPlace = place;
    this.#log = new LogWriter(target, place, headers);
    this.#space = space;
    this.#options = options;
    this.signal = options.signal;
    this.#flushedSize = target.size;
  }

  /** `image`: without a pending log; `space`: that of the image, from which storage is taken. */
  static async open(
    target: ByteTarget,
    image: VhdxImage,
    space: FileSpace,
    options: ApplyOptions,
  ): Promise<ChangeSession> {
    const guarded = new GuardedTarget(target);
    const { fileWriteGuid } = options;
    const headers = await SessionHeaders.open(guarded, image.header, {
      fileWriteGuid: fileWriteGuid === undefined ? randomGuid() : parseGuid(fileWriteGuid),
    });
    return new ChangeSession(image, guarded, headers, space, options);
  }

  /** For reads that belong to the work. */
  get reading(): SourceReadOptions {
    return { signal: this.signal };
  }

  get space(): FileSpace {
    return this.#space;
  }

  /** Metadata changes for `commit`. */
  edits(): SectorEdits {
    return new SectorEdits(this.target);
  }

  /** Writes bytes where nothing that counts refers to, such as space that has been taken; the file grows if it has to. */
  async writePayload(bytes: Uint8Array, fileOffset: number): Promise<void> {
    this.signal?.throwIfAborted();
    await this.#headers.begin();
    await this.#extendTo(fileOffset + bytes.length);
    await this.target.writePayload(bytes, fileOffset);
    this.#hasUnflushed = true;
    this.#written += bytes.length;
    this.#options.onProgress?.(this.#written);
  }

  /** Writes `length` zeros as payload. */
  async writeZeros(fileOffset: number, length: number): Promise<void> {
    for (const { bytes, offset } of zeros(fileOffset, fileOffset + length)) await this.writePayload(bytes, offset);
  }

  /** Writes over bytes that count and have no log to go through: a crash may leave any of their sectors old or new. */
  async writeInPlace(bytes: Uint8Array, fileOffset: number): Promise<void> {
    this.signal?.throwIfAborted();
    await this.#headers.begin();
    await this.#headers.requireOwn();
    await this.target.write(bytes, fileOffset);
    this.#hasUnflushed = true;
  }

  /** Makes the file long enough for what has been taken. What is added reads as zeros. */
  async extend(): Promise<void> {
    await this.#headers.begin();
    await this.#extendTo(this.#space.end);
  }

  /**
   * Lets changes of metadata take effect, as a whole. All payload that was written before is on stable storage by then.
   *
   * @throws VhdxError VHDX_TARGET_CHANGED if another program has written to the image; what the target throws
   */
  async commit(edits: SectorEdits, options: CommitOptions = {}): Promise<void> {
    this.signal?.throwIfAborted();
    const changesContents = options.changesContents === true && !this.#defersDataWriteGuid;
    const updates = edits.updates();
    await this.#headers.begin();
    await this.#headers.requireOwn();
    const entries = Array.from({ length: Math.ceil(updates.length / this.#log.capacity) }, (_, index) =>
      updates.slice(index * this.#log.capacity, (index + 1) * this.#log.capacity),
    );
    // Entries count as soon as they are written while the headers name the log, and else with the announcement, which the
    // flush behind the entries comes before.
    if (this.#log.isOpen) await this.flush();
    // Under a LogGuid that the headers have, each entry would count by itself.
    if (this.#log.isOpen && (changesContents || entries.length > 1 || !this.#log.hasRoom(updates.length))) {
      await this.#log.end();
    }
    for (const entry of entries) {
      if (!this.#log.hasRoom(entry.length)) throw new InternalError('a group of changes is larger than the log');
      await this.#log.append(entry, {
        flushedFileOffset: this.#flushedSize - (this.#flushedSize % MIB),
        lastFileOffset: this.#space.lastUsed,
      });
    }
    this.#hasUnflushed = true;
    await this.flush();
    await this.#log.announce(changesContents ? { dataWriteGuid: this.#newDataWriteGuid() } : {});
    for (const { bytes, fileOffset } of updates) await this.target.write(bytes, fileOffset);
    this.#log.applied();
    this.#hasUnflushed = true;
  }

  /** From here on commits leave DataWriteGuid as it is, whatever they change: `renewDataWriteGuid` is called in the end. */
  deferDataWriteGuid(): void {
    this.#defersDataWriteGuid = true;
  }

  /** Gives the contents a new identity, where nothing but that changes. */
  async renewDataWriteGuid(): Promise<void> {
    await this.#headers.begin();
    await this.flush();
    await this.#headers.requireOwn();
    await this.#headers.update({ dataWriteGuid: this.#newDataWriteGuid() });
  }

  /**
   * Has the log in another place, of which nothing is in use: it is ended, and its old place is free when this is done.
   * The headers name one place or the other, and no log to be replayed. [MS-VHDX] 2.2.2
   */
  async moveLog(fileOffset: number): Promise<void> {
    const { length } = this.#logPlace;
    await this.rest();
    await this.writeZeros(fileOffset, length);
    await this.flush();
    await this.#headers.requireOwn();
    await this.#headers.update({ logOffset: fileOffset });
    await this.flush();
    this.#logPlace = { fileOffset, length };
    this.#log = new LogWriter(this.target, this.#logPlace, this.#headers);
  }

  /**
   * Gives storage of the host back, of free space: nothing refers to it, on stable storage neither. Of no bytes, nothing
   * is done.
   *
   * @throws VhdxError VHDX_TARGET_NO_HOLES
   */
  async discard(fileOffset: number, length: number): Promise<void> {
    this.signal?.throwIfAborted();
    if (length > 0) await this.#headers.begin();
    await this.target.discard(fileOffset, length);
    if (length > 0) this.#hasUnflushed = true;
  }

  /** Settled when all that was written is on stable storage in its place. */
  async flush(): Promise<void> {
    if (!this.#hasUnflushed && this.#headers.isStable) return;
    const { size } = this.target;
    await this.target.flush();
    this.#hasUnflushed = false;
    this.#flushedSize = size;
    this.#log.flushed();
    this.#headers.flushed();
  }

  /** Ends the log: the image is at rest, and lacks nothing, when this is done. */
  async rest(): Promise<void> {
    await this.flush();
    if (!this.#log.isOpen) return;
    await this.#headers.requireOwn();
    await this.#log.end();
    await this.flush();
  }

  /** As `rest`, for work that was given up; after a fault of the target nothing more is written. */
  async giveUp(): Promise<void> {
    if (!this.target.isFaulty) await this.rest();
  }

  /**
   * Cuts off what lies behind `size`, which nothing refers to any more. The log has to be empty then: an entry states a
   * size that the file must not fall below (2.3.1.1).
   */
  async cutTo(size: number): Promise<void> {
    await this.#headers.begin();
    await this.rest();
    if (size >= this.target.size) return;
    await this.target.truncate(size);
    this.#hasUnflushed = true;
    await this.flush();
  }

  #newDataWriteGuid(): ReturnType<typeof randomGuid> {
    const { dataWriteGuid } = this.#options;
    return dataWriteGuid === undefined ? randomGuid() : parseGuid(dataWriteGuid);
  }

  /** Files have whole MiB, and what has been taken is in them. */
  async #extendTo(end: number): Promise<void> {
    if (this.target.size >= end) return;
    await this.target.extend(Math.max(this.#space.end, Math.ceil(end / MIB) * MIB));
    this.#hasUnflushed = true;
  }
}
