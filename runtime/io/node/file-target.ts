import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { requireOffset } from '../../base/arguments.js';
import { type VhdxCode, VhdxError } from '../../errors/errors.js';
import { type FileLock, lockFile, lockingFlags } from './file-lock.js';
import { deviceSize, unreadableKind } from './file-source.js';
import { systemPath } from './path-bytes.js';
import { systemCode } from './system-code.js';
import type { SourceReadOptions } from '../byte-source.js';
import type { ByteTarget } from '../byte-target.js';

type Faults = Readonly<Record<string, readonly [VhdxCode, string]>>;

/** What the operating system may say at an opening only. */
const OPENING_FAULTS: Faults = {
  EAGAIN: ['VHDX_TARGET_IN_USE', 'it is in use'],
  EBUSY: ['VHDX_TARGET_IN_USE', 'it is in use'],
  ETXTBSY: ['VHDX_TARGET_IN_USE', 'it is in use'],
};

/** What the operating system may say, as a code and in words; anything else is VHDX_TARGET_IO. */
const FAULTS: Faults = {
  ENOENT: ['VHDX_SOURCE_NOT_FOUND', 'there is no such file'],
  ENOTDIR: ['VHDX_SOURCE_NOT_FOUND', 'there is no such file'],
  EISDIR: ['VHDX_SOURCE_IS_DIRECTORY', 'it is a directory, not an image file'],
  ENXIO: ['VHDX_SOURCE_NOT_A_FILE', 'it is not a regular file or block device'],
  EACCES: ['VHDX_TARGET_NOT_PERMITTED', 'permission denied'],
  EPERM: ['VHDX_TARGET_NOT_PERMITTED', 'permission denied'],
  EROFS: ['VHDX_TARGET_NOT_PERMITTED', 'the file system is read-only'],
  ENOSPC: ['VHDX_TARGET_FULL', 'no space is left on the device'],
  EDQUOT: ['VHDX_TARGET_FULL', 'the disk quota is used up'],
  EFBIG: ['VHDX_TARGET_FULL', 'the file would become larger than it may be'],
};

/** One call of the operating system stays below 2 GiB, which is all that some can do. */
const MAX_TRANSFER = 0x4000_0000;

const WRITE_BITS = 0o222;

function targetError(cause: unknown, path: string, doing: string): VhdxError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const system = systemCode(cause);
  const opening = doing === 'open' ? OPENING_FAULTS[system] : undefined;
  const [code, words] = opening ?? FAULTS[system] ?? ['VHDX_TARGET_IO', detail];
  return new VhdxError(code, { message: `Cannot ${doing} ${path}: ${words}.`, cause });
}

/**
 * Opens `path` for reading and writing, and locks it where opening can do that: the lock is given back with the handle.
 * Not all file systems have locks.
 */
async function openLocked(path: string): Promise<FileHandle> {
  // O_NONBLOCK (absent on Windows) keeps the open of a FIFO from waiting for its other end, and of a locked file.
  const flags = constants.O_RDWR | (constants.O_NONBLOCK ?? 0);
  const locking = lockingFlags(process.platform);
  try {
    return await open(systemPath(path), flags | locking);
  } catch (cause) {
    if (locking === 0 || !['EOPNOTSUPP', 'ENOTSUP'].includes(systemCode(cause))) throw cause;
    return open(systemPath(path), flags);
  }
}

/** A file or block device of the host, opened for reading and writing. */
export class NodeFileTarget implements ByteTarget {
  readonly path: string;
  /** Device and inode: the same for every path to the file. */
  readonly identity: string;
  readonly #handle: FileHandle;
  readonly #isDevice: boolean;
  #lock: FileLock | undefined;
  #size = 0;
  /**
   * The first fault of a change, lack of room excepted. After it nothing is known of what is on the disk, so nothing more
   * is written.
   */
  #fault: VhdxError | undefined;

  private constructor(path: string, handle: FileHandle, identity: string, isDevice: boolean) {
    this.path = path;
    this.identity = identity;
    this.#handle = handle;
    this.#isDevice = isDevice;
  }

