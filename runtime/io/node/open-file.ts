/** Transfers of an open file by its number. */
import { ftruncateSync, read, write } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { KIB } from '../../base/units.js';
import type { SourceReadOptions } from '../byte-source.js';
import { readParts } from '../ranged-reads.js';
import { ShortCalls } from './short-calls.js';
import { systemError } from './system-errors.js';
import { MAX_TRANSFER, progressOf, writeFileSync } from './transfers.js';

/** Writes of no more bytes than this may be made at once: copying them takes about as long as waking a thread. */
const SHORT_BYTES = 64 * KIB;

/**
 * Reads and writes an open file by its number: a `FileHandle` takes half as long again for each small transfer. In
 * return it is known here what is under way, so that the number is not another file's by then: `close` waits for it.
 */
export class OpenFile {
  readonly #handle: FileHandle;
  readonly #name: string;
  readonly #short = new ShortCalls();
  #underWay = 0;
  #closing: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;

  /** The handle is closed through this from here on. `name`: how the file is spoken of. */
  constructor(handle: FileHandle, name: string) {
    this.#handle = handle;
    this.#name = name;
  }

  /** For what transfers no bytes. */
  get handle(): FileHandle {
    return this.#handle;
  }

  /** As `ByteSource.read`, of a file of `size` bytes. @throws VhdxError VHDX_SOURCE_IO and others */
  read(size: number, into: Uint8Array, position: number, { signal }: SourceReadOptions = {}): Promise<number> {
    return readParts(into, position, { size, maxPart: MAX_TRANSFER, signal }, (start, count) =>
      this.#run(
        (done) => read(this.#handle.fd, into, start, count, position + start, done),
        (cause) => systemError(cause, 'read', `read ${this.#name}`),
      ),
    );
  }

  /** Writes all of `bytes` to `position`. @throws what the system throws */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    if (bytes.length <= SHORT_BYTES && this.#writeAtOnce(bytes, position)) return;
    for (let done = 0; done < bytes.length;) {
      const [start, count] = [done, Math.min(bytes.length - done, MAX_TRANSFER)];
      done += progressOf(
        await this.#run((then) => write(this.#handle.fd, bytes, start, count, position + start, then)),
      );
    }
    this.#short.threadDone();
  }

  /** Makes the file `size` bytes long. @throws what the system throws */
  async truncate(size: number): Promise<void> {
    this.#requireOpen();
    if (this.#short.try(() => ftruncateSync(this.#handle.fd, size))) return;
    await this.#handle.truncate(size);
    this.#short.threadDone();
  }

  /** Closes the handle when nothing is under way any more; does nothing if it is closed. */
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
    await this.#handle.close();
  }

  #writeAtOnce(bytes: Uint8Array, position: number): boolean {
    this.#requireOpen();
    return this.#short.try(() => writeFileSync(this.#handle.fd, bytes, 0, bytes.length, position));
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw closedError();
  }

  #run(
    start: (done: (error: Error | null, count: number) => void) => void,
    explained = (cause: Error): Error => cause,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) {
        reject(explained(closedError()));
        return;
      }
      this.#underWay += 1;
      start((error, count) => {
        this.#underWay -= 1;
        if (this.#underWay === 0) this.#whenIdle?.();
        if (error === null) resolve(count);
        else reject(explained(error));
      });
    });
  }
}

/** What the system would say, were the number not another file's by then. */
function closedError(): Error {
  return Object.assign(new Error('EBADF: the file is closed'), { code: 'EBADF' });
}
