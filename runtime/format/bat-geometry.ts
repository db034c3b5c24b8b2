/** The arithmetic of the BAT: which entry belongs to which block. [MS-VHDX] 2.5 */
import { BAT_ENTRY_SIZE, SECTOR_BITMAP_BLOCK_SIZE, SECTORS_PER_CHUNK } from '../base/limits.js';
import { ceilDivide } from '../base/units.js';
import type { DiskParameters } from './metadata-items.js';

/**
 * The arithmetic of the BAT. Entries of payload blocks and of sector bitmap blocks are interleaved in files of every
 * kind: the payload blocks of a chunk, then the chunk's sector bitmap block. [MS-VHDX] 2.5
 */
export class BatGeometry {
  /** Bytes in a payload block. */
  readonly blockSize: number;
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  /** Bytes in a sector of the virtual disk. */
  readonly logicalSectorSize: number;
  /** Payload blocks of the disk, the last of which may be used in part. */
  readonly payloadBlocks: number;
  /** Payload blocks in a chunk. [MS-VHDX] 2.4 */
  readonly chunkRatio: number;
  /** Chunks of the disk, the last of which may be incomplete. */
  readonly chunks: number;
  /** Entries that the BAT must have. In a differencing disk the last one is that of the last sector bitmap block. */
  readonly entries: number;

  constructor(disk: Pick<DiskParameters, 'blockSize' | 'virtualSize' | 'logicalSectorSize' | 'hasParent'>) {
    this.blockSize = disk.blockSize;
    this.virtualSize = disk.virtualSize;
    this.logicalSectorSize = disk.logicalSectorSize;
    this.payloadBlocks = ceilDivide(disk.virtualSize, disk.blockSize);
    this.chunkRatio = (SECTORS_PER_CHUNK * disk.logicalSectorSize) / disk.blockSize;
    this.chunks = ceilDivide(this.payloadBlocks, this.chunkRatio);
    if (disk.hasParent) this.entries = this.chunks * (this.chunkRatio + 1);
    else if (this.payloadBlocks === 0) this.entries = 0;
    else this.entries = this.payloadBlocks + Math.floor((this.payloadBlocks - 1) / this.chunkRatio);
  }

  /** Bytes that the entries take. */
  get byteLength(): number {
    return this.entries * BAT_ENTRY_SIZE;
  }

  /** Entries of sector bitmap blocks that the BAT has. */
  get sectorBitmapEntries(): number {
    return Math.floor(this.entries / (this.chunkRatio + 1));
  }

  /** Index of the entry of payload block `block`. */
  payloadIndex(block: number): number {
    return block + Math.floor(block / this.chunkRatio);
  }

  /** Index of the entry of the sector bitmap block of `chunk`. */
  sectorBitmapIndex(chunk: number): number {
    return chunk * (this.chunkRatio + 1) + this.chunkRatio;
  }

  /** Purpose of the entry `index`: a payload block or a sector bitmap block. */
  entryAt(index: number): { readonly kind: 'payload' | 'bitmap'; readonly number: number } {
    const chunk = Math.floor(index / (this.chunkRatio + 1));
    const rest = index % (this.chunkRatio + 1);
    return rest === this.chunkRatio
      ? { kind: 'bitmap', number: chunk }
      : { kind: 'payload', number: chunk * this.chunkRatio + rest };
  }

  /** Bytes of the disk that payload block `block` holds: the block size, or less in the last block. */
  usedLength(block: number): number {
    return Math.min(this.blockSize, this.virtualSize - block * this.blockSize);
  }

  /** Bytes of storage that the entry `index` refers to if it is present. */
  storageLength(index: number): number {
    return this.entryAt(index).kind === 'bitmap' ? SECTOR_BITMAP_BLOCK_SIZE : this.blockSize;
  }
}

/** A part of a payload block, or of several that continue each other; bytes from the start of `block` on. */
export interface BlockPart {
  readonly block: number;
  readonly inBlock: number;
  readonly length: number;
}

/** The parts of `length` bytes from byte `position` of a disk on, block by block. */
export function* blockParts(position: number, length: number, blockSize: number): Generator<BlockPart> {
  for (let done = 0; done < length;) {
    const block = Math.floor((position + done) / blockSize);
    const inBlock = position + done - block * blockSize;
    const part = { block, inBlock, length: Math.min(length - done, blockSize - inBlock) };
    yield part;
    done += part.length;
  }
}
