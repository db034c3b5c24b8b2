/** How long a replay may make the file (D21). */
import { VhdxLogEntryHeader } from '../../generated/index.js';
import { BatGeometry } from '../format/bat-geometry.js';
import { finding, type Report } from '../errors/findings.js';
import { LIMITS, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import type { ActiveSequence } from '../log/read-log.js';
import type { LogPatch } from '../log/replay-plan.js';
import type { DiskParameters } from '../format/metadata-items.js';
import { fieldOf } from '../errors/field-location.js';
import type { RegionTableChoice } from '../format/region-table.js';
import { hex, MIB, roundUp, sizeText } from '../base/units.js';

/** Length of the file after the replay, in bytes: if it has to grow, then to a whole MiB. [MS-VHDX] 2.3.3 */
export function replayedSize(
  { lastFileOffset }: Pick<ActiveSequence, 'lastFileOffset'>,
  patches: readonly LogPatch[],
  fileSize: number,
): number {
  const needed = patches.reduce((most, { position, length }) => Math.max(most, position + length), lastFileOffset);
  return needed > fileSize ? roundUp(needed, MIB) : fileSize;
}

/**
 * The most bytes that a file of `fileSize` can have come to need before the log was written: as many as it has, all
 * regions, and all blocks and sector bitmaps of the disk, as if none of them were in the file yet, and some ahead.
 */
function mostNeeded(
  fileSize: number,
  { regions }: Pick<RegionTableChoice, 'regions'>,
  disk: DiskParameters | undefined,
): number {
  const structures =
    roundUp(fileSize, MIB) + LIMITS.allocatedAheadBytes + regions.reduce((sum, { length }) => sum + length, 0);
  if (disk === undefined) return structures + LIMITS.unexplainedGrowthBytes;
  const { payloadBlocks, blockSize, chunks } = new BatGeometry(disk);
  return structures + payloadBlocks * blockSize + chunks * SECTOR_BITMAP_BLOCK_SIZE;
}

/**
 * D21: the file does not become longer than its disk can need. Reading does no harm all the same, since nothing is
 * written then. True if it may be replayed.
 */
export function judgeGrowth(
  sequence: ActiveSequence,
  fileSize: number,
  regions: RegionTableChoice,
  disk: DiskParameters | undefined,
  report: Report,
): boolean {
  const { ring, entries, head, replay, lastFileOffset } = sequence;
  const newSize = replayedSize(sequence, replay?.patches ?? [], fileSize);
  const most = mostNeeded(fileSize, regions, disk);
  if (newSize === fileSize || newSize <= most) return true;
  const place = { fileOffset: ring.fileOffsetOf(head.start), path: `log.entries[${entries.length - 1}].header` };
  const disks = disk === undefined ? 'it' : `its disk of ${sizeText(disk.virtualSize)}`;
  report(
    finding('VHDX_LOG_REPLAY_TOO_LARGE', {
      ...fieldOf(VhdxLogEntryHeader.LAYOUT, place, 'last_file_offset'),
      severity: 'refuse-write',
      message:
        `The log (LastFileOffset ${hex(lastFileOffset)} at ${hex(place.fileOffset)}) would make the file of ` +
        `${sizeText(fileSize)} ${sizeText(newSize)} long, but ${disks} can need ${sizeText(most)} at most.`,
      fix: 'Copy the disk into a new image, which leaves this log as it is: vhdx convert. Find out who wrote it.',
    }),
  );
  return false;
}
