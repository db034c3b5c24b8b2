/** Gathers changed metadata and brings it into the file through the log. */
import type { PageSector } from '../io/page-cache.js';
import { LOG_SECTOR_SIZE } from '../base/limits.js';
import { MIB } from '../base/units.js';
import type { FileSpace } from '../image/file-space.js';
import type { GuardedTarget } from '../io/guarded-target.js';
import type { SectorUpdate } from '../log/entry-bytes.js';
import type { LogWriter } from '../log/writer.js';
import type { SessionHeaders } from '../log/session-headers.js';

/** A change of the metadata that is to take effect as a whole. */
export interface MetadataChange {
  /** The sectors that it has changed in memory. */
  readonly sectors: readonly PageSector[];
  /** True if it shows payload where a reader would else see something other than zeros: that has to be there before. */
  readonly showsPayload: boolean;
  /** Called when the change is on stable storage. */
  readonly whenDurable?: (() => void) | undefined;
}

/** Changes that go to the log together. */
class Batch {
  readonly sectors = new Map<number, PageSector>();
  readonly whenDurable: (() => void)[] = [];
  showsPayload = false;

  add({ sectors, showsPayload, whenDurable }: MetadataChange): void {
    for (const sector of sectors) {
      // The sector that is there already is the same bytes.
      if (this.sectors.has(sector.fileOffset)) sector.release();
      else this.sectors.set(sector.fileOffset, sector);
    }
    this.showsPayload ||= showsPayload;
    if (whenDurable !== undefined) this.whenDurable.push(whenDurable);
  }
}

/**
 * Brings changed metadata into the file, through the log: all that has gathered since the last time as one entry, so
 * that many changes cost as many flushes as one. [MS-VHDX] 2.3
 */
