/** resize, rebase and set as a user meets them: plans, results, and what is refused with the file as it was. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openFileForWriting, openWritableDisk } from '../../runtime/node.js';
import { MIB, TestImage } from '../support/image-builder.js';
import { pendingLog, temporaryDirectory } from './images.js';
import { lines, PROGRAM, type Run, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const path = (name: string): string => join(cwd, name);
const run = (...args: readonly string[]): Promise<Run> => vhdx(args, { cwd });

async function done(...args: readonly string[]): Promise<Run> {
  const result = await run(...args);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return result;
}

const NAMES = ['disk.vhdx', 'base.vhdx', 'child.avhdx'] as const;
let made: readonly Buffer[] = [];

beforeAll(async () => {
  // 3 MiB of data, the last byte of which is at 3 MiB.
  writeFileSync(path('disk.raw'), Buffer.concat([Buffer.alloc(3 * 2 ** 20, 7), Buffer.alloc(5 * 2 ** 20)]));
  await done('convert', 'disk.raw', 'disk.vhdx', '--block-size', '1M');
  await done('create', 'base.vhdx', '--size', '8M');
  await done('create', 'child.avhdx', '--parent', 'base.vhdx', '--block-size', '1M');
  made = NAMES.map((name) => readFileSync(path(name)));
});

beforeEach(() => {
  for (const [index, name] of NAMES.entries()) {
    rmSync(path(name), { force: true });
    writeFileSync(path(name), made[index] ?? Buffer.of());
  }
});

describe('vhdx resize', () => {
  test('--dry-run → the plan, and the file as it was; then the same plan carried out', async () => {
    const before = readFileSync(path('disk.vhdx'));
    const { stdout } = await done('resize', 'disk.vhdx', '1G', '--dry-run');
    expect(lines(stdout)[0]).toBe('disk.vhdx: to resize:');
    expect(stdout).toContain('Set the virtual disk size from 8 MiB to 1 GiB');
    expect(stdout).toContain('nothing has been written');
    expect(readFileSync(path('disk.vhdx')).equals(before)).toBe(true);
    expect((await done('resize', 'disk.vhdx', '1G')).stdout).toContain('disk.vhdx: resized, 1 GiB');
    await done('check', 'disk.vhdx');
    expect((await done('resize', 'disk.vhdx', '1G')).stdout).toBe('disk.vhdx: nothing to do\n');
  });

  test('+SIZE, -SIZE and --to-minimum → from the size that it has', async () => {
    const sizeOf = async (): Promise<unknown> =>
      JSON.parse((await done('info', '--json', 'disk.vhdx')).stdout)['virtual-size'];
    await done('resize', 'disk.vhdx', '+5M');
    expect(await sizeOf()).toBe(13 * 2 ** 20);
    await done('resize', 'disk.vhdx', '-6M');
    expect(await sizeOf()).toBe(7 * 2 ** 20);
    await done('resize', 'disk.vhdx', '--to-minimum', '--quiet');
    expect(await sizeOf()).toBe(3 * 2 ** 20);
  });

  test('--json → the plan and whether it was carried out', async () => {
    const { stdout } = await done('resize', 'disk.vhdx', '16M', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      filename: 'disk.vhdx',
      operation: 'resize',
      virtualSize: 8 * 2 ** 20,
      newVirtualSize: 16 * 2 ** 20,
      refusals: [],
      changed: true,
    });
  });

  test('a pending log → replayed first, and the plan says so', async () => {
    writeFileSync(path('pending.vhdx'), pendingLog());
    const { stdout } = await done('resize', 'pending.vhdx', '1G');
    expect(stdout).toContain('Replay the pending log: 1 entry');
    await done('check', 'pending.vhdx');
  });
});

describe('vhdx rebase', () => {
  test('a parent that was moved → found again; the contents are what they were', async () => {
    mkdirSync(path('moved'), { recursive: true });
    copyFileSync(path('base.vhdx'), path('moved/base.vhdx'));
    rmSync(path('base.vhdx'));
    await done('rebase', 'child.avhdx', '--parent', 'moved/base.vhdx');
    await done('check', '--chain', 'child.avhdx');
  });
});

describe('vhdx set', () => {
  test('--new-disk-id → another one each time', async () => {
    const idOf = async (): Promise<unknown> =>
      JSON.parse((await done('set', 'disk.vhdx', '--new-disk-id', '--json')).stdout)['virtualDiskId'];
    expect(await idOf()).not.toBe(await idOf());
  });

  test('another identity of the contents, a child beside it → refused and named, unless forced', async () => {
    for (const args of [
      ['set', 'base.vhdx', '--new-disk-id'],
      ['set', 'base.vhdx', '--new-data-write-id'],
      ['resize', 'base.vhdx', '1G'],
    ]) {
      const before = readFileSync(path('base.vhdx'));
      const refused = await run(...args);
      expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toMatch(/would lose it: child\.avhdx\..*--force.*VHDX_CHANGE_PARTS_CHILDREN/);
      expect(await run(...args, '--dry-run')).toMatchObject({ exitCode: 1 });
      expect(readFileSync(path('base.vhdx')).equals(before)).toBe(true);
      await done(...args, '--force');
      writeFileSync(path('base.vhdx'), before);
    }
    // A copy is no child's parent, as long as that finds the original.
    copyFileSync(path('base.vhdx'), path('copy.vhdx'));
    await done('set', 'copy.vhdx', '--new-disk-id');
    rmSync(path('copy.vhdx'));
    // Neither the creator nor the order of blocks is any child's business.
    await done('set', 'base.vhdx', '--creator', 'a test');
    await done('compact', 'base.vhdx');
    await done('check', '--chain', 'child.avhdx');
  });

  test('a child that gets another parent as it is, with a child of its own → refused unless forced', async () => {
    await done('create', 'last.avhdx', '--parent', 'child.avhdx');
    await done('create', 'other.vhdx', '--size', '8M');
    const args = ['rebase', 'child.avhdx', '--parent', 'other.vhdx', '--ignore-id-mismatch'];
    expect((await run(...args)).stderr).toMatch(/last\.avhdx.*VHDX_CHANGE_PARTS_CHILDREN/);
    await done(...args, '--force');
    rmSync(path('last.avhdx'));
  });

  test('nothing to set, or two disk IDs → usage', async () => {
    expect(await run('set', 'disk.vhdx')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('say what to set'),
    });
    const both = await run('set', 'disk.vhdx', '--new-disk-id', '--disk-id', '5e75e75e-0000-4000-8000-000000000001');
    expect(both).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('cannot be used with') });
  });
});

describe('vhdx merge', () => {
  test('run again when it is done → says so, 0; with --delete the child goes', async () => {
    const child = await openWritableDisk(path('child.avhdx'));
    await child.write(new Uint8Array(512).fill(1), 0);
    await child.close();
    await done('merge', 'child.avhdx');
    const before = readFileSync(path('base.vhdx'));
    const again = await done('merge', 'child.avhdx');
    expect(lines(again.stdout)[0]).toMatch(/base\.vhdx: nothing to do$/);
    expect(again.stdout).toMatch(/it has\s+been merged already\s+\(VHDX_MERGE_DONE\)/);
    expect(JSON.parse((await done('merge', 'child.avhdx', '--dry-run', '--json')).stdout)).toMatchObject({
      isMerged: true,
      steps: [],
    });
    await done('merge', 'child.avhdx', '--delete');
    expect([existsSync(path('child.avhdx')), readFileSync(path('base.vhdx')).equals(before)]).toEqual([false, true]);
  });

  test('the parent was written to, and lacks what the child has → VHDX_PARENT_LINKAGE_MISMATCH as before', async () => {
    const child = await openWritableDisk(path('child.avhdx'));
    await child.write(new Uint8Array(512).fill(1), 0);
    await child.close();
    await done('set', 'base.vhdx', '--new-data-write-id', '--force');
    const before = readFileSync(path('base.vhdx'));
    const { exitCode, stderr } = await run('merge', 'child.avhdx', '--delete');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('VHDX_PARENT_LINKAGE_MISMATCH')]);
    expect([existsSync(path('child.avhdx')), readFileSync(path('base.vhdx')).equals(before)]).toEqual([true, true]);
  });
});

describe('bad use → a code, and the file as it was', () => {
  test('an address → only files can be changed', async () => {
    for (const command of ['compact', 'replay'])
      expect(await run(command, 'https://127.0.0.1:1/disk.vhdx')).toMatchObject({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringContaining('only files can be changed'),
      });
  });

  test.each([
    ['data behind the new end', ['resize', 'disk.vhdx', '2M'], 'VHDX_RESIZE_INTO_DATA'],
    ['more than 64 TiB', ['resize', 'disk.vhdx', '65T'], 'VHDX_CREATE_SIZE_INVALID'],
    ['no whole sectors', ['resize', 'disk.vhdx', '8388609'], 'VHDX_CREATE_SIZE_INVALID'],
    ['less than nothing', ['resize', 'disk.vhdx', '-8M'], 'VHDX_CREATE_SIZE_INVALID'],
    ['no GPT', ['resize', 'disk.vhdx', '--fix-gpt'], 'VHDX_RESIZE_GPT_MISSING'],
    ['no such file', ['resize', 'gone.vhdx', '1G'], 'VHDX_SOURCE_NOT_FOUND'],
    ['no VHDX', ['resize', 'disk.raw', '1G'], 'VHDX_SIGNATURE_MISMATCH'],
    ['the same file twice', ['rebase', 'child.avhdx', '--parent', './child.avhdx'], 'VHDX_CHAIN_CYCLE'],
    ['a parent of another disk', ['rebase', 'child.avhdx', '--parent', 'disk.vhdx'], 'VHDX_PARENT_LINKAGE_MISMATCH'],
    ['no child', ['rebase', 'disk.vhdx', '--parent', 'base.vhdx'], 'VHDX_REBASE_NO_CHILD'],
    ['a merge of what is no child', ['merge', 'disk.vhdx'], 'VHDX_MERGE_TARGET_UNFIT'],
    ['a child merged into itself', ['merge', 'child.avhdx', '--into', './child.avhdx'], 'VHDX_MERGE_TARGET_UNFIT'],
    ['a child merged into a stranger', ['merge', 'child.avhdx', '--into', 'disk.vhdx'], 'VHDX_MERGE_TARGET_UNFIT'],
    [
      'a child merged over another parent',
      ['merge', 'child.avhdx', '--parent', 'disk.vhdx'],
      'VHDX_PARENT_LINKAGE_MISMATCH',
    ],
    ['a copy over the image itself', ['compact', 'disk.vhdx', '-o', 'disk.vhdx', '--force'], 'VHDX_TARGET_IS_SOURCE'],
    [
      'a merge over the child itself',
      ['merge', 'child.avhdx', '-o', 'child.avhdx', '--force'],
      'VHDX_TARGET_IS_SOURCE',
    ],
    ['no parent to compare with', ['compact', 'disk.vhdx', '--against-parent'], 'VHDX_COMPACT_NO_PARENT'],
    [
      'a parent that is not there',
      ['compact', 'child.avhdx', '--against-parent', '--parent', 'gone.vhdx'],
      'VHDX_SOURCE_NOT_FOUND',
    ],
    ['no such parent', ['rebase', 'child.avhdx', '--parent', 'gone.vhdx'], 'VHDX_SOURCE_NOT_FOUND'],
    [
      'a physical sector of 3 KiB',
      ['set', 'disk.vhdx', '--physical-sector-size', '3072'],
      'VHDX_CREATE_SECTOR_SIZE_INVALID',
    ],
  ])('%s', async (_, args, code) => {
    const names = ['disk.vhdx', 'child.avhdx'];
    const before = names.map((name) => readFileSync(path(name)));
    const { exitCode, stdout, stderr } = await run(...args);
    expect([1, 2, 63]).toContain(exitCode);
    expect(stderr).toContain(code);
    expect(stdout).toBe('');
    for (const [index, name] of names.entries())
      expect(readFileSync(path(name)).equals(before[index] ?? Buffer.of())).toBe(true);
  });

  test('a child becomes the parent of its parent → VHDX_CHAIN_CYCLE', async () => {
    await done('create', 'grandchild.avhdx', '--parent', 'child.avhdx');
    const before = readFileSync(path('child.avhdx'));
    const { exitCode, stderr } = await run(
      'rebase',
      'child.avhdx',
      '--parent',
      'grandchild.avhdx',
      '--ignore-id-mismatch',
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('VHDX_CHAIN_CYCLE')]);
    expect(readFileSync(path('child.avhdx')).equals(before)).toBe(true);
  });

  test('a chain with a missing link → VHDX_PARENT_NOT_FOUND', async () => {
    rmSync(path('base.vhdx'));
    const before = readFileSync(path('child.avhdx'));
    for (const args of [
      ['resize', 'child.avhdx', '4M'],
      ['merge', 'child.avhdx'],
      ['compact', 'child.avhdx', '--against-parent'],
      ['convert', 'child.avhdx', 'out.vhdx'],
    ]) {
      const { exitCode, stderr } = await run(...args);
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('VHDX_PARENT_NOT_FOUND')]);
    }
    expect(readFileSync(path('child.avhdx')).equals(before)).toBe(true);
  });

  /** Of each change that writes to this file. */
  const WRITING: readonly (readonly [string, readonly string[]])[] = [
    ['disk.vhdx', ['resize', 'disk.vhdx', '1G']],
    ['disk.vhdx', ['set', 'disk.vhdx', '--new-disk-id']],
    ['disk.vhdx', ['compact', 'disk.vhdx']],
    ['disk.vhdx', ['defragment', 'disk.vhdx']],
    ['disk.vhdx', ['replay', 'disk.vhdx']],
    ['child.avhdx', ['rebase', 'child.avhdx', '--parent', 'base.vhdx']],
    ['base.vhdx', ['merge', 'child.avhdx']],
  ];

  test.runIf(process.getuid?.() === 0).each(WRITING)(
    '%s may only be read, %j → VHDX_TARGET_NOT_PERMITTED',
    async (image, args) => {
      chmodSync(path(image), 0o444);
      chmodSync(cwd, 0o755);
      const before = readFileSync(path(image));
      const { exitCode, stderr } = await vhdx(args, { cwd, uid: 65_534 });
      expect([exitCode, stderr]).toEqual([1, expect.stringContaining('VHDX_TARGET_NOT_PERMITTED')]);
      expect(readFileSync(path(image)).equals(before)).toBe(true);
    },
  );

  test.each(WRITING)('another program writes %s, %j → in use', async (image, args) => {
    const before = readFileSync(path(image));
    const other = await openFileForWriting(path(image));
    try {
      const { exitCode, stderr } = await run(...args);
      expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/VHDX_TARGET_IN_USE/)]);
    } finally {
      await other.close();
    }
    expect(readFileSync(path(image)).equals(before)).toBe(true);
  });
});

