import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HttpSource, type HttpSourceOptions } from '../../runtime/http-source.js';
import { readExactly } from '../../runtime/source.js';
import { noise } from '../support/bytes.js';
import { FakeClock, NOW } from '../support/fake-clock.js';
import { serve, type Served, type TestServer, type Visit } from '../support/http-server.js';
import { MIB } from '../support/image-builder.js';

const BYTES = noise(MIB);
/** Behind what the opening brings. */
const AT = 600_000;

interface Scene {
  readonly server: TestServer;
  readonly source: HttpSource;
  readonly clock: FakeClock;
  /** Reads `length` bytes at `AT`. */
  read(length?: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A source whose opening went well; `script` answers what comes after. */
async function scene(
  script: (visit: Visit) => void,
  options: HttpSourceOptions = {},
  served: Served = { bytes: BYTES, etag: '"a"' },
): Promise<Scene> {
  const server = await serve(served, (visit) => {
    if (visit.number === 1) visit.honest();
    else script(visit);
  });
  const clock = new FakeClock();
  const source = await HttpSource.open(server.url, { clock, ...options });
  const read = (length = 1000, signal?: AbortSignal): Promise<Uint8Array> =>
    readExactly(source, AT, length, { signal });
  return { server, source, clock, read };
}

/** A 206 with other bytes or headers than those asked for. */
function partial({ response }: Visit, headers: Readonly<Record<string, string>>, body: Uint8Array = BYTES): void {
  response.writeHead(206, { ETag: '"a"', ...headers }).end(body.subarray(0, 1000));
}

const RIGHT = { 'Content-Range': `bytes ${AT}-${AT + 999}/${MIB}` };

describe('no ranges', () => {
  const whole = ({ response }: Visit): void => {
    response.writeHead(200, { 'Content-Length': MIB }).end(BYTES);
  };

  test('short file → read once and kept', async () => {
    const server = await serve({ bytes: BYTES }, whole);
    const source = await HttpSource.open(server.url);
    expect(source.size).toBe(MIB);
    expect(await readExactly(source, AT, 1000)).toEqual(BYTES.subarray(AT, AT + 1000));
    expect(server.requests).toHaveLength(1);
  });

  test.each([MIB - 1, 0])('file longer than maxWholeBytes %i → refused, by its length', async (maxWholeBytes) => {
    const server = await serve({ bytes: BYTES }, whole);
    await expect(HttpSource.open(server.url, { maxWholeBytes })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_RANGES_UNSUPPORTED',
      message: expect.stringContaining('whole file (1 MiB)') as unknown,
    });
  });

  test('longer file that does not say its length → refused, its body given up', async () => {
    let gaveUp: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      gaveUp = resolve;
    });
    const server = await serve({ bytes: BYTES }, ({ response }) => {
      response.on('close', gaveUp);
      response.writeHead(200).write(BYTES);
    });
    await expect(HttpSource.open(server.url, { maxWholeBytes: 5000 })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_RANGES_UNSUPPORTED',
    });
    await closed;
  });

  test('whole file that breaks off → tried again', async () => {
    const clock = new FakeClock();
    const server = await serve({ bytes: BYTES }, (visit) => {
      if (visit.number > 1) return whole(visit);
      visit.response.writeHead(200, { 'Content-Length': MIB });
      visit.response.write(BYTES.subarray(0, 5000), () => visit.response.destroy());
    });
    const source = await HttpSource.open(server.url, { clock });
    expect(Buffer.compare(await readExactly(source, 0, MIB), BYTES)).toBe(0);
    expect(clock.pauses).toHaveLength(1);
  });

  test('whole file in later answers only, the same version → refused', async () => {
    const { read } = await scene(({ response }) => {
      response.writeHead(200, { ETag: '"a"', 'Content-Length': MIB }).end(BYTES);
    });
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_RANGES_UNSUPPORTED' });
  });
});

