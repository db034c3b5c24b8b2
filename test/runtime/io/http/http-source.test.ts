import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { HttpSource, openUrl } from '../../../../runtime/io/http/http-source.js';
import { checkImage, inspectImage, MemorySource, openDisk } from '../../../../runtime/index.js';
import { readExactly } from '../../../../runtime/io/byte-source.js';
import { noise } from '../../../support/bytes.js';
import { serve, startServer } from '../../../support/http-server.js';
import { KIB, MIB, TestImage } from '../../../support/image-builder.js';
import { pendingLog } from '../../../cli/images.js';

const FIXTURE = readFileSync(new URL('../../../fixtures/dynamic-64m.vhdx', import.meta.url));
/** What the opening brings. */
const HEAD = 512 * KIB;

describe('opening', () => {
  test('server with ranges → one request, for the first 512 KiB, unencoded', async () => {
    const server = await serve({ bytes: noise(MIB), etag: '"a"' });
    const source = await HttpSource.open(server.url, { headers: { Authorization: 'Bearer key' } });
    expect(source.size).toBe(MIB);
    expect(source.identity).toBe(server.url);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      range: `bytes=0-${HEAD - 1}`,
      'accept-encoding': 'identity',
      authorization: 'Bearer key',
    });
    expect(Buffer.compare(await readExactly(source, 0, HEAD), noise(MIB).subarray(0, HEAD))).toBe(0);
    expect(server.requests).toHaveLength(1);
  });

  test('URL with a fragment → the same file', async () => {
    const server = await serve({ bytes: noise(1000) });
    expect((await HttpSource.open(`${server.url}?v=1#part`)).identity).toBe(`${server.url}?v=1`);
  });

  test('empty file (416) → size 0', async () => {
    const server = await serve({ bytes: new Uint8Array() });
    const source = await HttpSource.open(server.url);
    expect(source.size).toBe(0);
    expect(await source.read(new Uint8Array(4), 0)).toBe(0);
  });

  test('redirect → followed, for every request', async () => {
    const bytes = noise(MIB);
    const server = await serve({ bytes, etag: '"a"' });
    const detour = await serve({ bytes }, ({ response }) => {
      response.writeHead(307, { Location: server.url }).end();
    });
    const source = await HttpSource.open(detour.url);
    expect(await readExactly(source, 700_000, 10)).toEqual(bytes.subarray(700_000, 700_010));
    expect(detour.requests).toHaveLength(2);
  });

  test.each(['ftp://127.0.0.1/x', 'file:///x', 'disk.vhdx', 'http://user:secret@127.0.0.1/x'])(
    '%s → TypeError without a request',
    async (url) => {
      const error: unknown = await HttpSource.open(url).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).not.toContain('secret');
    },
  );

  test.each([{ retries: -1 }, { timeout: 0 }, { maxBytesPerRequest: 0 }, { maxWholeBytes: 0.5 }])(
    '%o → RangeError',
    async (options) => {
      await expect(HttpSource.open('http://127.0.0.1/', options)).rejects.toThrow(RangeError);
    },
  );

  test('header that cannot be sent → TypeError', async () => {
    await expect(HttpSource.open('http://127.0.0.1/', { headers: { 'no header': '' } })).rejects.toThrow(TypeError);
  });

  test('fetch of the caller → makes the requests', async () => {
    const asked: string[] = [];
    const server = await serve({ bytes: noise(1000) });
    const source = await HttpSource.open(server.url, {
      fetch: (url, init) => {
        asked.push(url);
        return fetch(url, init);
      },
    });
    expect(source.size).toBe(1000);
    expect(asked).toEqual([server.url]);
  });
});

