/** Carries a mutation out. */
import { refixChecksum } from '../support/log-entries.js';
import { KIB, MIB } from '../support/image-builder.js';
import type { Base } from './bases.js';
import { FuzzImage } from './fuzz-image.js';
import type { Mutation } from './mutator.js';

const HEADERS = [64 * KIB, 128 * KIB] as const;
const TABLES = [192 * KIB, 256 * KIB] as const;
const SECTOR = 4096;

/** A file of up to this many bytes is read through often; the work on a longer one is given up. */
const SHORT_FILE = 128 * MIB;
const LONGEST_READ = 4 * MIB;

/** Bytes that a case may read: each structure a few times, whatever it says. */
export function workOf(size: number): number {
  return 64 * MIB + 16 * Math.min(size, SHORT_FILE);
}

/** True if the file is so long that giving up on it says nothing. */
export function isLong(size: number): boolean {
  return size > SHORT_FILE;
}

export function apply({ image }: Base, { writes, size, repair }: Mutation): FuzzImage {
  const made = new FuzzImage(image.source, size, { longestRead: LONGEST_READ, bytes: workOf(size) });
  for (const { at, bytes } of writes) made.write(bytes, at);
  if (repair.copies && writes.some(({ at }) => at >= TABLES[0] && at < TABLES[1])) {
    made.write(made.bytes(TABLES[0], 64 * KIB), TABLES[1]);
  }
  if (repair.checksums)
    repairChecksums(
      made,
      writes.map(({ at }) => at),
      image.logOffset,
      image.logLength,
    );
  return made;
}

/** Makes the checksums right of the structures that were touched. */
function repairChecksums(made: FuzzImage, touched: readonly number[], logOffset: number, logLength: number): void {
  const isTouched = (start: number, length: number): boolean =>
    touched.some((at) => at >= start && at < start + length);
  const repair = (at: number, length: number): void => {
    const bytes = made.bytes(at, length);
    refixChecksum(bytes, 4);
    made.write(bytes.subarray(4, 8), at + 4);
  };
  for (const at of HEADERS) if (isTouched(at, SECTOR)) repair(at, SECTOR);
  for (const at of TABLES) if (isTouched(TABLES[0], 128 * KIB)) repair(at, 64 * KIB);
  if (!isTouched(logOffset, logLength)) return;
  for (const at of new Set(touched.filter((each) => each >= logOffset && each < logOffset + logLength))) {
    const start = logOffset + Math.floor((at - logOffset) / SECTOR) * SECTOR;
    repairEntry(made, start - logOffset, logOffset, logLength);
  }
}

/** The log entry at `start`, or the one that its sector is probably part of; entries may wrap. */
function repairEntry(made: FuzzImage, start: number, logOffset: number, logLength: number): void {
  for (let back = 0; back <= 4; back += 1) {
    const from = (start - back * SECTOR + logLength) % logLength;
    const head = made.bytes(logOffset + from, 64);
    const view = new DataView(head.buffer);
    const length = view.getUint32(8, true);
    if (view.getUint32(0, true) !== 0x65676f6c || length < SECTOR || length > logLength) continue;
    const room = Math.min(length, logLength - from);
    const entry = new Uint8Array(length);
    entry.set(made.bytes(logOffset + from, room));
    entry.set(made.bytes(logOffset, length - room), room);
    refixChecksum(entry, 4);
    made.write(entry.subarray(4, 8), logOffset + from + 4);
    return;
  }
}
