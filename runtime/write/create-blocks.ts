import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { BatGeometry, PayloadState } from '../bat.js';
import { isZero } from '../bytes.js';
import { BAT_ENTRY_SIZE } from '../limits.js';
import type { SourceReadOptions } from '../source.js';
import type { ByteTarget } from '../target.js';
import { MIB } from '../units.js';
import type { Area } from './create-layout.js';

/** Bytes that are written at once where there is much of the same. */
const STEP = MIB;
const ZEROS = new Uint8Array(STEP);

/** Writes zeros, so that the host gives the range storage. */
export async function writeZeros(
  target: ByteTarget,
  start: number,
  end: number,
  { signal }: SourceReadOptions,
  onStep?: (at: number) => void,
): Promise<void> {
  for (let at = start; at < end; at += STEP) {
    signal?.throwIfAborted();
    await target.write(ZEROS.subarray(0, Math.min(STEP, end - at)), at);
    onStep?.(Math.min(at + STEP, end));
  }
}

/**
 * Where the contents of a new file go: each block that gets storage has it right behind that of the one before it.
 * Contents come in ascending order, so runs of neighbours say it all.
 */
export abstract class NewBlocks {
  readonly blockSize: number;
  /** Where the storage of the first block begins in the file. */
  readonly start: number;
  protected readonly target: ByteTarget;
  readonly #runs: { first: number; count: number }[] = [];
  #count = 0;

  constructor(target: ByteTarget, start: number, blockSize: number) {
    this.target = target;
    this.start = start;
    this.blockSize = blockSize;
  }

  /** First byte in the file behind the storage. */
  get end(): number {
    return this.start + this.#count * this.blockSize;
  }

  /** Takes `bytes` of the virtual disk; `position` is not before the end of what was given last. */
  abstract put(bytes: Uint8Array, position: number, options: SourceReadOptions): Promise<void>;

  /** Says that there is nothing more, and how many bytes the disk has. */
  abstract finish(virtualSize: number, options: SourceReadOptions, onProgress?: (done: number) => void): Promise<void>;

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
  async writeBat(bat: Area, geometry: BatGeometry, { signal }: SourceReadOptions): Promise<void> {
    const buffer = new Uint8Array(Math.min(STEP, bat.length));
    const entries = new VhdxPayloadBatEntryView(buffer);
    const blockMb = this.blockSize / MIB;
    let fileOffsetMb = this.start / MIB;
    let filled: number | undefined;
    const write = async (): Promise<void> => {
      if (filled === undefined) return;
      signal?.throwIfAborted();
      await this.target.write(buffer, bat.offset + filled * BAT_ENTRY_SIZE);
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

/** Blocks of zeros get no storage, and what is zero in the others is left to the file system. */
export class DynamicBlocks extends NewBlocks {
  async put(bytes: Uint8Array, position: number): Promise<void> {
    const { blockSize, target } = this;
    for (let done = 0; done < bytes.length;) {
      const inBlock = (position + done) % blockSize;
      const part = bytes.subarray(done, done + blockSize - inBlock);
      if (!isZero(part)) {
        await target.write(part, this.storageOf((position + done - inBlock) / blockSize) + inBlock);
      }
      done += part.length;
    }
  }

  async finish(): Promise<void> {
    // The file is as long as its last block once it is truncated to its end.
  }
}

/** All blocks have storage, one behind the other, and every byte of it is written. */
export class FixedBlocks extends NewBlocks {
  /** Bytes from `start` on that have been written. */
  #written = 0;

  async put(bytes: Uint8Array, position: number, options: SourceReadOptions): Promise<void> {
    await writeZeros(this.target, this.start + this.#written, this.start + position, options);
    await this.target.write(bytes, this.start + position);
    this.#written = position + bytes.length;
  }

  async finish(virtualSize: number, options: SourceReadOptions, onProgress?: (done: number) => void): Promise<void> {
    const count = Math.ceil(virtualSize / this.blockSize);
    this.allocate(0, count);
    await writeZeros(this.target, this.start + this.#written, this.end, options, (at) =>
      onProgress?.(Math.min(at - this.start, virtualSize)),
    );
  }
}
