/** Rules on the sector bitmaps of differencing disks: I21 to I23. */
import type { Bat } from '../format/bat.js';
import { PayloadState } from '../format/bat-states.js';
import type { BitmapBlock } from '../image/bat-survey.js';
import { FindingTally, type Report } from '../errors/findings.js';
import { LIMITS, SECTOR_BITMAP_BLOCK_SIZE, SECTORS_PER_CHUNK } from '../base/limits.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../io/byte-source.js';
import { countText, hex, MIB } from '../base/units.js';

/** How many of the bits `[from, to)` are set. Bit 0 is the lowest of the first byte. [MS-VHDX] 2.4 */
export function countBits(bitmap: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let bit = from; bit < to;) {
    const byte = bitmap[bit >>> 3] ?? 0;
    if (bit % 8 === 0 && bit + 8 <= to && (byte === 0 || byte === 255)) {
      count += byte === 255 ? 8 : 0;
      bit += 8;
    } else {
      count += (byte >>> (bit % 8)) & 1;
      bit += 1;
    }
  }
  return count;
}

/** A sector bitmap block with the entries of its chunk. */
interface ChunkBits {
  readonly chunk: number;
  /** First byte of the sector bitmap block in the file. */
  readonly fileOffset: number;
  readonly bitmap: Uint8Array;
  /** The states of the payload blocks of the chunk that the disk has. */
  readonly states: Uint8Array;
}

/** Collects what is said of sector bitmaps. */
class BitmapCheck {
  readonly #bat: Bat;
  readonly #tally: FindingTally;
  /** Sectors of a block. */
  readonly #sectors: number;

  constructor(bat: Bat, report: Report) {
    this.#bat = bat;
    this.#tally = new FindingTally(report);
    this.#sectors = bat.geometry.blockSize / bat.geometry.logicalSectorSize;
  }

  judge(bits: ChunkBits): void {
    const { geometry } = this.#bat;
    let unused = 0;
    let first = -1;
    for (const [at, state] of bits.states.entries()) {
      const used = geometry.usedLength(bits.chunk * geometry.chunkRatio + at) / geometry.logicalSectorSize;
      const start = at * this.#sectors;
      const set = countBits(bits.bitmap, start, start + used);
      if (state === PayloadState.PARTIALLY_PRESENT) {
        if (set === 0 || set === used) this.#reportUniform(bits, at, { set, used });
      } else if (set > 0) {
        if (first === -1) first = at;
        unused += set;
      }
    }
    this.#reportPastEnd(bits);
    if (unused > 0) this.#reportUnused(bits, first, unused);
  }

  flush(): void {
    this.#tally.flush();
  }

  /** Where the bits of a block stand. */
  #place({ chunk, fileOffset }: ChunkBits, at: number): { fileOffset: number; length: number; path: string } {
    const start = fileOffset + Math.floor((at * this.#sectors) / 8);
    return { fileOffset: start, length: Math.ceil(this.#sectors / 8), path: `sector_bitmaps[${chunk}]` };
  }

  #title({ chunk }: ChunkBits, at: number): string {
    const block = chunk * this.#bat.geometry.chunkRatio + at;
    const index = this.#bat.geometry.payloadIndex(block);
    return `bat[${index}] at ${hex(this.#bat.entryOffset(index))} (block ${block})`;
  }

  /** I23 */
  #reportUniform(bits: ChunkBits, at: number, { set, used }: { set: number; used: number }): void {
    this.#tally.add('VHDX_BITMAP_BLOCK_UNIFORM', () => {
      const place = this.#place(bits, at);
      const message = `${this.#title(bits, at)} is partially present, but ${set === 0 ? 'none' : 'each'} of its ${used} sectors is in this file, by the bits at ${hex(place.fileOffset)}.`;
      return { ...place, message };
    });
  }

  /** I22, behind the last sector of the disk. */
  #reportPastEnd(bits: ChunkBits): void {
    const { geometry } = this.#bat;
    const at = Math.max(0, bits.states.length - 1);
    const used = geometry.usedLength(bits.chunk * geometry.chunkRatio + at) / geometry.logicalSectorSize;
    const past = countBits(bits.bitmap, at * this.#sectors + used, SECTORS_PER_CHUNK);
    if (past === 0) return;
    this.#tally.add('VHDX_BITMAP_BITS_PAST_END', () => {
      const place = this.#place(bits, at);
      const message = `${countText(past, 'bit')} of the sector bitmap at ${hex(place.fileOffset)} ${past === 1 ? 'is' : 'are'} set for sectors past the end of the virtual disk; they are ignored.`;
      return { ...place, message };
    });
  }

  /** I22, of blocks that are not partially present: one finding for a chunk. */
  #reportUnused(bits: ChunkBits, first: number, count: number): void {
    this.#tally.add('VHDX_BITMAP_BITS_UNUSED', () => {
      const place = this.#place(bits, first);
      const message = `${countText(count, 'bit')} of the sector bitmap at ${hex(bits.fileOffset)} ${count === 1 ? 'is' : 'are'} set for blocks that are not partially present, the first of them ${this.#title(bits, first)}; they are ignored.`;
      return { ...place, message };
    });
  }
}

async function statesOf(bat: Bat, chunk: number, options?: SourceReadOptions): Promise<Uint8Array> {
  const { chunkRatio, payloadBlocks } = bat.geometry;
  const block = chunk * chunkRatio;
  const states = new Uint8Array(Math.max(0, Math.min(chunkRatio, payloadBlocks - block)));
  const first = bat.geometry.payloadIndex(block);
  for await (const extents of bat.extents(options, first, first + states.length)) {
    while (extents.next()) {
      const at = extents.index - first;
      states.fill(extents.state, at, at + extents.count);
    }
  }
  return states;
}

/**
 * I22, I23: hints that the bits of the sector bitmap blocks of a differencing disk give. Of a disk with very many of them
 * only the first are looked at.
 */
export async function judgeSectorBitmaps(
  view: ByteSource,
  bat: Bat,
  bitmaps: readonly BitmapBlock[],
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  const check = new BitmapCheck(bat, report);
  for (const { chunk, fileOffsetMb } of bitmaps.slice(0, LIMITS.inspectedBitmaps)) {
    const fileOffset = fileOffsetMb * MIB;
    const bitmap = await readExactly(view, fileOffset, SECTOR_BITMAP_BLOCK_SIZE, options);
    check.judge({ chunk, fileOffset, bitmap, states: await statesOf(bat, chunk, options) });
  }
  check.flush();
}
