import { describe, expect, test } from 'vitest';
import { ClaimBatch } from '../../../runtime/image/claim-batch.js';
import { OwnershipMap } from '../../../runtime/image/mib-ownership.js';
import { MIB } from '../../support/image-builder.js';
import { Random } from '../../support/random.js';

const SEED = 20;

/** Which entries find their place taken: every one whose place an earlier one has; 0 is none. */
function modelOf(places: readonly number[]): number[] {
  const seen = new Set<number>();
  return places.flatMap((place, index) => {
    if (place === 0) return [];
    if (seen.has(place)) return [index];
    seen.add(place);
    return [];
  });
}

/** Entries of the table that are read at once, at most. */
const READING = 131_072;

/** The same by the batch, in readings of `perReading` entries. */
function takenOf(places: readonly number[], perReading: number): { taken: number[]; owners: OwnershipMap } {
  const owners = new OwnershipMap();
  const taken: number[] = [];
  const batch = new ClaimBatch(owners, { units: 1, entries: places.length }, (index, place, unit) => {
    expect([place, unit]).toEqual([places[index], places[index]]);
    taken.push(index);
  });
  let array: Int32Array = new Int32Array(0);
  for (const [index, place] of places.entries()) {
    if (index % perReading === 0) array = batch.begin(index);
    if (place === 0) continue;
    // Every other way in, with entries between them that have nothing.
    if (index % 7 < 3 && place <= ClaimBatch.MAX_PLACE) {
      array[index % perReading] = place;
      batch.added(index % perReading, 1);
    } else batch.add(index, place);
  }
  batch.flush();
  // The next one has the memory of this one.
  batch.release();
  return { taken: taken.toSorted((one, other) => one - other), owners };
}

describe('blocks of 1 MiB that are entered together', () => {
  test.each([
    ['a few', 300, 200, READING],
    ['many without order in 64 TiB', 60_000, 2 ** 26, READING],
    ['many without order, each place about three times', 60_000, 20_000, READING],
    ['more than 128 TiB apart', 20_000, 2 ** 28, READING],
    ['in several readings', 300_000, 2 ** 26, READING],
    ['a few at a time', 20_000, 10_000, 5000],
  ])('%s → the later of two on one place is told, whatever the order', (_, count, span, perReading) => {
    const random = new Random(SEED);
    const places = Array.from({ length: count }, () => 1 + random.below(span));
    const { taken, owners } = takenOf(places, perReading);
    expect(taken).toEqual(modelOf(places));
    for (let sample = 0; sample < 1000; sample += 1) {
      const unit = places[random.below(count)] ?? 0;
      expect(owners.isClaimed(unit)).toBe(true);
    }
  });

  test.each([10, 600, 50_000])('one entry in %i has a block → the same', (distance) => {
    const random = new Random(SEED);
    const places = Array.from({ length: 400_000 }, () => (random.oneIn(distance) ? 1 + random.below(40_000) : 0));
    const { taken, owners } = takenOf(places, READING);
    expect(taken).toEqual(modelOf(places));
    expect(places.filter((place) => place > 0 && !owners.isClaimed(place))).toEqual([]);
  });

  test.each([
    ['the last place that is put in order', 2 ** 27 - 1],
    ['the first that is not', 2 ** 27],
  ])('%s, twice among many without order → told', (_, place) => {
    const random = new Random(SEED);
    const places = Array.from({ length: 20_000 }, () => 1 + random.below(2 ** 27 - 2));
    places[5000] = place;
    places[15_000] = place;
    const { taken, owners } = takenOf(places, READING);
    expect(taken).toEqual(modelOf(places));
    expect(owners.isClaimed(place)).toBe(true);
  });

  test('in order → none is taken, and only these are claimed', () => {
    const { taken, owners } = takenOf(
      Array.from({ length: 200_000 }, (_, index) => 10 + index),
      READING,
    );
    expect(taken).toEqual([]);
    expect([owners.isClaimed(9), owners.isClaimed(10), owners.isClaimed(200_009), owners.isClaimed(200_010)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('entries without storage between them → not entered, wherever the blocks begin', () => {
    const owners = new OwnershipMap();
    const batch = new ClaimBatch(owners, { units: 4, entries: 3000 }, () => expect.unreachable());
    batch.begin(1000);
    // A block right behind where one would be that followed nothing.
    for (const [index, place] of [
      [1001, 3],
      [1003, 40],
      [1004, 44],
    ] as const) {
      batch.add(index, place);
    }
    batch.begin(2000);
    batch.flush();
    expect([...owners.free(50 * MIB)]).toEqual([
      [0, 3],
      [7, 40],
      [48, 50],
    ]);
  });

  test.each([2, 32, 256])('blocks of %d MiB anywhere → the first MiB that an earlier one has', (units) => {
    const random = new Random(SEED);
    for (let round = 0; round < 20; round += 1) {
      const [owners, other] = [new OwnershipMap(), new OwnershipMap()];
      const found: number[][] = [];
      const batch = new ClaimBatch(owners, { units, entries: 300 }, (...taken) => found.push(taken));
      const expected: number[][] = [];
      let place = 1;
      for (let index = 0; index < 300; index += 1) {
        if (index % 100 === 0) batch.begin(index);
        place = random.below(3) === 0 ? 1 + random.below(units * 600) : place + units;
        // Across the end of what is put in order, too.
        const at = random.below(50) === 0 ? 2 ** 27 - units + random.below(2 * units) : place;
        batch.add(index, at);
        const taken = other.claim(at, units);
        if (taken !== -1) expected.push([index, at, taken]);
      }
      batch.flush();
      expect(found).toEqual(expected);
      expect([...owners.free((1 + units * 1000) * MIB)]).toEqual([...other.free((1 + units * 1000) * MIB)]);
      expect(owners.end).toBe(other.end);
    }
  });
});