describe('changed file', () => {
  test('other ETag, server with If-Range → VHDX_SOURCE_CHANGED with both', async () => {
    const { server, read } = await scene(({ honest }) => {
      honest();
    });
    await read();
    server.served.etag = '"b"';
    await expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_CHANGED',
      message: `Cannot read ${server.url}: the file has changed since it was opened: its ETag was "a" and is "b".`,
    });
    expect(server.requests).toHaveLength(3);
  });

  test('other ETag, server without If-Range → VHDX_SOURCE_CHANGED', async () => {
    const { read } = await scene((visit) => {
      partial(visit, { ...RIGHT, ETag: '"b"' });
    });
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_CHANGED' });
  });

  test('other Last-Modified → VHDX_SOURCE_CHANGED', async () => {
    const lastModified = 'Wed, 01 May 2024 00:00:00 GMT';
    const { server, read } = await scene(({ honest }) => honest(), {}, { bytes: BYTES, lastModified });
    await read();
    server.served.lastModified = 'Wed, 01 May 2024 00:00:01 GMT';
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_CHANGED' });
  });

  test('no Last-Modified in the answer to If-Range with a date → allowed', async () => {
    const served: Served = { bytes: BYTES, lastModified: 'Wed, 01 May 2024 00:00:00 GMT' };
    const { read } = await scene(
      ({ response, range }) => {
        response.writeHead(206, RIGHT).end(BYTES.subarray(range?.start, range?.end));
      },
      {},
      served,
    );
    expect(await read()).toEqual(BYTES.subarray(AT, AT + 1000));
  });

  test('other length, no ETag → VHDX_SOURCE_CHANGED with both lengths', async () => {
    const { server, read } = await scene(({ honest }) => honest(), {}, { bytes: BYTES });
    server.served.bytes = noise(MIB + 1);
    await expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_CHANGED',
      message: expect.stringContaining(`${MIB} bytes and has ${MIB + 1}`) as unknown,
    });
  });

  test.each([412, 416])('%i → VHDX_SOURCE_CHANGED', async (status) => {
    const { read } = await scene(({ response }) => {
      response.writeHead(status).end();
    });
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_CHANGED' });
  });
});

describe('wrong answers', () => {
  test.each([
    ['another beginning', { 'Content-Range': `bytes 0-999/${MIB}` }],
    ['more than was asked for', { 'Content-Range': `bytes ${AT}-${AT + 1000}/${MIB}` }],
    ['end before the beginning', { 'Content-Range': `bytes ${AT}-${AT - 1}/${MIB}` }],
    ['end behind the file', { 'Content-Range': `bytes ${AT}-${AT + 999}/${AT + 10}` }],
    ['unknown length', { 'Content-Range': `bytes ${AT}-${AT + 999}/*` }],
    ['length beyond all numbers', { 'Content-Range': `bytes ${AT}-${AT + 999}/99999999999999999999` }],
    ['another unit', { 'Content-Range': `sectors ${AT}-${AT + 999}/${MIB}` }],
    ['no Content-Range', {}],
    ['several ranges', { ...RIGHT, 'Content-Type': 'multipart/byteranges; boundary=x' }],
    ['more bytes than its Content-Range', { 'Content-Range': `bytes ${AT}-${AT + 98}/${MIB}` }],
  ])('%s → VHDX_SOURCE_ANSWER_INVALID without a further request', async (_, headers) => {
    const { server, read } = await scene((visit) => {
      partial(visit, headers);
    });
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_ANSWER_INVALID' });
    expect(server.requests).toHaveLength(2);
  });

  test('encoded body → VHDX_SOURCE_ANSWER_INVALID', async () => {
    const { read } = await scene((visit) => {
      partial(visit, { ...RIGHT, 'Content-Encoding': 'gzip' }, gzipSync(BYTES.subarray(AT, AT + 1000)));
    });
    await expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_ANSWER_INVALID',
      message: expect.stringContaining('Content-Encoding: gzip') as unknown,
    });
  });

  test('handful of bytes at once → VHDX_SOURCE_ANSWER_INVALID, not a request for each', async () => {
    const { server, read } = await scene((visit) => {
      partial(visit, { 'Content-Range': `bytes ${AT}-${AT}/${MIB}` }, BYTES.subarray(AT, AT + 1));
    });
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_ANSWER_INVALID' });
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    [400, 'VHDX_SOURCE_REQUEST_REFUSED'],
    [401, 'VHDX_SOURCE_NOT_PERMITTED'],
    [403, 'VHDX_SOURCE_NOT_PERMITTED'],
    [404, 'VHDX_SOURCE_NOT_FOUND'],
    [405, 'VHDX_SOURCE_REQUEST_REFUSED'],
    [410, 'VHDX_SOURCE_NOT_FOUND'],
    [204, 'VHDX_SOURCE_ANSWER_INVALID'],
  ])('status %i at opening → %s without a second request', async (status, code) => {
    const server = await serve({ bytes: BYTES }, ({ response }) => {
      response.writeHead(status).end();
    });
    await expect(HttpSource.open(server.url)).rejects.toMatchObject({ code });
    expect(server.requests).toHaveLength(1);
  });

  test('query of the URL → not in any message', async () => {
    const server = await serve({ bytes: BYTES }, ({ response }) => {
      response.writeHead(403).end();
    });
    await expect(HttpSource.open(`${server.url}?sig=secret#part`)).rejects.toMatchObject({
      message: `Cannot read ${server.url}?…: the server answered 403 Forbidden.`,
    });
  });
});

