/** Describes an image: geometry, identifiers, log, regions, blocks. */
import type { SignalOptions } from '../base/options.js';
import { requireOptions } from '../base/arguments.js';
import type { BlockCounts } from '../format/bat-states.js';
import { surveyBat } from './bat-survey.js';
import type { Severity } from '../errors/errors.js';
import { type Finding, FindingCollector, type Verdict, verdictOf } from '../errors/findings.js';
import { formatGuid } from '../base/guid.js';
import type { CopyIndex } from '../format/copies.js';
import { sequenceNumberForm, withJsonForm } from '../base/json-form.js';
import type { LogSummary } from '../log/summary.js';
import type { DiskType } from '../format/metadata-items.js';
import { readVhdx } from './open.js';
import type { RegionName } from '../format/region-table.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';

/** Description of an image. */
export interface VhdxInfo {
  /** Length of the file in bytes, as it is stored. */
  readonly fileSize: number;
  /** Creator that the file names; empty if there is none. */
  readonly creator: string;
  /** Type of the disk. */
  readonly type: DiskType;
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  /** Bytes of a payload block. */
  readonly blockSize: number;
  /** Bytes of a sector of the virtual disk: 512 or 4096. */
  readonly logicalSectorSize: number;
  /** Bytes of a sector of the disk that is simulated: 512 or 4096. */
  readonly physicalSectorSize: number;
  /** GUID of the virtual disk. [MS-VHDX] 2.6.2.3 */
  readonly virtualDiskId: string;
  /** FileWriteGuid of the current header. [MS-VHDX] 2.2.2 */
  readonly fileWriteGuid: string;
  /** DataWriteGuid of the current header. [MS-VHDX] 2.2.2 */
  readonly dataWriteGuid: string;
  /** The current header. */
  readonly header: {
    /** Index of the current copy. */
    readonly current: CopyIndex;
    /** First byte in the file. */
    readonly fileOffset: number;
    /** Sequence number of the header. */
    readonly sequenceNumber: bigint;
    /** Version of the format. */
    readonly version: number;
    /** Version of the log. */
    readonly logVersion: number;
  };
  /** Summary of the log. */
  readonly log: LogSummary;
  /** Regions of the region table. */
  readonly regions: readonly {
    /** Purpose of the region. */
    readonly name: RegionName;
    /** GUID that identifies the region. */
    readonly guid: string;
    /** First byte in the file. */
    readonly fileOffset: number;
    /** Length in bytes. */
    readonly length: number;
    /** Whether a reader that does not know the region must refuse the file. */
    readonly required: boolean;
  }[];
  /** The block allocation table. */
  readonly bat: {
    /** First byte in the file. */
    readonly fileOffset: number;
    /** Length in bytes of the entries; the region may be longer. */
    readonly length: number;
    /** Number of entries. */
    readonly entries: number;
    /** Number of payload blocks. */
    readonly payloadBlocks: number;
    /** Sector bitmap blocks that the BAT has entries for. */
    readonly sectorBitmapBlocks: number;
    /** Payload blocks in a chunk. */
    readonly chunkRatio: number;
  };
  /** Number of payload blocks in each state. */
  readonly blocks: BlockCounts;
  /** Parent locator of a differencing disk. */
  readonly parent:
    | { readonly typeGuid: string; readonly entries: readonly { readonly key: string; readonly value: string }[] }
    | undefined;
  /**
   * Findings on the structures that were read and on the BAT entries, at most 20 of each code and severity. A check
   * also covers sector bitmaps, reserved bytes and the use of the file.
   */
  readonly findings: readonly Finding[];
  /** Number of findings of each severity, including those omitted from `findings`. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Verdict of these findings. */
  readonly verdict: Exclude<Verdict, 'not-vhdx'>;
}

/**
 * Describes an image, after the replay of its log in memory if there is something to replay. Reads what an opener
 * reads, and the BAT once. The source stays open. `JSON.stringify` writes the result with the sequence numbers as
 * decimal strings, as `vhdx info --json` does.
 *
 * @throws VhdxError with the code of the first finding of severity `error` that keeps the image from being opened (BAT
 * entries do not); VHDX_SOURCE_SHORT_READ or what else
 * `source` throws, if its bytes cannot be read; TypeError if `source` is none.
 */
export async function inspectImage(source: Bytes, options: SignalOptions = {}): Promise<VhdxInfo> {
  requireOptions(options);
  const image = await readVhdx(toByteSource(source), { signal: options.signal });
  const { bat, disk, header: copy, parent } = image;
  const { header } = copy;
  const { geometry } = bat;
  const collector = new FindingCollector();
  for (const found of image.findings) collector.report(found);
  const { blocks } = await surveyBat(image, collector.report, options);
  const { findings, counts } = collector;
  return {
    fileSize: image.source.size,
    creator: image.creator,
    type: disk.type,
    virtualSize: disk.virtualSize,
    blockSize: disk.blockSize,
    logicalSectorSize: disk.logicalSectorSize,
    physicalSectorSize: disk.physicalSectorSize,
    virtualDiskId: disk.virtualDiskId,
    fileWriteGuid: formatGuid(header.fileWriteGuid),
    dataWriteGuid: formatGuid(header.dataWriteGuid),
    header: withJsonForm(
      {
        current: copy.index,
        fileOffset: copy.place.fileOffset,
        sequenceNumber: header.sequenceNumber,
        version: header.version,
        logVersion: header.logVersion,
      },
      sequenceNumberForm,
    ),
    log: image.logSummary,
    regions: image.regions.regions.map(({ name, guid, fileOffset, length, required }) => ({
      name,
      guid,
      fileOffset,
      length,
      required,
    })),
    bat: {
      fileOffset: bat.fileOffset,
      length: geometry.byteLength,
      entries: geometry.entries,
      payloadBlocks: geometry.payloadBlocks,
      sectorBitmapBlocks: geometry.sectorBitmapEntries,
      chunkRatio: geometry.chunkRatio,
    },
    blocks,
    parent: parent && { typeGuid: parent.typeGuid, entries: parent.entries.map(({ key, value }) => ({ key, value })) },
    findings,
    counts,
    verdict: verdictOf(counts),
  };
}
