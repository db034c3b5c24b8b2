/** Writes the payload blocks and the BAT of a new file. */
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { BatGeometry, blockParts } from '../format/bat-geometry.js';
import { PayloadState } from '../format/bat-states.js';
import { runsOfData } from '../base/bytes.js';
import { BAT_ENTRY_SIZE } from '../base/limits.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget, Piece } from '../io/byte-target.js';
import { KIB, MIB } from '../base/units.js';
import type { Area } from './layout.js';
import { zeros } from '../io/zeros.js';

/** Bytes of the BAT that are written at once. */
const STEP = MIB;

/**
 * Where the contents of a new file go: each block that gets storage has it right behind that of the one before it.
 * Contents come in ascending order, so runs of neighbours say it all.
 */
export abstract class NewBlocks {
  readonly blockSize: number;
  /** Where the storage of the first block begins in the file. */
  readonly start: number;
  readonly #runs: { first: number; count: number }[] = [];
  #count = 0;

  constructor(start: number, blockSize: number) {
    this.start = start;
    this.blockSize = blockSize;
  }

  /** First byte in the file behind the storage. */
  get end(): number {
    return this.start + this.#count * this.blockSize;
  }

  /** What is to be written for `bytes` of the virtual disk; `position` is not before the end of what was given last. */
  abstract place(bytes: Uint8Array, position: number): Iterable<Piece>;

  /** What is to be written when there is nothing more, and the disk has `virtualSize` bytes. */
  abstract finish(virtualSize: number): Iterable<Piece>;

  /** Gives storage to `block`, unless it is the last one that got some, and says where that is. */
  protected storageOf(block: number): number {
    const last = this.#runs.at(-1);
    if (last === undefined || block >= last.first + last.count) this.allocate(block, 1);
    return this.end - this.blockSize;
  }

  protected allocate(first: number, count: number): void {
    const last = this.#runs.at(-1);
    if (last !== undefined && last.first + last.count === first) last.count += count;
    else this.#runs.push({ first, count });
    this.#count += count;
  }

  /** Writes the entries of all blocks with storage into the BAT, which is zeros so far, a MiB at a time. */
  async writeBat(target: ByteTarget, bat: Area, geometry: BatGeometry, { signal }: SourceReadOptions): Promise<void> {
    const buffer = new Uint8Array(Math.min(STEP, bat.length));
    const entries = new VhdxPayloadBatEntryView(buffer);
    const blockMb = this.blockSize / MIB;
    let fileOffsetMb = this.start / MIB;
    let filled: number | undefined;
    const write = async (): Promise<void> => {
      if (filled === undefined) return;
      signal?.throwIfAborted();
      await target.write(buffer, bat.offset + filled * BAT_ENTRY_SIZE);
    };
    for (const { first, count } of this.#runs) {
      for (let block = first; block < first + count; block += 1) {
        const index = geometry.payloadIndex(block);
        const at = index % entries.length;
        if (filled !== index - at) {
          await write();
          buffer.fill(0);
          filled = index - at;
        }
        entries.set(at, { state: PayloadState.FULLY_PRESENT, fileOffsetMb });
        fileOffsetMb += blockMb;
      }
    }
    await write();
  }
}

/** Zeros are left out in units of this many bytes. */
const UNIT = 16 * KIB;

/** Blocks of zeros get no storage, and what is zero in the others is left to the file system. */
export class DynamicBlocks extends NewBlocks {
  *place(bytes: Uint8Array, position: number): Generator<Piece> {
    const { blockSize } = this;
    for (const { block, inBlock, length } of blockParts(position, bytes.length, blockSize)) {
      const at = block * blockSize + inBlock - position;
      const part = bytes.subarray(at, at + length);
      for (const [start, end] of runsOfData(part, UNIT)) {
        yield { offset: this.storageOf(block) + inBlock + start, bytes: part.subarray(start, end) };
      }
    }
  }

  finish(): Piece[] {
    // The file is as long as its last block once it is truncated to its end.
    return [];
  }
}

/** All blocks have storage, one behind the other, and every byte of it is written. */
export class FixedBlocks extends NewBlocks {
  /** Bytes from `start` on that have been written. */
  #written = 0;

  *place(bytes: Uint8Array, position: number): Generator<Piece> {
    yield* zeros(this.start + this.#written, this.start + position);
    yield { offset: this.start + position, bytes };
    this.#written = position + bytes.length;
  }

  *finish(virtualSize: number): Generator<Piece> {
    this.allocate(0, Math.ceil(virtualSize / this.blockSize));
    yield* zeros(this.start + this.#written, this.end);
  }
}
