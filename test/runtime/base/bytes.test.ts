import * as fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import * as withNode from '../../../runtime/base/bytes.js';
import { crc32c as withNodeCrc } from '../../../runtime/base/crc32c.js';

// As in a browser, where there is nothing to compare bytes with but JavaScript.
vi.resetModules();
vi.stubGlobal('Buffer', undefined);
const withoutNode = await import('../../../runtime/base/bytes.js');
const { crc32c: withoutNodeCrc } = await import('../../../runtime/base/crc32c.js');
vi.unstubAllGlobals();
afterAll(() => vi.resetModules());

/** Zeros with few other bytes among them, at any place of a larger buffer. */
const mostlyZeros = fc
  .record({
    length: fc.oneof(fc.nat(100), fc.nat(70_000)),
    shift: fc.nat(9),
    places: fc.array(fc.nat(70_000), { maxLength: 3 }),
  })
  .map(({ length, shift, places }) => {
    const bytes = new Uint8Array(length + shift).fill(0xff, 0, shift).subarray(shift);
    for (const place of places) if (place < length) bytes[place] = 1 + (place % 255);
    return bytes;
  });

describe.each([
  ['with the comparison of Node', withNode],
  ['without it', withoutNode],
])('%s', (_, { bytesEqual, firstNonzero, isZero, lengthBeforeZeros, runsOfData }) => {
  test('mostly zeros → the first other byte; none behind the length', () => {
    fc.assert(
      fc.property(mostlyZeros, (bytes) => {
        expect(firstNonzero(bytes)).toBe(bytes.findIndex((byte) => byte !== 0));
        expect(isZero(bytes)).toBe(bytes.every((byte) => byte === 0));
        const length = lengthBeforeZeros(bytes);
        expect(length).toBeGreaterThan(bytes.findLastIndex((byte) => byte !== 0));
        expect(length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('runs of data → the units that have some, one by one', () => {
    fc.assert(
      fc.property(mostlyZeros, fc.constantFrom(1, 7, 512, 4096), (bytes, unit) => {
        const expected: number[] = [];
        for (let at = 0; at < bytes.length; at += unit) {
          if (bytes.subarray(at, at + unit).some((byte) => byte !== 0)) expected.push(at);
        }
        const runs = [...runsOfData(bytes, unit)];
        const found: number[] = [];
        for (const [start, end] of runs) for (let at = start; at < end; at += unit) found.push(at);
        expect(found).toEqual(expected);
        // Neighbours are one run, and none passes the end.
        expect(runs.every(([start], index) => index === 0 || start > (runs[index - 1]?.[1] ?? 0))).toBe(true);
        expect(runs.every(([, end]) => end <= bytes.length && (end % unit === 0 || end === bytes.length))).toBe(true);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  test('two arrays at any places → equal if all bytes are', () => {
    fc.assert(
      fc.property(mostlyZeros, fc.nat(7), fc.option(fc.nat(70_000)), (bytes, shift, changed) => {
        const copy = new Uint8Array(bytes.length + shift).subarray(shift);
        copy.set(bytes);
        expect(bytesEqual(bytes, copy)).toBe(true);
        expect(bytesEqual(bytes, copy.subarray(1))).toBe(bytes.length === 0);
        if (changed === null || changed >= bytes.length) return;
        copy[changed] = (copy[changed] ?? 0) ^ 0x80;
        expect(bytesEqual(bytes, copy)).toBe(false);
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});

test('checksums with and without the comparison of Node → the same', () => {
  // Only the first leaves out zeros at the end.
  expect(withoutNode.lengthBeforeZeros(new Uint8Array(4096))).toBe(4096);
  expect(withNode.lengthBeforeZeros(new Uint8Array(4096))).toBe(0);
  fc.assert(
    fc.property(mostlyZeros, (bytes) => {
      expect(withNodeCrc(bytes)).toBe(withoutNodeCrc(bytes));
    }),
    { numRuns: 300, seed: 3 },
  );
});
