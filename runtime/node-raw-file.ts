import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { VhdxError } from './errors.js';
import { newFileError } from './node-target-error.js';

/** How a raw image is to be made. */
export interface RawFileOptions {
  /** Bytes of the image. */
  readonly size: number;
  /** Replace a file, or overwrite a block device; otherwise what exists is refused. */
  readonly force?: boolean | undefined;
  /** Identities (device and inode) of files that must not be written to. */
  readonly sources?: readonly string[] | undefined;
}

/** Zeros are left out in units of this many bytes, the block size of most file systems. */
const PAGE = 4096;
/** The longest part that `write` takes, in bytes: it fits the cache of a processor core, with room for the kernel's. */
export const RAW_PART_BYTES: number = 512 * 1024;
const ZEROS = Buffer.alloc(RAW_PART_BYTES);

/**
 * A raw image that is being written. Until `commit` it has a temporary name beside the final one, so that nothing
 * unfinished ever has the final name; a block device is written in place, since there is no other way. Calls are
 * synchronous: a write into the page cache is done sooner than a promise is settled.
 */
export class RawFile {
  readonly #path: string;
  /** Undefined for a block device. */
  readonly #draft: string | undefined;
  readonly #mayReplace: boolean;
  #file: number | undefined;

  private constructor(path: string, draft: string | undefined, file: number, mayReplace: boolean) {
    this.#path = path;
    this.#draft = draft;
    this.#file = file;
    this.#mayReplace = mayReplace;
  }

  /**
   * Makes the file, empty and of full length. A symbolic link is followed.
   *
   * @throws VhdxError VHDX_TARGET_EXISTS, VHDX_TARGET_IS_SOURCE, VHDX_TARGET_UNSUITABLE (directory, FIFO, socket,
   * character device, dangling link, device too small, no such folder), VHDX_TARGET_NOT_PERMITTED, VHDX_TARGET_FULL
   * (also where the file system has no files of that length), VHDX_TARGET_IO
   */
  static create(path: string, { size, force = false, sources = [] }: RawFileOptions): RawFile {
    try {
      const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      if (found === undefined) return RawFile.#createDraft(path, size, undefined, force);
      const real = found.isSymbolicLink() ? resolveLink(path) : path;
      const stats = real === path ? found : lstatSync(real, { bigint: true });
      refuseUnsuitable(path, stats);
      // A device has the same inode under all names, but another one as a node elsewhere; its number tells.
      if (sources.includes(`${stats.dev}:${stats.ino}`)) {
        throw new VhdxError('VHDX_TARGET_IS_SOURCE', {
          message: `Cannot write ${path}: it is one of the images that are read.`,
        });
      }
      if (!force) throw exists(path, stats.isBlockDevice());
      if (!stats.isBlockDevice()) return RawFile.#createDraft(real, size, Number(stats.mode) & 0o777, force);
      const device = openSync(real, constants.O_RDWR);
      refuseSmallDevice(device, path, size);
      return new RawFile(path, undefined, device, force);
    } catch (cause) {
      throw cause instanceof VhdxError ? cause : newFileError(cause, path);
    }
  }

