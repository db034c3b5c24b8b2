import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../cli/images.js';
import { vhdx } from '../cli/vhdx.js';
import { MIB, TestImage } from '../support/image-builder.js';
import { ROOT } from './pages.js';

const cwd = temporaryDirectory();

/** A small disk with what a picture can show: blocks in scattered order, free space between them, blocks of zeros. */
function picturedImage(): Uint8Array {
  const blocks = [0, 1, 2, 3, 16, 17, 18, 40, 41, 42, 43, 44, 90, 91, 127];
  const image = new TestImage({ type: 'dynamic', virtualSize: 256 * MIB, blockSize: 2 * MIB, allocate: blocks });
  for (const block of [2, 17, 42]) image.setBat(image.payloadIndex(block), { state: 2 });
  for (const block of [60, 61, 62, 63]) image.setBat(image.payloadIndex(block), { state: 3 });
  return image.toBytes();
}

test('docs/images/map.svg → as `vhdx map --svg` draws it (npm run docs)', async () => {
  writeFileSync(join(cwd, 'disk.vhdx'), picturedImage());
  const { exitCode, stdout } = await vhdx(['map', '--svg', '-', 'disk.vhdx'], { cwd });
  expect(exitCode).toBe(0);
  await expect(stdout).toMatchFileSnapshot(join(ROOT, 'docs/images/map.svg'));
});
