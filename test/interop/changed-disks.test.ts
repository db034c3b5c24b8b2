/** Disks that were resized, rebased, set, or converted to another type: peers open them and read the same contents. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWritableDisk } from '../../runtime/node.js';
import { temporaryDirectory } from '../cli/images.js';
import { vhdx } from '../cli/vhdx.js';
import { MIB } from '../support/image-builder.js';
import { ask, without } from './peers.js';

const cwd = temporaryDirectory();
const at = (name: string): string => join(cwd, name);
const READER = fileURLToPath(new URL('libvhdi-read.py', import.meta.url));
const UNITS = 12;

async function done(...args: readonly string[]): Promise<string> {
  const run = await vhdx(args, { cwd });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  return run.stdout;
}

/** Each third MiB is zeros. */
function contents(units = UNITS): Buffer {
  return Buffer.concat(Array.from({ length: units }, (_, unit) => Buffer.alloc(MIB, unit % 3 === 2 ? 0 : unit + 1)));
}

beforeAll(async () => {
  writeFileSync(at('disk.raw'), contents());
  await done('convert', 'disk.raw', 'dynamic.vhdx', '--block-size', '2M');
  await done('convert', 'disk.raw', 'fixed.vhdx', '--type', 'fixed', '--block-size', '2M');
  writeFileSync(at('other.raw'), Buffer.alloc(UNITS * MIB, 0x77));
  await done('convert', 'other.raw', 'other.vhdx', '--block-size', '1M');
  await done('create', 'child.avhdx', '--parent', 'dynamic.vhdx', '--block-size', '1M');
  const child = await openWritableDisk(at('child.avhdx'));
  await child.write(new Uint8Array(4096).fill(0xc1), 8192);
  await child.write(new Uint8Array(2 * MIB).fill(0xc2), 5 * MIB);
  await child.close();
  const expected = contents();
  expected.fill(0xc1, 8192, 8192 + 4096);
  expected.fill(0xc2, 5 * MIB, 7 * MIB);
  writeFileSync(at('child.raw'), expected);
}, 120_000);

/** A copy that is changed; the originals stay. */
function copy(image: string): string {
  copyFileSync(at(image), at(`work-${image}`));
  return `work-${image}`;
}

/** `raw`: what the image has to hold; its length is that of the disk. */
function expectPeersAgree(image: string, raw: string): void {
  const compared = ask('qemu-img', ['compare', '-f', 'vhdx', '-F', 'raw', image, raw], cwd);
  expect(compared).toMatchObject({ exitCode: 0, stdout: 'Images are identical.\n' });
  expect(ask('qemu-img', ['check', image], cwd).exitCode).toBe(0);
  const { stdout } = ask('qemu-img', ['info', '--output=json', image], cwd);
  expect(JSON.parse(stdout)).toMatchObject({ 'virtual-size': statSync(at(raw)).size });
  expectReadersOpen(image);
}

function expectReadersOpen(image: string): void {
  expect(ask('vhdiinfo', [image], cwd).exitCode).toBe(0);
  expect(ask('7zz', ['l', image], cwd).exitCode).toBe(0);
}

/** What libvhdi reads of a differencing disk, which qemu-img does not know. */
function expectLibvhdiReads(images: readonly string[], raw: string): void {
  const { status, stdout } = spawnSync('python3', [READER, '0', String(UNITS * MIB), ...images], {
    cwd,
    maxBuffer: 2 * UNITS * MIB,
  });
  expect(status).toBe(0);
  expect(Buffer.compare(stdout, readFileSync(at(raw)))).toBe(0);
}

describe.skipIf(without('qemu-img', 'vhdiinfo', '7zz'))('read by qemu-img, vhdiinfo and 7zz', () => {
  test.each([
    // 7zz takes no sizes that are no multiples of 4 KiB, whoever made the image.
    ['dynamic.vhdx', 20 * MIB + 4096],
    ['fixed.vhdx', 19 * MIB],
    ['dynamic.vhdx', 4097 * MIB],
    ['dynamic.vhdx', 7 * MIB - 4096],
    ['fixed.vhdx', 4 * MIB],
  ])(
    '%s resized to %i bytes → what it had, and zeros',
    async (image, size) => {
      const work = copy(image);
      await done('resize', work, `${size}`, '--discard-data');
      copyFileSync(at('disk.raw'), at('expected.raw'));
      truncateSync(at('expected.raw'), size);
      expectPeersAgree(work, 'expected.raw');
    },
    60_000,
  );

  test('made smaller and larger again → nothing of what was cut off', async () => {
    const work = copy('dynamic.vhdx');
    await done('resize', work, '3M', '--discard-data');
    await done('resize', work, '12M');
    copyFileSync(at('disk.raw'), at('expected.raw'));
    truncateSync(at('expected.raw'), 3 * MIB);
    truncateSync(at('expected.raw'), 12 * MIB);
    expectPeersAgree(work, 'expected.raw');
  });

  test.each([
    [['--new-disk-id']],
    [['--physical-sector-size', '512', '--creator', 'a test']],
    [['--new-data-write-id']],
  ])('set %j → the same contents', async (options) => {
    const work = copy('fixed.vhdx');
    await done('set', work, ...options);
    expectPeersAgree(work, 'disk.raw');
  });

  test.each([
    ['dynamic.vhdx', 'fixed', 'disk.raw'],
    ['fixed.vhdx', 'dynamic', 'disk.raw'],
    ['dynamic.vhdx', 'dynamic', 'disk.raw'],
    ['child.avhdx', 'fixed', 'child.raw'],
    ['child.avhdx', 'dynamic', 'child.raw'],
  ])('%s converted to a %s disk → the same contents, of that type', async (image, type, raw) => {
    await done('convert', image, 'converted.vhdx', '--type', type, '--force');
    expect(await done('info', 'converted.vhdx')).toMatch(new RegExp(`format: +VHDX, ${type}`));
    expectPeersAgree('converted.vhdx', raw);
  });
});

describe.skipIf(without('vhdiinfo', '7zz', 'python3'))('a differencing disk, read by libvhdi', () => {
  test('rebased to another parent, its contents kept → the same over that parent', async () => {
    const work = copy('child.avhdx');
    expectLibvhdiReads([work, 'dynamic.vhdx'], 'child.raw');
    await done('rebase', work, '--parent', 'other.vhdx', '--flatten');
    expectLibvhdiReads([work, 'other.vhdx'], 'child.raw');
    expectReadersOpen(work);
  });

  test('rebased to another parent as it is → what the child has, over that parent', async () => {
    const work = copy('child.avhdx');
    await done('rebase', work, '--parent', 'other.vhdx', '--ignore-id-mismatch');
    const expected = Buffer.alloc(UNITS * MIB, 0x77);
    expected.fill(0xc1, 8192, 8192 + 4096);
    expected.fill(0xc2, 5 * MIB, 7 * MIB);
    writeFileSync(at('expected.raw'), expected);
    expectLibvhdiReads([work, 'other.vhdx'], 'expected.raw');
    expectReadersOpen(work);
  });

  test('with another physical sector size → the same', async () => {
    const work = copy('child.avhdx');
    await done('set', work, '--physical-sector-size', '512');
    expectLibvhdiReads([work, 'dynamic.vhdx'], 'child.raw');
  });
});
