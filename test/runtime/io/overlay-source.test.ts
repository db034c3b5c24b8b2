import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { OverlaySource, type Patch } from '../../../runtime/io/overlay-source.js';
import { readAvailable } from '../../../runtime/io/byte-source.js';

function patch(position: number, bytes: Uint8Array): Patch {
  const fill = (into: Uint8Array, offset: number): Promise<void> => {
    if (offset + into.length > bytes.length) throw new RangeError('the patch is left');
    into.set(bytes.subarray(offset, offset + into.length));
    return Promise.resolve();
  };
  return { position, length: bytes.length, fill };
}

test('any patches over any bytes → what writing them one after the other gives', async () => {
  const patches = fc.array(fc.tuple(fc.nat(60), fc.uint8Array({ minLength: 1, maxLength: 20 })), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 50 }),
      patches,
      fc.nat(90),
      fc.nat(90),
      fc.nat(40),
      async (base, list, from, length, least) => {
        const end = Math.max(base.length, least, ...list.map(([position, bytes]) => position + bytes.length));
        const model = new Uint8Array(end);
        model.set(base);
        for (const [position, bytes] of list) model.set(bytes, position);
        const overlay = new OverlaySource(
          new MemorySource(base),
          list.map(([position, bytes]) => patch(position, bytes)),
          least,
        );
        expect(overlay.size).toBe(end);
        // What was in the buffer before is no part of it.
        const dirty = new Uint8Array(length).fill(0xee);
        const read = await overlay.read(dirty, from);
        expect(dirty.subarray(0, read)).toEqual(model.slice(from, from + length));
        expect(dirty.subarray(read)).toEqual(new Uint8Array(length - read).fill(0xee));
        const into = new Uint8Array(10).fill(7);
        expect(await overlay.read(into, end)).toBe(0);
        expect(into).toEqual(new Uint8Array(10).fill(7));
      },
    ),
    { numRuns: 3000, seed: 23 },
  );
});

test('source under an overlay → not changed', async () => {
  const base = Uint8Array.of(1, 2, 3);
  const overlay = new OverlaySource(new MemorySource(base), [patch(1, Uint8Array.of(9))]);
  expect([...(await readAvailable(overlay, 0, 3))]).toEqual([1, 9, 3]);
  expect([...base]).toEqual([1, 2, 3]);
});
