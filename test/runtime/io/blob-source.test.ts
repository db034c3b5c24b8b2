import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlobSource } from '../../../runtime/io/blob-source.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { reasonOf } from '../../support/reason.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vhdx-blob-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A blob whose parts cannot be read, for this reason. */
function broken(name: string, message = 'no'): File {
  const file = new File([new Uint8Array(10)], 'disk.vhdx');
  file.slice = () => Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new DOMException(message, name)) });
  return file;
}

describe('a file of the host as a blob', () => {
  test('file changed after it was opened → VHDX_SOURCE_CHANGED', async () => {
    const path = join(folder, 'changed');
    await writeFile(path, 'before');
    const source = new BlobSource(await openAsBlob(path));
    await writeFile(path, 'afterwards');
    await expect(readExactly(source, 0, 4)).rejects.toMatchObject({
      code: 'VHDX_SOURCE_CHANGED',
      cause: { name: 'NotReadableError' },
    });
  });

  test('file deleted after it was opened → VHDX_SOURCE_CHANGED', async () => {
    const path = join(folder, 'deleted');
    await writeFile(path, 'before');
    const source = new BlobSource(await openAsBlob(path));
    await unlink(path);
    await expect(readExactly(source, 0, 4)).rejects.toMatchObject({ code: 'VHDX_SOURCE_CHANGED' });
  });
});

test.each([
  ['NotReadableError', 'VHDX_SOURCE_CHANGED'],
  ['NotFoundError', 'VHDX_SOURCE_CHANGED'],
  ['SecurityError', 'VHDX_SOURCE_NOT_PERMITTED'],
  ['UnknownError', 'VHDX_SOURCE_IO'],
])('%s → %s with name and place', async (name, code) => {
  const failed = new BlobSource(broken(name)).read(new Uint8Array(4), 3);
  await expect(failed).rejects.toMatchObject({
    code,
    message: expect.stringContaining('Cannot read disk.vhdx at offset 0x3: ') as unknown,
  });
});

test('abort while the platform reads → its reason at once', async () => {
  const blob = new Blob([new Uint8Array(10)]);
  blob.slice = () => Object.assign(new Blob(), { arrayBuffer: () => new Promise<ArrayBuffer>(() => undefined) });
  const controller = new AbortController();
  const reason = reasonOf(new BlobSource(blob).read(new Uint8Array(4), 0, { signal: controller.signal }));
  const enough = new Error('enough');
  controller.abort(enough);
  expect(await reason).toBe(enough);
});

test('long read → parts of at most 8 MiB', async () => {
  const blob = new Blob([new Uint8Array(20 * 1024 * 1024).fill(7)]);
  const lengths: number[] = [];
  const slice = blob.slice.bind(blob);
  blob.slice = (start = 0, end = 0) => {
    lengths.push(end - start);
    return slice(start, end);
  };
  const bytes = await readExactly(new BlobSource(blob), 1, 20 * 1024 * 1024 - 1);
  expect(bytes.every((byte) => byte === 7)).toBe(true);
  expect(lengths.map((length) => length / (1024 * 1024)).map(Math.ceil)).toEqual([8, 8, 4]);
});
