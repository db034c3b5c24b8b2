import { describe, expect, test } from 'vitest';
import { ClaimBatch } from '../../../runtime/image/claim-batch.js';
import { OwnershipMap } from '../../../runtime/image/mib-ownership.js';
import { Random } from '../../support/random.js';

const SEED = 20;

/** Which entries find their place taken: every one whose place an earlier one has. */
function modelOf(places: readonly number[]): number[] {
  const seen = new Set<number>();
  return places.flatMap((place, index) => {
    if (seen.has(place)) return [index];
    seen.add(place);
    return [];
  });
}

/** The same by the batch, flushed after every `perFlush` entries. */
function takenOf(places: readonly number[], perFlush: number): { taken: number[]; owners: OwnershipMap } {
  const owners = new OwnershipMap();
  const taken: number[] = [];
  const batch = new ClaimBatch(owners, (index, unit) => {
    expect(unit).toBe(places[index]);
    taken.push(index);
  });
  for (const [index, place] of places.entries()) {
    batch.add(index, place);
    if (index % perFlush === perFlush - 1) batch.flush();
  }
  batch.flush();
  return { taken: taken.toSorted((one, other) => one - other), owners };
}

describe('blocks of 1 MiB that are entered together', () => {
  test.each([
    ['a few', 300, 200, 131_072],
    ['many without order in 64 TiB', 60_000, 2 ** 26, 131_072],
    ['many without order, each place about three times', 60_000, 20_000, 131_072],
    ['more than 128 TiB apart', 20_000, 2 ** 28, 131_072],
    ['more than fit at once', 300_000, 2 ** 26, Infinity],
    ['a few at a time', 20_000, 10_000, 5000],
  ])('%s → the later of two on one place is told, whatever the order', (_, count, span, perFlush) => {
    const random = new Random(SEED);
    const places = Array.from({ length: count }, () => 1 + random.below(span));
    const { taken, owners } = takenOf(places, perFlush);
    expect(taken).toEqual(modelOf(places));
    for (let sample = 0; sample < 1000; sample += 1) {
      const unit = places[random.below(count)] ?? 0;
      expect(owners.isClaimed(unit)).toBe(true);
    }
  });

  test.each([
    ['the last place that is put in order', 2 ** 27 - 1],
    ['the first that is not', 2 ** 27],
  ])('%s, twice among many without order → told', (_, place) => {
    const random = new Random(SEED);
    const places = Array.from({ length: 20_000 }, () => 1 + random.below(2 ** 27 - 2));
    places[5000] = place;
    places[15_000] = place;
    const { taken, owners } = takenOf(places, 131_072);
    expect(taken).toEqual(modelOf(places));
    expect(owners.isClaimed(place)).toBe(true);
  });

  test('in order → none is taken, and only these are claimed', () => {
    const { taken, owners } = takenOf(
      Array.from({ length: 200_000 }, (_, index) => 10 + index),
      131_072,
    );
    expect(taken).toEqual([]);
    expect([owners.isClaimed(9), owners.isClaimed(10), owners.isClaimed(200_009), owners.isClaimed(200_010)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
