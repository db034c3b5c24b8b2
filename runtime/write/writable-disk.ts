/** A virtual disk that is open for writing. */
import { InternalError } from '../errors/internal-error.js';
import { requireBytes, requireOffset, requireOptions } from '../base/arguments.js';
import { Bat } from '../format/bat.js';
import { blockParts } from '../format/bat-geometry.js';
import { PayloadState } from '../format/bat-states.js';
import type { SignalOptions } from '../base/options.js';
import { settleAll } from '../base/settle-all.js';
import { isIndeterminate } from '../format/bat-states.js';
import {
  type DiskOptions,
  type Extent,
  type ExtentOptions,
  openParents,
  requireDiskOptions,
  VhdxDisk,
} from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import { requireWritable } from '../errors/findings.js';
import { parseGuid } from '../base/guid.js';
import { randomGuid } from '../base/random-guid.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import { replayPending } from '../change/replay-work.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { takenFrom, takeOver } from '../io/take-over.js';
import type { ByteTarget } from '../io/byte-target.js';
import { requireTarget } from '../io/to-byte-target.js';
import type { DiskRange, FaultOptions, ResolveOptions } from '../disk/translator.js';
import { hex } from '../base/units.js';
import { type BlockPiece, BlockWriter } from './block-writer.js';
import { Commits } from './commits.js';
import { FileSpace } from '../image/file-space.js';
import { GuardedTarget } from '../io/guarded-target.js';
import { OperationTracker } from './operation-tracker.js';
import { LogWriter } from '../log/writer.js';
import { PendingView } from './pending-view.js';
import { SessionHeaders } from '../log/session-headers.js';
import { zeros } from '../io/zeros.js';

/** Options of `openWritableDisk`. */
export interface WritableDiskOptions extends Omit<DiskOptions, 'log'> {
  /** Instead of a random one. [MS-VHDX] 2.2.2 */
  readonly fileWriteGuid?: string | undefined;
  /** Instead of a random one. [MS-VHDX] 2.2.2 */
  readonly dataWriteGuid?: string | undefined;
}

/** The parts of a disk that writing needs, ready when it has been opened. */
interface WriteSession {
  readonly target: GuardedTarget;
  readonly headers: SessionHeaders;
  readonly log: LogWriter;
  readonly space: FileSpace;
}

/**
 * Opens a disk for writing, and its parents, if it has some, for reading. A pending log is replayed into the file first;
 * otherwise nothing is changed before the first write. The BAT is gone through once, 8 bytes for each block.
 *
 * The disk takes the target over, and the sources that the resolver opens: closing the disk closes them, and so does an
 * error.
 *
 * @throws VhdxError as `openDisk` and `replayLog`; the code of the first finding of severity `error` or `refuse-write` that
 * a check would have (one of two copies damaged, no log, blocks that share storage): such a file is to be repaired first;
 * VHDX_TARGET_IN_USE if a parent is open for writing; TypeError if `target` is none, or an option of the wrong kind.
 */
export async function openWritableDisk(target: ByteTarget, options: WritableDiskOptions = {}): Promise<WritableDisk> {
  takenFrom(target, requireTarget);
  return takeOver(target, () => openTaken(target, options));
}

async function openTaken(target: ByteTarget, options: WritableDiskOptions): Promise<WritableDisk> {
  requireOptions(options);
  requireDiskOptions(options);
  const { fileWriteGuid, dataWriteGuid, signal } = options;
  await replayPending(target, { signal });
  const guarded = new GuardedTarget(target);
  const image = await readVhdx(guarded, { ...options, log: 'refuse' });
  requireWritable(image.findings);
  const { place } = image.log;
  if (place === undefined) throw new InternalError('the image has no log, but no finding says so');
  const headers = await SessionHeaders.open(guarded, image.header, {
    fileWriteGuid: fileWriteGuid === undefined ? randomGuid() : parseGuid(fileWriteGuid),
    dataWriteGuid: dataWriteGuid === undefined ? randomGuid() : parseGuid(dataWriteGuid),
  });
  const log = new LogWriter(guarded, place, headers);
  const space = await FileSpace.scan(image, { signal });
  const parent = await openParents([image], options);
  await keepFromWriters(parent);
  return new WritableDisk(image, parent, { target: guarded, headers, log, space }, options.batCacheBytes);
}

/** No parent of a disk that is written may be written itself: what is left to it would change. */
async function keepFromWriters(parent: VhdxDisk | undefined): Promise<void> {
  try {
    for (let disk = parent; disk !== undefined; disk = disk.parent) await disk.image.source.keepFromWriters?.();
  } catch (error) {
    await parent?.close();
    throw error;
  }
}

/**
 * A virtual disk that is open for writing. Reads and writes may be given in any number at once; a read sees the writes
 * that were done before it was asked for. What was written outlives a crash once `flush` has returned; until then each
 * sector of 512 bytes has either its old contents or its new ones after a crash, and the file is always sound.
 *
 * Nothing but this disk may change the file meanwhile, and nothing may write to its parents.
 */