describe('passing failures', () => {
  const fail =
    (times: number, status = 500, headers: Readonly<Record<string, string>> = {}) =>
    ({ number, response, honest }: Visit): void => {
      if (number > times + 1) honest();
      else response.writeHead(status, headers).end('sorry');
    };

  test.each([500, 502, 503, 429, 408])('%i twice → read after two pauses, the second twice as long', async (status) => {
    const { clock, read } = await scene(fail(2, status));
    expect(await read()).toEqual(BYTES.subarray(AT, AT + 1000));
    expect(clock.pauses).toEqual([125, 250]);
  });

  test('500 forever → VHDX_SOURCE_UNAVAILABLE after retries + 1 requests', async () => {
    const { server, clock, read } = await scene(fail(Infinity), { retries: 8 });
    clock.chance = 1 - Number.EPSILON;
    await expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: `Cannot read ${server.url}: the server answered 500 Internal Server Error (9 tries).`,
    });
    expect(server.requests).toHaveLength(10);
    expect(clock.pauses.map(Math.round)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  test('500 at opening → the same', async () => {
    const clock = new FakeClock();
    const server = await serve({ bytes: BYTES }, ({ response }) => {
      response.writeHead(500).end();
    });
    await expect(HttpSource.open(server.url, { clock, retries: 2 })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
    });
    expect(server.requests).toHaveLength(3);
  });

  test('retries: 0 → no second request', async () => {
    const { server, clock, read } = await scene(fail(1), { retries: 0 });
    await expect(read()).rejects.toMatchObject({ code: 'VHDX_SOURCE_UNAVAILABLE' });
    expect(server.requests).toHaveLength(2);
    expect(clock.pauses).toEqual([]);
  });

  test.each([
    ['3', 3000],
    [new Date(NOW + 42_000).toUTCString(), 42_000],
    [new Date(NOW - 42_000).toUTCString(), 125],
    ['soon', 125],
  ])('Retry-After: %s → a pause of %i ms', async (value, pause) => {
    const { clock, read } = await scene(fail(1, 503, { 'Retry-After': value }));
    await read();
    expect(clock.pauses).toEqual([pause]);
  });

  test('Retry-After of an hour → VHDX_SOURCE_UNAVAILABLE at once, which says so', async () => {
    const { clock, read } = await scene(fail(1, 429, { 'Retry-After': '3600' }));
    await expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringContaining('asks to come back in 3600 seconds') as unknown,
    });
    expect(clock.pauses).toEqual([]);
  });

  test('body that breaks off → goes on behind what came', async () => {
    const { server, clock, read } = await scene((visit) => {
      const { number, response, range, honest } = visit;
      if (number > 2 || range === undefined) return honest();
      response.writeHead(206, { ETag: '"a"', 'Content-Range': `bytes ${AT}-${AT + 99_999}/${MIB}` });
      response.write(BYTES.subarray(AT, AT + 30_000), () => response.destroy());
    });
    expect(await read(100_000)).toEqual(BYTES.subarray(AT, AT + 100_000));
    expect(clock.pauses).toHaveLength(1);
    const from = Number(/bytes=(\d+)-/.exec(server.requests[2]?.range ?? '')?.[1]);
    expect(from).toBeGreaterThanOrEqual(AT);
    expect(from).toBeLessThanOrEqual(AT + 30_000);
  });

  test('body that ends early without a fault of the connection → goes on behind what came', async () => {
    const { server, read } = await scene(({ number, response, honest }) => {
      if (number > 2) return honest();
      response.writeHead(206, { ETag: '"a"', ...RIGHT }).end(BYTES.subarray(AT, AT + 600));
    });
    expect(await read()).toEqual(BYTES.subarray(AT, AT + 1000));
    expect(server.requests[2]?.range).toBe(`bytes=${AT + 600}-${AT + 999}`);
  });

  test('body that always ends early with nothing → VHDX_SOURCE_UNAVAILABLE', async () => {
    const { server, read } = await scene(({ response }) => {
      response.writeHead(206, { ETag: '"a"', ...RIGHT }).end();
    });
    await expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringContaining('ended after 0 of 1000 bytes (5 tries)') as unknown,
    });
    expect(server.requests).toHaveLength(6);
  });

  test('body that breaks off every 100 KiB → read all the same: failures are counted anew after progress', async () => {
    const { read, clock } = await scene(
      ({ response, range, honest }) => {
        if (range === undefined || range.end - range.start <= 100_000) return honest();
        const { start, end } = range;
        response.writeHead(206, { ETag: '"a"', 'Content-Range': `bytes ${start}-${end - 1}/${MIB}` });
        response.end(BYTES.subarray(start, start + 100_000));
      },
      { retries: 1 },
    );
    expect(await read(400_000)).toEqual(BYTES.subarray(AT, AT + 400_000));
    expect(clock.pauses).toEqual([125, 125, 125]);
  });

  test('server that is not there → VHDX_SOURCE_UNAVAILABLE with the cause', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const clock = new FakeClock();
    await expect(HttpSource.open(`http://127.0.0.1:${port}/`, { clock, retries: 1 })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringMatching(/network failed: fetch failed \(.*ECONNREFUSED.*\(2 tries\)/) as unknown,
      cause: expect.any(TypeError) as unknown,
    });
    expect(clock.pauses).toHaveLength(1);
  });
});

