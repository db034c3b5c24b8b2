/** `vhdx map` of an image with blocks that cannot be read: they are listed like the rest. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import { MIB, temporaryDirectory } from './images.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

function write(name: string, damage: (image: TestImage) => unknown): void {
  const image = new TestImage({ allocate: [0, 1, 2, 3] });
  damage(image);
  writeFileSync(join(cwd, name), image.toBytes());
}

interface Extent {
  readonly start: number;
  readonly length: number;
  readonly zero: boolean;
  readonly data: boolean;
  readonly state: string;
  readonly error?: string;
}

async function mapOf(name: string): Promise<{ exitCode: number | null; extents: Extent[]; stderr: string }> {
  const { exitCode, stdout, stderr } = await vhdx(['map', '--json', name], { cwd });
  return { exitCode, extents: JSON.parse(stdout) as Extent[], stderr };
}

test('a file that is cut off → every extent, the lost one with its code, exit code 2', async () => {
  write('cut.vhdx', (image) => (image.size -= MIB));
  const { exitCode, extents, stderr } = await mapOf('cut.vhdx');
  expect(exitCode).toBe(2);
  expect(extents.map(({ start, length, data, zero, error }) => [start / MIB, length / MIB, data, zero, error])).toEqual(
    [
      [0, 3, true, false, undefined],
      [3, 1, false, false, 'VHDX_BAT_BLOCK_BEYOND_END'],
      [4, 12, false, true, undefined],
    ],
  );
  expect(lines(stderr)).toEqual([
    expect.stringMatching(/cut\.vhdx: 1 range of the disk cannot be read: bat\[3\] .*VHDX_BAT_BLOCK_BEYOND_END/),
  ]);
  const table = await vhdx(['map', 'cut.vhdx'], { cwd });
  expect(table.exitCode).toBe(2);
  expect(lines(table.stdout)).toContainEqual(expect.stringMatching(/^0x300000 +0x100000 +- +lost +FULLY_PRESENT$/));
});

test('reserved states → named by their numbers, each range counted', async () => {
  write('states.vhdx', (image) => image.setBat(1, { state: 4 }).setBat(3, { state: 5 }));
  const { exitCode, extents, stderr } = await mapOf('states.vhdx');
  expect(exitCode).toBe(2);
  expect(
    extents.filter(({ error }) => error === 'VHDX_BAT_STATE_RESERVED').map(({ start, state }) => [start / MIB, state]),
  ).toEqual([
    [1, '4'],
    [3, '5'],
  ]);
  expect(stderr).toContain('2 ranges of the disk cannot be read, the first: bat[1]');
});
