import { describe, expect, test } from 'vitest';
import { HttpSource, type HttpSourceOptions } from '../../../../runtime/io/http/http-source.js';
import { readExactly } from '../../../../runtime/io/byte-source.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { AT, BYTES } from '../../../support/http-scene.js';
import { MIB } from '../../../support/image-builder.js';

/** How a body comes: so many bytes at once, and so many milliseconds later the next. */
interface Drip {
  readonly bytes: number;
  readonly every: number;
}

interface Dripping {
  readonly source: HttpSource;
  readonly clock: FakeClock;
  /** First and last byte of each request. */
  readonly requests: readonly string[];
}

/** The body of an answer, and the last byte that its Content-Range names. */
type Answer = (range: { start: number; last: number; isFirst: boolean; clock: FakeClock }) => {
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>;
  readonly told: number;
};

/** A source whose opening went well, on a server that answers as `answer` says. */
async function answering(answer: Answer, options: HttpSourceOptions): Promise<Dripping> {
  const clock = new FakeClock();
  const requests: string[] = [];
  const fetch = (_url: string, { headers }: RequestInit): Promise<Response> => {
    const range = new Headers(headers).get('range') ?? '';
    const [start = 0, last = 0] = (/^bytes=(\d+)-(\d+)$/.exec(range) ?? []).slice(1).map(Number);
    requests.push(`${start}-${last}`);
    const { body, told } = answer({ start, last, isFirst: requests.length === 1, clock });
    const contentRange = `bytes ${start}-${told}/${MIB}`;
    return Promise.resolve(
      new Response(body, { status: 206, headers: { 'Content-Range': contentRange, ETag: '"a"' } }),
    );
  };
  const source = await HttpSource.open('http://127.0.0.1/disk.vhdx', { clock, fetch, ...options });
  return { source, clock, requests };
}

/** A server whose bodies come in drops. */
function dripping({ bytes, every }: Drip, options: HttpSourceOptions = {}): Promise<Dripping> {
  return answering(({ start, last, isFirst, clock }) => {
    let at = start;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (at > last) return controller.close();
      if (!isFirst) clock.elapsed += every;
      const end = isFirst ? last + 1 : Math.min(last + 1, at + bytes);
      controller.enqueue(BYTES.slice(at, end));
      at = end;
    };
    return { body: new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 }), told: last };
  }, options);
}

/**
 * A server that gives at most `bytes` of what was asked for, and `wait` milliseconds after the request; it says so, or
 * breaks off.
 */
function late(bytes: number, wait: number, isCut: boolean): Promise<Dripping> {
  return answering(({ start, last, isFirst, clock }) => {
    const end = isFirst ? last + 1 : Math.min(last + 1, start + bytes);
    if (!isFirst) clock.elapsed += wait;
    return { body: BYTES.slice(start, end), told: isCut ? last : end - 1 };
  }, {});
}

describe('a body that drips', () => {
  test('a byte a second → given up after retries, each soon after 10 seconds', async () => {
    const { source, clock, requests } = await dripping({ bytes: 1, every: 1000 });
    await expect(readExactly(source, AT, 1000)).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringContaining('the server sent only 10 bytes in 10 s (5 tries)') as unknown,
    });
    expect(requests).toHaveLength(1 + 5);
    expect(clock.elapsed).toBe(5 * 11_000);
    expect(clock.running).toBe(0);
  });

  test('below the rate that was asked for, however much comes → no progress, given up', async () => {
    const { source, requests } = await dripping(
      { bytes: 20_000, every: 1000 },
      { minBytesPerSecond: 30_000, retries: 1 },
    );
    await expect(readExactly(source, AT, 440_001)).rejects.toMatchObject({ code: 'VHDX_SOURCE_UNAVAILABLE' });
    expect(requests).toHaveLength(1 + 2);
  });

  test('slower once → goes on behind what came', async () => {
    const { source, requests } = await dripping({ bytes: 500, every: 1000 }, { retries: 4 });
    expect(await readExactly(source, AT, 15_000)).toEqual(BYTES.subarray(AT, AT + 15_000));
    expect(requests.slice(1)).toEqual([0, 5500, 11_000].map((done) => `${AT + done}-${AT + 14_999}`));
  });

  test.each([
    ['as fast as has to be', { bytes: 1024, every: 1000 }, {}],
    ['slow, without a least rate', { bytes: 100, every: 1000 }, { minBytesPerSecond: 0, requestTimeout: 10 ** 9 }],
  ])('%s → read with one request', async (_title, drip, options) => {
    const { source, requests } = await dripping(drip, options);
    expect(await readExactly(source, AT, 30_000)).toEqual(BYTES.subarray(AT, AT + 30_000));
    expect(requests).toHaveLength(2);
  });
});

describe('answers that come late', () => {
  test.each([
    ['short answers', false],
    ['answers that break off', true],
  ])('%s, each just in time → no progress, given up', async (_title, isCut) => {
    const { source, requests } = await late(16_384, 29_000, isCut);
    await expect(readExactly(source, AT, 440_000)).rejects.toMatchObject({ code: 'VHDX_SOURCE_UNAVAILABLE' });
    expect(requests).toHaveLength(1 + 5);
  });

  test.each([false, true])('the same, but fast (broken off: %s) → read', async (isCut) => {
    const { source } = await late(16_384, 100, isCut);
    expect(Buffer.compare(await readExactly(source, AT, 440_000), BYTES.subarray(AT, AT + 440_000))).toBe(0);
  });
});

describe('a request that takes long', () => {
  test('longer than requestTimeout, with progress → as many requests as it takes', async () => {
    const { source, requests } = await dripping({ bytes: 40_000, every: 1000 }, { requestTimeout: 4000, retries: 0 });
    expect(await readExactly(source, AT, 400_000).catch((error: unknown) => error)).toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
    });
    expect(requests).toHaveLength(2);
    const again = await dripping({ bytes: 40_000, every: 1000 }, { requestTimeout: 4000, retries: 1 });
    expect(Buffer.compare(await readExactly(again.source, AT, 400_000), BYTES.subarray(AT, AT + 400_000))).toBe(0);
    expect(again.requests.length).toBeGreaterThan(2);
  });
});

test('a whole file byte by byte → read, in one array', async () => {
  let at = 0;
  const fetch = (): Promise<Response> => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (at === 3000) return controller.close();
        controller.enqueue(BYTES.slice(at, at + 1));
        at += 1;
      },
    });
    return Promise.resolve(new Response(body));
  };
  const source = await HttpSource.open('http://127.0.0.1/disk.vhdx', { fetch });
  expect(source.size).toBe(3000);
  expect(await readExactly(source, 0, 3000)).toEqual(BYTES.subarray(0, 3000));
});
