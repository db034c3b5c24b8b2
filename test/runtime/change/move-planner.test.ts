import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FileLayout, FIRST_MOVABLE, FIXED, FREE, type Move } from '../../../runtime/change/file-layout.js';
import { type BatchLimits, type MoveBatch, planMoves } from '../../../runtime/change/move-planner.js';
import { planSort } from '../../../runtime/change/sort-planner.js';

const FIRST_SMALL = 1000;
const FIRST_STRUCTURE = 2000;

/** A piece of a file: so many MiBs that are free or a structure's, fixed, a block, or a sector bitmap block. */
type Piece = 'block' | 'small' | 'fixed' | { readonly free: number } | { readonly structure: number };

function layoutOf(
  pieces: readonly Piece[],
  blockUnits: number,
  order: (index: number) => number = (i) => i,
): FileLayout {
  const structureUnits = pieces.flatMap((piece) =>
    typeof piece === 'object' && 'structure' in piece ? [piece.structure] : [],
  );
  const numbers = { firstSmall: FIRST_SMALL, firstStructure: FIRST_STRUCTURE };
  const layout = new FileLayout(0, { blockUnits, ...numbers, structureUnits });
  layout.put(FIXED, 0, 1);
  let unit = 1;
  let blocks = 0;
  let smalls = 0;
  let structures = 0;
  for (const piece of pieces) {
    if (typeof piece === 'object') {
      const isFree = 'free' in piece;
      const length = isFree ? piece.free : piece.structure;
      if (!isFree) layout.put(FIRST_STRUCTURE + structures++, unit, length);
      unit += length;
      continue;
    }
    const id = piece === 'fixed' ? FIXED : piece === 'block' ? FIRST_MOVABLE + order(blocks++) : FIRST_SMALL + smalls++;
    const units = piece === 'block' ? blockUnits : 1;
    layout.put(id, unit, units);
    unit += units;
  }
  return layout;
}

function unitsOf(layout: FileLayout): number[] {
  return Array.from({ length: layout.end }, (_, unit) => layout.at(unit));
}

interface Result {
  readonly moves: readonly Move[];
  readonly batches: number;
  /** The file at the end, by MiB. */
  readonly units: readonly number[];
  /** The longest that the file was. */
  readonly longest: number;
}

/** Carries batches out on a file of its own, and makes sure that nothing is ever written over. */
function carryOut(
  layout: FileLayout,
  plan: (layout: FileLayout, limits: BatchLimits) => Generator<MoveBatch>,
  limits: BatchLimits,
): Result {
  const units = unitsOf(layout);
  const moves: Move[] = [];
  let batches = 0;
  let longest = units.length;
  for (const batch of plan(layout, limits)) {
    batches += 1;
    if (batch.some(({ id }) => layout.isStructure(id))) expect(batch).toHaveLength(1);
    for (const { id, from, to, units: length } of batch) {
      for (let step = 0; step < length; step += 1) {
        if ((units[to + step] ?? FREE) !== FREE) throw new Error(`MiB ${to + step} is written over`);
        if (units[from + step] !== id) throw new Error(`${id} is not at MiB ${from + step}`);
        units[to + step] = id;
      }
      longest = Math.max(longest, to + length);
    }
    for (const { from, units: length } of batch) units.fill(FREE, from, from + length);
    moves.push(...batch);
  }
  while (units.length > 0 && units.at(-1) === FREE) units.pop();
  return { moves, batches, units: Array.from(units, (id) => id ?? FREE), longest };
}

function count(units: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of units) if (id !== FREE) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

const pieces = (weights: { fixed: number; structure?: number }): fc.Arbitrary<Piece[]> =>
  fc.array(
    fc.oneof(
      {
        weight: weights.structure ?? 0,
        arbitrary: fc.integer({ min: 1, max: 12 }).map((structure): Piece => ({ structure })),
      },
      { weight: 5, arbitrary: fc.constant<Piece>('block') },
      { weight: 2, arbitrary: fc.constant<Piece>('small') },
      { weight: weights.fixed, arbitrary: fc.constant<Piece>('fixed') },
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }).map((free): Piece => ({ free })) },
    ),
    { maxLength: 40 },
  );
const limitsOf: fc.Arbitrary<BatchLimits> = fc.record({
  moves: fc.integer({ min: 1, max: 6 }),
  units: fc.integer({ min: 1, max: 12 }),
});
const blockUnitsOf = fc.integer({ min: 1, max: 5 });

