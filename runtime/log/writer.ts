/** Writes the log of a session so that every known reader can replay it. [MS-VHDX] 2.3 */
import { InternalError } from '../errors/internal-error.js';
import { type GuidFields, GUIDS, parseGuid } from '../base/guid.js';
import type { LogPlace } from '../format/header.js';
import type { HeaderChange } from '../format/header-update.js';
import { randomGuid } from '../base/random-guid.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type EntryHeaderFields, logEntryBytes, logEntryLength, type SectorUpdate } from './entry-bytes.js';
import { DESCRIPTORS_OF_ONE_SECTOR } from './layout.js';
import type { SessionHeaders } from './session-headers.js';

/** The file sizes that an entry states. [MS-VHDX] 2.3.1.1 */
export type StatedFileSizes = Pick<EntryHeaderFields, 'flushedFileOffset' | 'lastFileOffset'>;

/** Entries under one LogGuid. */
class OpenLog {
  readonly guid: GuidFields = randomGuid();
  /** Whether the headers have the LogGuid. */
  isAnnounced = false;
  /** Where the next entry begins, in bytes from the start of the log. */
  next = 0;
  /** The sequence number of the next entry. */
  sequenceNumber = 1n;
  /** The tail of the newest entry, in bytes from the start of the log. */
  tail = 0;
  /** Where the oldest entry begins whose updates have not been written to their places; `undefined` if all have. */
  oldestUnapplied: number | undefined;
  /** Where the oldest entry begins whose updates are not on stable storage in their places; `undefined` if all are. */
  oldestNeeded: number | undefined;
}

/**
 * Writes the log of an image so that every reader of the format can replay it: entries of one sector of descriptors,
 * one behind the other from the start of the ring on, never across its end. QEMU replays no others: it refuses an entry
 * of more descriptors, loses the oldest entries of a sequence that wraps, and takes any valid entry for the second one of
 * a sequence. So a log that is full is ended, and the next one begins under a new LogGuid. [MS-VHDX] 2.3
 */
export class LogWriter {
  readonly #target: ByteTarget;
  readonly #place: LogPlace;
  readonly #headers: SessionHeaders;
  /** The most updates that an entry may have. */
  readonly capacity: number;
  #log: OpenLog | undefined;

  constructor(target: ByteTarget, place: LogPlace, headers: SessionHeaders) {
    this.#target = target;
    this.#place = place;
    this.#headers = headers;
    let capacity = DESCRIPTORS_OF_ONE_SECTOR;
    while (logEntryLength(capacity) > place.length) capacity -= 1;
    this.capacity = capacity;
  }

  /** True if there would be something to replay, should the session break off now. */
  get isOpen(): boolean {
    return this.#log !== undefined;
  }

  /** Whether an entry of so many updates has room behind the others. */
  hasRoom(updates: number): boolean {
    return this.#log === undefined || this.#log.next + logEntryLength(updates) <= this.#place.length;
  }

  /**
  /**
   * Has the next entry, of so many updates, be the first one of another log, at the start of the ring, if that leaves the
   * active sequence whole: until the headers name the other log a crash has it replayed once more, which changes nothing,
   * and the flush that comes before makes its updates stable in their places. Spares the headers a LogGuid of zero.
   */
  restart(updates: number): boolean {
    const log = this.#log;
    if (log?.isAnnounced !== true || log.oldestUnapplied !== undefined || logEntryLength(updates) > log.tail)
      return false;
    this.#log = new OpenLog();
    return true;
  }

  /**
   * Writes the next entry, which has room. It counts once the target has been flushed and the log been announced: several
   * entries that are written before that take effect together.
   */
  async append(updates: readonly SectorUpdate[], sizes: StatedFileSizes): Promise<void> {
    this.#log ??= new OpenLog();
    const log = this.#log;
    const start = log.next;
    const { guid: logGuid, sequenceNumber } = log;
    log.oldestUnapplied ??= start;
    const tail = log.oldestNeeded ?? log.oldestUnapplied;
    const bytes = logEntryBytes(updates, { logGuid, sequenceNumber, tail, ...sizes });
    log.tail = tail;
    log.next += bytes.length;
    log.sequenceNumber += 1n;
    await this.#target.write(bytes, this.#place.fileOffset + start);
  }

  /** To be called when the updates of all entries have been written to their places. */
  applied(): void {
    if (this.#log !== undefined) this.#log.oldestUnapplied = undefined;
  }

  /** To be called after each flush of the target: what was in its place before is there to stay. */
  flushed(): void {
    if (this.#log !== undefined) this.#log.oldestNeeded = this.#log.oldestUnapplied;
  }

  /**
   * Lets the headers say that there is a log, if they do not yet. The first entry is on stable storage by then: a LogGuid
   * without a valid sequence would make the file corrupt (2.3.3). It was written over log space while LogGuid was zero
   * and that space meant nothing, which is what 2.2.2 has a new LogGuid for. `change`: what else the same header updates
   * bring, so that it is there exactly when the first entries are.
   */
  async announce(change: Pick<HeaderChange, 'dataWriteGuid'> = {}): Promise<void> {
    if (this.#log === undefined || this.#log.isAnnounced) return;
    await this.#headers.update({ ...change, logGuid: this.#log.guid });
    this.#log.isAnnounced = true;
  }

  /** Ends the log: nothing of it is needed any more, as all updates are on stable storage in their places. */
  async end(): Promise<void> {
    if (this.#log === undefined) return;
    if (this.#log.oldestUnapplied !== undefined || this.#log.oldestNeeded !== undefined)
      throw new InternalError('the log was to end while it was still needed');
    await this.#headers.update({ logGuid: parseGuid(GUIDS.zero) });
    this.#log = undefined;
  }
}
