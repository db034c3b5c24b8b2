import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MIB, TestImage } from '../support/image-builder.js';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { golden, session } from './transcript.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
  writeFileSync(join(cwd, 'no-header.vhdx'), damagedHeaders(0, 1));
  const image = new TestImage({
    type: 'differencing',
    virtualSize: 2048 * MIB,
    blockSize: 2 * MIB,
    allocate: [0, 1, 900],
    bitmaps: [0],
  });
  image.setBat(image.payloadIndex(500), { state: 2 });
  image.append(3 * MIB);
  writeFileSync(join(cwd, 'a<b.vhdx'), image.toBytes());
});

describe('vhdx map --picture', () => {
  test('small and large disk → the transcript, in 80 columns', async () => {
    const run = await session(['vhdx map --picture clean.vhdx', 'vhdx map --picture a<b.vhdx'], { cwd });
    await expect(run).toMatchFileSnapshot(golden('map-picture'));
    expect(Math.max(...lines(run).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('an image that cannot be opened → one line', async () => {
    const run = await vhdx(['map', '--picture', 'no-header.vhdx'], { cwd });
    expect([run.exitCode, run.stdout, lines(run.stderr).length]).toEqual([2, '', 1]);
  });
});

describe('vhdx map --svg', () => {
  test('- → the picture on standard output, with the name escaped', async () => {
    const { stdout } = await vhdx(['map', '--svg', '-', 'a<b.vhdx'], { cwd });
    await expect(stdout).toMatchFileSnapshot('transcripts/map.svg');
    expect(stdout).toContain('a&lt;b.vhdx: file');
    // What is opened is closed again, and nothing stands outside of the root.
    for (const name of ['svg', 'title', 'text', 'rect']) {
      const open = stdout.match(new RegExp(`<${name}(?: [^>]*[^/])?>`, 'g')) ?? [];
      expect(stdout.match(new RegExp(`</${name}>`, 'g')) ?? []).toHaveLength(open.length);
    }
    expect(stdout).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  test('a file → written, but never over one that is there', async () => {
    const first = await vhdx(['map', '--svg', 'out.svg', 'clean.vhdx'], { cwd });
    expect([first.exitCode, first.stdout]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'out.svg'), 'utf8')).toMatch(/^<svg /);
    const second = await vhdx(['map', '--svg', 'clean.vhdx', 'clean.vhdx'], { cwd });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(/^vhdx: cannot write clean\.vhdx: EEXIST/);
  });
});