  static #createDraft(path: string, size: number, mode: number | undefined, mayReplace: boolean): RawFile {
    // Not derived from the final name, which may have no room for more letters. A file that is there is never opened.
    const draft = join(dirname(path), `.vhdx-${process.pid}-${Math.random().toString(36).slice(2)}.part`);
    const file = openSync(draft, 'wx');
    const made = new RawFile(path, draft, file, mayReplace);
    try {
      if (mode !== undefined) fchmodSync(file, mode);
      ftruncateSync(file, size);
      return made;
    } catch (cause) {
      made.discard();
      throw cause;
    }
  }

  /** Whether zeros have to be written, because something else may be there. */
  get needsZeros(): boolean {
    return this.#draft === undefined;
  }

  /**
   * Writes `bytes`, at most RAW_PART_BYTES, to `position`. Pages of zeros become holes.
   *
   * @throws VhdxError VHDX_TARGET_FULL, VHDX_TARGET_IO
   */
  write(bytes: Buffer, position: number): void {
    if (this.needsZeros || !mayHaveZeroPages(bytes)) this.#writeAll(bytes, 0, bytes.length, position);
    else this.#writePages(bytes, position);
  }

  #writePages(bytes: Buffer, position: number): void {
    const { length } = bytes;
    if (isZero(bytes, 0, length)) return;
    let start = -1;
    for (let at = 0; at < length; at += PAGE) {
      if (!isZero(bytes, at, Math.min(at + PAGE, length))) {
        if (start < 0) start = at;
      } else if (start >= 0) {
        this.#writeAll(bytes, start, at, position + start);
        start = -1;
      }
    }
    if (start >= 0) this.#writeAll(bytes, start, length, position + start);
  }

  /** Makes `length` bytes from `position` on zeros. Nothing is to be done in a new file. */
  writeZeros(length: number, position: number): void {
    if (!this.needsZeros) return;
    for (let done = 0; done < length; done += ZEROS.length) {
      this.#writeAll(ZEROS, 0, Math.min(ZEROS.length, length - done), position + done);
    }
  }

  #writeAll(bytes: Buffer, start: number, end: number, position: number): void {
    const file = this.#open();
    try {
      for (let at = start; at < end;) at += writeSync(file, bytes, at, end - at, position + at - start);
    } catch (cause) {
      throw newFileError(cause, this.#path);
    }
  }

  /**
   * Gives the file its name. With `sync` it is on stable storage before, and its name is afterwards: it then outlives a
   * failure of the host, which costs as long as the disk takes.
   *
   * @throws VhdxError VHDX_TARGET_EXISTS if there is a file now; VHDX_TARGET_FULL, VHDX_TARGET_IO
   */
  commit({ sync = false }: { readonly sync?: boolean | undefined } = {}): void {
    const file = this.#open();
    try {
      if (sync) fsyncSync(file);
      this.#file = undefined;
      closeSync(file);
      if (this.#draft === undefined) return;
      const isThere = lstatSync(this.#path, { throwIfNoEntry: false }) !== undefined;
      if (isThere && !this.#mayReplace) throw exists(this.#path, false);
      renameSync(this.#draft, this.#path);
      if (sync) syncFolder(dirname(this.#path));
    } catch (cause) {
      this.discard();
      throw cause instanceof VhdxError ? cause : newFileError(cause, this.#path);
    }
  }

  /** Removes what has been written; a block device stays as it is. Does nothing after `commit`, and never throws. */
  discard(): void {
    try {
      if (this.#file !== undefined) closeSync(this.#file);
    } catch {
      // What could not be written is not wanted any more.
    }
    this.#file = undefined;
    if (this.#draft !== undefined) rmSync(this.#draft, { force: true });
  }

  #open(): number {
    if (this.#file === undefined) throw new TypeError('the file is closed');
    return this.#file;
  }
}

/** False if no page has zeros only. Told by the ends of each: nearly all that is no zeros has something else there. */
function mayHaveZeroPages(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += PAGE) {
    if (bytes[at] === 0 && (bytes[at + PAGE - 1] ?? 0) === 0) return true;
  }
  return false;
}

function isZero(bytes: Buffer, start: number, end: number): boolean {
  if (bytes[start] !== 0 || bytes[end - 1] !== 0) return false;
  return ZEROS.compare(bytes, start, end, 0, end - start) === 0;
}

function exists(path: string, isDevice: boolean): VhdxError {
  const what = isDevice ? 'it is a block device' : 'it exists already';
  return new VhdxError('VHDX_TARGET_EXISTS', { message: `Cannot write ${path}: ${what}.` });
}

function resolveLink(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
      message: `Cannot write ${path}: it is a symbolic link that leads nowhere.`,
      cause,
    });
  }
}

function refuseUnsuitable(path: string, stats: BigIntStats): void {
  if (stats.isFile() || stats.isBlockDevice()) return;
  const kinds = [
    [stats.isDirectory(), 'a directory'],
    [stats.isFIFO(), 'a FIFO'],
    [stats.isSocket(), 'a socket'],
  ] as const;
  const kind = kinds.find(([is]) => is)?.[1] ?? 'a character device';
  throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
    message: `Cannot write ${path}: it is ${kind}, neither a file nor a block device.`,
  });
}

/** A block device has no length of its own in `stat`; it is long enough if its last byte that is needed can be read. */
function refuseSmallDevice(device: number, path: string, size: number): void {
  try {
    if (size === 0 || readSync(device, Buffer.alloc(1), 0, 1, size - 1) === 1) return;
    throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
      message: `Cannot write ${path}: the device is shorter than the ${size} bytes of the disk.`,
    });
  } catch (cause) {
    closeSync(device);
    throw cause;
  }
}

/** Makes a new name durable, where the system can (not on Windows). */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
