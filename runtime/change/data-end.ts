/** Where the data of a disk ends: what a disk must keep when it becomes smaller. */
import { LIMITS } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { GIB, MIB, roundUp } from '../base/units.js';
import type { Extent, VhdxDisk } from '../disk/disk.js';
import { type Gpt, readGpt, readMbrEnd } from '../disk/gpt.js';
import { readExactly } from '../io/byte-source.js';

/** Bytes of the disk whose extents are listed at once. */
const WINDOW = 64 * GIB;

/** How much of `bytes` there is up to the last one that is not zero. */
function lengthOfData(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return end;
}

/**
 * First byte behind the last one from `start` to `end` (exclusive) that is not zero; `start` if all are. Goes from the
 * end on and reads no more than it has to.
 */
export async function dataEnd(disk: VhdxDisk, start: number, end: number, options: SignalOptions): Promise<number> {
  for (let to = end; to > start; to = Math.max(start, to - WINDOW)) {
    const extents: Extent[] = [];
    for await (const extent of disk.extents({ ...options, start: Math.max(start, to - WINDOW), end: to })) {
      if (extent.kind !== 'zero') extents.push(extent);
    }
    for (const { virtualOffset, length } of extents.toReversed()) {
      for (let upTo = virtualOffset + length; upTo > virtualOffset;) {
        const from = Math.max(virtualOffset, upTo - LIMITS.readChunkBytes);
        const found = lengthOfData(await readExactly(disk, from, upTo - from, options));
        if (found > 0) return from + found;
        upTo = from;
      }
    }
  }
  return start;
}

/** What has to stay of a disk that becomes smaller. */
export interface DiskUse {
  readonly gpt: Gpt | undefined;
  /** First byte behind the last one that is not zero, a GPT's backup not counted. */
  readonly dataEnd: number;
  /** First byte behind the last partition; 0 if there is none, or no table that can be read. */
  readonly partitionsEnd: number;
  /** The smallest size in bytes that cuts off nothing: whole MiB, and not more than the disk has. */
  readonly minimumSize: number;
}

/** Finds out what has to stay of a disk. Costs reads from its end to its last data. */
export async function measureUse(disk: VhdxDisk, sectorSize: number, options: SignalOptions): Promise<DiskUse> {
  const gpt = await readGpt(disk, sectorSize, options);
  const partitionsEnd = gpt?.partitionsEnd ?? (await readMbrEnd(disk, sectorSize, options)) ?? 0;
  const backupEnd = gpt === undefined ? disk.size : gpt.backupOffset + sectorSize;
  const backupStart = gpt === undefined ? disk.size : backupEnd - gpt.backupLength;
  let end: number;
  if (gpt === undefined || backupEnd > disk.size || backupStart < partitionsEnd) {
    end = await dataEnd(disk, 0, disk.size, options);
  } else {
    end = await dataEnd(disk, backupEnd, disk.size, options);
    if (end === backupEnd) end = await dataEnd(disk, 0, backupStart, options);
  }
  const needed = Math.max(end, partitionsEnd) + (gpt?.backupLength ?? 0);
  const minimumSize = Math.min(disk.size, roundUp(Math.max(needed, 1), MIB));
  return { gpt, dataEnd: end, partitionsEnd, minimumSize };
}
