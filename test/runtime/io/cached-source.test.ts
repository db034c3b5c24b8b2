import { expect, test } from 'vitest';
import { CachedSource, type CacheOptions } from '../../../runtime/io/cached-source.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../../../runtime/io/byte-source.js';
import { noise } from '../../support/bytes.js';

const PAGE = 100;
const BYTES = noise(1050);

interface Asked {
  readonly position: number;
  readonly length: number;
  readonly signal: AbortSignal | undefined;
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** A source whose reads end when they are told to. */
class SlowSource implements ByteSource {
  readonly size = BYTES.length;
  readonly asked: Asked[] = [];
  /** Whether reads are answered without being told. */
  prompt = true;
  /** Whether reads end when they are given up. */
  heeds = true;
  closed = 0;

  read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    return new Promise((resolve, reject) => {
      const answer = (): void => {
        const bytes = BYTES.subarray(position, position + into.length);
        into.set(bytes);
        resolve(bytes.length);
      };
      const signal = options?.signal;
      signal?.addEventListener('abort', () => {
        if (this.heeds) reject(signal.reason as Error);
      });
      this.asked.push({ position, length: into.length, signal, answer, fail: reject });
      if (this.prompt) answer();
    });
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }

  get ranges(): (readonly [number, number])[] {
    return this.asked.map(({ position, length }) => [position, length] as const);
  }
}

function cached(options: CacheOptions = {}): { slow: SlowSource; source: CachedSource } {
  const slow = new SlowSource();
  return { slow, source: new CachedSource(slow, { pageSize: PAGE, maxBytes: 500, maxReadBytes: 300, ...options }) };
}

function part(position: number, length: number): Uint8Array {
  return BYTES.slice(position, position + length);
}

test('first read → its whole page; second read of the page → none', async () => {
  const { slow, source } = cached();
  expect(await readExactly(source, 110, 5)).toEqual(part(110, 5));
  expect(await readExactly(source, 190, 10)).toEqual(part(190, 10));
  expect(slow.ranges).toEqual([[100, 100]]);
});

test('last page → no byte behind the end is asked for', async () => {
  const { slow, source } = cached();
  expect(await readExactly(source, 1040, 10)).toEqual(part(1040, 10));
  expect(slow.ranges).toEqual([[1000, 50]]);
});

test('missing pages side by side → one read', async () => {
  const { slow, source } = cached();
  expect(await readExactly(source, 150, 200)).toEqual(part(150, 200));
  expect(slow.ranges).toEqual([[100, 300]]);
});

test('missing pages on both sides of one that is there → two reads', async () => {
  const { slow, source } = cached();
  await readExactly(source, 100, 1);
  expect(await readExactly(source, 0, 300)).toEqual(part(0, 300));
  expect(slow.ranges).toEqual([
    [100, 100],
    [0, 100],
    [200, 100],
  ]);
});

test('read longer than maxReadBytes → reads of at most that', async () => {
  const { slow, source } = cached();
  expect(await readExactly(source, 50, 900)).toEqual(part(50, 900));
  expect(slow.ranges).toEqual([
    [0, 300],
    [300, 300],
    [600, 300],
    [900, 100],
  ]);
});

test('more pages than fit → the one used longest ago goes', async () => {
  const { slow, source } = cached();
  for (const page of [0, 1, 2, 3, 4, 0, 5]) await readExactly(source, page * PAGE, 1);
  slow.asked.length = 0;
  await readExactly(source, 0, 1);
  expect(slow.ranges).toEqual([]);
  await readExactly(source, 100, 1);
  expect(slow.ranges).toEqual([[100, 100]]);
});

test('reads of one page at once → one read of the source', async () => {
  const { slow, source } = cached();
  slow.prompt = false;
  const reads = [readExactly(source, 0, 10), readExactly(source, 20, 10), readExactly(source, 90, 20)];
  expect(slow.ranges).toEqual([
    [0, 100],
    [100, 100],
  ]);
  for (const { answer } of slow.asked) answer();
  expect(await Promise.all(reads)).toEqual([part(0, 10), part(20, 10), part(90, 20)]);
});

test('one of two readers of a page gives up → the other gets its bytes', async () => {
  const { slow, source } = cached();
  slow.prompt = false;
  const controller = new AbortController();
  const given = readExactly(source, 0, 10, { signal: controller.signal });
  const kept = readExactly(source, 20, 10);
  controller.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  expect(slow.asked[0]?.signal?.aborted).toBe(false);
  slow.asked[0]?.answer();
  expect(await kept).toEqual(part(20, 10));
  expect(slow.asked).toHaveLength(1);
});

test('all readers of a page give up → the read of the source is given up, and the next reader begins anew', async () => {
  const { slow, source } = cached();
  slow.prompt = false;
  const controller = new AbortController();
  const { signal } = controller;
  const given = [readExactly(source, 0, 10, { signal }), readExactly(source, 20, 10, { signal })];
  controller.abort(new Error('enough'));
  for (const read of given) await expect(read).rejects.toThrow('enough');
  expect(slow.asked[0]?.signal?.aborted).toBe(true);
  slow.prompt = true;
  expect(await readExactly(source, 0, 10)).toEqual(part(0, 10));
  expect(slow.asked).toHaveLength(2);
});

test('source that goes on with a read that was given up → the next reader does not wait for it', async () => {
  const { slow, source } = cached();
  slow.prompt = false;
  slow.heeds = false;
  const controller = new AbortController();
  const given = readExactly(source, 0, 10, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  slow.prompt = true;
  expect(await readExactly(source, 0, 10)).toEqual(part(0, 10));
  expect(slow.asked).toHaveLength(2);
});

test('failed read → every reader that waited is told, and nothing is kept of it', async () => {
  const { slow, source } = cached();
  slow.prompt = false;
  const reads = [readExactly(source, 0, 10), readExactly(source, 20, 300)];
  slow.asked[0]?.fail(new Error('broken'));
  slow.asked[1]?.answer();
  for (const read of reads) await expect(read).rejects.toThrow('broken');
  slow.prompt = true;
  expect(await readExactly(source, 0, 10)).toEqual(part(0, 10));
});

test('source that became shorter → VHDX_SOURCE_SHORT_READ', async () => {
  const source = new CachedSource({ size: 200, read: () => Promise.resolve(0) });
  await expect(readExactly(source, 0, 10)).rejects.toMatchObject({ code: 'VHDX_SOURCE_SHORT_READ' });
});

test('change of what a read gave → not seen by the next read', async () => {
  const { source } = cached();
  (await readExactly(source, 0, 100)).fill(0);
  expect(await readExactly(source, 0, 100)).toEqual(part(0, 100));
});

test('size, identity, host size and close → those of the source', async () => {
  let closed = 0;
  const source = new CachedSource({
    size: 7,
    identity: 'a file',
    hostAllocatedSize: 4,
    read: () => Promise.resolve(0),
    close: () => {
      closed += 1;
      return Promise.resolve();
    },
  });
  expect([source.size, source.identity, source.hostAllocatedSize]).toEqual([7, 'a file', 4]);
  await source.close();
  expect(closed).toBe(1);
});

test.each([{ maxBytes: 0 }, { pageSize: 0.5 }, { maxReadBytes: -1 }, { maxBytes: 100, pageSize: 101 }])(
  '%o → RangeError',
  (options) => {
    expect(() => new CachedSource(new SlowSource(), options)).toThrow(RangeError);
  },
);
