/**
 * Images that have been changed at rest: peers read them as before. The command is also killed in the middle of it:
 * VHDX_KILLS says how often, VHDX_KILL_SEED when, VHDX_KILL_MIB how large the disk is, and VHDX_KILL_FOLDER where.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkImage, compareContents } from '../../runtime/index.js';
import { convertToRaw, convertToVhdx, createFile, openDisk, openFile, openWritableDisk } from '../../runtime/node.js';
import { PROGRAM, vhdx } from '../cli/vhdx.js';
import { MIB } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { ask, without } from './peers.js';

const KILLS = Number(process.env['VHDX_KILLS'] ?? 6);
const SEED = Number(process.env['VHDX_KILL_SEED'] ?? 16);
const UNITS = Number(process.env['VHDX_KILL_MIB'] ?? 96);
/** What a disk that is made larger gets. */
const GROWN = (UNITS * 3) / 2;
const SHARED_MEMORY = '/dev/shm';
const FOLDER = process.env['VHDX_KILL_FOLDER'] ?? (existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir());

const cwd = mkdtempSync(join(FOLDER, 'vhdx-changed-'));
const at = (name: string): string => join(cwd, name);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** A raw disk of which each fourth MiB is zeros. */
function makeRaw(path: string): void {
  const file = openSync(path, 'w');
  for (let unit = 0; unit < UNITS; unit += 1) {
    writeSync(file, new Uint8Array(MIB).fill(unit % 4 === 3 ? 0 : (unit % 251) + 1), 0, MIB, unit * MIB);
  }
  closeSync(file);
}

beforeAll(async () => {
  makeRaw(at('disk.raw'));
  const source = await openFile(at('disk.raw'));
  await convertToVhdx(source, at('full.vhdx'), { type: 'dynamic', blockSize: 2 * MIB });
  await convertToVhdx(source, at('fixed.vhdx'), { type: 'fixed', blockSize: 2 * MIB });
  await source.close();
  // Every second block goes, from the start on: the file is full of holes.
  copyFileSync(at('full.vhdx'), at('holes.vhdx'));
  const disk = await openWritableDisk(at('holes.vhdx'));
  for (let unit = 0; unit < UNITS - 1; unit += 4) await disk.write(new Uint8Array(2 * MIB), unit * MIB);
  await disk.close();
  await createFile(at('child.avhdx'), { parent: at('full.vhdx') });
  const child = await openWritableDisk(at('child.avhdx'));
  for (let unit = 0; unit < UNITS; unit += 1) {
    if (unit % 3 === 0) await child.write(new Uint8Array(MIB / 2).fill(0xc0 + (unit % 60)), unit * MIB + 4096);
    if (unit % 7 === 0) await child.discard(unit * MIB, MIB);
  }
  await child.close();
}, 1_800_000);

/** A change, as the command makes it of copies of images. */
interface Change {
  readonly name: string;
  readonly args: readonly string[];
  /** Images that are copied first; the last one is read before and after. */
  readonly images: readonly string[];
  /** What holds the contents when it is done. */
  readonly result: string;
  /** Bytes that the disk has then; as before, if left out. */
  readonly size?: number;
}

const CHANGES: readonly Change[] = [
  { name: 'compact', args: ['compact', 'holes.vhdx'], images: ['holes.vhdx'], result: 'holes.vhdx' },
  { name: 'defragment', args: ['defragment', 'holes.vhdx'], images: ['holes.vhdx'], result: 'holes.vhdx' },
  { name: 'merge', args: ['merge', 'child.avhdx'], images: ['full.vhdx', 'child.avhdx'], result: 'full.vhdx' },
  {
    name: 'resize',
    args: ['resize', 'fixed.vhdx', `${GROWN}M`],
    images: ['fixed.vhdx'],
    result: 'fixed.vhdx',
    size: GROWN * MIB,
  },
];

