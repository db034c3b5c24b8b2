import {
  VhdxPayloadBatEntry_PayloadState,
  VhdxPayloadBatEntryView,
  VhdxSectorBitmapBatEntry_SectorBitmapState,
  VhdxSectorBitmapBatEntryView,
} from '../../generated/index.js';
import { BAT_ENTRY_SIZE, LIMITS, SECTOR_BITMAP_BLOCK_SIZE, SECTORS_PER_CHUNK } from '../base/limits.js';
import type { DiskParameters } from './metadata-items.js';
import { HoleSource } from '../io/hole-source.js';
import { type ByteSource, readInto, type SourceReadOptions } from '../io/byte-source.js';
import { ceilDivide } from '../base/units.js';

/** States of a payload block. [MS-VHDX] 2.5.1.1 */
export const PayloadState: typeof VhdxPayloadBatEntry_PayloadState = VhdxPayloadBatEntry_PayloadState;
/** States of a sector bitmap block. [MS-VHDX] 2.5.1.2 */
export const SectorBitmapState: typeof VhdxSectorBitmapBatEntry_SectorBitmapState =
  VhdxSectorBitmapBatEntry_SectorBitmapState;

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

/** A run of consecutive entries of payload blocks. */
export interface PayloadRun {
  /** Entries of payload blocks. */
  readonly kind: 'payload';
  /** Index of the first entry in the BAT. */
  readonly index: number;
  /** Number of the first entry's payload block. */
  readonly block: number;
  /** Number of entries. */
  readonly count: number;
  /** View of the entries. */
  readonly entries: VhdxPayloadBatEntryView;
  /** True if all entries of the run are the same. */
  readonly uniform: boolean;
}

/** A run of consecutive entries of one kind, with views of their readings. */
export type BatRun =
  | PayloadRun
  | {
      readonly kind: 'bitmap';
      readonly index: number;
      readonly chunk: number;
      readonly count: 1;
      readonly entries: VhdxSectorBitmapBatEntryView;
    };

/** True if each entry equals the one before it. A table as it was created is told in one pass, without a decoding. */
function isUniform(bytes: Uint8Array): boolean {
  if (bytes.byteOffset % 4 !== 0) return false;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
  const end = words.length;
  let at = 2;
  while (at < end && words[at] === words[at - 2]) at += 1;
  return at >= end;
}

/** The BAT of an image, read as it is asked for and never whole. */
export class Bat {
  /** Arithmetic of the table. */
  readonly geometry: BatGeometry;
  /** First byte of the BAT region in the file. */
  readonly fileOffset: number;
  readonly #source: ByteSource;
  readonly #holes: HoleSource | undefined;

  constructor(source: ByteSource, fileOffset: number, geometry: BatGeometry) {
    this.#source = source;
    this.#holes = source instanceof HoleSource ? source : undefined;
    this.fileOffset = fileOffset;
    this.geometry = geometry;
  }

  /** File offset of entry `index` in bytes. */
  entryOffset(index: number): number {
    return this.fileOffset + index * BAT_ENTRY_SIZE;
  }

  /** True if entry `index` has been read and could not be had: what a salvage has in its place means nothing. */
  isLost(index: number): boolean {
    return this.#holes !== undefined && this.#holes.holesIn(this.entryOffset(index), BAT_ENTRY_SIZE).length > 0;
  }

  /** First index behind `index`, at most `end`, whose entry may be lost where that of `index` is not, or not where it is. */
  fateEnd(index: number, end: number): number {
    if (this.#holes === undefined) return end;
    const edge = this.#holes.nextEdge(this.entryOffset(index) + BAT_ENTRY_SIZE - 1);
    if (edge === Infinity) return end;
    return Math.min(end, Math.max(index + 1, Math.floor((edge - this.fileOffset) / BAT_ENTRY_SIZE)));
  }

  /** The bytes of `count` entries from `index` on. */
  async readEntries(index: number, count: number, options?: SourceReadOptions): Promise<Uint8Array> {
    const bytes = new Uint8Array(count * BAT_ENTRY_SIZE);
    await readInto(this.#source, bytes, this.entryOffset(index), options);
    return bytes;
  }

  /** State and place of payload block `block`. Costs one read. */
  async payloadEntry(block: number, options?: SourceReadOptions): Promise<{ state: number; fileOffsetMb: number }> {
    const view = new VhdxPayloadBatEntryView(await this.readEntries(this.geometry.payloadIndex(block), 1, options));
    return { state: view.state(0), fileOffsetMb: view.fileOffsetMb(0) };
  }

  /**
   * The entries from index `first` to `end` (exclusive) in order, in runs of one kind; all of them if not given. The
   * buffer is used again, so a run is valid until the next one is asked for. Reads 1 MiB at a time.
   */
  async *runs(
    options?: SourceReadOptions,
    first = 0,
    end: number = this.geometry.entries,
  ): AsyncGenerator<readonly BatRun[]> {
    const perRead = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;
    const buffer = new Uint8Array(Math.min(end - first, perRead) * BAT_ENTRY_SIZE);
    for (let index = first; index < end; index += perRead) {
      const count = Math.min(perRead, end - index);
      const bytes = buffer.subarray(0, count * BAT_ENTRY_SIZE);
      await readInto(this.#source, bytes, this.entryOffset(index), options);
      yield this.#split(bytes, index, count);
    }
  }

  #split(bytes: Uint8Array, index: number, count: number): BatRun[] {
    const { geometry } = this;
    const runs: BatRun[] = [];
    for (let at = 0; at < count;) {
      const { kind, number } = geometry.entryAt(index + at);
      if (kind === 'bitmap') {
        const part = bytes.subarray(at * BAT_ENTRY_SIZE, (at + 1) * BAT_ENTRY_SIZE);
        const entries = new VhdxSectorBitmapBatEntryView(part);
        runs.push({ kind, index: index + at, chunk: number, count: 1, entries });
        at += 1;
        continue;
      }
      // In a differencing disk the entries of the last chunk go on past the last block of the disk.
      const inChunk = geometry.chunkRatio - (number % geometry.chunkRatio);
      const length = Math.min(inChunk, count - at);
      const part = bytes.subarray(at * BAT_ENTRY_SIZE, (at + length) * BAT_ENTRY_SIZE);
      const entries = new VhdxPayloadBatEntryView(part);
      runs.push({ kind, index: index + at, block: number, count: length, entries, uniform: isUniform(part) });
      at += length;
    }
    return runs;
  }
}
