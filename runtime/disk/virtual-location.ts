/** Where one byte of a virtual disk is stored, image by image of the chain. */
import type { SignalOptions } from '../base/options.js';
import { requireOffset, requireOptions } from '../base/arguments.js';
import { PayloadState } from '../format/bat-states.js';
import type { VhdxDisk } from './disk.js';
import type { Finding } from '../errors/findings.js';
import { type SectorBit, sectorBitAt } from './sector-bit.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import type { DiskRange } from './translator.js';

/** Location of a byte of the disk in one image of a chain. */
export interface VirtualLevel {
  /** Distance of the image from the disk in parents: 0 for the disk itself. */
  readonly depth: number;
  /** `outside`: the image is a parent with a smaller disk, the byte is a zero. */
  readonly kind: DiskRange['kind'] | 'outside';
  /** Number of the block. Absent, like the following properties, if the image has no such block. */
  readonly block?: number;
  /** Byte from the start of the block. */
  readonly offsetInBlock?: number;
  /** Index of the BAT entry of the block. */
  readonly batIndex?: number;
  /** File offset of the BAT entry in bytes. */
  readonly batEntryOffset?: number;
  /** State of the block. [MS-VHDX] 2.5.1.1 */
  readonly state?: number;
  /** Of a PARTIALLY_PRESENT block, if its sector bitmap block is in the file. */
  readonly sectorBit?: SectorBit;
  /** The byte in the file, if `kind` is `data`. */
  readonly fileOffset?: number;
  /** Why the byte cannot be read: an `error` of a check. */
  readonly unreadable?: Finding;
}

/** Location of a byte of a virtual disk. */
export interface VirtualLocation {
  /** The requested virtual offset in bytes. */
  readonly virtualOffset: number;
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  /** The images that are asked, from the disk itself to the one that has the answer; none past the end of the disk. */
  readonly levels: readonly VirtualLevel[];
}

async function levelAt(
  disk: VhdxDisk,
  depth: number,
  virtualOffset: number,
  options: SourceReadOptions,
): Promise<VirtualLevel> {
  const { bat, view } = disk.image;
  if (virtualOffset >= disk.size) return { depth, kind: 'outside' };
  let unreadable: Finding | undefined;
  const [range] = await disk.resolve(virtualOffset, 1, {
    signal: options.signal,
    onUnreadable: ({ finding }) => (unreadable = finding),
  });
  const { geometry } = bat;
  const block = Math.floor(virtualOffset / geometry.blockSize);
  const batIndex = geometry.payloadIndex(block);
  const { state } = await bat.payloadEntry(block, options);
  const sectorBit =
    state === PayloadState.PARTIALLY_PRESENT ? await sectorBitAt(bat, view, virtualOffset, options) : undefined;
  return {
    depth,
    kind: range?.kind ?? 'zero',
    block,
    offsetInBlock: virtualOffset - block * geometry.blockSize,
    batIndex,
    batEntryOffset: bat.entryOffset(batIndex),
    state,
    ...(sectorBit === undefined ? {} : { sectorBit }),
    ...(range?.kind === 'data' ? { fileOffset: range.fileOffset } : {}),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

/**
 * Locates the byte at `virtualOffset` of a disk: block, BAT entry, bit of the sector bitmap and file offset, in each
 * image of the chain down to the one that holds it. The last level is of kind `parent` if a parent holds the byte and
 * the disk was opened without it. Unreadable parts are reported in the result and do not throw. Reads a few entries for
 * each level.
 *
 * @throws RangeError if `virtualOffset` is no offset; errors of the source
 */
export async function locateVirtualOffset(
  disk: VhdxDisk,
  virtualOffset: number,
  options: SignalOptions = {},
): Promise<VirtualLocation> {
  requireOffset(virtualOffset, 'virtualOffset');
  requireOptions(options);
  const levels: VirtualLevel[] = [];
  if (virtualOffset < disk.size) {
    for (const [depth, each] of disk.levels().entries()) {
      const level = await levelAt(each, depth, virtualOffset, options);
      levels.push(level);
      if (level.kind !== 'parent') break;
    }
  }
  return { virtualOffset, virtualSize: disk.size, levels };
}
