import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MIB, pendingLog, temporaryDirectory, writeSparse } from '../cli/images.js';
import { vhdx } from '../cli/vhdx.js';
import { jsonObject, QEMU_INFO_KEYS, sharedMembers, sizeOf7zz, vhdiinfo } from './answers.js';
import { ask, without } from './peers.js';

interface Made {
  readonly subformat: 'dynamic' | 'fixed';
  readonly size: string;
  readonly block: string;
}

// qemu-img takes every one of these. Large disks with small blocks have large BATs: the one of 64 TiB with blocks of
// 1 MiB has 513 MiB.
const DYNAMIC: readonly Made[] = ['1M', '64M', '5G', '1T', '64T'].flatMap((size) =>
  ['1M', '2M', '32M', '256M'].map((block): Made => ({ subformat: 'dynamic', size, block })),
);
const FIXED: readonly Made[] = ['1M', '16M', '300M'].flatMap((size) =>
  ['1M', '2M', '32M', '256M'].map((block): Made => ({ subformat: 'fixed', size, block })),
);
const ALL = [...DYNAMIC, ...FIXED];

const cwd = temporaryDirectory();

/** Has qemu-img make an image, gives it to `use`, and removes it. */
async function withImage({ subformat, size, block }: Made, use: (name: string) => Promise<void>): Promise<void> {
  const name = `${subformat}-${size}-${block}.vhdx`;
  const options = `subformat=${subformat},block_size=${block}`;
  const { exitCode, stderr } = ask('qemu-img', ['create', '-q', '-f', 'vhdx', '-o', options, name, size], cwd);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  try {
    await use(name);
  } finally {
    rmSync(join(cwd, name));
  }
}

describe.skipIf(without('qemu-img'))('images made by qemu-img', () => {
  test.each(ALL)('$subformat, $size, blocks of $block → clean, and described as qemu-img does', async (made) => {
    await withImage(made, async (name) => {
      const theirs = jsonObject(ask('qemu-img', ['info', '--output=json', name], cwd).stdout);
      const ours = jsonObject((await vhdx(['info', '--json', name], { cwd })).stdout);
      const shared = sharedMembers(ours, theirs);
      expect(Object.keys(shared).toSorted()).toEqual(QEMU_INFO_KEYS);
      expect(shared).toEqual(sharedMembers(theirs, ours));
      expect(ours).toMatchObject({ 'format-specific': { data: { type: made.subformat } } });
      expect(await vhdx(['check', name], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    });
  });

  test('data in some blocks → clean, and as many blocks as were written', async () => {
    await withImage({ subformat: 'dynamic', size: '1G', block: '8M' }, async (name) => {
      const writes = ['0 64k', '100M 20M', '1023M 1M'].flatMap((range) => ['-c', `write -P 0xa5 ${range}`]);
      expect(ask('qemu-io', ['-f', 'vhdx', ...writes, name], cwd).exitCode).toBe(0);
      const { stdout } = await vhdx(['info', '--json', name], { cwd });
      // Block 0, blocks 12 to 14, block 127.
      expect(jsonObject(stdout)).toMatchObject({ 'format-specific': { data: { blocks: { allocated: 5 } } } });
      expect(await vhdx(['check', name], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    });
  });

  test('a log that is pending → refused by qemu-img, needs attention; clean after its replay', async () => {
    writeSparse(join(cwd, 'pending.vhdx'), pendingLog());
    expect(ask('qemu-img', ['info', 'pending.vhdx'], cwd).stderr).toContain('contains a log that needs to be replayed');
    expect(await vhdx(['check', 'pending.vhdx'], { cwd })).toMatchObject({ exitCode: 3 });
    expect(ask('qemu-img', ['check', '-r', 'all', 'pending.vhdx'], cwd).exitCode).toBe(0);
    expect(await vhdx(['check', 'pending.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('a size that is no multiple of the block size → the same virtual size', async () => {
    await withImage({ subformat: 'dynamic', size: String(5 * MIB + 512), block: '2M' }, async (name) => {
      const { stdout } = await vhdx(['info', '--json', name], { cwd });
      expect(jsonObject(stdout)).toMatchObject({
        'virtual-size': 5 * MIB + 512,
        'format-specific': { data: { bat: { 'payload-blocks': 3 } } },
      });
      expect(await vhdx(['check', name], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    });
  });
});

// One of each kind of BAT is enough for the others: with and without sector bitmap entries.
const SOME: readonly Made[] = [
  { subformat: 'dynamic', size: '64M', block: '1M' },
  { subformat: 'dynamic', size: '1T', block: '32M' },
  { subformat: 'fixed', size: '16M', block: '2M' },
];

describe.skipIf(without('qemu-img', 'vhdiinfo'))('images made by qemu-img, seen by vhdiinfo', () => {
  test.each(SOME)('$subformat, $size, blocks of $block → equal size, type and identifier', async (made) => {
    await withImage(made, async (name) => {
      const { stdout } = await vhdx(['info', '--json', name], { cwd });
      expect(jsonObject(stdout)).toMatchObject(vhdiinfo(name, cwd));
    });
  });
});

describe.skipIf(without('qemu-img', '7zz'))('images made by qemu-img, seen by 7-Zip', () => {
  test.each(SOME)('$subformat, $size, blocks of $block → equal virtual size', async (made) => {
    await withImage(made, async (name) => {
      const { stdout } = await vhdx(['info', '--json', name], { cwd });
      expect(jsonObject(stdout)).toMatchObject({ 'virtual-size': sizeOf7zz(name, cwd) });
    });
  });
});
