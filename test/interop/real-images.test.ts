import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../cli/images.js';
import { lines, vhdx } from '../cli/vhdx.js';
import { ask, without } from './peers.js';
import { noRealImages, type RealImage, realImage } from '../support/real-images.js';
import { jsonObject, QEMU_INFO_KEYS, sharedMembers, sizeOf7zz, vhdiinfo } from './answers.js';

interface Known {
  readonly name: RealImage;
  readonly maker: string;
  readonly virtualSize: number;
}

/** What is known of the images without looking into them. */
const CLEAN: readonly Known[] = [
  { name: 'iotest-dynamic-1G', maker: 'Windows Server 2012', virtualSize: 2 ** 30 },
  { name: 'test-disk2vhd', maker: 'Disk2vhd', virtualSize: 2 ** 28 },
  { name: 'swap', maker: 'Windows 10.0.14393', virtualSize: 10 * 2 ** 30 },
  { name: 'btrfs', maker: 'Windows 10.0.15063', virtualSize: 2 ** 30 },
  { name: 'qemu-5.2-convert-6G', maker: 'QEMU 5.2', virtualSize: 6 * 2 ** 30 },
];
const PENDING: Known = {
  name: 'iotest-dirtylog-10G-4M',
  maker: 'QEMU, with a pending log',
  virtualSize: 10 * 2 ** 30,
};
const ALL = [...CLEAN, PENDING];

if (noRealImages !== undefined) {
  process.stderr.write(`SKIPPED: comparisons on real images: ${noRealImages}\n`);
}

/** What only a VHDX has in the output of `vhdx info --json`. */
function formatData(json: string): Readonly<Record<string, unknown>> {
  const specific = jsonObject(json)['format-specific'];
  return jsonObject(JSON.stringify(jsonObject(JSON.stringify(specific))['data']));
}

describe.skipIf(noRealImages !== undefined)('real images', () => {
  const cwd = temporaryDirectory();

  test.each(CLEAN)('$maker: check → exit code 0, no error, nothing on standard error', async ({ name }) => {
    const run = await vhdx(['check', '--format', 'json', realImage(name)], { cwd });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(jsonObject(run.stdout)).toMatchObject({ verdict: 'clean', corruptions: 0, 'check-errors': 0 });
  });

  describe('a pending log', () => {
    test('check → exit code 3, and names the entry, its descriptor and the target', async () => {
      const run = await vhdx(['check', '--format', 'json', realImage(PENDING.name)], { cwd });
      expect(run.exitCode).toBe(3);
      expect(lines(run.stderr)).toHaveLength(1);
      const { verdict, findings } = jsonObject(run.stdout);
      expect(verdict).toBe('needs-attention');
      // The entry begins at 48 KiB of the log at 1 MiB; its data descriptor writes the first sector of the BAT at 2 MiB.
      expect(findings).toContainEqual(
        expect.objectContaining({
          rule: 'E12',
          code: 'VHDX_LOG_PENDING',
          severity: 'refuse-write',
          fileOffset: 0x10c000,
          message: expect.stringMatching(
            /entry at 0x10c000 .*data descriptor at 0x10c040 writes 4096 bytes at 0x200000/,
          ),
        }),
      );
    });

    test('info --json → the same in numbers', async () => {
      const run = await vhdx(['info', '--json', realImage(PENDING.name)], { cwd });
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(jsonObject(run.stdout)).toMatchObject({
        'virtual-size': 10 * 2 ** 30,
        'dirty-flag': true,
        'format-specific': {
          data: {
            log: {
              state: 'pending',
              sequence: {
                'entry-count': 1,
                entries: [
                  { 'file-offset': 0x10c000, descriptors: [{ kind: 'data', 'file-offset': 0x200000, length: 4096 }] },
                ],
              },
            },
          },
        },
      });
    });
  });

  describe.skipIf(without('qemu-img'))('qemu-img', () => {
    test.each(CLEAN)('$maker: info --json → equal in every key that qemu-img has', async ({ name }) => {
      const theirs = jsonObject(ask('qemu-img', ['info', '--output=json', realImage(name)], cwd).stdout);
      const ours = jsonObject((await vhdx(['info', '--json', realImage(name)], { cwd })).stdout);
      const shared = sharedMembers(ours, theirs);
      expect(Object.keys(shared).toSorted()).toEqual(QEMU_INFO_KEYS);
      expect(shared).toEqual(sharedMembers(theirs, ours));
    });

    // The expected disagreement: QEMU cannot replay a log without writing to the file.
    test('a pending log → qemu-img refuses what we describe', async () => {
      const theirs = ask('qemu-img', ['info', '--output=json', realImage(PENDING.name)], cwd);
      expect(theirs.exitCode).toBe(1);
      expect(theirs.stderr).toContain('contains a log that needs to be replayed');
      expect(await vhdx(['info', realImage(PENDING.name)], { cwd })).toMatchObject({ exitCode: 0 });
    });

    test('a pending log that qemu-img has replayed → clean, with the same geometry and blocks', async () => {
      const before = formatData((await vhdx(['info', '--json', realImage(PENDING.name)], { cwd })).stdout);
      copyFileSync(realImage(PENDING.name), join(cwd, 'replayed.vhdx'));
      expect(ask('qemu-img', ['check', '-r', 'all', 'replayed.vhdx'], cwd).exitCode).toBe(0);
      expect(await vhdx(['check', 'replayed.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
      const after = formatData((await vhdx(['info', '--json', 'replayed.vhdx'], { cwd })).stdout);
      // Ours were counted in the view that the replay in memory gives.
      expect(after['blocks']).toEqual(before['blocks']);
      expect(after['bat']).toEqual(before['bat']);
      expect(after['log']).toMatchObject({ state: 'clean' });
    });
  });

  describe.skipIf(without('vhdiinfo'))('vhdiinfo', () => {
    // libvhdi ignores the log; sizes and identifiers are not what this log changes.
    test.each(ALL)('$maker: size, sector size, type and identifier → equal', async ({ name }) => {
      const run = await vhdx(['info', '--json', realImage(name)], { cwd });
      expect(jsonObject(run.stdout)).toMatchObject(vhdiinfo(realImage(name), cwd));
    });
  });

  describe.skipIf(without('7zz'))('7zz', () => {
    // The expected disagreement: 7-Zip takes the garbage in the entries of sector bitmap blocks for damage.
    test.each(ALL.filter(({ maker }) => maker !== 'QEMU 5.2'))(
      '$maker: virtual size → equal',
      async ({ name, virtualSize }) => {
        const run = await vhdx(['info', '--json', realImage(name)], { cwd });
        expect(sizeOf7zz(realImage(name), cwd)).toBe(virtualSize);
        expect(jsonObject(run.stdout)).toMatchObject({ 'virtual-size': virtualSize });
      },
    );
  });
});
