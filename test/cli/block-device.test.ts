/** Block devices, as loop devices of Linux: read from, and written to in place. Only root can make them. */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import { MIB, temporaryDirectory } from './images.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const devices: string[] = [];

/** A device whose contents are those of the file; undefined where none can be made. */
function attach(file: string): string | undefined {
  const { status, stdout } = spawnSync('losetup', ['--find', '--show', file], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  devices.push(stdout.trim());
  return devices.at(-1);
}

function detach(): void {
  for (const device of devices.splice(0)) spawnSync('losetup', ['--detach', device]);
}

function canAttach(): boolean {
  const file = join(cwd, 'probe');
  writeFileSync(file, new Uint8Array(MIB));
  const device = attach(file);
  detach();
  if (device === undefined) process.stderr.write('SKIPPED: tests of block devices: no loop device can be made here\n');
  return device !== undefined;
}

afterAll(detach);

describe.skipIf(!canAttach())('block devices', () => {
  const SIZE = 16 * MIB;
  const contents = new Uint8Array(SIZE);
  const image = new TestImage({ virtualSize: SIZE, allocate: [1, 3] });
  let source = '';
  let target = '';
  let small = '';

  beforeAll(() => {
    for (const [place, block] of [1, 3].entries()) {
      const bytes = new Uint8Array(MIB).fill(0x30 + block, 0, MIB / 2);
      contents.set(bytes, block * MIB);
      image.source.write(bytes, image.dataOffset + place * MIB);
    }
    writeFileSync(join(cwd, 'a.vhdx'), image.toBytes());
    // What is on the device before must not show through the holes.
    writeFileSync(join(cwd, 'target'), new Uint8Array(SIZE + MIB).fill(0xee));
    writeFileSync(join(cwd, 'small'), new Uint8Array(SIZE - MIB));
    copyFileSync(join(cwd, 'a.vhdx'), join(cwd, 'source'));
    [source = '', target = '', small = ''] = ['source', 'target', 'small'].map((name) => attach(join(cwd, name)));
  });

  /** Past the page cache of the device: the file behind it may be behind. */
  function bytesOf(device: string, length: number): Buffer {
    const file = openSync(device, 'r');
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, 0);
    closeSync(file);
    return bytes;
  }

  test('image on a device → described, and read, as from a file', async () => {
    const [ofDevice, ofFile] = [
      await vhdx(['info', source, '--json'], { cwd }),
      await vhdx(['info', 'a.vhdx', '--json'], { cwd }),
    ];
    const size = (text: string): unknown => (JSON.parse(text) as { 'virtual-size': unknown })['virtual-size'];
    expect(size(ofDevice.stdout)).toBe(size(ofFile.stdout));
    expect(await vhdx(['compare', source, 'a.vhdx'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(await vhdx(['convert', source, 'b.raw'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'b.raw')).equals(contents)).toBe(true);
  });

  test('target → refused without --force, and unchanged', async () => {
    expect(await vhdx(['convert', 'a.vhdx', target], { cwd })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('VHDX_TARGET_EXISTS'),
    });
    expect(bytesOf(target, SIZE).every((byte) => byte === 0xee)).toBe(true);
  });

  test('target that is too short → refused, and unchanged', async () => {
    expect(await vhdx(['convert', 'a.vhdx', small, '--force'], { cwd })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('VHDX_TARGET_UNSUITABLE'),
    });
    expect(bytesOf(small, SIZE - MIB).every((byte) => byte === 0)).toBe(true);
  });

  test('target, --force → the contents with their zeros, and what lies behind them is left', async () => {
    expect(await vhdx(['convert', 'a.vhdx', target, '--force'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    const bytes = bytesOf(target, SIZE + MIB);
    expect(bytes.subarray(0, SIZE).equals(contents)).toBe(true);
    expect(bytes.subarray(SIZE).every((byte) => byte === 0xee)).toBe(true);
  });

  test('the device that the image is on as target → refused', async () => {
    expect(await vhdx(['convert', source, source, '--force'], { cwd })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('VHDX_TARGET_IS_SOURCE'),
    });
  });
});
