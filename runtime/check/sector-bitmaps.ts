import { type Bat, PayloadState } from '../bat.js';
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import { FindingTally, type Report } from '../findings.js';
import { LIMITS, SECTOR_BITMAP_BLOCK_SIZE } from '../limits.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../source.js';
import { countText, hex, MIB } from '../units.js';

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

/**
 * I22, I23: hints that the bits of the sector bitmap blocks give. `bitmaps` have partially present blocks; of a disk
 * with very many of them only the first are looked at.
 */
export async function judgeSectorBitmaps(
  view: ByteSource,
  bat: Bat,
  bitmaps: readonly { readonly chunk: number; readonly fileOffsetMb: number }[],
  report: Report,
  options?: SourceReadOptions,
): Promise<void> {
  const { geometry } = bat;
  const tally = new FindingTally(report);
  const sectors = geometry.blockSize / geometry.logicalSectorSize;
  for (const { chunk, fileOffsetMb } of bitmaps.slice(0, LIMITS.inspectedBitmaps)) {
    const fileOffset = fileOffsetMb * MIB;
    if (fileOffsetMb === 0 || fileOffset + SECTOR_BITMAP_BLOCK_SIZE > view.size) continue;
    const bitmap = await readExactly(view, fileOffset, SECTOR_BITMAP_BLOCK_SIZE, options);
    const first = chunk * geometry.chunkRatio;
    const count = Math.min(geometry.chunkRatio, geometry.payloadBlocks - first);
    const index = geometry.payloadIndex(first);
    const entries = new VhdxPayloadBatEntryView(await bat.readEntries(index, count, options));
    for (let at = 0; at < count; at += 1) {
      if (entries.state(at) !== PayloadState.PARTIALLY_PRESENT) continue;
      const block = first + at;
      const used = geometry.usedLength(block) / geometry.logicalSectorSize;
      const set = countBits(bitmap, at * sectors, at * sectors + used);
      const past = countBits(bitmap, at * sectors + used, (at + 1) * sectors);
      const place = { fileOffset: fileOffset + Math.floor((at * sectors) / 8), length: Math.ceil(sectors / 8) };
      const path = `sector_bitmaps[${chunk}]`;
      const title = `bat[${index + at}] (block ${block}) at ${hex(bat.entryOffset(index + at))}`;
      if (set === 0 || set === used) {
        tally.add('VHDX_BITMAP_BLOCK_UNIFORM', () => ({
          ...place,
          path,
          message: `${title} is partially present, but ${set === 0 ? 'none' : 'each'} of its ${used} sectors is in this file, by the bits at ${hex(place.fileOffset)}.`,
        }));
      }
      if (past > 0) {
        tally.add('VHDX_BITMAP_BITS_PAST_END', () => ({
          ...place,
          path,
          message: `${countText(past, 'bit')} of the sector bitmap at ${hex(place.fileOffset)} ${past === 1 ? 'is' : 'are'} set for sectors past the end of the virtual disk; they are ignored.`,
        }));
      }
    }
  }
  tally.flush();
}
