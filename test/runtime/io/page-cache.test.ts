import { describe, expect, test } from 'vitest';
import { PageCache, pinSectors } from '../../../runtime/io/page-cache.js';
import { reasonOf } from '../../support/reason.js';
import { InternalError } from '../../../runtime/errors/internal-error.js';

interface Page {
  readonly number: number;
}

async function load(cache: PageCache<Page>, ...numbers: number[]): Promise<void> {
  for (const number of numbers) await cache.load(number, () => Promise.resolve({ number }));
}

const kept = (cache: PageCache<Page>, count: number): number[] =>
  Array.from({ length: count }, (_, number) => number).filter((number) => cache.get(number) !== undefined);

describe('load', () => {
  test('a page → in memory; again → not read', async () => {
    const cache = new PageCache<Page>(2);
    expect(cache.get(1)).toBeUndefined();
    await load(cache, 1);
    const page = cache.get(1);
    expect(page).toEqual({ number: 1 });
    await cache.load(1, () => Promise.reject(new Error('read twice')));
    expect(cache.get(1)).toBe(page);
  });

  test('calls at once → one read, one page', async () => {
    const cache = new PageCache<Page>(2);
    let reads = 0;
    const read = async (): Promise<Page> => {
      reads += 1;
      await Promise.resolve();
      return { number: 1 };
    };
    await Promise.all([cache.load(1, read), cache.load(1, read), cache.load(1, read)]);
    expect(reads).toBe(1);
  });

  test('a read that fails → all that wait for it are told, and the next call reads again', async () => {
    const cache = new PageCache<Page>(2);
    const fault = new Error('the cable is out');
    const failing = (): Promise<Page> => Promise.reject(fault);
    const reasons = [reasonOf(cache.load(1, failing)), reasonOf(cache.load(1, failing))];
    expect(await Promise.all(reasons)).toEqual([fault, fault]);
    await load(cache, 1);
    expect(cache.get(1)).toEqual({ number: 1 });
  });
});

describe('the budget', () => {
  test('one page more than there is room for → the one that was used longest ago goes', async () => {
    const cache = new PageCache<Page>(2);
    await load(cache, 0, 1);
    cache.get(0);
    await load(cache, 2);
    expect(kept(cache, 3)).toEqual([0, 2]);
  });

  test.each([
    [0, 1],
    [0.5, 1],
    [2.9, 2],
  ])('%d pages → %i', async (pages, count) => {
    const cache = new PageCache<Page>(pages);
    await load(cache, 0, 1, 2, 3);
    expect(kept(cache, 4)).toHaveLength(count);
  });
});

describe('pin', () => {
  test('a pinned page → stays, the same one, until it is unpinned as often', async () => {
    const cache = new PageCache<Page>(1);
    await load(cache, 0);
    const page = cache.get(0);
    cache.pin(0);
    cache.pin(0);
    await load(cache, 1, 2);
    expect(cache.get(0)).toBe(page);
    cache.unpin(0);
    await load(cache, 3);
    expect(cache.get(0)).toBe(page);
    cache.unpin(0);
    expect(cache.get(0)).toBe(page);
    await load(cache, 4);
    expect(cache.get(0)).toBeUndefined();
  });

  test('a page that is not in memory, or not pinned → InternalError', async () => {
    const cache = new PageCache<Page>(1);
    expect(() => cache.pin(0)).toThrow(InternalError);
    await load(cache, 0);
    expect(() => cache.unpin(0)).toThrow(InternalError);
  });
});

describe('pinSectors', () => {
  const bytes = Uint8Array.from({ length: 400 }, (_, at) => at);

  test.each([
    [0, 100, [0]],
    [50, 150, [0, 100]],
    [99, 101, [0, 100]],
    [100, 200, [100]],
    [120, 130, [100]],
    [0, 400, [0, 100, 200, 300]],
  ])('bytes from %i to %i of a page → the sectors at %j, which are part of it', async (start, end, places) => {
    const cache = new PageCache<Page>(1);
    await load(cache, 3);
    const sectors = pinSectors(cache, { number: 3, fileOffset: 5000, bytes }, [start, end], 100);
    expect(sectors.map(({ fileOffset }) => fileOffset - 5000)).toEqual(places);
    for (const sector of sectors) {
      expect(sector.bytes.buffer).toBe(bytes.buffer);
      expect(sector.bytes).toEqual(bytes.subarray(sector.fileOffset - 5000, sector.fileOffset - 4900));
    }
    await load(cache, 4);
    expect(cache.get(3)).toBeDefined();
    for (const sector of sectors) sector.release();
    await load(cache, 5);
    expect(cache.get(3)).toBeUndefined();
  });
});