describe('planMoves', () => {
  test('any file without obstacles → no free MiB is left, nothing is lost or written over', () => {
    fc.assert(
      fc.property(pieces({ fixed: 0 }), blockUnitsOf, limitsOf, (list, blockUnits, limits) => {
        const layout = layoutOf(list, blockUnits);
        const before = unitsOf(layout);
        const { units, longest, moves } = carryOut(layout, planMoves, limits);
        expect(units).toEqual(unitsOf(layout));
        expect(count(units)).toEqual(count(before));
        expect(units).not.toContain(FREE);
        // What makes room at the end is at most a batch.
        expect(longest).toBeLessThanOrEqual(before.length + Math.max(limits.units, blockUnits));
        if (!before.includes(FREE)) expect(moves).toEqual([]);
      }),
      { seed: 16, numRuns: 2000 },
    );
  });

  test('a file with a log and regions anywhere → no free MiB is left, nothing is lost or written over', () => {
    fc.assert(
      fc.property(pieces({ fixed: 0, structure: 2 }), blockUnitsOf, limitsOf, (list, blockUnits, limits) => {
        const layout = layoutOf(list, blockUnits);
        const before = unitsOf(layout);
        const { units, longest, moves } = carryOut(layout, planMoves, limits);
        expect(units).toEqual(unitsOf(layout));
        expect(count(units)).toEqual(count(before));
        expect(units).not.toContain(FREE);
        const ofStructures = before.filter((id) => id >= FIRST_STRUCTURE).length;
        expect(longest).toBeLessThanOrEqual(before.length + Math.max(limits.units, blockUnits) + ofStructures);
        if (!before.includes(FREE)) expect(moves).toEqual([]);
      }),
      { seed: 16, numRuns: 2000 },
    );
  });

  test('a structure at the end, and a hole for it → it moves, and nothing else does', () => {
    const list: Piece[] = ['block', { free: 4 }, 'block', 'block', { structure: 4 }];
    const { moves } = carryOut(layoutOf(list, 32), planMoves, { moves: 64, units: 320 });
    expect(moves).toEqual([{ id: FIRST_STRUCTURE, from: 1 + 32 + 4 + 64, to: 33, units: 4 }]);
  });

  test('a file with obstacles → what is fixed stays, and nothing behind it has a hole in front of it', () => {
    fc.assert(
      fc.property(pieces({ fixed: 2 }), blockUnitsOf, limitsOf, (list, blockUnits, limits) => {
        const layout = layoutOf(list, blockUnits);
        const before = unitsOf(layout);
        const { units } = carryOut(layout, planMoves, limits);
        expect(count(units)).toEqual(count(before));
        for (const [unit, id] of before.entries()) if (id === FIXED) expect(units[unit]).toBe(FIXED);
        expect(units.length).toBeLessThanOrEqual(before.length);
        const behind = units.slice(units.lastIndexOf(FIXED) + 1);
        expect(behind).not.toContain(FREE);
        // A block behind all that is fixed would have gone into a hole that has room for it.
        const holes =
          units
            .slice(0, units.lastIndexOf(FIXED))
            .join(' ')
            .match(/\b0( 0)*\b/g) ?? [];
        const widest = Math.max(0, ...holes.map((hole) => hole.split(' ').length));
        if (behind.some((id) => id < FIRST_SMALL)) expect(widest).toBeLessThan(blockUnits);
        if (behind.some((id) => id >= FIRST_SMALL)) expect(widest).toBe(0);
      }),
      { seed: 16, numRuns: 2000 },
    );
  });

  test('every second block is free → half of the others move, each once', () => {
    const list = Array.from({ length: 100 }, (): Piece[] => ['block', { free: 1 }]).flat();
    const { moves, units, longest } = carryOut(layoutOf(list, 1), planMoves, { moves: 64, units: 64 });
    expect(units).toHaveLength(101);
    expect(moves).toHaveLength(50);
    expect(longest).toBe(200);
  });

  test('a hole that no block fits into → what lies behind it moves once, but for what makes room', () => {
    const list: Piece[] = [{ free: 1 }, ...Array.from({ length: 100 }, (): Piece => 'block')];
    const { moves, units, batches } = carryOut(layoutOf(list, 32), planMoves, { moves: 64, units: 320 });
    expect(units).toHaveLength(1 + 100 * 32);
    expect(moves).toHaveLength(110);
    expect(batches).toBe(11);
  });

  test('a claim behind the end of the file → nothing goes there', () => {
    const layout = new FileLayout(0, { blockUnits: 2, firstSmall: FIRST_SMALL, claimedEnd: 100 });
    layout.put(FIXED, 0, 1);
    layout.put(2, 2, 2);
    expect([...planMoves(layout, { moves: 4, units: 4 })]).toEqual([]);
  });
});

describe('planSort', () => {
  test('blocks in any order → they are in the order of the disk, in the same places', () => {
    fc.assert(
      fc.property(
        pieces({ fixed: 1 }),
        blockUnitsOf,
        limitsOf,
        fc.integer({ min: 0, max: 1000 }),
        (list, blockUnits, limits, shift) => {
          const blocks = list.filter((piece) => piece === 'block').length;
          const order = (index: number): number =>
            (index * 7 + shift) % Math.max(1, blocks % 7 === 0 ? blocks + 1 : blocks);
          const layout = layoutOf(list, blockUnits, order);
          const before = unitsOf(layout);
          const { units, moves } = carryOut(layout, planSort, limits);
          expect(count(units)).toEqual(count(before));
          const isBlock = (id: number): boolean => id >= FIRST_MOVABLE && id < FIRST_SMALL;
          expect(units.map(isBlock)).toEqual(before.map(isBlock));
          const ids = units.filter(isBlock);
          expect(ids).toEqual(ids.toSorted((one, other) => one - other));
          if (before.filter(isBlock).every((id, at, all) => at === 0 || (all[at - 1] ?? 0) <= id)) {
            expect(moves).toEqual([]);
          }
        },
      ),
      { seed: 16, numRuns: 2000 },
    );
  });

  test('all blocks one place off → all but a few move once', () => {
    const list = Array.from({ length: 200 }, (): Piece => 'block');
    const { moves } = carryOut(
      layoutOf(list, 1, (index) => (index + 1) % 200),
      planSort,
      { moves: 16, units: 16 },
    );
    expect(moves.length).toBeLessThanOrEqual(200 + 16);
  });
});
