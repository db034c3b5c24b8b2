/** Files that get their name when they are complete. */
import { InternalError } from '../../errors/internal-error.js';
import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { SignalOptions } from '../../base/options.js';
import { VhdxError } from '../../errors/errors.js';
import { claimDraftName, type Leftover, releaseDraftName, removeLeftovers } from './draft-name.js';
import { type FileLock, lockFile } from './file-lock.js';
import { pathFromBytes, systemPath } from './path-bytes.js';
import { lockReplaced, type ReplacedFile } from './replaced-file.js';
import { identityOf, unsuitableKind } from './file-kind.js';
import { systemError } from './system-errors.js';
import { readFileSync, writeFileSync } from './transfers.js';

/** Handling of existing files. */
export interface OutputOptions {
  /** Replace an existing file, or overwrite a block device where one can be written; otherwise it is refused. */
  readonly force?: boolean | undefined;
  /**
   * Told of each unfinished file that an earlier run for the same target has left, because its process was killed: it
   * is removed, unless it is not known that its process has ended.
   */
  readonly onLeftover?: ((leftover: Leftover) => void) | undefined;
}

/** Completion of a file. */
export interface SyncOptions {
  /** Have the file on stable storage before it gets its name. */
  readonly sync?: boolean | undefined;
}

export interface DraftOptions extends OutputOptions {
  /** Identities (device and inode) of files that must not be written to. */
  readonly sources?: readonly string[] | undefined;
}

/** What stands at the path of a new file. */
interface FoundTarget {
  /** The path behind symbolic links. */
  readonly path: string;
  /** Undefined if there is nothing. */
  readonly stats: BigIntStats | undefined;
}

/**
 * Looks at what is at `path`; a symbolic link is followed.
 *
 * @throws VhdxError VHDX_TARGET_EXISTS, VHDX_TARGET_IS_SOURCE, VHDX_TARGET_UNSUITABLE (directory, FIFO, socket,
 * character device, dangling link), VHDX_TARGET_NOT_PERMITTED, VHDX_TARGET_IO
 */
function findTarget(path: string, { force = false, sources = [] }: DraftOptions): FoundTarget {
  try {
    const found = lstatSync(systemPath(path), { bigint: true, throwIfNoEntry: false });
    if (found === undefined) return { path, stats: undefined };
    const real = found.isSymbolicLink() ? resolveLink(path) : path;
    const stats = real === path ? found : lstatSync(systemPath(real), { bigint: true });
    refuseUnsuitable(path, stats);
    // A device has the same inode under all names, but another one as a node elsewhere; its number tells.
    if (sources.includes(identityOf(stats))) {
      throw new VhdxError('VHDX_TARGET_IS_SOURCE', {
        message: `Cannot write ${path}: it is one of the images that are read.`,
      });
    }
    if (!force) throw exists(path, stats.isBlockDevice());
    return { path: real, stats };
  } catch (cause) {
    throw systemError(cause, 'make', `write ${path}`);
  }
}

/** How a file is to be made. */
export interface NewFileOptions extends DraftOptions {
  /** Takes a block device too, after it has been looked at: throws if it will not do. Otherwise devices are refused. */
  readonly checkDevice?: ((device: number) => void) | undefined;
}

/**
 * A file that is being made. Until `commit` it has a temporary name beside the final one, so that nothing unfinished
 * ever has the final name; a block device is written in place, since there is no other way. A file that is replaced, or a
 * device, is locked meanwhile. Reads and writes are synchronous: a write into the page cache is done sooner than a
 * promise is settled.
 */
export class DraftFile {
  readonly #path: string;
  /** Undefined for a block device. */
  readonly #draft: string | undefined;
  readonly #mayReplace: boolean;
  #file: number | undefined;
  /** The lock on the file that is there already. */
  #replaced: ReplacedFile | undefined;
  /** The lock on a block device. */
  readonly #lock: FileLock | undefined;

  private constructor(path: string, draft: string | undefined, file: number, mayReplace: boolean, lock?: FileLock) {
    this.#path = path;
    this.#draft = draft;
    this.#file = file;
    this.#mayReplace = mayReplace;
    this.#lock = lock;
  }

  /**
   * Makes the file, empty. A symbolic link is followed, and the mode of a file that is replaced is kept. `release` is to
   * be called at the end.
   *
   * @throws VhdxError as `findTarget`; VHDX_TARGET_UNSUITABLE also for a block device that is not taken, and if there is
   * no such folder; VHDX_TARGET_IN_USE if a file that would be replaced is open for writing; VHDX_TARGET_FULL
   */
  static async create(path: string, { checkDevice, ...options }: NewFileOptions): Promise<DraftFile> {
    const { path: real, stats } = findTarget(path, options);
    try {
      if (stats?.isBlockDevice() === true) return await DraftFile.#openDevice(path, real, checkDevice);
      const replaced = stats === undefined ? undefined : await lockReplaced(real);
      try {
        return DraftFile.#makeDraft(real, stats, replaced, options);
      } catch (cause) {
        await replaced?.release();
        throw cause;
      }
    } catch (cause) {
      throw systemError(cause, 'make', `write ${path}`);
    }
  }

