/** Recognizes the partition table of a disk, and the sector size that it counts in. */
import { requireOptions } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { u32At } from '../base/bytes.js';
import { readAvailable } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';

/** A partition table on a disk. Its entries count in sectors, whose size it does not tell. */
export interface PartitionTable {
  /** Kind of the table. */
  readonly kind: 'gpt' | 'mbr';
  /** Bytes of the logical sectors that the disk must have for the table to be found and to fit. */
  readonly sectorSize: number;
}

/** Sizes of logical sectors. [MS-VHDX] 2.6.2.4 */
const SECTOR_SIZES = [512, 4096] as const;
/** Bytes from the start of a disk that tell its partition table: sector 1 of either size. */
export const PARTITION_TABLE_BYTES: number = 2 * 4096;

const MBR_ENTRIES = 446;
const MBR_ENTRY_SIZE = 16;
const MBR_SIGNATURE = 510;

/** UEFI 2.10, 5.3.2: the header of a GPT is in sector 1 and says so. */
function hasGptHeader(head: Uint8Array, sectorSize: number): boolean {
  const header = head.subarray(sectorSize, sectorSize + 32);
  const text = new TextDecoder('latin1').decode(header.subarray(0, 8));
  return text === 'EFI PART' && header.length === 32 && u32At(header, 24) === 1 && u32At(header, 28) === 0;
}

/** Type of the entry that stands for a whole disk with a GPT. UEFI 2.10, 5.2.3 */
const PROTECTIVE = 0xee;

/**
 * True for four entries that are in order, one of which at least is a partition; the first sector of a file system is
 * not like that.
 */
function hasMbr(head: Uint8Array): boolean {
  if (head.length < 512 || u32At(head, MBR_SIGNATURE - 2) >>> 16 !== 0xaa55) return false;
  let partitions = 0;
  for (let at = MBR_ENTRIES; at < MBR_SIGNATURE; at += MBR_ENTRY_SIZE) {
    const [status = 0, type = 0] = [head[at], head[at + 4]];
    if ((status & 0x7f) !== 0) return false;
    if (type === 0) continue;
    if (type === PROTECTIVE || u32At(head, at + 8) === 0 || u32At(head, at + 12) === 0) return false;
    partitions += 1;
  }
  return partitions > 0;
}

/**
 * The partition table in the first `PARTITION_TABLE_BYTES` of a disk that had sectors of `from` bytes and gets some of
 * `to` bytes. A GPT is found by its place. An MBR is in sector 0 whatever the size; its entries count in sectors of the
 * disk that it was made on.
 */
export function findPartitionTable(head: Uint8Array, from: number, to: number): PartitionTable | undefined {
  const gptOf = (...sizes: readonly number[]): PartitionTable | undefined => {
    const sectorSize = sizes.find((size) => hasGptHeader(head, size));
    return sectorSize === undefined ? undefined : { kind: 'gpt', sectorSize };
  };
  // A table that a disk had before it was partitioned anew can still stand where the other size has it.
  return gptOf(to, from) ?? (hasMbr(head) ? { kind: 'mbr', sectorSize: from } : gptOf(...SECTOR_SIZES));
}

/**
 * The partition table of a disk with sectors of `sectorSize` bytes. Costs one read. The source stays open.
 *
 * @throws what reading it throws; TypeError if it is no source
 */
export async function readPartitionTable(
  disk: Bytes,
  sectorSize: number,
  options: SignalOptions = {},
): Promise<PartitionTable | undefined> {
  requireOptions(options);
  const head = await readAvailable(toByteSource(disk), 0, PARTITION_TABLE_BYTES, options);
  return findPartitionTable(head, sectorSize, sectorSize);
}
