import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blockingSource } from '../../../runtime/cli/sources/blocking-source.js';
import { openFile } from '../../../runtime/node.js';
import { temporaryDirectory } from '../images.js';

const path = join(temporaryDirectory(), 'bytes');
writeFileSync(
  path,
  Uint8Array.from({ length: 1000 }, (_, index) => index % 251),
);

test.each([
  [0, 1000],
  [990, 100],
  [999, 1],
  [1000, 5],
  [5000, 5],
])('a read at %i of %i bytes → as the file itself gives it', async (position, length) => {
  const file = await openFile(path);
  const source = blockingSource(file);
  const [ours, its] = [new Uint8Array(length).fill(7), new Uint8Array(length).fill(7)];
  expect(await source.read(ours, position)).toBe(await file.read(its, position));
  expect(ours).toEqual(its);
  const { size, identity, hostAllocatedSize, hostSparseAttribute } = file;
  expect(source).toMatchObject({ path, size, identity, hostAllocatedSize, hostSparseAttribute });
  expect(await source.revision?.()).toBe(await file.revision());
  await source.close();
  await expect(source.read(ours, 0)).rejects.toMatchObject({ code: 'VHDX_SOURCE_IO' });
});

test('a signal that is aborted → its reason', async () => {
  const source = blockingSource(await openFile(path));
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(source.read(new Uint8Array(1), 0, { signal })).rejects.toThrow('enough');
  await source.close();
});
