import { describe, expect, test } from 'vitest';
import { revisionOf } from '../../../../runtime/io/node/file-revision.js';

const NOW = 1_800_000_000_000;
const NS = 1_000_000n;

/** Times of `age` milliseconds ago, with `rest` nanoseconds of the second. */
function stats(age: number, rest: bigint, changed: Partial<Parameters<typeof revisionOf>[0]> = {}) {
  const time = BigInt(NOW - age) * NS + rest;
  return { size: 5n, mtimeNs: time, ctimeNs: time, ino: 7n, isFile: () => true, ...changed };
}

describe('a name of a state', () => {
  test('size, times, inode → each is in it', () => {
    const name = revisionOf(stats(60_000, 1n), NOW);
    const time = BigInt(NOW - 60_000) * NS;
    for (const changed of [{ size: 6n }, { mtimeNs: time }, { ctimeNs: time }, { ino: 8n }]) {
      expect(revisionOf(stats(60_000, 1n, changed), NOW)).not.toBe(name);
    }
    expect(revisionOf(stats(60_000, 1n), NOW + 1)).toBe(name);
  });

  test('no regular file → none', () => {
    expect(revisionOf(stats(60_000, 1n, { isFile: () => false }), NOW)).toBeUndefined();
  });

  // A clock that counts nanoseconds still stands between its ticks.
  test.each([
    [0, 1n, false],
    [19, 1n, false],
    [21, 1n, true],
    [-5000, 1n, false],
    // Whole seconds, as on FAT, whose clock stands for two.
    [1000, 0n, false],
    [2000, 0n, false],
    [3000, 0n, true],
  ])('changed %i ms ago, %d ns of a second → settled: %s', (age, rest, isSettled) => {
    expect(revisionOf(stats(age, rest), NOW) !== undefined).toBe(isSettled);
  });

  test('one of the two times is new → none', () => {
    const now = BigInt(NOW) * NS;
    expect(revisionOf(stats(60_000, 1n, { ctimeNs: now }), NOW)).toBeUndefined();
    expect(revisionOf(stats(60_000, 1n, { mtimeNs: now }), NOW)).toBeUndefined();
  });
});