export class Commits {
  readonly #target: GuardedTarget;
  readonly #headers: SessionHeaders;
  readonly #log: LogWriter;
  readonly #space: FileSpace;
  #batch = new Batch();
  /** The batch that is being committed. */
  #committing: Batch | undefined;
  /** Whether the log has that one on stable storage. */
  #isLogged = false;
  /** How many batches have been put into their places in the file. */
  #placed = 0;
  #hasUnflushed = false;
  /** File length in bytes that is on stable storage. */
  #flushedSize: number;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(target: GuardedTarget, headers: SessionHeaders, log: LogWriter, space: FileSpace) {
    this.#target = target;
    this.#headers = headers;
    this.#log = log;
    this.#space = space;
    this.#flushedSize = target.size;
  }

  /** Whether a change of so many sectors fits what gathers now; if not, a commit makes room. */
  hasRoom(sectors: number): boolean {
    return this.#batch.sectors.size + sectors <= this.#log.capacity;
  }

  /** Adds a change for which there is room. */
  add(change: MetadataChange): void {
    this.#batch.add(change);
  }

  /** Whether something that was written or added is not on stable storage. */
  get owes(): boolean {
    return this.#hasUnflushed || this.#batch.sectors.size > 0 || (this.#committing !== undefined && !this.#isLogged);
  }

  /** Goes up whenever sectors stop to be pending. */
  get placed(): number {
    return this.#placed;
  }

  /** The sectors that have changed in memory and are not in their places in the file yet. */
  *pending(): Generator<PageSector> {
    yield* this.#committing?.sectors.values() ?? [];
    yield* this.#batch.sectors.values();
  }

  /** To be called after each write of payload. */
  payloadWritten(): void {
    this.#hasUnflushed = true;
  }

  /**
   * Settled when everything that was written and added before is on stable storage. Calls while one is running share the
   * next one.
   */
  commit(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#commitOrPoison().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  async #after(running: Promise<void>): Promise<void> {
    // Whoever waits for that one is told of its failure; after it, the next one fails by itself.
    await running.catch(() => undefined);
    this.#next = undefined;
    await this.commit();
  }

  /** Commits what there is, ends the log, and cuts off what of the file is not used: the file is at rest then. */
  async end(): Promise<void> {
    await this.commit();
    const isTooLong = this.#target.size > this.#space.usedEnd;
    if (this.#log.isOpen || isTooLong) await this.#headers.requireOwn();
    if (this.#log.isOpen) {
      await this.#flush();
      await this.#log.end();
    }
    // While there was a log, its FlushedFileOffset would have had to be made less first (2.3.1.1).
    if (isTooLong) await this.#target.truncate(this.#space.usedEnd);
    if (isTooLong || !this.#headers.isStable) await this.#flush();
  }

  async #commitOrPoison(): Promise<void> {
    try {
      await this.#commit();
    } catch (error) {
      // Whatever it was, changes that were taken for this commit are not in the file, and later ones rely on them.
      this.#target.poison(error);
      throw error;
    }
  }

  async #commit(): Promise<void> {
    this.#target.requireSound();
    if (this.#batch.sectors.size === 0) {
      if (this.#hasUnflushed) await this.#flushOwn();
      return;
    }
    await this.#headers.requireOwn();
    const batch = this.#batch;
    this.#batch = new Batch();
    this.#committing = batch;
    this.#isLogged = false;
    // As they are now: what changes from here on belongs to the next commit.
    const { updates, runs } = copyOf(batch);
    let isFlushed = false;
    if (batch.showsPayload && this.#hasUnflushed) {
      await this.#flush();
      isFlushed = true;
    }
    if (!this.#log.hasRoom(updates.length) && !this.#log.restart(updates.length)) {
      if (!isFlushed) await this.#flush();
      await this.#log.end();
    }
    await this.#log.append(updates, {
      flushedFileOffset: this.#flushedSize - (this.#flushedSize % MIB),
      lastFileOffset: this.#space.lastUsed,
    });
    await this.#flush();
    await this.#log.announce();
    this.#isLogged = true;
    for (const then of batch.whenDurable) then();
    await Promise.all(runs.map(({ fileOffset, bytes }) => this.#target.write(bytes, fileOffset)));
    this.#log.applied();
    this.#committing = undefined;
    this.#placed += 1;
    for (const sector of batch.sectors.values()) sector.release();
  }

  /** Payload alone has been written: it counts if the file has been ours all the time. */
  async #flushOwn(): Promise<void> {
    await this.#flush();
    try {
      await this.#headers.requireOwn();
    } catch (error) {
      this.#hasUnflushed = true;
      throw error;
    }
  }

  async #flush(): Promise<void> {
    const { size } = this.#target;
    this.#hasUnflushed = false;
    try {
      await this.#target.flush();
    } catch (error) {
      // What was written before may be lost, whatever a later flush says.
      this.#hasUnflushed = true;
      throw error;
    }
    this.#flushedSize = Math.max(this.#flushedSize, size);
    this.#log.flushed();
    this.#headers.flushed();
  }
}

/** The sectors of a batch as they are now, in the order of the file; and the same bytes with neighbours as one. */
function copyOf(batch: Batch): { readonly updates: readonly SectorUpdate[]; readonly runs: readonly SectorUpdate[] } {
  const sectors = [...batch.sectors.values()].toSorted((one, other) => one.fileOffset - other.fileOffset);
  const all = new Uint8Array(sectors.length * LOG_SECTOR_SIZE);
  const copied = (first: number, end: number): Uint8Array =>
    all.subarray(first * LOG_SECTOR_SIZE, end * LOG_SECTOR_SIZE);
  const runs: SectorUpdate[] = [];
  let first = 0;
  const updates = sectors.map(({ fileOffset, bytes }, index) => {
    all.set(bytes, index * LOG_SECTOR_SIZE);
    if (sectors[index + 1]?.fileOffset !== fileOffset + LOG_SECTOR_SIZE) {
      const [at, end] = [first, index + 1];
      runs.push({ fileOffset: sectors[at]?.fileOffset ?? fileOffset, bytes: copied(at, end) });
      first = end;
    }
    return { fileOffset, bytes: copied(index, index + 1) };
  });
  return { updates, runs };
}
