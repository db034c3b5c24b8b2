import { expect, test } from 'vitest';
import { readExactly } from '../../../../runtime/io/byte-source.js';
import { HttpSource } from '../../../../runtime/io/http/http-source.js';
import { noise } from '../../../support/bytes.js';
import { serve } from '../../../support/http-server.js';
import { KIB, MIB } from '../../../support/image-builder.js';

const BYTES = noise(2 * MIB);

test('reads up to maxBytes → answered; the next one → VHDX_SOURCE_LIMIT_EXCEEDED without a request', async () => {
  const server = await serve({ bytes: BYTES });
  const source = await HttpSource.open(server.url, { maxBytes: 600 * KIB });
  expect(await readExactly(source, MIB, 88 * KIB)).toEqual(BYTES.subarray(MIB, MIB + 88 * KIB));
  await expect(readExactly(source, MIB, 1)).rejects.toMatchObject({ code: 'VHDX_SOURCE_LIMIT_EXCEEDED' });
  // What came with the opening is there.
  expect(await readExactly(source, 0, 1000)).toEqual(BYTES.subarray(0, 1000));
  expect(server.requests).toHaveLength(2);
});

test('maxBytes below the first request → it asks for no more', async () => {
  const server = await serve({ bytes: BYTES });
  const source = await HttpSource.open(server.url, { maxBytes: 1000 });
  expect(server.requests[0]?.range).toBe('bytes=0-999');
  await expect(readExactly(source, 0, 1001)).rejects.toMatchObject({ code: 'VHDX_SOURCE_LIMIT_EXCEEDED' });
});

test('a server without ranges → no longer file than maxBytes is read', async () => {
  const server = await serve({ bytes: BYTES }, ({ response }) => {
    response.writeHead(200, { 'Content-Length': BYTES.length }).end(BYTES);
  });
  await expect(HttpSource.open(server.url, { maxBytes: MIB })).rejects.toMatchObject({
    code: 'VHDX_SOURCE_RANGES_UNSUPPORTED',
  });
});

test.each([0, -1, 1.5])('maxBytes %d → RangeError', async (maxBytes) => {
  await expect(HttpSource.open('http://127.0.0.1:9/', { maxBytes })).rejects.toThrow(RangeError);
});
