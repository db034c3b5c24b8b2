import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFile } from '../../../../runtime/node.js';
import { readExactly } from '../../../../runtime/io/byte-source.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vhdx-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('file → its bytes and size', async () => {
  const path = join(folder, 'file');
  await writeFile(path, Uint8Array.of(1, 2, 3));
  const source = await openFile(path);
  expect(source.size).toBe(3);
  expect([...(await readExactly(source, 1, 2))]).toEqual([2, 3]);
  expect(await source.read(new Uint8Array(8), 2)).toBe(1);
  await source.close();
});

test('sparse file → less allocated than it is long', async () => {
  const path = join(folder, 'sparse');
  await writeFile(path, '');
  await truncate(path, 64 * 1024 * 1024);
  const source = await openFile(path);
  expect(source.size).toBe(64 * 1024 * 1024);
  if (process.platform !== 'win32') expect(source.hostAllocatedSize).toBeLessThan(1024 * 1024);
  await source.close();
});

test('missing file → VHDX_SOURCE_NOT_FOUND', async () => {
  await expect(openFile(join(folder, 'missing'))).rejects.toMatchObject({ code: 'VHDX_SOURCE_NOT_FOUND' });
});

test('directory → VHDX_SOURCE_IS_DIRECTORY', async () => {
  await expect(openFile(folder)).rejects.toMatchObject({ code: 'VHDX_SOURCE_IS_DIRECTORY' });
});

test.skipIf(process.platform === 'win32')('FIFO without a writer → refused at once', async () => {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  await expect(openFile(path)).rejects.toMatchObject({ code: 'VHDX_SOURCE_NOT_A_FILE' });
});

test.skipIf(process.platform === 'win32')('character device → VHDX_SOURCE_NOT_A_FILE', async () => {
  await expect(openFile('/dev/zero')).rejects.toMatchObject({ code: 'VHDX_SOURCE_NOT_A_FILE' });
});