function copyTo(folder: string, images: readonly string[]): void {
  for (const image of images) copyFileSync(at(image), join(folder, image));
}

/** What the last image reads as before it is changed, as a raw file of the size that the disk has afterwards. */
async function expectedOf({ name, images, size }: Change): Promise<string> {
  const path = at(`${name}.expected.raw`);
  if (existsSync(path)) return path;
  const disk = await openDisk(at(images.at(-1) ?? ''));
  await convertToRaw(disk, path);
  await disk.close();
  if (size !== undefined) truncateSync(path, size);
  return path;
}

/** The first difference of an image and a raw file; undefined if there is none. */
async function difference(image: string, raw: string): Promise<unknown> {
  const [disk, source] = [await openDisk(image), await openFile(raw)];
  try {
    return await compareContents(disk, source);
  } finally {
    await disk.close();
    await source.close();
  }
}

describe.each(CHANGES.map((change) => [change.name, change] as const))('vhdx %s', (name, change) => {
  test.skipIf(without('qemu-img', 'vhdiinfo', '7zz'))(
    'done → qemu-img, vhdiinfo and 7zz open the image, and qemu-img reads the same',
    async () => {
      const folder = mkdtempSync(at(`${name}-`));
      copyTo(folder, change.images);
      expect(await vhdx(change.args, { cwd: folder })).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await difference(join(folder, change.result), await expectedOf(change))).toBeUndefined();
      const compared = ask(
        'qemu-img',
        ['compare', '-f', 'vhdx', '-F', 'raw', change.result, await expectedOf(change)],
        folder,
      );
      expect(compared).toMatchObject({ exitCode: 0, stdout: 'Images are identical.\n' });
      expect(ask('vhdiinfo', [change.result], folder).exitCode).toBe(0);
      expect(ask('7zz', ['t', change.result], folder).exitCode).toBe(0);
      rmSync(folder, { recursive: true });
    },
    120_000,
  );

  test(
    'killed at any moment → the image is sound and reads the same; the same command then ends as an undisturbed one',
    async () => {
      const expected = await expectedOf(change);
      const folder = mkdtempSync(at(`${name}-whole-`));
      copyTo(folder, change.images);
      const began = performance.now();
      await vhdx(change.args, { cwd: folder });
      const duration = performance.now() - began;
      const size = statSync(join(folder, change.result)).size;
      rmSync(folder, { recursive: true });
      const random = new Random(SEED);
      let killed = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const own = mkdtempSync(at(`${name}-${kill}-`));
        copyTo(own, change.images);
        const child = spawn(process.execPath, [PROGRAM, ...change.args], { cwd: own, stdio: 'ignore' });
        const timer = setTimeout(() => child.kill('SIGKILL'), (duration * random.below(1000)) / 1000);
        const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
        clearTimeout(timer);
        if (signal !== null) killed += 1;
        const title = `seed ${SEED}, kill ${kill}`;
        const last = join(own, change.images.at(-1) ?? '');
        const source = await openFile(join(own, change.result));
        const { counts } = await checkImage(source);
        await source.close();
        expect(counts.error, title).toBe(0);
        const again = await openDisk(last).then(
          async (disk) => disk.close().then(() => true),
          () => false,
        );
        // A child whose parent is complete fits it no more.
        if (again) {
          expect(await difference(last, expected), title).toBeUndefined();
          expect(await vhdx(change.args, { cwd: own }), title).toMatchObject({ exitCode: 0, stderr: '' });
        } else expect(name, title).toBe('merge');
        expect(await difference(join(own, change.result), expected), title).toBeUndefined();
        expect(statSync(join(own, change.result)).size, title).toBe(size);
        rmSync(own, { recursive: true });
      }
      console.log(
        `vhdx ${name}: killed ${killed} times of ${KILLS}, seed ${SEED}, ${Math.round(duration)} ms undisturbed`,
      );
    },
    60_000 + KILLS * (30_000 + 30 * UNITS),
  );
});
