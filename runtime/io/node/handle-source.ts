/** A file handle of the caller's as a byte source. */
import type { FileHandle } from 'node:fs/promises';
import { describeValue } from '../../base/arguments.js';
import { VhdxError } from '../../errors/errors.js';
import { deviceSize, identityOf, unsuitableKind } from './file-kind.js';
import { type HostFile, hostFile } from './host-file.js';
import { systemError } from './system-errors.js';
import { MAX_TRANSFER } from './transfers.js';
import { readParts } from '../ranged-reads.js';
import type { ByteSource, SourceReadOptions } from '../byte-source.js';

/** Options for a file that the caller has opened. */
export interface HandleOptions {
  /** Whether closing the source closes the handle too; false by default, since the caller owns it. */
  readonly closeHandle?: boolean | undefined;
}

/** How the file is spoken of, whose path is not known. */
const NAME = 'the file of a handle';

function requireHandle(handle: unknown): void {
  if (typeof handle === 'object' && handle !== null && 'fd' in handle && 'stat' in handle) return;
  const hint = typeof handle === 'string' ? ': `await openFile(path)` opens a file by its path' : '';
  throw new TypeError(`expected a FileHandle of node:fs/promises, not ${describeValue(handle)}${hint}`);
}

/** A file or block device that the caller has opened for reading. The position of the handle is neither used nor moved. */
export class NodeHandleSource implements ByteSource {
  readonly size: number;
  readonly hostAllocatedSize: number | undefined;
  readonly hostSparseAttribute: boolean;
  /** Device and inode: the same for every handle and path of the file. */
  readonly identity: string;
  readonly #handle: FileHandle;
  readonly #closeHandle: boolean;

  private constructor(
    handle: FileHandle,
    found: { readonly size: number; readonly host?: HostFile; readonly identity: string },
    options: HandleOptions,
  ) {
    this.#handle = handle;
    this.#closeHandle = options.closeHandle ?? false;
    this.size = found.size;
    this.hostAllocatedSize = found.host?.allocatedSize;
    this.hostSparseAttribute = found.host?.sparseAttribute ?? false;
    this.identity = found.identity;
  }

  /**
   * Asks what is behind `handle` and how long it is. The length is taken now: what is appended later is not seen.
   *
   * @throws VhdxError VHDX_SOURCE_IS_DIRECTORY, VHDX_SOURCE_NOT_A_FILE (FIFO, socket, character device) or
   * VHDX_SOURCE_IO; TypeError for what is no handle. With `closeHandle` the handle is closed then.
   */
  static async open(handle: FileHandle, options: HandleOptions = {}): Promise<NodeHandleSource> {
    requireHandle(handle);
    try {
      return await NodeHandleSource.#examine(handle, options);
    } catch (error) {
      if (options.closeHandle === true) await Promise.allSettled([handle.close()]);
      throw error;
    }
  }

  static async #examine(handle: FileHandle, options: HandleOptions): Promise<NodeHandleSource> {
    const stats = await handle.stat({ bigint: true }).catch((cause: unknown) => {
      throw systemError(cause, 'read', `examine ${NAME}`);
    });
    const identity = identityOf(stats);
    if (stats.isDirectory()) {
      throw new VhdxError('VHDX_SOURCE_IS_DIRECTORY', { message: 'Cannot read a handle: it is that of a directory.' });
    }
    const kind = unsuitableKind(stats);
    if (kind !== undefined) {
      throw new VhdxError('VHDX_SOURCE_NOT_A_FILE', { message: `Cannot read a handle: it is that of ${kind}.` });
    }
    if (stats.isBlockDevice()) {
      return new NodeHandleSource(handle, { size: deviceSize(handle.fd), identity }, options);
    }
    const size = Number(stats.size);
    const host = hostFile({ size, blocks: Number(stats.blocks) }, handle.fd);
    return new NodeHandleSource(handle, { size, host, identity }, options);
  }

  /** @throws VhdxError VHDX_SOURCE_IO; RangeError if `position` is no non-negative integer. */
  read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const { size } = this;
    const { signal } = options ?? {};
    return readParts(into, position, { size, maxPart: MAX_TRANSFER, signal }, async (start, count) => {
      try {
        return (await this.#handle.read(into, start, count, position + start)).bytesRead;
      } catch (cause) {
        throw systemError(cause, 'read', `read ${NAME}`);
      }
    });
  }

  /** Closes the handle if that was asked for. */
  async close(): Promise<void> {
    if (this.#closeHandle) await this.#handle.close();
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
