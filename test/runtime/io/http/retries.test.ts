import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HttpSource } from '../../../../runtime/io/http/http-source.js';
import { FakeClock, NOW } from '../../../support/fake-clock.js';
import { AT, BYTES, RIGHT, scene } from '../../../support/http-scene.js';
import { serve, type Visit } from '../../../support/http-server.js';
import { MIB } from '../../../support/image-builder.js';
import { reasonOf } from '../../../support/reason.js';

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
    expect(Buffer.compare(await read(100_000), BYTES.subarray(AT, AT + 100_000))).toBe(0);
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
    expect(Buffer.compare(await read(400_000), BYTES.subarray(AT, AT + 400_000))).toBe(0);
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
    const reason = reasonOf(read());
    await clock.armed(BODY);
    clock.expire();
    expect(await reason).toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringContaining('sent nothing for 30 s') as unknown,
    });
  });

  test.each(['answer', 'body', 'pause'] as const)('abort while waiting for the %s → its reason', async (where) => {
    const controller = new AbortController();
    const { server, clock, read } = await scene(({ response }) => {
      if (where === 'pause') response.writeHead(503).end();
      else if (where === 'body') response.writeHead(206, { ETag: '"a"', ...RIGHT }).write(BYTES.subarray(AT, AT + 10));
      else hang();
    });
    const enough = new Error('enough');
    clock.onPause = () => {
      controller.abort(enough);
    };
    const reason = reasonOf(read(1000, controller.signal));
    if (where === 'answer') await server.arrived(2);
    if (where === 'body') await clock.armed(BODY);
    if (where !== 'pause') controller.abort(enough);
    expect(await reason).toBe(enough);
    expect(server.requests).toHaveLength(2);
    expect(clock.running).toBe(0);
  });

  test('abort of the opening → its reason', async () => {
    const controller = new AbortController();
    const server = await serve({ bytes: BYTES }, hang);
    const enough = new Error('enough');
    const reason = reasonOf(HttpSource.open(server.url, { signal: controller.signal, retries: 0 }));
    await server.arrived(1);
    controller.abort(enough);
    expect(await reason).toBe(enough);
  });

  test('fetch that does not heed the signal → the reason all the same', async () => {
    const controller = new AbortController();
    const ignoring = new Promise<Response>(() => undefined);
    const reason = reasonOf(HttpSource.open('http://127.0.0.1/', { signal: controller.signal, fetch: () => ignoring }));
    const enough = new Error('enough');
    controller.abort(enough);
    expect(await reason).toBe(enough);
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
