import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findActiveSequence, type SequenceEntry } from '../../../runtime/log/active-sequence.js';

const SECTOR = 4096;

/**
 * The search of 2.3.3 as the specification has it, but from every 4 KiB start and with no jumps: step 6 only saves
 * time, and step 7 does not end on a ring that is filled exactly.
 */
function bruteForce(entries: readonly SequenceEntry[], logLength: number): readonly SequenceEntry[] | undefined {
  let candidate: SequenceEntry[] | undefined;
  for (let tail = 0; tail < logLength; tail += SECTOR) {
    const current: SequenceEntry[] = [];
    for (let head = tail; ;) {
      const found = entries.find(({ start }) => start === head);
      const last = current.at(-1);
      if (found === undefined || (last !== undefined && found.sequenceNumber !== last.sequenceNumber + 1n)) break;
      current.push(found);
      head = (head + found.length) % logLength;
    }
    const last = current.at(-1);
    const from = current.findIndex(({ start }) => start === last?.tail);
    if (last === undefined || from === -1) continue;
    if (candidate === undefined || last.sequenceNumber > (candidate.at(-1)?.sequenceNumber ?? 0n)) {
      candidate = current.slice(from);
    }
  }
  return candidate;
}

/** Entries as [start, length, tail] in sectors and their sequence numbers. */
function entry(start: number, length: number, sequenceNumber: bigint | number, tail: number): SequenceEntry {
  return {
    start: start * SECTOR,
    length: length * SECTOR,
    sequenceNumber: BigInt(sequenceNumber),
    tail: tail * SECTOR,
  };
}

function numbers(sequence: readonly SequenceEntry[] | undefined): number[] | undefined {
  return sequence?.map(({ sequenceNumber }) => Number(sequenceNumber));
}

describe('by example', () => {
  test('no entries → no sequence', () => {
    expect(findActiveSequence([], 8 * SECTOR)).toBeUndefined();
  });

  test('three entries, the tail at the second → the second and the third', () => {
    const ring = [entry(0, 2, 5, 0), entry(2, 1, 6, 0), entry(3, 1, 7, 2)];
    expect(numbers(findActiveSequence(ring, 8 * SECTOR))).toEqual([6, 7]);
  });

  test('tail outside of the sequence → no sequence', () => {
    expect(findActiveSequence([entry(0, 2, 5, 4)], 8 * SECTOR)).toBeUndefined();
  });

  test('tail inside of an entry → no sequence', () => {
    expect(findActiveSequence([entry(0, 3, 5, 1)], 8 * SECTOR)).toBeUndefined();
  });

  test('sequence that wraps → found from its start', () => {
    const ring = [entry(6, 2, 5, 6), entry(0, 1, 6, 6), entry(1, 1, 7, 6)];
    expect(numbers(findActiveSequence(ring, 8 * SECTOR))).toEqual([5, 6, 7]);
  });

  test('ring filled exactly by one entry → found, and the search ends', () => {
    expect(numbers(findActiveSequence([entry(3, 8, 5, 3)], 8 * SECTOR))).toEqual([5]);
  });

  test('ring filled exactly by four entries → found, and the search ends', () => {
    const ring = [entry(2, 2, 5, 2), entry(4, 2, 6, 2), entry(6, 2, 7, 2), entry(0, 2, 8, 2)];
    expect(numbers(findActiveSequence(ring, 8 * SECTOR))).toEqual([5, 6, 7, 8]);
  });

  test('gap in the sequence numbers → the newer part alone', () => {
    const ring = [entry(0, 1, 5, 0), entry(1, 1, 7, 1), entry(2, 1, 8, 1)];
    expect(numbers(findActiveSequence(ring, 8 * SECTOR))).toEqual([7, 8]);
  });

  test('newer sequence that is not valid → the older one', () => {
    const ring = [entry(0, 1, 5, 0), entry(4, 1, 9, 0)];
    expect(numbers(findActiveSequence(ring, 8 * SECTOR))).toEqual([5]);
  });

  test('sequence numbers past 2^63 → compared as unsigned', () => {
    const ring = [entry(0, 1, 2n ** 63n - 1n, 0), entry(4, 1, 2n ** 64n - 1n, 4)];
    expect(findActiveSequence(ring, 8 * SECTOR)?.[0]?.sequenceNumber).toBe(2n ** 64n - 1n);
  });
});

