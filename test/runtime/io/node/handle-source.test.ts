import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NodeHandleSource, openFile } from '../../../../runtime/node.js';
import { readExactly } from '../../../../runtime/io/byte-source.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vhdx-handle-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text = 'abcdef'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('closed source → the handle of the caller is still open, and where it was', async () => {
  const handle = await open(await file('kept'));
  const source = await NodeHandleSource.open(handle);
  expect(Buffer.from(await readExactly(source, 2, 3)).toString()).toBe('cde');
  await source.close();
  expect(await handle.readFile('utf8')).toBe('abcdef');
  await handle.close();
});

test('closeHandle → the handle is closed with the source', async () => {
  const handle = await open(await file('given'));
  const source = await NodeHandleSource.open(handle, { closeHandle: true });
  await source.close();
  await expect(handle.stat()).rejects.toMatchObject({ code: 'EBADF' });
});

test('the same file by its path → the same identity, size and host size', async () => {
  const path = await file('same');
  await truncate(path, 1024 * 1024);
  const handle = await open(path);
  const [one, other] = [await NodeHandleSource.open(handle), await openFile(path)];
  expect([one.identity, one.size, one.hostAllocatedSize]).toEqual([
    other.identity,
    other.size,
    other.hostAllocatedSize,
  ]);
  await other.close();
  await handle.close();
});

test('file that became shorter → VHDX_SOURCE_SHORT_READ', async () => {
  const path = await file('shorter');
  const handle = await open(path);
  const source = await NodeHandleSource.open(handle);
  await truncate(path, 3);
  await expect(readExactly(source, 0, 6)).rejects.toMatchObject({ code: 'VHDX_SOURCE_SHORT_READ' });
  await handle.close();
});

test('closed handle → VHDX_SOURCE_IO', async () => {
  const handle = await open(await file('closed'));
  await handle.close();
  await expect(NodeHandleSource.open(handle)).rejects.toMatchObject({ code: 'VHDX_SOURCE_IO' });
});

test('handle that was opened for writing only → VHDX_SOURCE_IO', async () => {
  const handle = await open(await file('writing'), 'a');
  const source = await NodeHandleSource.open(handle);
  await expect(readExactly(source, 0, 1)).rejects.toMatchObject({ code: 'VHDX_SOURCE_IO' });
  await handle.close();
});

test.skipIf(process.platform === 'win32').each([
  ['/', 'VHDX_SOURCE_IS_DIRECTORY'],
  ['/dev/zero', 'VHDX_SOURCE_NOT_A_FILE'],
])('handle of %s → %s', async (path, code) => {
  const handle = await open(path);
  await expect(NodeHandleSource.open(handle)).rejects.toMatchObject({ code });
  await handle.close();
});