const SMALL = '/mnt';
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && existsSync(SMALL);

/** Work in a file system of this size; skipped where none can be mounted. */
async function onSmallHost(megabytes: number, work: (folder: string) => Promise<void>): Promise<void> {
  const small = path('small');
  mkdirSync(small, { recursive: true });
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', small]).status !== 0) {
    process.stderr.write('SKIPPED: a full host needs a tmpfs, which cannot be mounted here\n');
    return;
  }
  try {
    await work(small);
  } finally {
    spawnSync('umount', [small]);
  }
}

describe.runIf(canMount)('the host is full in the middle → VHDX_TARGET_FULL, and the image is sound', () => {
  const full = [1, expect.stringContaining('VHDX_TARGET_FULL')];

  test('resize', async () => {
    await onSmallHost(24, async () => {
      await done('create', 'small/fixed.vhdx', '--size', '4M', '--type', 'fixed', '--block-size', '1M');
      const { exitCode, stderr } = await run('resize', 'small/fixed.vhdx', '64M');
      expect([exitCode, stderr]).toEqual(full);
      await done('check', 'small/fixed.vhdx');
      expect((await done('info', 'small/fixed.vhdx')).stdout).toContain('4 MiB (4194304 bytes)');
      // What was taken in vain is given back.
      await done('resize', 'small/fixed.vhdx', '5M');
      await done('check', 'small/fixed.vhdx');
    });
  });

  test('compact, where closing a hole that is smaller than a block makes the file longer for a time', async () => {
    const image = new TestImage({ virtualSize: 32 * MIB, blockSize: 8 * MIB, allocate: [] });
    image.append(MIB);
    for (const block of [2, 0]) {
      const fileOffsetMb = image.append(8 * MIB);
      image.source.write(new Uint8Array(8 * MIB).fill(block + 1), fileOffsetMb * MIB);
      image.setBat(image.payloadIndex(block), { state: 6, fileOffsetMb });
    }
    await onSmallHost(image.size / MIB + 3, async (folder) => {
      writeFileSync(join(folder, 'holes.vhdx'), image.toBytes());
      const before = readFileSync(join(folder, 'holes.vhdx'));
      const { exitCode, stderr } = await run('compact', 'small/holes.vhdx');
      expect([exitCode, stderr]).toEqual(full);
      copyFileSync(join(folder, 'holes.vhdx'), path('after.vhdx'));
      writeFileSync(path('before.vhdx'), before);
      await done('check', 'after.vhdx');
      await done('compare', 'after.vhdx', 'before.vhdx');
      // Elsewhere there is room.
      await done('compact', 'after.vhdx');
      await done('compare', 'after.vhdx', 'before.vhdx');
      expect(statSync(path('after.vhdx')).size).toBe(image.size - MIB);
    });
  });

  test('merge', async () => {
    await onSmallHost(24, async (folder) => {
      await done('create', 'small/base.vhdx', '--size', '32M', '--block-size', '1M');
      await done('create', 'small/child.avhdx', '--parent', 'small/base.vhdx', '--block-size', '1M');
      const child = await openWritableDisk(join(folder, 'child.avhdx'));
      for (let unit = 0; unit < 9; unit += 1) await child.write(new Uint8Array(MIB).fill(unit + 1), unit * 2 * MIB);
      await child.close();
      await done('convert', 'small/child.avhdx', 'expected.vhdx', '--force');
      const { exitCode, stderr } = await run('merge', 'small/child.avhdx');
      expect([exitCode, stderr]).toEqual(full);
      await done('check', '--chain', 'small/child.avhdx');
      await done('compare', 'small/child.avhdx', 'expected.vhdx');
      spawnSync('mount', ['-o', 'remount,size=64m', folder]);
      await done('merge', 'small/child.avhdx', '--delete');
      await done('check', 'small/base.vhdx');
      await done('compare', 'small/base.vhdx', 'expected.vhdx');
    });
  });
});

