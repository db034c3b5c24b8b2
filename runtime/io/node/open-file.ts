/** Transfers of an open file by its number. */
import { close, closeSync, fsync, ftruncate, ftruncateSync, read } from 'node:fs';
import { KIB, MIB } from '../../base/units.js';
import type { SourceReadOptions } from '../byte-source.js';
import { availableFor, readParts } from '../ranged-reads.js';
import type { NativeExtensions } from './native-extensions.js';
import { ShortCalls } from './short-calls.js';
import { systemError } from './system-errors.js';
import { MAX_TRANSFER, readFileSync, threaded, writeFileSync } from './transfers.js';
import { WriteQueue } from './write-queue.js';

/** Writes of no more bytes than this may be made at once: copying them takes about as long as waking a thread. */
const SHORT_WRITE_BYTES = 64 * KIB;
/** A write that takes as long as this waits for something: a slow disk, a full cache, a server. */
const SLOW_WRITE_MS = 1;
/** Likewise of reads: the structures at the start of a file are that long. */
const SHORT_READ_BYTES = 256 * KIB;
/** And of one that nothing else is under way with: for those that are asked for together threads are quicker. */
const LONE_READ_BYTES = MIB;
/** The page cache takes less, and a disk more; besides, each MiB that is copied to new memory takes up to a millisecond. */
const SLOW_READ_MS = 0.08;

/**
 * Reads and writes an open file by its number: a `FileHandle` takes half as long again for each small transfer. In
 * return it is known here what is under way, so that the number is not another file's by then: `close` waits for it.
 *
 * Short transfers are made at once where they turn out to be quick (`ShortCalls`), long writes one after the other
 * (`WriteQueue`). While one of those is under way nothing is made at once: many file systems would have it wait.
 */
export class OpenFile {
  readonly #fd: number;
  readonly #name: string;
  readonly #shortReads = new ShortCalls();
  readonly #shortWrites = new ShortCalls();
  readonly #writes: WriteQueue;
  #underWay = 0;
  /** Those that threads make, or may make. */
  #longReads = 0;
  #isWritten = false;
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  /** The file is closed through this from here on. `name`: how the file is spoken of. */
  constructor(fd: number, name: string) {
    this.#fd = fd;
    this.#name = name;
    this.#writes = new WriteQueue(fd);
  }

  /** For what transfers no bytes. @throws what the system says of a closed file */
  get fd(): number {
    if (this.#closing !== undefined) throw closedError();
    return this.#fd;
  }

  /** As `ByteSource.read`, of a file of `size` bytes. @throws VhdxError VHDX_SOURCE_IO and others */
  async read(size: number, into: Uint8Array, position: number, { signal }: SourceReadOptions = {}): Promise<number> {
    const done = signal === undefined ? this.#readNow(size, into, position) : undefined;
    if (done !== undefined) return done;
    return readParts(into, position, { size, maxPart: MAX_TRANSFER, signal }, async (start, count) => {
      try {
        return await this.#whileOpen(() => this.#readPart(into, start, count, position + start));
      } catch (cause) {
        throw systemError(cause, 'read', `read ${this.#name}`);
      }
    });
  }

  /** Writes all of `bytes` to `position`. @throws what the system throws */
  write(bytes: Uint8Array, position: number): Promise<void> {
    this.#isWritten = true;
    return this.#whileOpen(async () => {
      if (bytes.length <= SHORT_WRITE_BYTES) {
        const write = (): void => writeFileSync(this.#fd, bytes, 0, bytes.length, position);
        if (await this.#atOnce(this.#shortWrites, write, SLOW_WRITE_MS)) return;
      }
      await this.#writes.write(bytes, position);
    });
  }

  /** Makes the file `size` bytes long. @throws what the system throws */
  truncate(size: number): Promise<void> {
    return this.#whileOpen(async () => {
      if (await this.#atOnce(this.#shortWrites, () => ftruncateSync(this.#fd, size), SLOW_WRITE_MS)) return;
      await threaded((done) => ftruncate(this.#fd, size, done));
    });
  }

  /** Makes a hole of `length` bytes from `position` on. @throws what the system throws */
  punchHole(extensions: NativeExtensions, position: number, length: number): Promise<void> {
    this.#isWritten = true;
    return this.#whileOpen(async () => {
      await extensions.sparse(this.#fd);
      await extensions.trim(this.#fd, position, length);
    });
  }

  /** Has what was written on stable storage. @throws what the system throws */
  flush(): Promise<void> {
    return this.#whileOpen(() => threaded((done) => fsync(this.#fd, done)));
  }

  /** Closes the file when nothing is under way any more; does nothing if it is closed. @throws what the system throws */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    // What has been written may have to go to a server first.
    if (this.#isWritten) await threaded((done) => close(this.#fd, done));
    else closeSync(this.#fd);
  }

  /** A short read that is made at once, without a promise for each step; `undefined` if it is not for now. */
  #readNow(size: number, into: Uint8Array, position: number): number | undefined {
    const count = availableFor(size, position, into);
    if (into.length > SHORT_READ_BYTES || this.#closing !== undefined || this.#writes.isBusy) return undefined;
    let done = 0;
    const readNow = (): void => {
      done = readFileSync(this.#fd, count === into.length ? into : into.subarray(0, count), position);
    };
    try {
      return this.#shortReads.tryInTurn(readNow, SLOW_READ_MS + count / MIB) ? done : undefined;
    } catch (cause) {
      throw systemError(cause, 'read', `read ${this.#name}`);
    }
  }

  async #readPart(into: Uint8Array, start: number, count: number, position: number): Promise<number> {
    let done = 0;
    const readNow = (): void => {
      done = readFileSync(this.#fd, into.subarray(start, start + count), position);
    };
    const slowMs = SLOW_READ_MS + count / MIB;
    const isShort = count <= SHORT_READ_BYTES || (count <= LONE_READ_BYTES && (await this.#isAlone()));
    if (isShort && (await this.#atOnce(this.#shortReads, readNow, slowMs))) return done;
    this.#longReads += 1;
    try {
      return await threaded((then) => read(this.#fd, into, start, count, position, then));
    } finally {
      this.#longReads -= 1;
    }
  }

  /** Whether no thread reads, and no other long read has been asked for together with the one that asks. */
  async #isAlone(): Promise<boolean> {
    this.#longReads += 1;
    await Promise.resolve();
    this.#longReads -= 1;
    return this.#longReads === 0;
  }

  /** Makes a short call, as soon as it is its turn, unless it is for a thread. */
  async #atOnce(short: ShortCalls, call: () => void, slowMs: number): Promise<boolean> {
    const turn = short.turn();
    if (turn !== undefined) await turn;
    return !this.#writes.isBusy && short.try(call, slowMs);
  }

  /** Does `work` with the number, which stays this file's meanwhile. @throws what the system says of a closed file */
  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw closedError();
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#whenIdle?.();
    }
  }
}

/** What the system would say, were the number not another file's by then. */
function closedError(): Error {
  return Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' });
}
