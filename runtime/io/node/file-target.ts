/** A file of the host as a byte target. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { requireOffset } from '../../base/arguments.js';
import { VhdxError } from '../../errors/errors.js';
import { type FileLock, lockFile, lockingFlags } from './file-lock.js';
import { deviceSize, identityOf, unsuitableKind } from './file-kind.js';
import { systemPath } from './path-bytes.js';
import { type FileUse, systemCode, systemError } from './system-errors.js';
import { nativeExtensions } from './native-extensions.js';
import { OpenFile } from './open-file.js';
import type { SourceReadOptions } from '../byte-source.js';
import type { ByteTarget } from '../byte-target.js';

const WRITE_BITS = 0o222;
/** What is tried to find out whether a file can have holes. */
const PROBE_BYTES = 4096;

/**
 * Opens `path` for reading and writing, and locks it where opening can do that: the lock is given back with the number.
 * Not all file systems have locks.
 */
function openLocked(path: string): number {
  // O_NONBLOCK (absent on Windows) keeps the open of a FIFO from waiting for its other end, and of a locked file.
  const flags = constants.O_RDWR | (constants.O_NONBLOCK ?? 0);
  const locking = lockingFlags(process.platform);
  try {
    return openSync(systemPath(path), flags | locking);
  } catch (cause) {
    if (locking === 0 || !['EOPNOTSUPP', 'ENOTSUP'].includes(systemCode(cause))) throw cause;
    return openSync(systemPath(path), flags);
  }
}

/** A file or block device of the host, opened for reading and writing. */
export class NodeFileTarget implements ByteTarget {
  readonly path: string;
  /** Device and inode: the same for every path to the file. */
  readonly identity: string;
  readonly #file: OpenFile;
  readonly #isDevice: boolean;
  #lock: FileLock | undefined;
  #size = 0;
  /**
   * The first fault of a change, lack of room excepted. After it nothing is known of what is on the disk, so nothing more
   * is written.
   */
  #fault: VhdxError | undefined;

  private constructor(path: string, fd: number, identity: string, isDevice: boolean) {
    this.path = path;
    this.identity = identity;
    this.#file = new OpenFile(fd, path);
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
    let fd: number;
    try {
      fd = openLocked(path);
    } catch (cause) {
      throw systemError(cause, 'open-to-change', `open ${path}`);
    }
    try {
      return await NodeFileTarget.#claim(path, fd);
    } catch (cause) {
      closeSync(fd);
      throw systemError(cause, 'open-to-change', `open ${path}`);
    }
  }

  static async #claim(path: string, fd: number): Promise<NodeFileTarget> {
    const stats = fstatSync(fd, { bigint: true });
    const kind = unsuitableKind(stats);
    if (kind !== undefined) {
      throw new VhdxError('VHDX_SOURCE_NOT_A_FILE', {
        message: `Cannot open ${path}: it is ${kind}, not an image file.`,
      });
    }
    if ((Number(stats.mode) & WRITE_BITS) === 0) {
      throw new VhdxError('VHDX_TARGET_NOT_PERMITTED', { message: `Cannot write to ${path}: it is read-only.` });
    }
    const target = new NodeFileTarget(path, fd, identityOf(stats), stats.isBlockDevice());
    target.#lock = await lockFile({ path, fd, stats });
    // Only now: whoever held the lock before may have changed it.
    target.#size = target.#isDevice ? deviceSize(fd) : fstatSync(fd).size;
    return target;
  }

  /** Length in bytes. */
  get size(): number {
    return this.#size;
  }

  read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    return this.#file.read(this.size, into, position, options);
  }

  /** @throws VhdxError VHDX_TARGET_FULL; VHDX_TARGET_IO and, after that, the same for every change. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    requireOffset(position, 'position');
    await this.#change('write to', () => this.#file.write(bytes, position));
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
    await this.#change('resize', () => this.#file.truncate(size));
    this.#size = size;
  }

  /**
   * Makes a hole of a range of the file, which on Windows is marked as sparse for that.
   *
   * @throws VhdxError VHDX_TARGET_NO_HOLES without `fs-native-extensions`, on a block device, and where the file system
   * has no holes; VHDX_TARGET_IO and, after that, the same for every change.
   */
  async discard(position: number, length: number): Promise<void> {
    requireOffset(position, 'position');
    requireOffset(length, 'length');
    const extensions = this.#isDevice ? undefined : nativeExtensions();
    if (extensions === undefined) {
      const why = this.#isDevice ? 'it is a block device' : 'the package fs-native-extensions is not there';
      throw new VhdxError('VHDX_TARGET_NO_HOLES', { message: `Cannot make holes in ${this.path}: ${why}.` });
    }
    // Behind the end there is nothing to be lost: that the file system takes it says that it can.
    const [from, count] = length === 0 ? [this.#size, PROBE_BYTES] : [position, length];
    await this.#change('make holes in', () => this.#file.punchHole(extensions, from, count), 'discard');
  }

  /** @throws VhdxError VHDX_TARGET_FULL, VHDX_TARGET_IO; after that, the same for every change. */
  async flush(): Promise<void> {
    await this.#change('flush', () => this.#file.flush());
  }

  /** @throws VhdxError VHDX_TARGET_IO; the lock is given back all the same */
  async close(): Promise<void> {
    try {
      await this.#file.close();
    } catch (cause) {
      throw systemError(cause, 'change', `close ${this.path}`);
    } finally {
      await this.#lock?.release();
      this.#lock = undefined;
    }
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #change(doing: string, change: () => Promise<void>, use: FileUse = 'change'): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    try {
      await change();
    } catch (cause) {
      const fault = systemError(cause, use, `${doing} ${this.path}`);
      // What there was no room for is not there; what was is not lost, unless a flush says so.
      const isHarmless =
        fault.code === 'VHDX_TARGET_NO_HOLES' || (fault.code === 'VHDX_TARGET_FULL' && doing !== 'flush');
      if (!isHarmless) this.#fault = fault;
      throw fault;
    }
  }
}