test('killed at seeded moments → sound each time, and the same command completes it', async () => {
  const KILLS = Number(process.env['VHDX_KILLS'] ?? 10);
  await done('create', 'fixed.vhdx', '--size', '16M', '--type', 'fixed', '--block-size', '1M', '--force');
  const start = readFileSync(path('fixed.vhdx'));
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    writeFileSync(path('fixed.vhdx'), start);
    const child = spawn(process.execPath, [PROGRAM, 'resize', 'fixed.vhdx', '64M', '-q'], { cwd, stdio: 'ignore' });
    const ended = new Promise<string | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
    // A moment of the work: the file is open, and growing or not.
    const timer = setTimeout(() => child.kill('SIGKILL'), 60 + ((kill * 7919) % 240));
    if ((await ended) === 'SIGKILL') killed += 1;
    clearTimeout(timer);
    const { exitCode } = await run('check', 'fixed.vhdx', '-q');
    expect([0, 3]).toContain(exitCode);
    await done('check', '--repair', 'fixed.vhdx', '-q');
    await done('resize', 'fixed.vhdx', '64M', '-q');
    await done('check', 'fixed.vhdx', '-q');
    expect(JSON.parse((await done('info', '--json', 'fixed.vhdx')).stdout)['virtual-size']).toBe(64 * 2 ** 20);
  }
  console.log(`${killed} of ${KILLS} runs were killed before their end`);
}, 300_000);