  /**
   * Opens an existing file without changing it; symbolic links are followed. Refuses a file that is read-only for
   * everyone (no write permission, the read-only attribute of Windows), even if the user could write to it. Until
   * `close`, other writers of this library are kept out; see `lockFile` for the limits of that.
   *
   * @throws VhdxError VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_IS_DIRECTORY, VHDX_SOURCE_NOT_A_FILE (FIFO, socket, character
   * device), VHDX_TARGET_NOT_PERMITTED, VHDX_TARGET_IN_USE or VHDX_TARGET_IO.
   */
  static async open(path: string): Promise<NodeFileTarget> {
    let handle: FileHandle;
    try {
      handle = await openLocked(path);
    } catch (cause) {
      throw targetError(cause, path, 'open');
    }
    try {
      return await NodeFileTarget.#claim(path, handle);
    } catch (cause) {
      await handle.close();
      throw cause instanceof VhdxError ? cause : targetError(cause, path, 'open');
    }
  }

  static async #claim(path: string, handle: FileHandle): Promise<NodeFileTarget> {
    const stats = await handle.stat({ bigint: true });
    const kind = unreadableKind(stats);
    if (kind !== undefined) {
      throw new VhdxError('VHDX_SOURCE_NOT_A_FILE', {
        message: `Cannot open ${path}: it is ${kind}, not an image file.`,
      });
    }
    if ((Number(stats.mode) & WRITE_BITS) === 0) {
      throw new VhdxError('VHDX_TARGET_NOT_PERMITTED', { message: `Cannot write to ${path}: it is read-only.` });
    }
    const target = new NodeFileTarget(path, handle, `${stats.dev}:${stats.ino}`, stats.isBlockDevice());
    target.#lock = await lockFile({ path, fd: handle.fd, stats });
    // Only now: whoever held the lock before may have changed it.
    target.#size = target.#isDevice ? await deviceSize(handle) : (await handle.stat()).size;
    return target;
  }

  /** Length in bytes. */
  get size(): number {
    return this.#size;
  }

  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    options?.signal?.throwIfAborted();
    let done = 0;
    try {
      while (done < into.length) {
        const length = Math.min(into.length - done, MAX_TRANSFER);
        const { bytesRead } = await this.#handle.read(into, done, length, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
    } catch (cause) {
      throw new VhdxError('VHDX_SOURCE_IO', {
        message: `Cannot read ${this.path}: ${cause instanceof Error ? cause.message : String(cause)}.`,
        cause,
      });
    }
    return done;
  }

  /** @throws VhdxError VHDX_TARGET_FULL; VHDX_TARGET_IO and, after that, the same for every change. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    requireOffset(position, 'position');
    await this.#change('write to', async () => {
      for (let done = 0; done < bytes.length;) {
        const length = Math.min(bytes.length - done, MAX_TRANSFER);
        const { bytesWritten } = await this.#handle.write(bytes, done, length, position + done);
        if (bytesWritten === 0) throw new Error('nothing was written, and no reason given');
        done += bytesWritten;
      }
    });
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  /**
   * A block device keeps its length: it can only be made shorter, and that is not done at all.
   *
   * @throws VhdxError VHDX_TARGET_FULL; VHDX_TARGET_IO and, after that, the same for every change.
   */
  async truncate(size: number): Promise<void> {
    requireOffset(size, 'size');
    if (this.#isDevice) {
      if (size <= this.#size) return;
      throw new VhdxError('VHDX_TARGET_FULL', {
        message: `Cannot make ${this.path} ${size} bytes long: it is a block device of ${this.#size} bytes.`,
      });
    }
    await this.#change('resize', () => this.#handle.truncate(size));
    this.#size = size;
  }

  /** @throws VhdxError VHDX_TARGET_FULL, VHDX_TARGET_IO; after that, the same for every change. */
  async flush(): Promise<void> {
    await this.#change('flush', () => this.#handle.sync());
  }

  /** @throws VhdxError VHDX_TARGET_IO; the lock is given back all the same */
  async close(): Promise<void> {
    try {
      await this.#handle.close();
    } catch (cause) {
      throw targetError(cause, this.path, 'close');
    } finally {
      await this.#lock?.release();
      this.#lock = undefined;
    }
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #change(doing: string, change: () => Promise<void>): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      await change();
    } catch (cause) {
      const fault = targetError(cause, this.path, doing);
      // What there was no room for is not there; what was is not lost, unless a flush says so.
      if (fault.code !== 'VHDX_TARGET_FULL' || doing === 'flush') this.#fault = fault;
      throw fault;
    }
  }
}
