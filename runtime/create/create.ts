/** Creates an image: dynamic, fixed or differencing. */
import { requireOptions } from '../base/arguments.js';
import { BatGeometry } from '../format/bat-geometry.js';
import { installChecksums } from '../format/checksum.js';
import { VhdxError } from '../errors/errors.js';
import { type GuidFields, parseGuid } from '../base/guid.js';
import type { DiskType } from '../format/metadata-items.js';
import { randomGuid } from '../base/random-guid.js';
import type { ByteTarget } from '../io/byte-target.js';
import { requireTarget } from '../io/to-byte-target.js';
import { MIB, roundUp } from '../base/units.js';
import { DynamicBlocks, FixedBlocks } from './blocks.js';
import { type ContentsOptions, type ContentsReport, putContents } from './contents.js';
import { inheritedItems, metadataBytes, metadataLength, type NewItem, standardItems } from './items.js';
import {
  type Area,
  end,
  type FileIds,
  headerPieces,
  identifierPiece,
  type Layout,
  layoutFront,
  regionTablePieces,
} from './layout.js';
import { checkSize, type NewDisk, type NewDiskOptions, planDisk } from './options.js';
import { zeros } from '../io/zeros.js';

/** Options of `createVhdx`. */
export interface CreateOptions extends NewDiskOptions, ContentsOptions {
  /**
   * Bytes of the virtual disk: a multiple of the logical sector size, at most 64 TiB. If not given, that of the parent,
   * or what the contents need.
   */
  readonly size?: number | undefined;
  /** Instead of random ones. */
  readonly ids?:
    | {
        /** Instead of a random one. [MS-VHDX] 2.2.2 */
        readonly fileWriteGuid?: string | undefined;
        /** Instead of a random one. [MS-VHDX] 2.2.2 */
        readonly dataWriteGuid?: string | undefined;
        /** Instead of a random one, or of that of the parent. [MS-VHDX] 2.6.2.3 */
        readonly virtualDiskId?: string | undefined;
      }
    | undefined;
}

/** Result of a creation. */
export interface CreateReport extends ContentsReport {
  /** Type of the disk. */
  readonly type: DiskType;
  /** Bytes of the file. */
  readonly fileSize: number;
}

/**
 * All but the blocks is written, zeros too, if it has no more bytes than this: Hyper-V does not take files with holes.
 * More is a BAT for many blocks, and is left to `truncate`.
 */
export const WRITTEN_WHOLE: number = 8 * MIB;

/** Where the BAT of the disk is, in whole MiB. [MS-VHDX] 2.2.3.2 */
function batArea(disk: NewDisk, virtualSize: number, offset: number): Area {
  return { offset, length: roundUp(new BatGeometry({ ...disk, virtualSize }).byteLength, MIB) };
}

function guidOr(text: string | undefined, otherwise: () => GuidFields): GuidFields {
  return text === undefined ? otherwise() : parseGuid(text);
}

/**
 * Creates an image in `target`; its former contents are lost. The signature at the start of the file is written last,
 * so that no reader takes an incomplete file for a VHDX. Nothing is flushed: the caller decides.
 *
 * The layout is that of Hyper-V: header section, log, metadata, BAT, blocks. Only if the size is not known before the
 * end of the contents, the BAT follows the blocks. A fixed disk gets all of its storage, which is written. Blocks of a
 * dynamic disk that contain only zeros get none. [MS-VHDX] 2.1
 *
 * @throws VhdxError as `planDisk`; VHDX_CREATE_PARENT_PATH_INVALID; VHDX_CREATE_SIZE_INVALID also for contents that are
 * empty or too long; VHDX_TARGET_UNSUITABLE for a target that cannot be emptied; TypeError for contents with a parent;
 * what `target` and `contents` throw
 */
export async function createVhdx(target: ByteTarget, options: CreateOptions): Promise<CreateReport> {
  requireTarget(target);
  requireOptions(options);
  installChecksums();
  const { contents, parent, ids = {}, signal } = options;
  const disk = planDisk(options, options.size);
  if (contents === undefined) checkSize(disk.virtualSize, disk.logicalSectorSize);
  if (contents !== undefined && parent !== undefined)
    throw new TypeError('a differencing disk begins without contents');
  const extra = parent === undefined ? [] : await inheritedItems(parent, { signal });
  const virtualDiskId = guidOr(ids.virtualDiskId ?? parent?.image.disk.virtualDiskId, randomGuid);
  const itemsFor = (size: number): NewItem[] => [...standardItems(disk, size, virtualDiskId), ...extra];
  const front = layoutFront(disk.logLength, metadataLength(itemsFor(disk.virtualSize ?? 0)));
  const fileIds = {
    fileWriteGuid: guidOr(ids.fileWriteGuid, randomGuid),
    dataWriteGuid: guidOr(ids.dataWriteGuid, randomGuid),
  };
  signal?.throwIfAborted();
  await empty(target);

  const early = disk.virtualSize === undefined ? undefined : batArea(disk, disk.virtualSize, end(front.metadata));
  const Blocks = disk.type === 'fixed' ? FixedBlocks : DynamicBlocks;
  const blocks = new Blocks(end(early ?? front.metadata), disk.blockSize);
  const { virtualSize, contentsEnd } = await putContents(target, blocks, disk, options);
  const layout = { ...front, bat: early ?? batArea(disk, virtualSize, blocks.end) };
  const fileSize = Math.max(blocks.end, end(layout.bat));
  await target.truncate(fileSize);
  if (disk.type === 'fixed' || isSmall(layout)) await writeZeroAreas(target, layout, signal);
  await blocks.writeBat(target, layout.bat, new BatGeometry({ ...disk, virtualSize }), { signal });
  await writeStructures(target, layout, itemsFor(virtualSize), fileIds, disk.creator);
  return { type: disk.type, virtualSize, contentsEnd, fileSize };
}

async function empty(target: ByteTarget): Promise<void> {
  await target.truncate(0);
  if (target.size === 0) return;
  throw new VhdxError('VHDX_TARGET_UNSUITABLE', {
    message: `The target keeps its ${target.size} bytes, as block devices do: an image cannot be made in it.`,
  });
}

/** Whether all but the blocks is small enough to be written whole. */
function isSmall({ log, metadata, bat }: Layout): boolean {
  return log.offset + log.length + metadata.length + bat.length <= WRITTEN_WHOLE;
}

/** Gives storage to all that is zero, or will be written over later. */
async function writeZeroAreas(
  target: ByteTarget,
  { log, metadata, bat }: Layout,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const area of [{ offset: 0, length: log.offset }, log, metadata, bat]) {
    for (const piece of zeros(area.offset, end(area))) {
      signal?.throwIfAborted();
      await target.write(piece.bytes, piece.offset);
    }
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
