import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import { PARENT_BYTE, upAndDownTo, writeChild, writeParent } from './chains.js';
import { temporaryDirectory, writeSparse } from './images.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const inside = (path: string): string => join(cwd, path);

beforeAll(() => {
  for (const folder of ['images', 'outside', 'outside/disks']) mkdirSync(inside(folder));
  writeParent(inside('images/parent.vhdx'));
  writeParent(inside('outside/parent.vhdx'));
  writeParent(inside('outside/disks/parent.vhdx'));
  symlinkSync('../outside/parent.vhdx', inside('images/leads-out.vhdx'));
  writeChild(inside('images/good.vhdx'), [['relative_path', String.raw`.\parent.vhdx`]]);
  writeChild(inside('images/self.vhdx'), [['relative_path', String.raw`.\self.vhdx`]]);
  writeSparse(inside('images/no-image'), new Uint8Array(4096));
  writeChild(inside('images/raw-parent.vhdx'), [['relative_path', 'no-image']]);
  for (const [name, path] of HOSTILE) writeChild(inside(`images/${name}.vhdx`), path(cwd));
});

type Paths = readonly (readonly [string, string])[];

/** Locators that lead to a disk which is there, but out of the folder of the image; and what must be said. */
const HOSTILE: readonly (readonly [string, (root: string) => Paths, RegExp])[] = [
  ['up', () => [['relative_path', String.raw`..\outside\parent.vhdx`]], /relative_path .*outside of the folders/],
  ['far-up', (root) => [['relative_path', upAndDownTo(`${root}/outside/parent.vhdx`)]], /outside of the folders/],
  ['link', () => [['relative_path', 'leads-out.vhdx']], /relative_path leads-out\.vhdx: .*outside of the folders/],
  ['rooted', (root) => [['absolute_win32_path', `${root}/outside/parent.vhdx`]], /absolute paths are followed only/],
  ['drive', () => [['absolute_win32_path', String.raw`\\?\c:\disks\parent.vhdx`]], /absolute paths are followed only/],
  [
    'volume',
    () => [['volume_path', String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\disks\parent.vhdx`]],
    /volume_path .*absolute paths are followed only/,
  ],
  ['unc', () => [['absolute_win32_path', String.raw`\\server\share\disks\parent.vhdx`]], /absolute paths are followed/],
  ['device', () => [['absolute_win32_path', String.raw`\\.\PhysicalDrive0`]], /it names a device or a share/],
];

const READ = ['--length', '512'] as const;

describe('parents', () => {
  test('in the folder of the image → read', async () => {
    const run = await vhdx(['read', 'images/good.vhdx', ...READ], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '', stdout: String.fromCharCode(PARENT_BYTE).repeat(512) });
  });

  test.each(HOSTILE.map(([name, , says]) => ({ name, says })))(
    'a locator of kind $name → not followed; named with the reason',
    async ({ name, says }) => {
      for (const command of [
        ['read', ...READ],
        ['map', '--chain'],
        ['convert', '--to', 'raw'],
      ]) {
        const [verb = '', ...rest] = command;
        const target = verb === 'convert' ? ['out.raw'] : [];
        const run = await vhdx([verb, `images/${name}.vhdx`, ...target, ...rest], { cwd });
        expect(run).toMatchObject({ exitCode: 1, stdout: '' });
        expect(lines(run.stderr)).toHaveLength(1);
        expect(run.stderr).toMatch(says);
        expect(run.stderr).toContain('VHDX_PARENT_NOT_FOUND');
      }
    },
  );

  test.each(['drive', 'volume', 'unc', 'up'])('a locator of kind %s, its folder allowed → followed', async (name) => {
    const run = await vhdx(['read', `images/${name}.vhdx`, '--parent-root', 'outside', ...READ], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('a device, everything allowed → not followed all the same', async () => {
    const run = await vhdx(['read', 'images/device.vhdx', '--parent-root', '/', ...READ], { cwd });
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test('--parent → that file, whatever the locator says', async () => {
    const run = await vhdx(['read', 'images/device.vhdx', '--parent', 'outside/parent.vhdx', ...READ], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('--parent is not there → one line that names it', async () => {
    const run = await vhdx(['read', 'images/good.vhdx', '--parent', 'nowhere.vhdx', ...READ], { cwd });
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(/nowhere\.vhdx: there is no such file \(VHDX_SOURCE_NOT_FOUND\)\n$/);
  });

  test('a parent that is no VHDX → it is named', async () => {
    const run = await vhdx(['read', 'images/raw-parent.vhdx', ...READ], { cwd });
    expect(run.exitCode).toBe(63);
    expect(run.stderr).toMatch(/raw-parent\.vhdx: its parent .*no-image: not a VHDX/);
  });

  test('an image that is its own parent → refused', async () => {
    const run = await vhdx(['read', 'images/self.vhdx', ...READ], { cwd });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('VHDX_CHAIN_CYCLE');
  });

  test('another parent → refused with both GUIDs; read with --ignore-id-mismatch', async () => {
    const other = new TestImage();
    other.editHeader('both', (header) => {
      header.dataWriteGuid.data1 = 0xdeadbeef;
    });
    writeSparse(inside('images/other.vhdx'), other.toBytes());
    const args = ['read', 'images/good.vhdx', '--parent', 'images/other.vhdx', ...READ];
    const refused = await vhdx(args, { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/66666666-.*deadbeef-.*VHDX_PARENT_LINKAGE_MISMATCH/);
    expect(await vhdx([...args, '--ignore-id-mismatch'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('map without --chain → needs no parent', async () => {
    const run = await vhdx(['map', '--json', 'images/device.vhdx'], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual([
      { start: 0, length: 2 ** 24, depth: 0, present: false, zero: false, data: false, state: 'NOT_PRESENT' },
    ]);
  });

  test('map --chain → depth and file of what the parent holds', async () => {
    const run = await vhdx(['map', '--json', '--chain', 'images/good.vhdx'], { cwd });
    expect(JSON.parse(run.stdout)).toMatchObject([
      { start: 0, length: 2 ** 20, depth: 1, present: true, data: true, filename: inside('images/parent.vhdx') },
      { start: 2 ** 20, depth: 1, present: false, zero: true, data: false },
    ]);
  });
});
