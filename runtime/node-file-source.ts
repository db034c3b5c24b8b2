import type { BigIntStats, Stats } from 'node:fs';
import { constants, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type VhdxCode, VhdxError } from './errors.js';
import { type FileLock, lockParent } from './node-file-lock.js';
import { type HostFile, hostFile } from './node-host-file.js';
import { systemPath } from './node-path-bytes.js';
import { systemCode } from './node-system-code.js';
import { availableFor } from './source-range.js';
import type { ByteSource, SourceReadOptions } from './source.js';

const CODES: Readonly<Record<string, VhdxCode>> = {
  ENOENT: 'VHDX_SOURCE_NOT_FOUND',
  ENOTDIR: 'VHDX_SOURCE_NOT_FOUND',
  EACCES: 'VHDX_SOURCE_NOT_PERMITTED',
  EPERM: 'VHDX_SOURCE_NOT_PERMITTED',
  EISDIR: 'VHDX_SOURCE_IS_DIRECTORY',
  ENXIO: 'VHDX_SOURCE_NOT_A_FILE',
};

/** One read of the operating system stays below 2 GiB, which is all that some can do. */
const MAX_READ = 0x4000_0000;

function sourceError(cause: unknown, path: string, doing: string): VhdxError {
  const system = systemCode(cause);
  const code = CODES[system] ?? 'VHDX_SOURCE_IO';
  const detail = cause instanceof Error ? cause.message : String(cause);
  const what: Partial<Record<VhdxCode, string>> = {
    VHDX_SOURCE_NOT_FOUND: 'there is no such file',
    VHDX_SOURCE_NOT_PERMITTED: 'permission denied',
    VHDX_SOURCE_IS_DIRECTORY: 'it is a directory, not an image file',
    VHDX_SOURCE_NOT_A_FILE: 'it is not a regular file or block device',
  };
  return new VhdxError(code, { message: `Cannot ${doing} ${path}: ${what[code] ?? detail}.`, cause });
}

/** What `stats` describes if it is nothing that can be read at a position; `undefined` for a file or block device. */
export function unreadableKind(stats: Stats | BigIntStats): string | undefined {
  if (stats.isFile() || stats.isBlockDevice()) return undefined;
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  if (stats.isCharacterDevice()) return 'a character device';
  return 'neither a regular file nor a block device';
}

/** Length of a block device, whose `stat` says 0: the last readable position, found by bisection. */
export async function deviceSize(handle: FileHandle): Promise<number> {
  const probe = new Uint8Array(1);
  const readable = async (position: number): Promise<boolean> => {
    try {
      return (await handle.read(probe, 0, 1, position)).bytesRead === 1;
    } catch {
      return false;
    }
  };
  if (!(await readable(0))) return 0;
  let inside = 0;
  let outside = Number.MAX_SAFE_INTEGER;
  while (outside - inside > 1) {
    const middle = inside + Math.floor((outside - inside) / 2);
    if (await readable(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}

/** A file or block device of the host, opened for reading only. */
export class NodeFileSource implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly hostAllocatedSize: number | undefined;
  readonly hostSparseAttribute: boolean;
  /** Device and inode: the same for every path to the file. */
  readonly identity: string;
  readonly #handle: FileHandle;
  #lock: FileLock | undefined;

  private constructor(path: string, handle: FileHandle, identity: string, size: number, host?: HostFile) {
    this.path = path;
    this.identity = identity;
    this.size = size;
    this.hostAllocatedSize = host?.allocatedSize;
    this.hostSparseAttribute = host?.sparseAttribute ?? false;
    this.#handle = handle;
  }

  /**
   * Opens `path`; symbolic links are followed. Never waits for a FIFO's other end.
   *
   * @throws VhdxError VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_NOT_PERMITTED, VHDX_SOURCE_IS_DIRECTORY,
   * VHDX_SOURCE_NOT_A_FILE (FIFO, socket, character device) or VHDX_SOURCE_IO.
   */
  static async open(path: string): Promise<NodeFileSource> {
    let handle: FileHandle;
    try {
      // O_NONBLOCK (absent on Windows) keeps the open of a FIFO without a writer from waiting for one.
      handle = await open(systemPath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      throw sourceError(cause, path, 'open');
    }
    try {
      const stats = await handle.stat();
      // File numbers of Windows do not fit a double.
      const { dev, ino } = await handle.stat({ bigint: true });
      const identity = `${dev}:${ino}`;
      if (stats.isDirectory()) {
        throw new VhdxError('VHDX_SOURCE_IS_DIRECTORY', {
          message: `Cannot open ${path}: it is a directory, not an image file.`,
        });
      }
      const kind = unreadableKind(stats);
      if (kind !== undefined) {
        throw new VhdxError('VHDX_SOURCE_NOT_A_FILE', {
          message: `Cannot open ${path}: it is ${kind}, not an image file.`,
        });
      }
      if (stats.isBlockDevice()) return new NodeFileSource(path, handle, identity, await deviceSize(handle));
      return new NodeFileSource(path, handle, identity, stats.size, await hostFile(stats, handle.fd));
    } catch (cause) {
      await handle.close();
      throw cause instanceof VhdxError ? cause : sourceError(cause, path, 'open');
    }
  }

  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const available = availableFor(this.size, position, into);
    options?.signal?.throwIfAborted();
    let done = 0;
    try {
      while (done < available) {
        const length = Math.min(available - done, MAX_READ);
        const { bytesRead } = await this.#handle.read(into, done, length, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
    } catch (cause) {
      throw sourceError(cause, this.path, 'read');
    }
    return done;
  }

  /**
   * As `read`, but nothing else goes on meanwhile: for copying, where bytes from the page cache are there sooner than a
   * promise is settled.
   *
   * @throws VhdxError VHDX_SOURCE_IO
   */
  readSync(into: Uint8Array, position: number): number {
    let done = 0;
    try {
      while (done < into.length) {
        const length = Math.min(into.length - done, MAX_READ);
        const count = readSync(this.#handle.fd, into, done, length, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (cause) {
      throw sourceError(cause, this.path, 'read');
    }
    return done;
  }

  /** @throws VhdxError VHDX_TARGET_IN_USE; see `lockParent` for what that is worth */
  async keepFromWriters(): Promise<void> {
    const stats = await this.#handle.stat({ bigint: true });
    this.#lock ??= await lockParent({ path: this.path, fd: this.#handle.fd, stats });
  }

  /** Closes the file; does nothing if it is closed. */
  async close(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    try {
      await this.#handle.close();
    } finally {
      await lock?.release();
    }
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
