/** A file of the host as a byte source. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { VhdxError } from '../../errors/errors.js';
import { deviceSize, identityOf, unsuitableKind } from './file-kind.js';
import { type FileLock, lockParent } from './file-lock.js';
import { type HostFile, hostFile } from './host-file.js';
import { revisionOf } from './file-revision.js';
import { systemPath } from './path-bytes.js';
import { systemError } from './system-errors.js';
import { OpenFile } from './open-file.js';
import { readFileSync } from './transfers.js';
import type { ByteSource, SourceReadOptions } from '../byte-source.js';

/** A file or block device of the host, opened for reading only. */
export class NodeFileSource implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly hostAllocatedSize: number | undefined;
  readonly hostSparseAttribute: boolean;
  /** Device and inode: the same for every path to the file. */
  readonly identity: string;
  readonly #file: OpenFile;
  #lock: FileLock | undefined;

  private constructor(path: string, fd: number, identity: string, size: number, host?: HostFile) {
    this.path = path;
    this.identity = identity;
    this.size = size;
    this.hostAllocatedSize = host?.allocatedSize;
    this.hostSparseAttribute = host?.sparseAttribute ?? false;
    this.#file = new OpenFile(fd, path);
  }

  /**
   * Opens `path`; symbolic links are followed. Never waits for a FIFO's other end.
   *
   * @throws VhdxError VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_NOT_PERMITTED, VHDX_SOURCE_IS_DIRECTORY,
   * VHDX_SOURCE_NOT_A_FILE (FIFO, socket, character device) or VHDX_SOURCE_IO.
   */
  static async open(path: string): Promise<NodeFileSource> {
    let fd: number;
    try {
      // O_NONBLOCK (absent on Windows) keeps the open of a FIFO without a writer from waiting for one.
      fd = openSync(systemPath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    } catch (cause) {
      throw systemError(cause, 'read', `open ${path}`);
    }
    try {
      const stats = fstatSync(fd, { bigint: true });
      const identity = identityOf(stats);
      if (stats.isDirectory()) {
        throw new VhdxError('VHDX_SOURCE_IS_DIRECTORY', {
          message: `Cannot open ${path}: it is a directory, not an image file.`,
        });
      }
      const kind = unsuitableKind(stats);
      if (kind !== undefined) {
        throw new VhdxError('VHDX_SOURCE_NOT_A_FILE', {
          message: `Cannot open ${path}: it is ${kind}, not an image file.`,
        });
      }
      if (stats.isBlockDevice()) return new NodeFileSource(path, fd, identity, deviceSize(fd));
      const size = Number(stats.size);
      return new NodeFileSource(path, fd, identity, size, hostFile({ size, blocks: Number(stats.blocks) }, fd));
    } catch (cause) {
      closeSync(fd);
      throw systemError(cause, 'read', `open ${path}`);
    }
  }

  read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    return this.#file.read(this.size, into, position, options);
  }

  /**
   * As `read`, but nothing else goes on meanwhile: for copying, where bytes from the page cache are there sooner than a
   * promise is settled.
   *
   * @throws VhdxError VHDX_SOURCE_IO
   */
  readSync(into: Uint8Array, position: number): number {
    try {
      return readFileSync(this.#file.fd, into, position);
    } catch (cause) {
      throw systemError(cause, 'read', `read ${this.path}`);
    }
  }

  /**
   * Size, times and inode; `undefined` for a block device, and for a file that was changed within the granularity of
   * its times.
   *
   * @throws VhdxError VHDX_SOURCE_IO
   */
  async revision(): Promise<string | undefined> {
    try {
      const now = Date.now();
      return revisionOf(fstatSync(this.#file.fd, { bigint: true }), now);
    } catch (cause) {
      throw systemError(cause, 'read', `read ${this.path}`);
    }
  }

  /** @throws VhdxError VHDX_TARGET_IN_USE; see `lockParent` for what that is worth */
  async keepFromWriters(): Promise<void> {
    const { fd } = this.#file;
    this.#lock ??= await lockParent({ path: this.path, fd, stats: fstatSync(fd, { bigint: true }) });
  }

  /** Closes the file; does nothing if it is closed. */
  async close(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    try {
      await this.#file.close();
    } finally {
      await lock?.release();
    }
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
