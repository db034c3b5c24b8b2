/** What a byte of the file belongs to. */
import type { SignalOptions } from '../base/options.js';
import { requireOffset, requireOptions } from '../base/arguments.js';
import type { Bat } from '../format/bat.js';
import type { BatExtent, BatExtents } from '../format/bat-extents.js';
import { PayloadState, SectorBitmapState } from '../format/bat-states.js';
import { LIMITS } from '../base/limits.js';
import { type FixedExtent, mapStructures } from '../image/mib-ownership.js';
import { type SectorBit, sectorBitAt } from '../disk/sector-bit.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { MIB } from '../base/units.js';
import { walkImage } from '../image/walk.js';
import type { TreeNode } from './tree-node.js';
import { treeOf } from './tree.js';

/** A block whose storage has a byte of the file. */
export interface BlockLocation {
  /** A payload block or a sector bitmap block. */
  readonly kind: 'payload' | 'bitmap';
  /** Number of the block; of a sector bitmap block that of its chunk. */
  readonly number: number;
  /** Index of its BAT entry. */
  readonly batIndex: number;
  /** File offset of the BAT entry in bytes. */
  readonly batEntryOffset: number;
  /** State of the BAT entry. [MS-VHDX] 2.5.1.1, 2.5.1.2 */
  readonly state: number;
  /** First byte of the storage in the file, and its length. */
  readonly fileOffset: number;
  /** Length of the storage in bytes. */
  readonly length: number;
  /** False where the storage has former contents of an UNDEFINED or UNMAPPED block. [MS-VHDX] 2.5.1.1 */
  readonly isInUse: boolean;
  /**
   * The byte of the virtual disk that the byte holds, or of a sector bitmap the first of those that its bits are about;
   * missing past the end of the disk.
   */
  readonly virtualOffset?: number;
  /** Bytes of the virtual disk from there on: 1, or of a sector bitmap those of up to eight sectors. */
  readonly virtualLength?: number;
  /** For a PARTIALLY_PRESENT block: the bit that tells whether this image holds the sector. */
  readonly sectorBit?: SectorBit;
}

/** Owner of a byte of the file. */
export interface FileLocation {
  /** The requested file offset in bytes. */
  readonly fileOffset: number;
  /** Length of the file in bytes, after the log's replay. */
  readonly fileSize: number;
  /**
   * `structure`: the header section, the log or a region. `block`: storage of a block. `free`: no owner. `outside`:
   * past the end of the file, where blocks may be placed nevertheless.
   */
  readonly kind: 'structure' | 'block' | 'free' | 'outside';
  /** The header section, the log or the region, with how it is spoken of (`the log`). */
  readonly structure?: FixedExtent;
  /** Structures and fields, outermost first. */
  readonly nodes: readonly TreeNode[];
  /** Blocks, in the order of their BAT entries: several if they share storage. A long list is cut. */
  readonly blocks: readonly BlockLocation[];
  /** Number of blocks. */
  readonly blockCount: number;
}

/** The storage of entries is in use from this state on; before it there may be former contents. */
function isInUse({ kind, state }: BatExtent): boolean {
  return kind === 'bitmap' ? state === SectorBitmapState.PRESENT : state >= PayloadState.FULLY_PRESENT;
}

/** The entries of an extent whose storage has the byte at `fileOffset`: the first of them, and how many. */
function holdersIn(extent: BatExtents, fileOffset: number): { readonly first: number; readonly count: number } {
  const { fileOffsetMb, count, units } = extent;
  const first = Math.floor((fileOffset - fileOffsetMb * MIB) / (units * MIB));
  // An offset of zero is none, unless the block is said to be there.
  if (fileOffsetMb === 0) return { first: 0, count: first === 0 && isInUse(extent) ? count : 0 };
  return { first, count: first >= 0 && first < count ? 1 : 0 };
}

function blockAt(extent: BatExtents, step: number, bat: Bat, fileOffset: number): BlockLocation {
  const { geometry } = bat;
  const { state } = extent;
  const kind = extent.kind === 'bitmap' ? 'bitmap' : 'payload';
  const start = extent.placeOf(step) * MIB;
  const number = extent.number + step;
  const inStorage = fileOffset - start;
  const [virtualOffset, count] =
    kind === 'payload'
      ? [number * geometry.blockSize + inStorage, 1]
      : [
          number * geometry.chunkRatio * geometry.blockSize + inStorage * 8 * geometry.logicalSectorSize,
          8 * geometry.logicalSectorSize,
        ];
  const virtualLength = Math.min(count, geometry.virtualSize - virtualOffset);
  const batIndex = extent.index + step;
  return {
    kind,
    number,
    batIndex,
    batEntryOffset: bat.entryOffset(batIndex),
    state,
    fileOffset: start,
    length: extent.units * MIB,
    isInUse: isInUse(extent),
    ...(virtualLength > 0 ? { virtualOffset, virtualLength } : {}),
  };
}

/** The blocks that have the byte at `fileOffset` in their storage, and how many there are. */
async function blocksAt(
  bat: Bat,
  fileOffset: number,
  options: SourceReadOptions,
): Promise<{ readonly blocks: BlockLocation[]; readonly blockCount: number }> {
  const blocks: BlockLocation[] = [];
  let blockCount = 0;
  for await (const extents of bat.extents(options)) {
    options.signal?.throwIfAborted();
    while (extents.next()) {
      const { first, count } = holdersIn(extents, fileOffset);
      blockCount += count;
      for (let at = 0; at < count && blocks.length < LIMITS.listedTreeElements; at += 1) {
        blocks.push(blockAt(extents, first + at, bat, fileOffset));
      }
    }
  }
  return { blocks, blockCount };
}

/**
 * Locates the byte at `fileOffset` of an image's file: structure and field, or block, BAT entry and byte of the virtual
 * disk. Reads what an opener reads, the log, and the BAT once; damage does not prevent it. Returns `undefined` for a
 * file that is not a VHDX. The source stays open.
 *
 * @throws RangeError if `fileOffset` is no offset; TypeError if `source` is none; errors of the source
 */
export async function locateFileOffset(
  source: Bytes,
  fileOffset: number,
  options: SignalOptions = {},
): Promise<FileLocation | undefined> {
  requireOffset(fileOffset, 'fileOffset');
  requireOptions(options);
  const walk = await walkImage(toByteSource(source), () => undefined, { signal: options.signal });
  if (walk.kind === 'foreign') return undefined;
  const { view, bat } = walk;
  const structure = mapStructures(walk).extentAt(fileOffset, 1);
  const nodes: TreeNode[] = [];
  for await (const node of treeOf(walk, { at: fileOffset, signal: options.signal })) nodes.push(node);
  const { blocks, blockCount } =
    bat === undefined ? { blocks: [], blockCount: 0 } : await blocksAt(bat, fileOffset, options);
  const withBits: BlockLocation[] = [];
  for (const block of blocks) {
    const isPartial = block.kind === 'payload' && block.state === PayloadState.PARTIALLY_PRESENT;
    const sectorBit =
      isPartial && bat !== undefined && block.virtualOffset !== undefined
        ? await sectorBitAt(bat, view, block.virtualOffset, options)
        : undefined;
    withBits.push(sectorBit === undefined ? block : { ...block, sectorBit });
  }
  const owned = structure === undefined ? (blockCount > 0 ? 'block' : 'free') : 'structure';
  return {
    fileOffset,
    fileSize: view.size,
    kind: fileOffset < view.size ? owned : 'outside',
    ...(structure === undefined ? {} : { structure }),
    nodes,
    blocks: withBits,
    blockCount,
  };
}
