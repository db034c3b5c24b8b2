import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VhdxError } from '../../runtime/errors.js';
import { MemorySource } from '../../runtime/memory-source.js';
import { HoleSource } from '../../runtime/hole-source.js';
import { readExactly } from '../../runtime/source.js';
import { noise } from '../support/bytes.js';
import { FaultySource } from '../support/faulty-source.js';

const SECTOR = 512;
const SIZE = 40 * SECTOR + 100;
// No zeros, which are what a hole reads as.
const contents = noise(SIZE).map((byte) => byte | 1);

test('any reads of a drive with bad sectors → what is there, zeros for the rest, and exactly that as holes', async () => {
  const sectors = fc.uniqueArray(fc.nat(40), { maxLength: 12 });
  const reads = fc.array(fc.tuple(fc.nat(SIZE + 2000), fc.integer({ min: 1, max: 9000 })), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(sectors, reads, async (bad, asked) => {
      const ranges = bad.map((sector) => [sector * SECTOR, (sector + 1) * SECTOR] as const);
      const source = new HoleSource(new FaultySource(new MemorySource(contents), ranges));
      const isLost = (at: number): boolean => at >= SIZE || bad.includes(Math.floor(at / SECTOR));
      for (const [position, length] of asked) {
        const bytes = await readExactly(source, position, length);
        for (const [index, byte] of bytes.entries()) {
          const at = position + index;
          if (byte !== (isLost(at) ? 0 : contents[at])) throw new Error(`byte ${at} is ${byte}`);
        }
        const lost = new Uint8Array(length);
        for (const { start, end } of source.holesIn(position, length)) lost.fill(1, start - position, end - position);
        for (const [index, flag] of lost.entries()) {
          if ((flag === 1) !== isLost(position + index)) throw new Error(`byte ${position + index}: hole ${flag}`);
        }
      }
    }),
    { numRuns: 200, seed: 16, endOnFailure: true },
  );
});

describe('nextEdge', () => {
  test('before, in and behind a hole → its start, its end, Infinity', async () => {
    const source = new HoleSource(new FaultySource(new MemorySource(contents), [[1024, 2048]]));
    expect(source.nextEdge(0)).toBe(Infinity);
    await readExactly(source, 0, 4096);
    expect([0, 1023, 1024, 2047, 2048].map((at) => source.nextEdge(at))).toEqual([1024, 1024, 2048, 2048, Infinity]);
  });
});

test('a good source → one read, however long', async () => {
  const base = new FaultySource(new MemorySource(contents), []);
  await readExactly(new HoleSource(base), 3, 20_000);
  expect(base.reads).toBe(1);
});

test.each([
  new VhdxError('VHDX_SOURCE_CHANGED', { message: 'The file has changed.' }),
  new VhdxError('VHDX_SOURCE_UNAVAILABLE', { message: 'No server.' }),
  new TypeError('a mistake'),
])('%s, which is no matter of a place → thrown', async (error) => {
  const source = new HoleSource({ size: 4096, read: () => Promise.reject(error) });
  await expect(readExactly(source, 0, 4096)).rejects.toBe(error);
  expect(source.holesIn(0, 4096)).toEqual([]);
});

test('the EIO of a source of the caller → a hole', async () => {
  const fault = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
  const source = new HoleSource({ size: 4096, read: () => Promise.reject(fault) });
  expect(await readExactly(source, 0, 4096)).toEqual(new Uint8Array(4096));
  expect(source.holesIn(0, 8192)).toEqual([{ start: 0, end: 4096 }]);
});

test('a signal → its reason, and no hole', async () => {
  const source = new HoleSource(new FaultySource(new MemorySource(contents), [[0, SIZE]]));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(source.read(new Uint8Array(4096), 0, { signal })).rejects.toThrow('enough');
  expect(source.holesIn(0, SIZE)).toEqual([]);
});