describe('ranges', () => {
  test('read beyond the first 512 KiB → exactly that range, under the condition of the ETag', async () => {
    const server = await serve({ bytes: noise(MIB), etag: '"a"', lastModified: 'Wed, 01 May 2024 00:00:00 GMT' });
    const source = await HttpSource.open(server.url);
    await readExactly(source, 600_000, 100);
    expect(server.requests[1]).toMatchObject({ range: 'bytes=600000-600099', 'if-range': '"a"' });
  });

  test('read that begins within the first 512 KiB → only the rest is asked for', async () => {
    const bytes = noise(MIB);
    const server = await serve({ bytes });
    const source = await HttpSource.open(server.url);
    expect(await readExactly(source, HEAD - 10, 20)).toEqual(bytes.subarray(HEAD - 10, HEAD + 10));
    expect(server.requests[1]).toMatchObject({ range: `bytes=${HEAD}-${HEAD + 9}` });
  });

  test('weak ETag → no condition, but compared', async () => {
    const server = await serve({ bytes: noise(MIB), etag: 'W/"a"' });
    const source = await HttpSource.open(server.url);
    await readExactly(source, 600_000, 100);
    expect(server.requests[1]).not.toHaveProperty('if-range');
    server.served.etag = 'W/"b"';
    await expect(readExactly(source, 600_000, 100)).rejects.toMatchObject({ code: 'VHDX_SOURCE_CHANGED' });
  });

  test('date alone → the condition if it is older than a second, else none', async () => {
    const old = 'Wed, 01 May 2024 00:00:00 GMT';
    const server = await serve({ bytes: noise(MIB), lastModified: old });
    await readExactly(await HttpSource.open(server.url), 600_000, 100);
    expect(server.requests[1]).toMatchObject({ 'if-range': old });
    server.served.lastModified = new Date(Date.now() + 10_000).toUTCString();
    await readExactly(await HttpSource.open(server.url), 600_000, 100);
    expect(server.requests[3]).not.toHaveProperty('if-range');
  });

  test('read longer than a request may be → several requests, none longer', async () => {
    const bytes = noise(2 * MIB);
    const server = await serve({ bytes });
    const source = await HttpSource.open(server.url, { maxBytesPerRequest: 300_000 });
    expect(Buffer.compare(await readExactly(source, 0, 2 * MIB), bytes)).toBe(0);
    expect(server.requests).toHaveLength(7);
    expect(server.requests.at(1)?.range).toBe('bytes=300000-599999');
    expect(server.requests.at(-1)?.range).toBe('bytes=1800000-2097151');
  });

  test('server that sends less than was asked for → goes on behind it', async () => {
    const bytes = noise(MIB);
    const server = await serve({ bytes, etag: '"a"' }, ({ number, range, response, honest }) => {
      if (number === 1 || range === undefined) return honest();
      const end = Math.min(range.end, range.start + 5000);
      response.writeHead(206, { ETag: '"a"', 'Content-Range': `bytes ${range.start}-${end - 1}/${MIB}` });
      response.end(bytes.subarray(range.start, end));
    });
    const source = await HttpSource.open(server.url, { retries: 0 });
    expect(await readExactly(source, 600_000, 12_000)).toEqual(bytes.subarray(600_000, 612_000));
    expect(server.requests.slice(1).map(({ range }) => range)).toEqual([
      'bytes=600000-611999',
      'bytes=605000-611999',
      'bytes=610000-611999',
    ]);
  });
});

describe('an image over HTTP', () => {
  test('dynamic image → described with three requests, its first bytes read with one more', async () => {
    const server = await serve({ bytes: FIXTURE, etag: '"a"' });
    const source = await openUrl(server.url);
    expect(await inspectImage(source)).toEqual(await inspectImage(new MemorySource(FIXTURE)));
    // The headers with the opening, the BAT, the metadata.
    expect(server.requests).toHaveLength(3);
    const disk = await openDisk(source);
    await readExactly(disk, 0, 4096);
    // A payload block.
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test('image with a pending log → at most five requests', async () => {
    const bytes = pendingLog();
    const server = await serve({ bytes, etag: '"a"' });
    const source = await openUrl(server.url);
    expect(await inspectImage(source)).toEqual(await inspectImage(new MemorySource(bytes)));
    expect(server.requests.length).toBeLessThanOrEqual(5);
  });

  test('check → the same report, with few requests', async () => {
    const bytes = new TestImage({ virtualSize: 64 * MIB, allocate: [0, 3, 7] }).toBytes();
    const server = await serve({ bytes, etag: '"a"' });
    const report = await checkImage(await openUrl(server.url));
    expect(report).toEqual(await checkImage(new MemorySource(bytes)));
    // The checker looks at all of the metadata region for stray bytes.
    expect(server.requests.length).toBeLessThanOrEqual(12);
  });

  test('without a cache → every read of structures is a request', async () => {
    const server = await serve({ bytes: FIXTURE, etag: '"a"' });
    await inspectImage(await HttpSource.open(server.url));
    // The headers, the region tables, the metadata.
    expect(server.requests.length).toBeGreaterThanOrEqual(3);
  });
});

describe('close', () => {
  test.each([undefined, new AbortController().signal])(
    'close while a request hangs, signal %o → VHDX_SOURCE_IO at once',
    async (signal) => {
      const server = await startServer({ bytes: noise(MIB) }, ({ number, honest }) => {
        if (number === 1) honest();
      });
      try {
        const source = await HttpSource.open(server.url);
        const read = readExactly(source, 600_000, 10, { signal });
        await server.arrived(2);
        await source.close();
        await expect(read).rejects.toMatchObject({ code: 'VHDX_SOURCE_IO' });
      } finally {
        await server.close();
      }
    },
  );
});
