/** Bounds on what a file may demand of the reader, each with its reason, and the sizes and offsets of the format. */
import { GIB, KIB, MIB, TIB } from './units.js';

/** Every bound that this library puts on what a file may ask of it, each with its reason. */
export interface Limits {
  /** [MS-VHDX] 2.2.3.1: a 64 KiB table has room for no more. */
  readonly regionEntries: number;
  /** [MS-VHDX] 2.6.1.1: as for regions. */
  readonly metadataEntries: number;
  /** [MS-VHDX] 2.6.1.2. */
  readonly userMetadataEntries: number;
  /** [MS-VHDX] 2.6.1.2: the largest metadata item, in bytes. */
  readonly metadataItemBytes: number;
  /** [MS-VHDX] 2.6.2.2: the largest virtual disk, in bytes. */
  readonly virtualDiskBytes: number;
  /** Logs seen in the field have 1 MiB; OpenVMM refuses more than this, in bytes. Longer ones are read, and reported (B15). */
  readonly usualLogBytes: number;
  /**
   * Descriptors of the active sequence that are kept as an overlay. A full log of 1 GiB has fewer data descriptors, as
   * each takes a sector; only one that is filled with zero descriptors to exhaust memory has more.
   */
  readonly replayDescriptors: number;
  /**
   * Bytes that a replay writes, each counted once however often the log writes it. All metadata of the largest disk is
   * less: BAT 513 MiB, sector bitmaps 16 GiB, metadata region below 4 GiB. More is a log made to fill the host.
   */
  readonly replayBytes: number;
  /** How long a replay makes a file, in bytes: twice the largest virtual disk. */
  readonly replayedFileBytes: number;
  /** How much longer than its disk needs a replay makes a file, in bytes: writers allocate ahead, by a block of the largest size. */
  readonly allocatedAheadBytes: number;
  /** How much longer a replay makes a file of whose disk nothing is known, in bytes: a region is shorter than that. */
  readonly unexplainedGrowthBytes: number;
  /** Log entries up to this length are read even if their sectors cannot be right, to say what is wrong with them. */
  readonly misfitEntryBytes: number;
  /**
   * Bytes of all strings of a parent locator. The item has 1 MiB at most, so only entries that share their strings come
   * to more: 65,535 of them would be gigabytes.
   */
  readonly locatorStringBytes: number;
  /** OpenVMM's bound on the metadata items of one category, in bytes (F16). */
  readonly metadataCategoryBytes: number;
  /** OpenVMM's bound on the number of system items (F16). */
  readonly systemMetadataEntries: number;
  /** OpenVMM's bound on the metadata region, in bytes (F16). Also the part of the region that is searched for stray bytes. */
  readonly metadataRegionBytes: number;
  /** Bytes read at once where a structure of any size is walked through: it bounds memory and amortises the call. */
  readonly readChunkBytes: number;
  /** Findings kept for one code and severity; the rest are counted, so that one root cause does not hide the others. */
  readonly findingsPerGroup: number;
  /** Log entries and descriptors that are listed one by one in a summary. */
  readonly listedLogEntries: number;
  readonly listedLogDescriptors: number;
  /** Log entries that are not valid and are kept to be reported: a hostile log has hundreds of thousands. */
  readonly listedInvalidEntries: number;
  /** Elements of a list that a tree shows, if none of them is asked for: more than anybody looks through. */
  readonly listedTreeElements: number;
  /** Ranges of BAT entries that a tree shows: a fragmented disk has millions. */
  readonly listedBatRanges: number;
  /**
   * Pages of the map of owned MiBs behind its first 128 TiB, 8 KiB (64 GiB of file) each: with these 32 MiB of memory, for
   * four times the largest disk.
   */
  readonly ownershipPages: number;
  /** Lost ranges of a disk that a salvage lists; a disk of 64 TiB has room for millions, made to fill the memory. */
  readonly lostRanges: number;
  /** Sector bitmap blocks whose bits are looked at for hints (I22, I23), 1 MiB each. */
  readonly inspectedBitmaps: number;
}

export const LIMITS: Limits = {
  regionEntries: 2047,
  metadataEntries: 2047,
  userMetadataEntries: 1024,
  metadataItemBytes: MIB,
  virtualDiskBytes: 64 * TIB,
  usualLogBytes: GIB,
  replayDescriptors: 262_144,
  replayBytes: 32 * GIB,
  replayedFileBytes: 128 * TIB,
  allocatedAheadBytes: 256 * MIB,
  unexplainedGrowthBytes: 4 * GIB,
  misfitEntryBytes: 64 * KIB,
  locatorStringBytes: 4 * MIB,
  metadataCategoryBytes: 40 * MIB,
  systemMetadataEntries: 1023,
  metadataRegionBytes: 128 * MIB,
  readChunkBytes: MIB,
  findingsPerGroup: 20,
  listedLogEntries: 64,
  listedLogDescriptors: 256,
  listedInvalidEntries: 256,
  listedTreeElements: 64,
  listedBatRanges: 256,
  ownershipPages: 2048,
  lostRanges: 2 ** 18,
  inspectedBitmaps: 64,
};

/** Size in bytes of each of the five items of the header section. [MS-VHDX] 2.2 */
export const HEADER_SLOT_SIZE: number = 64 * KIB;
/** Size in bytes of the header section, and of the shortest file. [MS-VHDX] 2.2 */
export const HEADER_SECTION_SIZE: number = MIB;
/** Byte offsets of the two headers. [MS-VHDX] 2.2.2 */
export const HEADER_OFFSETS: readonly [number, number] = [64 * KIB, 128 * KIB];
/** Byte offsets of the two copies of the region table. [MS-VHDX] 2.2.3 */
export const REGION_TABLE_OFFSETS: readonly [number, number] = [192 * KIB, 256 * KIB];
/** First byte after the second copy of the region table. [MS-VHDX] 2.2.3 */
export const REGION_TABLES_END: number = 320 * KIB;
/** Size in bytes of a sector of the log, and the alignment of its entries. [MS-VHDX] 2.3.1 */
export const LOG_SECTOR_SIZE: number = 4 * KIB;
/** Size in bytes of a sector bitmap block. [MS-VHDX] 2.4 */
export const SECTOR_BITMAP_BLOCK_SIZE: number = MIB;
/** Size in bytes of a BAT entry. [MS-VHDX] 2.5.1 */
export const BAT_ENTRY_SIZE = 8;
/** Sectors in a chunk, one for each bit of a sector bitmap block. [MS-VHDX] 2.4 */
export const SECTORS_PER_CHUNK: number = 2 ** 23;
/** Size in bytes of the metadata table; items begin no earlier in the region. [MS-VHDX] 2.6.1 */
export const METADATA_TABLE_SIZE: number = 64 * KIB;
