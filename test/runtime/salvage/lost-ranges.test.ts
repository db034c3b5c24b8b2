import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../runtime/limits.js';
import { LostRanges } from '../../../runtime/salvage/lost-ranges.js';

const CODES = ['VHDX_SOURCE_IO', 'VHDX_BAT_BLOCK_BEYOND_END'] as const;

test('ranges in any order, and again → disjoint, in order, the first reason of each byte', () => {
  const ranges = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.constantFrom(...CODES)));
  fc.assert(
    fc.property(ranges, (added) => {
      const lost = new LostRanges();
      const model = Array.from<string | undefined>({ length: 100 });
      for (const [start, length, code] of added) {
        lost.add(start, length, { code, message: 'why' });
        for (let at = start; at < start + length; at += 1) model[at] ??= code;
      }
      const found = Array.from<string | undefined>({ length: 100 });
      let last: { end: number; code: string } | undefined;
      for (const { virtualOffset, length, code } of lost.ranges) {
        if (last !== undefined && virtualOffset < last.end) throw new Error('not in order');
        if (last?.end === virtualOffset && last.code === code) throw new Error('neighbours of one cause');
        found.fill(code, virtualOffset, virtualOffset + length);
        last = { end: virtualOffset + length, code };
      }
      expect(found).toEqual(model);
      expect(lost.bytes).toBe(model.filter((code) => code !== undefined).length);
    }),
    { numRuns: 300, seed: 16, endOnFailure: true },
  );
});

describe('more ranges than are kept', () => {
  test('→ says from where on the list has not all', () => {
    const lost = new LostRanges();
    for (let at = 0; at < LIMITS.lostRanges + 5; at += 1) lost.add(at * 2, 1, { code: CODES[0], message: '' });
    expect(lost.ranges).toHaveLength(LIMITS.lostRanges);
    expect(lost.unlistedFrom).toBe(LIMITS.lostRanges * 2);
  });
});

test('the same cause in another image → a range of its own', () => {
  const lost = new LostRanges();
  lost.add(0, 10, { code: CODES[0], message: 'one' });
  lost.add(10, 10, { code: CODES[0], message: 'two', image: 'parent.vhdx' });
  expect(lost.ranges.map(({ image }) => image)).toEqual([undefined, 'parent.vhdx']);
});
