import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { BlobSource } from '../../../runtime/io/blob-source.js';
import { CachedSource } from '../../../runtime/io/cached-source.js';
import { HttpSource, openUrl } from '../../../runtime/io/http/http-source.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { openFile } from '../../../runtime/node.js';
import { NodeHandleSource } from '../../../runtime/io/node/handle-source.js';
import { OverlaySource, type Patch } from '../../../runtime/io/overlay-source.js';
import { toByteSource } from '../../../runtime/io/to-byte-source.js';
import { startServer } from '../../support/http-server.js';
import { type Contract, testSource } from '../../support/source-contract.js';

let folder = '';
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vhdx-contract-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(bytes: Uint8Array): Promise<string> {
  files += 1;
  const path = join(folder, String(files));
  await writeFile(path, bytes);
  return path;
}

type Make = Contract['make'];

testSource('memory', {
  make: (bytes) => Promise.resolve({ source: new MemorySource(bytes) }),
  closes: false,
});

testSource('part of a Buffer', {
  make: (bytes) => {
    const around = Buffer.concat([Buffer.alloc(13, 1), bytes, Buffer.alloc(13, 1)]);
    return Promise.resolve({ source: toByteSource(around.subarray(13, 13 + bytes.length)) });
  },
  closes: false,
});

testSource('file', {
  make: async (bytes) => ({ source: await openFile(await write(bytes)) }),
  closes: true,
});

testSource('file handle', {
  make: async (bytes) => ({
    source: await NodeHandleSource.open(await open(await write(bytes)), { closeHandle: true }),
  }),
  closes: true,
});

testSource('blob', {
  make: (bytes) => Promise.resolve({ source: new BlobSource(new Blob([bytes])) }),
  closes: false,
});

/** Over HTTP; a small request size, so that reads take several and the opening does not bring everything. */
const overHttp =
  (openIt: (url: string) => ReturnType<typeof HttpSource.open | typeof openUrl>): Make =>
  async (bytes) => {
    const server = await startServer({ bytes, etag: '"1"' });
    return { source: await openIt(server.url), dispose: () => server.close() };
  };

testSource('HTTP', { make: overHttp((url) => HttpSource.open(url, { maxBytesPerRequest: 7000 })), closes: true });

testSource('HTTP with a cache', {
  make: overHttp((url) => openUrl(url, { maxBytesPerRequest: 7000, cache: { pageSize: 4096, maxBytes: 40_000 } })),
  closes: true,
});

testSource('cache', {
  make: async (bytes) => ({
    source: new CachedSource(await openFile(await write(bytes)), {
      pageSize: 1000,
      maxBytes: 10_000,
      maxReadBytes: 3000,
    }),
  }),
  closes: true,
});

/** Every 10,000 bytes a patch of 5,000 that puts back what the base has wrong. */
const patched: Make = (bytes) => {
  const base = Uint8Array.from(bytes);
  const patches: Patch[] = [];
  for (let position = 0; position < bytes.length; position += 10_000) {
    const right = bytes.slice(position, position + 5000);
    base.fill(0, position, position + right.length);
    const fill = (into: Uint8Array, offset: number): Promise<void> => {
      into.set(right.subarray(offset, offset + into.length));
      return Promise.resolve();
    };
    patches.push({ position, length: right.length, fill });
  }
  return Promise.resolve({ source: new OverlaySource(new MemorySource(base), patches) });
};

testSource('overlay', { make: patched, closes: false });
