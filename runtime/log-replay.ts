import { VhdxLogDataDescriptor, VhdxLogDataSector } from '../generated/index.js';
import { type Finding, finding, findingOfViolation, type Report } from './findings.js';
import { LIMITS, LOG_SECTOR_SIZE, REGION_TABLE_OFFSETS } from './limits.js';
import { type LogDescriptor, type LogEntry, readDescriptors } from './log-entry.js';
import type { LogRing } from './log-ring.js';
import type { Patch } from './overlay-source.js';
import type { Place } from './place.js';
import type { SourceReadOptions } from './source.js';
import { exactNumber, hex, MIB, sizeText } from './units.js';

/** What one descriptor of the active sequence writes. */
export interface LogPatch extends Patch {
  readonly kind: 'data' | 'zero';
  /** The descriptor in the log. */
  readonly descriptor: Place;
}

/** The replay of an active sequence, as a value. */
export interface LogReplay {
  /** In the order of the replay: of two that overlap the later one counts. */
  readonly patches: readonly LogPatch[];
  /** Number of descriptors, those of length zero included. */
  readonly descriptorCount: number;
}

const BEFORE_REGION_TABLES = BigInt(REGION_TABLE_OFFSETS[0]);

/** A 4 KiB update: the data sector, with the bytes that its descriptor keeps put back. [MS-VHDX] 2.3.1.3, 2.3.1.4 */
async function restoreSector(
  ring: LogRing,
  dataPosition: number,
  descriptor: VhdxLogDataDescriptor,
  options?: SourceReadOptions,
): Promise<Uint8Array> {
  const bytes = await ring.read(dataPosition, LOG_SECTOR_SIZE, options);
  const { data } = VhdxLogDataSector.fromBytes(bytes, { onViolation: () => undefined });
  const sector = new Uint8Array(LOG_SECTOR_SIZE);
  sector.set(descriptor.leadingBytes, 0);
  sector.set(data, descriptor.leadingBytes.length);
  sector.set(descriptor.trailingBytes, LOG_SECTOR_SIZE - descriptor.trailingBytes.length);
  return sector;
}

function patchOf(ring: LogRing, read: LogDescriptor, place: Place, position: number, length: number): LogPatch {
  const { raw, dataPosition } = read;
  if (!(raw instanceof VhdxLogDataDescriptor)) {
    const fill = (into: Uint8Array): Promise<void> => Promise.resolve(void into.fill(0));
    return { kind: 'zero', position, length, descriptor: place, fill };
  }
  const fill = async (into: Uint8Array, offset: number, options?: SourceReadOptions): Promise<void> => {
    const sector = await restoreSector(ring, dataPosition, raw, options);
    into.set(sector.subarray(offset, offset + into.length));
  };
  return { kind: 'data', position, length, descriptor: place, fill };
}

/** D18, D19, D21: what makes a target hostile, or `undefined`. `bound`: where the file may end. */
function hostileTarget(read: LogDescriptor, place: Place, ring: LogRing, bound: bigint): Finding | undefined {
  // A zero descriptor of length zero writes nothing, wherever it points.
  if (read.length === 0n) return undefined;
  const end = read.target + read.length;
  const extent = `The ${read.kind} descriptor ${place.path} at ${hex(place.fileOffset)} writes ${hex(read.target)} to ${hex(end)}`;
  const detail = { ...place, length: 32 };
  if (read.target < BEFORE_REGION_TABLES) {
    return finding('VHDX_LOG_TARGET_HEADER', {
      ...detail,
      message: `${extent}: the file type identifier and the headers, before ${hex(BEFORE_REGION_TABLES)}, are never logged.`,
    });
  }
  const log = BigInt(ring.fileOffset);
  if (read.target < log + BigInt(ring.length) && end > log) {
    return finding('VHDX_LOG_TARGET_LOG', {
      ...detail,
      message: `${extent}, which is inside of the log itself (${hex(log)} to ${hex(log + BigInt(ring.length))}).`,
    });
  }
  if (end > bound || exactNumber(end) === undefined) {
    return finding('VHDX_LOG_TARGET_BEYOND_END', {
      ...detail,
      message: `${extent}, but by the log the file ends at ${hex(bound)}.`,
    });
  }
  return undefined;
}

/** D22: two descriptors of one entry that write the same sector. */
function reportRepeats(patches: readonly LogPatch[], place: Place, report: Report): void {
  const sorted = patches.toSorted((one, other) => one.position - other.position);
  for (const [index, patch] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before.position + before.length <= patch.position) continue;
    report(
      finding('VHDX_LOG_TARGETS_REPEAT', {
        ...patch.descriptor,
        length: 32,
        message: `${before.descriptor.path} and ${patch.descriptor.path} of the entry at ${hex(place.fileOffset)} both write the sector at ${hex(patch.position)}.`,
      }),
    );
    return;
  }
}

/** `D21`: where the file may end, by the entry and the file as it is, rounded up to a whole MiB. */
function fileBound({ header }: LogEntry, fileSize: number): bigint {
  const unit = BigInt(MIB);
  let bound = BigInt(fileSize);
  for (const size of [header.flushedFileOffset, header.lastFileOffset]) if (size > bound) bound = size;
  return ((bound + unit - 1n) / unit) * unit;
}

/**
 * What the replay of `sequence` (tail first) writes. `undefined` if it must not be replayed: a target is hostile or
 * there are too many (D18, D19, D21, reported). Also reports D15's reserved field and D22. [MS-VHDX] 2.3.3
 */
export async function planReplay(
  ring: LogRing,
  sequence: readonly LogEntry[],
  fileSize: number,
  report: Report,
  options?: SourceReadOptions,
): Promise<LogReplay | undefined> {
  const descriptorCount = sequence.reduce((sum, { header }) => sum + header.descriptorCount, 0);
  if (descriptorCount > LIMITS.replayDescriptors) {
    report(
      finding('VHDX_LOG_TOO_MANY_DESCRIPTORS', {
        fileOffset: ring.fileOffset,
        length: ring.length,
        path: 'log',
        message: `The active sequence of the log of ${sizeText(ring.length)} has ${descriptorCount} descriptors; more than ${LIMITS.replayDescriptors} are not replayed.`,
      }),
    );
    return undefined;
  }
  const patches: LogPatch[] = [];
  let hostile = false;
  for (const [number, entry] of sequence.entries()) {
    const entryPlace = { fileOffset: ring.fileOffsetOf(entry.start), path: `log.entries[${number}]` };
    const bound = fileBound(entry, fileSize);
    const first = patches.length;
    for await (const batch of readDescriptors(ring, entry.start, entry.header, true, options)) {
      for (const read of batch) {
        if ('fault' in read) throw new TypeError('the log changed while it was read');
        const { descriptor, violations } = read;
        const place = {
          fileOffset: ring.fileOffsetOf(entry.start + descriptor.offset),
          path: `${entryPlace.path}.descriptors[${descriptor.index}]`,
        };
        for (const violation of violations) report(findingOfViolation(violation, place));
        const harm = hostileTarget(descriptor, place, ring, bound);
        if (harm !== undefined) {
          hostile = true;
          report(harm);
        } else if (descriptor.length > 0n) {
          patches.push(patchOf(ring, descriptor, place, Number(descriptor.target), Number(descriptor.length)));
        }
      }
    }
    reportRepeats(patches.slice(first), entryPlace, report);
  }
  return hostile ? undefined : { patches, descriptorCount };
}
