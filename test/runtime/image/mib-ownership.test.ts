/** Who owns each MiB of a file, compared with plain sets of numbers. */
import { describe, expect, test } from 'vitest';
import { mapStructures, OwnershipMap } from '../../../runtime/image/mib-ownership.js';
import { KIB, MIB, TIB } from '../../support/image-builder.js';
import { Random } from '../../support/random.js';

const SEED = 41;
/** MiBs up to which the map is one array, and those of one page behind it. */
const FLAT = (128 * TIB) / MIB;
const PAGE = 65_536;

function extent(first: number, count: number): { fileOffset: number; length: number; title: string } {
  return { fileOffset: first * MIB, length: count * MIB, title: `${first}+${count}` };
}

describe('claim', () => {
  test.each([
    ['at the start', 0],
    ['across words of 32', 30],
    ['across pages', PAGE - 3],
    ['across the end of the array', FLAT - 3],
    ['across pages behind the array', FLAT + PAGE - 3],
  ])('%s → the first MiB that another block has, or -1', (_, first) => {
    const owners = new OwnershipMap();
    expect(owners.claim(first, 6)).toBe(-1);
    expect([first - 1, first, first + 5, first + 6].map((unit) => owners.isClaimed(unit))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(owners.claim(first + 6, 2)).toBe(-1);
    expect(owners.claim(first + 4, 3)).toBe(first + 4);
    expect(owners.claim(first, 1)).toBe(first);
    expect(owners.end).toBe(first + 8);
  });

  test('more pages behind 128 TiB than there may be → incomplete, not out of memory', () => {
    const owners = new OwnershipMap();
    let pages = 0;
    while (!owners.incomplete && pages < 1_000_000) {
      owners.claim(FLAT + pages * PAGE, 1);
      pages += 1;
    }
    expect(owners.incomplete).toBe(true);
    expect(owners.isClaimed(FLAT)).toBe(true);
    expect(owners.isClaimed(FLAT + (pages - 1) * PAGE)).toBe(false);
  });
});

describe('claimFree', () => {
  test('random ranges → entered whole if none of it was, else nothing is', () => {
    const random = new Random(SEED);
    for (let round = 0; round < 100; round += 1) {
      const [owners, other] = [new OwnershipMap(), new OwnershipMap()];
      owners.reserve(round % 2 === 0 ? 700 * MIB : 0);
      for (let step = 0; step < 12; step += 1) {
        const [first, count] = [random.below(500), 1 + random.below(step % 2 === 0 ? 5 : 150)];
        const isFree = !Array.from({ length: count }, (_, unit) => other.isClaimed(first + unit)).includes(true);
        expect(owners.claimFree(first, count)).toBe(isFree);
        if (isFree) other.claim(first, count);
        expect([...owners.free(700 * MIB)]).toEqual([...other.free(700 * MIB)]);
      }
    }
  });

  test('what reaches behind the array → left to claim', () => {
    const owners = new OwnershipMap();
    expect([owners.claimFree(FLAT - 1, 2), owners.claimFree(FLAT - 1, 1), owners.claimFree(FLAT, 1)]).toEqual([
      false,
      true,
      false,
    ]);
    expect([owners.isClaimed(FLAT - 1), owners.isClaimed(FLAT)]).toEqual([true, false]);
  });
});

describe('share', () => {
  test('what was told → shared, nothing else', () => {
    const owners = new OwnershipMap();
    expect(owners.isShared(0, 100)).toBe(false);
    owners.share(10, 2);
    expect([owners.isShared(8, 2), owners.isShared(9, 2), owners.isShared(11, 5), owners.isShared(12, 5)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(owners.isClaimed(10)).toBe(false);
  });
});

describe('fixed structures', () => {
  test('a range → the first structure that shares a byte with it', () => {
    const owners = new OwnershipMap();
    owners.addExtent({ fileOffset: 4 * KIB, length: 4 * KIB, title: 'a' });
    owners.addExtent({ fileOffset: 2 * MIB, length: MIB, title: 'b' });
    const titleAt = (at: number, length: number): string | undefined => owners.extentAt(at, length)?.title;
    expect([titleAt(0, 4 * KIB), titleAt(0, 4 * KIB + 1), titleAt(8 * KIB - 1, 1), titleAt(8 * KIB, 1)]).toEqual([
      undefined,
      'a',
      'a',
      undefined,
    ]);
    expect(titleAt(8 * KIB, 2 * MIB)).toBe('b');
    expect(owners.end).toBe(3);
  });

  test('random structures, also one in another → touchesExtent says what extentAt finds', () => {
    const random = new Random(SEED);
    for (let round = 0; round < 200; round += 1) {
      const owners = new OwnershipMap();
      for (let count = random.below(8); count > 0; count -= 1) {
        owners.addExtent({ fileOffset: random.below(100), length: 1 + random.below(30), title: '' });
      }
      for (let at = 0; at < 130; at += 1) {
        const length = 1 + random.below(10);
        expect(owners.touchesExtent(at, length)).toBe(owners.extentAt(at, length) !== undefined);
      }
      // Asked before, and then there is one more.
      owners.addExtent({ fileOffset: 200, length: 1, title: '' });
      expect(owners.touchesExtent(200, 1)).toBe(true);
    }
  });
});

describe('free', () => {
  test('a structure inside of another one → what follows the outer one is free, not what follows the inner one', () => {
    const owners = new OwnershipMap();
    owners.addExtent(extent(1, 8));
    owners.addExtent(extent(2, 2));
    expect([...owners.free(12 * MIB)]).toEqual([
      [0, 1],
      [9, 12],
    ]);
  });

  test('a file that ends within a MiB → that counts as a whole one', () => {
    expect([...new OwnershipMap().free(3 * MIB + 1)]).toEqual([[0, 4]]);
  });

  test.each([
    ['of the array', 0],
    ['across pages', PAGE - 100],
    ['across the end of the array', FLAT - 100],
  ])('random structures and blocks %s → every MiB that nobody has, in ranges as long as they can be', (_, base) => {
    const random = new Random(SEED);
    for (let round = 0; round < 60; round += 1) {
      const owners = new OwnershipMap();
      const taken = new Set<number>();
      if (base > 0) owners.addExtent(extent(0, base));
      const enter = (first: number, count: number): void => {
        for (let unit = first; unit < first + count; unit += 1) taken.add(unit);
      };
      for (let count = random.below(4); count > 0; count -= 1) {
        const [first, length] = [base + random.below(200), 1 + random.below(20)];
        owners.addExtent(extent(first, length));
        enter(first, length);
      }
      for (let count = random.below(20); count > 0; count -= 1) {
        const [first, length] = [base + random.below(200), 1 + random.below(random.oneIn(3) ? 70 : 4)];
        owners.claim(first, length);
        enter(first, length);
      }
      const end = base + 100 + random.below(150);
      const expected: [number, number][] = [];
      for (let unit = base; unit < end; unit += 1) {
        const last = expected.at(-1);
        if (taken.has(unit)) continue;
        if (last?.[1] === unit) last[1] = unit + 1;
        else expected.push([unit, unit + 1]);
      }
      const found = new Set<number>();
      for (const [from, to] of owners.free(end * MIB)) for (let unit = from; unit < to; unit += 1) found.add(unit);
      expect(rangesOf(found)).toEqual(expected);
      for (let unit = base; unit < base + 300; unit += 1) expect(owners.isTaken(unit, 1)).toBe(taken.has(unit));
    }
  });
});

/** Numbers as ranges [first, end). */
function rangesOf(units: ReadonlySet<number>): [number, number][] {
  const ranges: [number, number][] = [];
  for (const unit of [...units].toSorted((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last?.[1] === unit) last[1] = unit + 1;
    else ranges.push([unit, unit + 1]);
  }
  return ranges;
}

test('the structures of an image → header section, log and regions', () => {
  const owners = mapStructures({
    log: undefined,
    regions: undefined,
  });
  expect(owners.extents.map(({ title }) => title)).toEqual(['the header section']);
  expect([owners.touchesExtent(MIB - 1, 1), owners.touchesExtent(MIB, 1)]).toEqual([true, false]);
});
