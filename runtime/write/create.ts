import { BatGeometry } from '../bat.js';
import { installChecksums } from '../checksum.js';
import { VhdxError } from '../errors.js';
import { type GuidFields, parseGuid } from '../guid.js';
import type { DiskType } from '../metadata-items.js';
import { randomGuid } from '../random-guid.js';
import type { ByteTarget } from '../target.js';
import { MIB, roundUp } from '../units.js';
import { DynamicBlocks, FixedBlocks, type NewBlocks, writeZeros } from './create-blocks.js';
import { inheritedItems, metadataBytes, metadataLength, type NewItem, standardItems } from './create-items.js';
import {
  end,
  type FileIds,
  headerPieces,
  identifierPiece,
  type Layout,
  layoutFront,
  regionTablePieces,
} from './create-layout.js';
import { checkSize, type NewDisk, type NewDiskOptions, planDisk } from './create-options.js';

/** A part of what a new disk is to hold. */
export interface ContentsPart {
  /** First byte in the virtual disk. */
  readonly position: number;
  /** Not to be changed before `done` is called; never, without it. */
  readonly bytes: Uint8Array;
  readonly done?: (() => void) | undefined;
}

/** How an image is to be made. */
export interface CreateOptions extends NewDiskOptions {
  /**
   * Bytes of the virtual disk: a multiple of the logical sector size, at most 64 TiB. If not given, that of the parent,
   * or what the contents need.
   */
  readonly size?: number | undefined;
  /**
   * What a dynamic or fixed disk is to hold, in ascending order and without overlaps; all else is zeros. Some parts are
   * asked for while others are still being written.
   */
  readonly contents?: AsyncIterable<ContentsPart> | undefined;
  /** Instead of random ones. */
  readonly ids?:
    | {
        readonly fileWriteGuid?: string | undefined;
        readonly dataWriteGuid?: string | undefined;
        readonly virtualDiskId?: string | undefined;
      }
    | undefined;
  /** Gives the work up; the target is no VHDX then. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the virtual disk are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** What has been made. */
export interface CreateReport {
  readonly type: DiskType;
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  /** Bytes of the file. */
  readonly fileSize: number;
}

/**
 * All but the blocks is written, zeros too, if it has no more bytes than this: Hyper-V does not take files with holes.
 * More is a BAT for many blocks, and is left to `truncate`.
 */
const WRITTEN_WHOLE = 8 * MIB;

/** Entries of the BAT lie in whole MiB. [MS-VHDX] 2.2.3.2 */
function batLength({ byteLength }: BatGeometry): number {
  return roundUp(byteLength, MIB);
}

function geometryOf(disk: NewDisk, virtualSize: number): BatGeometry {
  return new BatGeometry({ ...disk, virtualSize });
}

/** Writes contents as they come, and returns where they end in the virtual disk. */
async function putContents(
  blocks: NewBlocks,
  { logicalSectorSize, virtualSize }: NewDisk,
  { contents, signal, onProgress }: CreateOptions,
): Promise<number> {
  let done = 0;
  if (contents === undefined) return done;
  for await (const { position, bytes } of contents) {
    signal?.throwIfAborted();
    if (position < done) throw new RangeError(`contents at ${position} come after contents up to ${done}`);
    done = position + bytes.length;
    if (done > (virtualSize ?? Infinity)) {
      throw new VhdxError('VHDX_CREATE_SIZE_INVALID', {
        message: `The contents do not fit: the disk has ${virtualSize} bytes, and they go on.`,
      });
    }
    if (virtualSize === undefined) checkSize(roundUp(Math.max(done, 1), logicalSectorSize), logicalSectorSize);
    await blocks.put(bytes, position, { signal });
    onProgress?.(done);
  }
  return done;
}

function guidOr(text: string | undefined, otherwise: () => GuidFields): GuidFields {
  return text === undefined ? otherwise() : parseGuid(text);
}

/**
 * Makes `target` an image; what it held before is gone. The first bytes of the file, which say that it is a VHDX, are
 * written last, so that nothing takes a file that is not complete for one; and nothing is flushed: that is for the
 * caller to do, who knows what the file is for.
 *
 * The disk is laid out as Hyper-V does it: header section, log, metadata, BAT, blocks. Only where the size is known at
 * the end of the contents the BAT lies behind the blocks. A fixed disk gets all of its storage, which is written. Blocks
 * of a dynamic disk that hold nothing but zeros get none. [MS-VHDX] 2.1
 *
 * @throws VhdxError as `planDisk`; VHDX_CREATE_PARENT_PATH_INVALID; VHDX_CREATE_SIZE_INVALID also for contents that are
 * empty or too long; VHDX_TARGET_UNSUITABLE for a target that cannot be emptied; what `target` and `contents` throw
 */
export async function createVhdx(target: ByteTarget, options: CreateOptions): Promise<CreateReport> {
  installChecksums();
  const { contents, parent, ids = {}, signal, onProgress } = options;
  const disk = planDisk(options, options.size);
  if (contents === undefined) checkSize(disk.virtualSize, disk.logicalSectorSize);
  if (contents !== undefined && parent !== undefined)
    throw new TypeError('a differencing disk begins without contents');
  const extra = parent === undefined ? [] : await inheritedItems(parent, { signal });
  const virtualDiskId = guidOr(ids.virtualDiskId ?? parent?.image.disk.virtualDiskId, randomGuid);
  const itemsFor = (size: number): NewItem[] => [...standardItems(disk, size, virtualDiskId), ...extra];

  const front = layoutFront(disk.logLength, metadataLength(itemsFor(disk.virtualSize ?? 0)));
  const early =
    disk.virtualSize === undefined
      ? undefined
      : { offset: end(front.metadata), length: batLength(geometryOf(disk, disk.virtualSize)) };
  await empty(target);
  signal?.throwIfAborted();
  const Blocks = disk.type === 'fixed' ? FixedBlocks : DynamicBlocks;
  const blocks = new Blocks(target, end(early ?? front.metadata), disk.blockSize);
  const done = await putContents(blocks, disk, options);
  const virtualSize = disk.virtualSize ?? roundUp(done, disk.logicalSectorSize);
  checkSize(virtualSize, disk.logicalSectorSize);
  await blocks.finish(virtualSize, { signal }, onProgress);

  const geometry = geometryOf(disk, virtualSize);
  const layout = { ...front, bat: early ?? { offset: blocks.end, length: batLength(geometry) } };
  const fileSize = Math.max(blocks.end, end(layout.bat));
  await target.truncate(fileSize);
  const isSmall = end(front.metadata) + layout.bat.length <= WRITTEN_WHOLE;
  if (disk.type === 'fixed' || isSmall) await writeZeroAreas(target, layout, signal);
  await blocks.writeBat(layout.bat, geometry, { signal });
  const fileIds = {
    fileWriteGuid: guidOr(ids.fileWriteGuid, randomGuid),
    dataWriteGuid: guidOr(ids.dataWriteGuid, randomGuid),
  };
  await writeStructures(target, layout, itemsFor(virtualSize), fileIds, disk.creator);
  return { type: disk.type, virtualSize, fileSize };
}

async function empty(target: ByteTarget): Promise<void> {
  await target.truncate(0);
  if (target.size === 0) return;
  throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
    message: `The target keeps its ${target.size} bytes, as block devices do: an image cannot be made in it.`,
  });
}

/** Gives storage to all that is zero, or will be written over later. */
async function writeZeroAreas(
  target: ByteTarget,
  { log, metadata, bat }: Layout,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const area of [{ offset: 0, length: log.offset }, log, metadata, bat]) {
    await writeZeros(target, area.offset, end(area), { signal });
  }
}

async function writeStructures(
  target: ByteTarget,
  layout: Layout,
  items: readonly NewItem[],
  ids: FileIds,
  creator: string,
): Promise<void> {
  const pieces = [
    { offset: layout.metadata.offset, bytes: metadataBytes(items) },
    ...regionTablePieces(layout),
    ...headerPieces(layout, ids),
    identifierPiece(creator),
  ];
  for (const { offset, bytes } of pieces) await target.write(bytes, offset);
}