export class WritableDisk extends VhdxDisk {
  readonly #session: WriteSession;
  readonly #blocks: BlockWriter;
  readonly #commits: Commits;
  readonly #operations = new OperationTracker();
  #begun: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(image: VhdxImage, parent: VhdxDisk | undefined, session: WriteSession, batCacheBytes?: number) {
    const { target, headers, log, space } = session;
    const commits = new Commits(target, headers, log, space);
    const bat = new Bat(new PendingView(target, commits), image.bat.fileOffset, image.bat.geometry);
    super({ ...image, bat }, parent, batCacheBytes);
    this.#session = session;
    this.#commits = commits;
    this.#blocks = new BlockWriter({
      target,
      space,
      translator: this.translator,
      hasParent: image.disk.hasParent,
      commits: this.#commits,
      operations: this.#operations,
    });
  }

  /** As `VhdxDisk.read`. @throws VhdxError also VHDX_DISK_CLOSED */
  override async read(into: Uint8Array, position: number, options?: FaultOptions): Promise<number> {
    this.#requireOpen();
    const operation = this.#operations.enter();
    try {
      return await super.read(into, position, options);
    } finally {
      this.#operations.leave(operation);
    }
  }

  /** As `VhdxDisk.resolve`. @throws VhdxError also VHDX_DISK_CLOSED */
  override async resolve(position: number, length: number, options?: ResolveOptions): Promise<DiskRange[]> {
    this.#requireOpen();
    return super.resolve(position, length, options);
  }

  /** As `VhdxDisk.extents`. @throws VhdxError also VHDX_DISK_CLOSED */
  override async *extents(options?: ExtentOptions): AsyncGenerator<Extent> {
    yield* this.#whileOpen(super.extents(options));
  }

  /** As `VhdxDisk.ranges`. @throws VhdxError also VHDX_DISK_CLOSED */
  override async *ranges(options?: ExtentOptions): AsyncGenerator<Extent> {
    yield* this.#whileOpen(super.ranges(options));
  }

  /**
   * Writes all of `bytes` from byte `position` of the disk on; both are multiples of the logical sector size. `bytes` must
   * not change until the promise is settled. A block gets storage when it is first written. `signal` gives the rest up
   * between blocks.
   *
   * @throws RangeError if `position` is no offset; VhdxError VHDX_WRITE_UNALIGNED, VHDX_WRITE_PAST_END, with nothing
   * written; VHDX_TARGET_FULL, with some or nothing written and the disk as usable as before; VHDX_DISK_CLOSED;
   * VHDX_DISK_POISONED after another fault of the target; VHDX_TARGET_CHANGED as `flush`; what the target throws
   */
  async write(bytes: Uint8Array, position: number, options?: SignalOptions): Promise<void> {
    requireBytes(bytes, 'bytes');
    this.#requireRange(position, bytes.length, 'write');
    if (bytes.length === 0) return;
    await this.#change(options, () => this.#write(bytes, position, options));
  }

  /**
   * Declares `length` bytes from `position` on unneeded: they read as zeros from here on, for every reader of the format.
   * Blocks that lie in the range whole become blocks of state ZERO and lose their storage, which is used again; in fixed
   * disks, and in blocks that the range covers in part, zeros are written. Both are multiples of the logical sector size.
   * Errors as `write`. [MS-VHDX] 2.5.1.1
   */
  async discard(position: number, length: number, options?: SignalOptions): Promise<void> {
    requireOffset(length, 'length');
    this.#requireRange(position, length, 'discard');
    if (length === 0) return;
    await this.#change(options, () => this.#discard(position, length, options));
  }

  /**
   * Settled when every write and discard that was done before the call is on stable storage, as the host's fsync
   * understands it. Calls at the same time share one. Changes nothing if there is nothing to flush.
   *
   * @throws VhdxError VHDX_DISK_CLOSED, VHDX_DISK_POISONED; VHDX_TARGET_CHANGED if another program has written to the
   * image, to which nothing more is written then; what the target throws
   */
  async flush(): Promise<void> {
    this.#requireOpen();
    this.#session.target.requireSound();
    await this.#commits.commit();
  }

  /**
   * Waits for what is running, flushes, ends the log and closes the file and the parents: the image is at rest then. A
   * poisoned disk is closed as it is, and opens as after a crash. A second call waits for the first one.
   *
   * @throws VhdxError VHDX_DISK_POISONED if a write or discard that had been accepted is not on stable storage, because
   * of an earlier fault; VHDX_TARGET_CHANGED as `flush`; what the target throws. File and parents are closed all the same.
   */
  override close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const outcomes = await Promise.allSettled([this.#rest()]);
    outcomes.push(...(await Promise.allSettled([super.close()])));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    // The first fault is the cause; closing may fail because of it.
    if (failed !== undefined) throw failed.reason;
  }

  async #rest(): Promise<void> {
    await this.#operations.whenIdle();
    if (this.#begun === undefined) return;
    const { target } = this.#session;
    if (!target.isFaulty) await this.#commits.end();
    else if (this.#commits.owes) target.requireSound();
  }

  async #change(options: SourceReadOptions | undefined, work: () => Promise<void>): Promise<void> {
    this.#requireOpen();
    this.#session.target.requireSound();
    options?.signal?.throwIfAborted();
    const operation = this.#operations.enter();
    try {
      await this.#begin();
      await work();
    } finally {
      this.#operations.leave(operation);
    }
  }

  /** What has to be done before anything is changed. [MS-VHDX] 2.2.2 */
  #begin(): Promise<void> {
    this.#begun ??= this.#beginOnce().catch((error: unknown) => {
      // The host may have room the next time.
      this.#begun = undefined;
      throw error;
    });
    return this.#begun;
  }

  async #beginOnce(): Promise<void> {
    const { target, headers, space } = this.#session;
    await headers.begin();
    // Old versions of QEMU leave the last block of a fixed disk incomplete; also, files have whole MiB.
    if (target.size < space.end) await target.extend(space.end);
  }

  async #write(bytes: Uint8Array, position: number, options?: SourceReadOptions): Promise<void> {
    const ranges: DiskRange[] = [];
    const isResolved = this.translator.resolveCached(position, bytes.length, ranges) === bytes.length;
    if (isResolved && ranges.every(({ kind }) => kind === 'data')) return this.#writeInPlace(bytes, position, ranges);
    await settleAll(this.#pieces(bytes, position), (piece) => {
      options?.signal?.throwIfAborted();
      return this.#blocks.write(piece, options);
    });
  }

  /** Sectors that are in this file are overwritten where they are; no metadata changes. */
  async #writeInPlace(bytes: Uint8Array, position: number, ranges: readonly DiskRange[]): Promise<void> {
    const { target } = this.#session;
    await settleAll(ranges, async (range) => {
      const at = range.virtualOffset - position;
      if (range.kind === 'data') await target.writePayload(bytes.subarray(at, at + range.length), range.fileOffset);
    });
    this.#commits.payloadWritten();
  }

  /** The parts of a write, block by block. */
  #pieces(bytes: Uint8Array, position: number): BlockPiece[] {
    const { blockSize } = this.translator.geometry;
    return Array.from(blockParts(position, bytes.length, blockSize), ({ block, inBlock, length }) => {
      const at = block * blockSize + inBlock - position;
      return { block, inBlock, bytes: bytes.subarray(at, at + length) };
    });
  }

  async #discard(position: number, length: number, options?: SourceReadOptions): Promise<void> {
    const { geometry } = this.translator;
    const keepsStorage = this.image.disk.type === 'fixed';
    for (const part of blockParts(position, length, geometry.blockSize)) {
      options?.signal?.throwIfAborted();
      const { block, inBlock } = part;
      const isWhole = inBlock === 0 && part.length >= geometry.usedLength(block);
      const at = block * geometry.blockSize + inBlock;
      if (isWhole && !keepsStorage) {
        await this.#blocks.clear(block, options);
        continue;
      }
      // Blocks of a fixed disk must not be given the state ZERO (2.5.1.1, footnote 6): they get storage instead.
      if (!keepsStorage) await this.#blocks.settle(block, options);
      await this.#zero(at, at + part.length, options);
    }
  }

  /** Writes zeros from `start` to `end` (exclusive), where not every reader finds zeros without storage. */
  async #zero(start: number, end: number, options?: SourceReadOptions): Promise<void> {
    const ranges = await this.translator.resolve(start, end - start, { ...options, states: true });
    for (const { kind, state, virtualOffset, length } of ranges) {
      if (kind === 'zero' && !isIndeterminate(state ?? PayloadState.ZERO)) continue;
      for (const { bytes, offset } of zeros(virtualOffset, virtualOffset + length)) {
        await this.#write(bytes, offset, options);
      }
    }
  }

  /** Ends a list with a fault once the disk has been closed, instead of with what its caches still hold. */
  async *#whileOpen(extents: AsyncIterable<Extent>): AsyncGenerator<Extent> {
    this.#requireOpen();
    for await (const extent of extents) {
      this.#requireOpen();
      yield extent;
    }
  }

  #requireOpen(): void {
    if (this.#closed === undefined) return;
    throw new VhdxError('VHDX_DISK_CLOSED', { message: 'The disk has been closed.' });
  }

  #requireRange(position: number, length: number, doing: 'write' | 'discard'): void {
    requireOffset(position, 'position');
    const { logicalSectorSize } = this.image.disk;
    if (position % logicalSectorSize !== 0 || length % logicalSectorSize !== 0) {
      throw new VhdxError('VHDX_WRITE_UNALIGNED', {
        message:
          `Cannot ${doing} ${length} bytes at offset ${hex(position)} of the disk: offset and length must be multiples of ` +
          `its logical sector size, ${logicalSectorSize} bytes.`,
      });
    }
    if (position + length > this.size) {
      throw new VhdxError('VHDX_WRITE_PAST_END', {
        message:
          `Cannot ${doing} ${length} bytes at offset ${hex(position)} of the disk: it ends at ${hex(this.size)} ` +
          `(${this.size} bytes).`,
      });
    }
  }
}
