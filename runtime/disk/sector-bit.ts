/** Looks up the sector bitmap's bit of one sector. [MS-VHDX] 2.4 */
import type { Bat } from '../format/bat.js';
import { SectorBitmapState } from '../format/bat-states.js';
import { VhdxSectorBitmapBatEntryView } from '../../generated/index.js';
import { SECTORS_PER_CHUNK } from '../base/limits.js';
import { hasBit } from '../format/sector-bitmap.js';
import { type ByteSource, readAvailable, type SourceReadOptions } from '../io/byte-source.js';
import { MIB } from '../base/units.js';

/** The bit of a sector bitmap block that determines which image holds a sector. [MS-VHDX] 2.4 */
export interface SectorBit {
  /** Index of the BAT entry of the sector bitmap block. */
  readonly batIndex: number;
  /** The byte of the file with the bit. */
  readonly fileOffset: number;
  /** 0 (the lowest) to 7. */
  readonly bit: number;
  /** Whether this image holds the sector, rather than its parent. */
  readonly isSet: boolean;
}

/** The bit of the sector at `virtualOffset`; none where the sector bitmap block is not in the file. */
export async function sectorBitAt(
  bat: Bat,
  view: ByteSource,
  virtualOffset: number,
  options?: SourceReadOptions,
): Promise<SectorBit | undefined> {
  const { geometry } = bat;
  const sector = Math.floor(virtualOffset / geometry.logicalSectorSize);
  const batIndex = geometry.sectorBitmapIndex(Math.floor(sector / SECTORS_PER_CHUNK));
  // Only differencing disks have an entry for the last chunk.
  if (batIndex >= geometry.entries) return undefined;
  const entry = new VhdxSectorBitmapBatEntryView(await bat.readEntries(batIndex, 1, options));
  if (entry.state(0) !== SectorBitmapState.PRESENT) return undefined;
  const inChunk = sector % SECTORS_PER_CHUNK;
  const fileOffset = entry.fileOffsetMb(0) * MIB + Math.floor(inChunk / 8);
  if (fileOffset >= view.size) return undefined;
  const byte = await readAvailable(view, fileOffset, 1, options);
  const bit = inChunk % 8;
  return { batIndex, fileOffset, bit, isSet: hasBit(byte, bit) };
}
