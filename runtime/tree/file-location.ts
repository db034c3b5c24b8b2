import type { SignalOptions } from '../base/options.js';
import { requireOffset, requireOptions } from '../base/arguments.js';
import { type Bat, type BatRun, PayloadState, SectorBitmapState } from '../format/bat.js';
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
  /** Index of its BAT entry, and where that stands in the file. */
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

/** Bytes of storage that a run's entries have each, and the state from which on they are in use. */
function storageOf(run: BatRun, blockSize: number): { readonly length: number; readonly present: number } {
  return run.kind === 'payload'
    ? { length: blockSize, present: PayloadState.FULLY_PRESENT }
    : { length: MIB, present: SectorBitmapState.PRESENT };
}

/** The entries of a run whose storage has the byte at `fileOffset`. */
function* holdersIn(run: BatRun, { geometry }: Bat, fileOffset: number): Generator<number> {
  const { length, present } = storageOf(run, geometry.blockSize);
  const isBlank = run.kind === 'payload' && run.uniform && run.entries.fileOffsetMb(0) === 0;
  for (let at = 0, end = isBlank ? 1 : run.count; at < end; at += 1) {
    const place = run.entries.fileOffsetMb(at);
    const start = place * MIB;
    if (start > fileOffset || fileOffset >= start + length) continue;
    // An offset of zero is none, unless the block is said to be there.
    if (place !== 0 || run.entries.state(at) >= present) yield at;
  }
}

function blockAt(run: BatRun, at: number, bat: Bat, fileOffset: number): BlockLocation {
  const { geometry } = bat;
  const { length, present } = storageOf(run, geometry.blockSize);
  const state = run.entries.state(at);
  const start = run.entries.fileOffsetMb(at) * MIB;
  const number = run.kind === 'payload' ? run.block + at : run.chunk;
  const inStorage = fileOffset - start;
  const [virtualOffset, count] =
    run.kind === 'payload'
      ? [number * geometry.blockSize + inStorage, 1]
      : [
          number * geometry.chunkRatio * geometry.blockSize + inStorage * 8 * geometry.logicalSectorSize,
          8 * geometry.logicalSectorSize,
        ];
  const virtualLength = Math.min(count, geometry.virtualSize - virtualOffset);
  return {
    kind: run.kind,
    number,
    batIndex: run.index + at,
    batEntryOffset: bat.entryOffset(run.index + at),
    state,
    fileOffset: start,
    length,
    isInUse: run.kind === 'payload' ? state >= present : state === present,
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
  for await (const runs of bat.runs(options)) {
    options.signal?.throwIfAborted();
    for (const run of runs) {
      for (const at of holdersIn(run, bat, fileOffset)) {
        blockCount += 1;
        if (blocks.length < LIMITS.listedTreeElements) blocks.push(blockAt(run, at, bat, fileOffset));
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
  if ('looksLike' in walk) return undefined;
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
