import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { HttpSource } from '../../../../runtime/io/http/http-source.js';
import { readExactly } from '../../../../runtime/io/byte-source.js';
import { noise } from '../../../support/bytes.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { AT, BYTES, partial, RIGHT, scene } from '../../../support/http-scene.js';
import { serve, type Served, type Visit } from '../../../support/http-server.js';
import { MIB } from '../../../support/image-builder.js';

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

  test.each([MIB - 1, 0])(
    'file longer than maxWholeBytes %i → refused by its length, before its body',
    async (limit) => {
      const server = await serve({ bytes: BYTES }, ({ response }) => {
        response.writeHead(200, { 'Content-Length': MIB }).flushHeaders();
      });
      await expect(HttpSource.open(server.url, { maxWholeBytes: limit })).rejects.toMatchObject({
        code: 'VHDX_SOURCE_RANGES_UNSUPPORTED',
        message: expect.stringContaining('whole file (1 MiB)') as unknown,
      });
    },
  );

  test('whole file that is shorter than it says, without a fault of the connection → VHDX_SOURCE_UNAVAILABLE', async () => {
    const answer = new Response(BYTES.slice(0, 600), { headers: { 'Content-Length': '1000' } });
    const opened = HttpSource.open('http://127.0.0.1/', { retries: 0, fetch: () => Promise.resolve(answer) });
    await expect(opened).rejects.toMatchObject({
      code: 'VHDX_SOURCE_UNAVAILABLE',
      message: expect.stringContaining('ended after 600 of 1000 bytes') as unknown,
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
    ['a beginning one byte later', { 'Content-Range': `bytes ${AT + 1}-${AT + 999}/${MIB}` }],
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