describe('waiting', () => {
  const hang = (): void => undefined;
  /** A timer is set for the request, and then anew for the answer and for the first piece of its body. */
  const BODY = 2;

  test('no answer → fails after the timeout, and is tried again', async () => {
    const { server, clock, read } = await scene(({ number, honest }) => {
      if (number > 2) honest();
    });
    const result = read();
    await server.arrived(2);
    clock.expire();
    expect(await result).toEqual(BYTES.subarray(AT, AT + 1000));
    expect(clock.pauses).toHaveLength(1);
    expect(clock.running).toBe(0);
  });

  test('body that stops coming → fails after the timeout', async () => {
    const { clock, read } = await scene(
      ({ response }) => {
        response.writeHead(206, { ETag: '"a"', ...RIGHT }).write(BYTES.subarray(AT, AT + 10));
      },
      { retries: 0 },
    );
    const failed = expect(read()).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringContaining('sent nothing for 30 s') as unknown,
    });
    await clock.armed(BODY);
    clock.expire();
    await failed;
  });

  test.each(['answer', 'body', 'pause'] as const)('abort while waiting for the %s → its reason', async (where) => {
    const controller = new AbortController();
    const { server, clock, read } = await scene(({ response }) => {
      if (where === 'pause') response.writeHead(503).end();
      else if (where === 'body') response.writeHead(206, { ETag: '"a"', ...RIGHT }).write(BYTES.subarray(AT, AT + 10));
      else hang();
    });
    const reason = new Error('enough');
    clock.onPause = () => {
      controller.abort(reason);
    };
    const failed = expect(read(1000, controller.signal)).rejects.toBe(reason);
    if (where === 'answer') await server.arrived(2);
    if (where === 'body') await clock.armed(BODY);
    if (where !== 'pause') controller.abort(reason);
    await failed;
    expect(server.requests).toHaveLength(2);
    expect(clock.running).toBe(0);
  });

  test('abort of the opening → its reason', async () => {
    const controller = new AbortController();
    const server = await serve({ bytes: BYTES }, hang);
    const reason = new Error('enough');
    const failed = expect(HttpSource.open(server.url, { signal: controller.signal })).rejects.toBe(reason);
    await server.arrived(1);
    controller.abort(reason);
    await failed;
  });

  test('fetch that does not heed the signal → the reason all the same', async () => {
    const controller = new AbortController();
    const ignoring = new Promise<Response>(() => undefined);
    const failed = expect(
      HttpSource.open('http://127.0.0.1/', { signal: controller.signal, fetch: () => ignoring }),
    ).rejects.toThrow('enough');
    controller.abort(new Error('enough'));
    await failed;
  });

  test('many reads with one signal → no warning of leaking listeners', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', listener);
    onTestFinished(() => {
      process.off('warning', listener);
    });
    const { read } = await scene(({ honest }) => honest());
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 40 }, () => read(10, signal)));
    expect(warnings).toEqual([]);
  });
});