  static #makeDraft(
    path: string,
    stats: BigIntStats | undefined,
    replaced: ReplacedFile | undefined,
    { force = false, onLeftover }: DraftOptions,
  ): DraftFile {
    removeLeftovers(path, onLeftover);
    const draft = claimDraftName(path);
    // A file that is there is never opened.
    const made = new DraftFile(path, draft, openSync(systemPath(draft), 'wx+'), force);
    made.#replaced = replaced;
    if (stats !== undefined) made.#setMode(Number(stats.mode) & 0o777);
    return made;
  }

  static async #openDevice(path: string, real: string, checkDevice: NewFileOptions['checkDevice']): Promise<DraftFile> {
    if (checkDevice === undefined) {
      throw new VhdxError('VHDX_TARGET_UNSUITABLE', { message: `Cannot write ${path}: it is a block device.` });
    }
    const device = openSync(systemPath(real), constants.O_RDWR);
    try {
      checkDevice(device);
      const lock = await lockFile({ path, fd: device, stats: fstatSync(device, { bigint: true }) });
      return new DraftFile(path, undefined, device, true, lock);
    } catch (cause) {
      closeSync(device);
      throw cause;
    }
  }

  /** Whether the bytes go to a block device, which may have others where none are written. */
  get isDevice(): boolean {
    return this.#draft === undefined;
  }

  #setMode(mode: number): void {
    try {
      fchmodSync(this.#open(), mode);
    } catch (cause) {
      this.discard();
      throw cause;
    }
  }

  /** As `fs.readSync`. @throws VhdxError VHDX_TARGET_IO */
  read(into: Uint8Array, position: number): number {
    return this.#do((file) => readFileSync(file, into, position));
  }

  /** Writes the bytes from index `start` to `end` (exclusive) to `position`. @throws VhdxError VHDX_TARGET_FULL, VHDX_TARGET_IO */
  write(bytes: Uint8Array, start: number, end: number, position: number): void {
    this.#do((file) => writeFileSync(file, bytes, start, end, position));
  }

  /** @throws VhdxError VHDX_TARGET_FULL (also where the file system has no files of that length), VHDX_TARGET_IO */
  truncate(size: number): void {
    this.#do((file) => ftruncateSync(file, size));
  }

  /**
   * Gives the file its name. With `sync` it is on stable storage before, and its name is afterwards: it then outlives a
   * failure of the host, which costs as long as the disk takes.
   *
   * @throws VhdxError VHDX_TARGET_EXISTS if there is a file now; VHDX_TARGET_IN_USE if that is open for writing;
   * VHDX_TARGET_FULL, VHDX_TARGET_IO
   */
  async commit({ sync = false }: { readonly sync?: boolean | undefined } = {}): Promise<void> {
    const file = this.#open();
    try {
      if (sync) fsyncSync(file);
      this.#file = undefined;
      closeSync(file);
      if (this.#draft === undefined) return;
      await this.#claimName();
      renameSync(systemPath(this.#draft), systemPath(this.#path));
      releaseDraftName(this.#draft);
      if (sync) syncFolder(dirname(this.#path));
    } catch (cause) {
      this.discard();
      throw systemError(cause, 'make', `write ${this.#path}`);
    }
  }

  /** What has the name now may be another file than the one that had it in the beginning, if there was one. */
  async #claimName(): Promise<void> {
    const stats = lstatSync(systemPath(this.#path), { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!this.#mayReplace) throw exists(this.#path, false);
    if (this.#replaced?.identity === identityOf(stats)) return;
    await this.#replaced?.release();
    this.#replaced = undefined;
    this.#replaced = await lockReplaced(this.#path);
  }

  /** Removes what has been written; a block device stays as it is. Does nothing after `commit`, and never throws. */
  discard(): void {
    try {
      if (this.#file !== undefined) closeSync(this.#file);
    } catch {
      // What could not be written is not wanted any more.
    }
    this.#file = undefined;
    if (this.#draft === undefined) return;
    rmSync(systemPath(this.#draft), { force: true });
    releaseDraftName(this.#draft);
  }

  /** Lets others have the file that was to be replaced, or the device. */
  async release(): Promise<void> {
    await this.#replaced?.release();
    await this.#lock?.release();
  }

  #do<T>(work: (file: number) => T): T {
    const file = this.#open();
    try {
      return work(file);
    } catch (cause) {
      throw systemError(cause, 'make', `write ${this.#path}`);
    }
  }

  #open(): number {
    if (this.#file === undefined) throw new InternalError('the file has been closed');
    return this.#file;
  }
}

function exists(path: string, isDevice: boolean): VhdxError {
  const what = isDevice ? 'it is a block device' : 'it exists already';
  return new VhdxError('VHDX_TARGET_EXISTS', { message: `Cannot write ${path}: ${what}.` });
}

function resolveLink(path: string): string {
  try {
    return pathFromBytes(realpathSync(systemPath(path), { encoding: 'buffer' }));
  } catch (cause) {
    throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
      message: `Cannot write ${path}: it is a symbolic link that leads nowhere.`,
      cause,
    });
  }
}

function refuseUnsuitable(path: string, stats: BigIntStats): void {
  const kind = unsuitableKind(stats);
  if (kind === undefined) return;
  throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
    message: `Cannot write ${path}: it is ${kind}, neither a file nor a block device.`,
  });
}

/** Makes a new name durable, where the system can (not on Windows). */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(systemPath(folder), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** `signal` gives the work up as long as the file has not got its name; nothing is left then. */
export interface FinishOptions extends SyncOptions, SignalOptions {}

/**
 * Does `work`, and commits the file when that is done; discards it if anything goes wrong, even if the process is told
 * to exit.
 *
 * @throws what `work` and `commit` throw, or the signal's reason
 */
export async function finish<T>(
  file: Pick<DraftFile, 'commit' | 'discard' | 'release'>,
  { sync, signal }: FinishOptions,
  work: () => Promise<T>,
): Promise<T> {
  const discard = (): void => file.discard();
  process.once('exit', discard);
  try {
    const made = await work();
    signal?.throwIfAborted();
    await file.commit({ sync });
    return made;
  } finally {
    file.discard();
    process.off('exit', discard);
    await file.release();
  }
}
