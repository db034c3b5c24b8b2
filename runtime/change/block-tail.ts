/** The part of the last block that lies behind the end of the disk. */
import { firstNonzero } from '../base/bytes.js';
import { LIMITS, SECTORS_PER_CHUNK } from '../base/limits.js';
import { MIB } from '../base/units.js';
import { VhdxSectorBitmapBatEntryView } from '../../generated/index.js';
import { isIndeterminate, isPresent, PayloadState, SectorBitmapState } from '../format/bat-states.js';
import { setBits } from '../format/sector-bitmap.js';
import type { VhdxImage } from '../image/open.js';
import { readExactly, readInto, type SourceReadOptions } from '../io/byte-source.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

/** The part of the block with the end of a disk that lies behind that end: nobody sees it until the disk grows. */
export interface BlockTail {
  readonly block: number;
  readonly state: number;
  /** First byte behind the end of the disk, counted from the start of the block. */
  readonly inBlock: number;
  /** Storage of the tail in the file, as [first byte, end); empty if the block has none. */
  readonly storage: readonly [number, number];
}

/** What lies behind byte `size` of a disk in its block; `undefined` if a block ends there. */
export async function tailAt(
  { bat, view }: Pick<VhdxImage, 'bat' | 'view'>,
  size: number,
  options: SourceReadOptions,
): Promise<BlockTail | undefined> {
  const { blockSize } = bat.geometry;
  const inBlock = size % blockSize;
  const block = Math.floor(size / blockSize);
  if (inBlock === 0 || block >= bat.geometry.payloadBlocks) return undefined;
  const { state, fileOffsetMb } = await bat.payloadEntry(block, options);
  const hasStorage = isPresent(state) || (isIndeterminate(state) && fileOffsetMb !== 0);
  const start = fileOffsetMb * MIB;
  const end = Math.min(start + blockSize, view.size);
  return { block, state, inBlock, storage: hasStorage && start + inBlock < end ? [start + inBlock, end] : [0, 0] };
}

/** Whether there is anything but zeros in a tail. */
export async function hasStaleBytes(
  { view }: Pick<VhdxImage, 'view'>,
  { storage: [start, end] }: BlockTail,
  options: SourceReadOptions,
): Promise<boolean> {
  const buffer = new Uint8Array(Math.min(LIMITS.readChunkBytes, end - start));
  for (let at = start; at < end; at += buffer.length) {
    const bytes = buffer.subarray(0, Math.min(buffer.length, end - at));
    await readInto(view, bytes, at, options);
    if (firstNonzero(bytes) !== -1) return true;
  }
  return false;
}

/** Makes zeros of a tail, which no reader sees at that moment. */
export async function zeroTail(session: ChangeSession, { storage: [start, end] }: BlockTail): Promise<void> {
  await session.writeZeros(start, end - start);
}

/** Clears the bits of a tail in the sector bitmap, as part of a group of changes; without `edits` only says whether any is set. */
export async function clearBits(
  { bat, view }: Pick<VhdxImage, 'bat' | 'view'>,
  { block, state, inBlock }: BlockTail,
  edits: SectorEdits | undefined,
  options: SourceReadOptions,
): Promise<boolean> {
  if (state !== PayloadState.PARTIALLY_PRESENT) return false;
  const { chunkRatio, blockSize, logicalSectorSize } = bat.geometry;
  const chunk = Math.floor(block / chunkRatio);
  const entry = new VhdxSectorBitmapBatEntryView(
    await bat.readEntries(bat.geometry.sectorBitmapIndex(chunk), 1, options),
  );
  if (entry.state(0) !== SectorBitmapState.PRESENT) return false;
  const perBlock = blockSize / logicalSectorSize;
  const firstBit = (block % chunkRatio) * perBlock;
  const [from, to] = [firstBit + inBlock / logicalSectorSize, Math.min(firstBit + perBlock, SECTORS_PER_CHUNK)];
  const firstByte = Math.floor(from / 8);
  const fileOffset = entry.fileOffsetMb(0) * MIB + firstByte;
  const before = await readExactly(view, fileOffset, Math.ceil(to / 8) - firstByte, options);
  const after = before.slice();
  setBits(after, from - firstByte * 8, to - firstByte * 8, false);
  if (after.every((byte, index) => byte === before[index])) return false;
  await edits?.write(after, fileOffset, options);
  return true;
}
