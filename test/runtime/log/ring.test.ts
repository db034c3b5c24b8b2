/** The log as a ring, read in pieces that stay in memory. */
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type ByteSource, MemorySource } from '../../../runtime/index.js';
import { LogRing } from '../../../runtime/log/ring.js';
import { MIB } from '../../support/image-builder.js';
import { noise } from '../../support/bytes.js';
import { Random } from '../../support/random.js';

const START = 2 * MIB;
const LENGTH = 4 * MIB;
const bytes = noise(8 * MIB, 4);
const log = bytes.subarray(START, START + LENGTH);

/** Reads that take a turn each, and fill what they are given in two steps. */
function slowSource(): ByteSource & { count: number } {
  const memory = new MemorySource(bytes);
  return {
    size: bytes.length,
    count: 0,
    async read(into, position) {
      this.count += 1;
      const half = into.length >>> 1;
      await memory.read(into.subarray(0, half), position);
      await setImmediate();
      await memory.read(into.subarray(half), position + half);
      return into.length;
    },
  };
}

function expected(position: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => log[(position + index) % LENGTH] ?? 0);
}

test('short reads of many places at the same time → each has its own bytes', async () => {
  const ring = new LogRing(slowSource(), { fileOffset: START, length: LENGTH });
  const random = new Random(6);
  for (let round = 0; round < 20; round += 1) {
    const places = Array.from({ length: 8 }, () => [random.below(2 * LENGTH), 1 + random.below(9000)] as const);
    const found = await Promise.all(places.map(async ([position, length]) => ring.read(position, length)));
    for (const [index, [position, length]] of places.entries()) {
      expect(Buffer.compare(found[index] ?? new Uint8Array(0), expected(position, length))).toBe(0);
    }
  }
});

test('an entry that is looked at in parts → read once', async () => {
  const source = slowSource();
  const ring = new LogRing(source, { fileOffset: START, length: LENGTH });
  // Across the end of the log.
  const [start, length] = [LENGTH - MIB / 2, MIB];
  const parts = [
    [start, length],
    [start + 4096, 65_536],
    [start + length - 4096, 4096],
    [start, 4096],
  ] as const;
  let reads = 0;
  for (const [position, count] of parts) {
    expect(Buffer.compare(await ring.readScratch(position, count), expected(position, count))).toBe(0);
    reads ||= source.count;
  }
  expect(source.count).toBe(reads);
  expect(Buffer.compare(await ring.readScratch(start - 1, 4096), expected(start - 1, 4096))).toBe(0);
  expect(source.count).toBeGreaterThan(reads);
});