describe('against the search of 2.3.3 by brute force', () => {
  /** Every way to fill `sectors` from `at` on with entries and gaps; an entry may go past the end, up to `limit`. */
  function* layouts(at: number, limit: number, ring: number): Generator<[number, number][]> {
    if (at >= ring || at >= limit) {
      yield [];
      return;
    }
    for (const rest of layouts(at + 1, limit, ring)) yield rest;
    for (let length = 1; at + length <= limit; length += 1) {
      const first = at;
      for (const rest of layouts(at + length, limit, ring)) yield [[first, length], ...rest];
    }
  }

  /** All lists of `count` values from 0 to `values` - 1. */
  function* products(count: number, values: number): Generator<number[]> {
    if (count === 0) {
      yield [];
      return;
    }
    for (const rest of products(count - 1, values)) {
      for (let value = 0; value < values; value += 1) yield [value, ...rest];
    }
  }

  test.each([1, 2, 3, 4])('every ring of %i sectors → the same sequence', (ring) => {
    let compared = 0;
    // The first entry may begin at any sector: what goes past the end wraps to the sectors before it.
    for (let shift = 0; shift < ring; shift += 1) {
      for (const layout of layouts(0, ring, ring)) {
        for (const sequences of products(layout.length, 4)) {
          for (const tails of products(layout.length, ring)) {
            const entries = layout.map(([start, length], index) =>
              entry((start + shift) % ring, length, (sequences[index] ?? 0) + 1, tails[index] ?? 0),
            );
            const [found, expected] = [findActiveSequence(entries, ring * SECTOR), bruteForce(entries, ring * SECTOR)];
            compared += 1;
            if (found?.length !== expected?.length || found?.some((one, index) => one !== expected?.[index])) {
              expect({ entries, found }).toEqual({ entries, found: expected });
            }
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(ring);
  });

  test('random rings → the same sequence', () => {
    const ring = fc
      .record({
        sectors: fc.integer({ min: 1, max: 40 }),
        shift: fc.nat(39),
        parts: fc.array(
          fc.record({
            gap: fc.oneof(fc.constant(0), fc.nat(2)),
            length: fc.integer({ min: 1, max: 5 }),
            step: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: -3, max: 4 })),
            back: fc.nat(5),
            astray: fc.nat(9),
          }),
          { maxLength: 20 },
        ),
      })
      .map(({ sectors, shift, parts }) => {
        const entries: SequenceEntry[] = [];
        let at = 0;
        let number = 20;
        for (const { gap, length, step, back, astray } of parts) {
          at += gap;
          if (at + length > sectors) break;
          number += step;
          const start = (at + shift) % sectors;
          const earlier = entries[Math.max(0, entries.length - back)]?.start ?? start * SECTOR;
          const tail = astray === 0 ? (start * 7) % sectors : back === 0 ? start : earlier / SECTOR;
          entries.push(entry(start, length, number, tail));
          at += length;
        }
        return { entries, logLength: sectors * SECTOR };
      });
    const seen = { none: 0, one: 0, several: 0, wrapped: 0 };
    fc.assert(
      fc.property(ring, ({ entries, logLength }) => {
        const sequence = findActiveSequence(entries, logLength);
        expect(sequence).toEqual(bruteForce(entries, logLength));
        if (sequence === undefined) seen.none += 1;
        else if (sequence.length === 1) seen.one += 1;
        else seen.several += 1;
        if (sequence?.some(({ start }) => start < (sequence[0]?.start ?? 0)) === true) seen.wrapped += 1;
      }),
      { numRuns: 20_000, seed: 233 },
    );
    // The rings are of every kind.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1000);
  });
});
