import { createHash } from 'node:crypto';
import { copyFileSync, createReadStream, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convertToRaw, openFile } from '../../runtime/node.js';
import { type Extent, openDisk } from '../../runtime/index.js';
import { temporaryDirectory } from '../cli/images.js';
import { vhdx } from '../cli/vhdx.js';
import { MIB, TestImage } from '../support/image-builder.js';
import { noRealImages, realImage } from '../support/real-images.js';
import { HABITS } from '../support/writer-habits.js';
import { jsonArray } from './answers.js';
import { BLOCK_SIZES, makeImage, planImage } from './filled-images.js';
import { ask, without } from './peers.js';

const cwd = temporaryDirectory();
const noPeers = without('qemu-img');

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes as Uint8Array);
  return hash.digest('hex');
}

/** Has both write the disk to a raw file, and qemu-img compare the two: holes make that quick. */
async function expectEqualContents(image: string): Promise<void> {
  const [ours, theirs] = [join(cwd, 'ours.raw'), join(cwd, 'theirs.raw')];
  const converted = ask('qemu-img', ['convert', '-f', 'vhdx', '-O', 'raw', image, theirs], cwd);
  expect(converted).toMatchObject({ exitCode: 0, stderr: '' });
  const disk = await openDisk(await openFile(join(cwd, image)));
  const extents: Extent[] = [];
  try {
    for await (const extent of disk.extents()) extents.push(extent);
    expectWholeCover(extents, disk.size);
    await convertToRaw(disk, ours, { force: true });
  } finally {
    await disk.close();
  }
  expect(statSync(ours).size).toBe(statSync(theirs).size);
  const compared = ask('qemu-img', ['compare', '-f', 'raw', '-F', 'raw', theirs, ours], cwd);
  expect(compared.stdout).toBe('Images are identical.\n');
}

/**
 * The extents cover the disk. That there is nothing where they say zero is shown by the comparison, because nothing is
 * written there. qemu-img's own map of a VHDX is one extent of data, so that any part of it is consistent with it.
 */
function expectWholeCover(extents: readonly Extent[], size: number): void {
  let end = 0;
  for (const { kind, virtualOffset, length, depth } of extents) {
    expect({ virtualOffset, depth }).toEqual({ virtualOffset: end, depth: 0 });
    expect(kind).not.toBe('parent');
    end += length;
  }
  expect(end).toBe(size);
}

/** Images of each block size; 207 together. */
const SEEDS_EACH = 23;
const GROUPS = BLOCK_SIZES.map((blockSize, index) => ({
  blockSize,
  title: `${blockSize / MIB} MiB, seeds ${index * 1000} to ${index * 1000 + SEEDS_EACH - 1}`,
  first: index * 1000,
}));

describe.skipIf(noPeers)('images filled by qemu-io, read as qemu-img convert does', () => {
  test.each(GROUPS)(
    'blocks of $title → equal contents',
    async ({ blockSize, first }) => {
      for (let seed = first; seed < first + SEEDS_EACH; seed += 1) {
        const plan = planImage(seed, blockSize);
        makeImage(plan, 'filled.vhdx', cwd);
        try {
          await expectEqualContents('filled.vhdx');
        } catch (error) {
          throw new Error(`seed ${seed}: ${JSON.stringify(plan)}`, { cause: error });
        } finally {
          rmSync(join(cwd, 'filled.vhdx'));
        }
      }
    },
    240_000,
  );

  test('the command itself: convert, read and compare → the same contents', async () => {
    makeImage(planImage(7, 2 * MIB), 'one.vhdx', cwd);
    await expectEqualContents('one.vhdx');
    expect(await vhdx(['convert', 'one.vhdx', 'command.raw'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await sha256(join(cwd, 'command.raw'))).toBe(await sha256(join(cwd, 'theirs.raw')));
    expect(await vhdx(['compare', 'one.vhdx', 'theirs.raw'], { cwd })).toMatchObject({ exitCode: 0 });
  });
});

describe.skipIf(noPeers)('images as other programs leave them', () => {
  test.each(HABITS)('$writer → contents equal to qemu-img convert, a pending log replayed by it', async (habit) => {
    writeFileSync(join(cwd, 'habit.vhdx'), habit.make().image.toBytes());
    if (habit.verdict === 'needs-attention') {
      expect(await vhdx(['convert', 'habit.vhdx', 'habit.raw', '--force'], { cwd })).toMatchObject({ exitCode: 0 });
      expect(ask('qemu-img', ['check', '-r', 'all', 'habit.vhdx'], cwd).exitCode).toBe(0);
    }
    await expectEqualContents('habit.vhdx');
    if (habit.verdict === 'needs-attention') {
      const compared = ask('qemu-img', ['compare', '-f', 'raw', '-F', 'raw', 'habit.raw', 'theirs.raw'], cwd);
      expect(compared.stdout).toBe('Images are identical.\n');
    }
  });
});

if (noRealImages !== undefined) process.stderr.write(`SKIPPED: contents of real images: ${noRealImages}\n`);

describe.skipIf(noPeers || noRealImages !== undefined)('contents of real images', () => {
  test.each([
    'iotest-dynamic-1G',
    'test-disk2vhd',
    'btrfs',
    'swap',
    'qemu-5.2-convert-6G',
    'qemu-5.2-issue727-shifted-900M',
  ] as const)('%s → equal to qemu-img convert', async (name) => {
    copyFileSync(realImage(name), join(cwd, 'real.vhdx'));
    await expectEqualContents('real.vhdx');
  });

  test('a pending log, read only → what qemu-img shows after its repair; the file is unchanged', async () => {
    copyFileSync(realImage('iotest-dirtylog-10G-4M'), join(cwd, 'dirty.vhdx'));
    const before = await sha256(join(cwd, 'dirty.vhdx'));
    expect(await vhdx(['convert', 'dirty.vhdx', 'dirty.raw'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await sha256(join(cwd, 'dirty.vhdx'))).toBe(before);

    copyFileSync(join(cwd, 'dirty.vhdx'), join(cwd, 'repaired.vhdx'));
    expect(ask('qemu-img', ['check', '-r', 'all', 'repaired.vhdx'], cwd).exitCode).toBe(0);
    await expectEqualContents('repaired.vhdx');
    const compared = ask('qemu-img', ['compare', '-f', 'raw', '-F', 'raw', 'dirty.raw', 'theirs.raw'], cwd);
    expect(compared.stdout).toBe('Images are identical.\n');
  });

  test('a pending log, vhdx read → 18 MiB of 0xa5, then zeros', async () => {
    const image = realImage('iotest-dirtylog-10G-4M');
    const before = await sha256(image);
    const disk = await openDisk(await openFile(image));
    const bytes = new Uint8Array(64 * MIB);
    await disk.read(bytes, 0);
    await disk.close();
    const expected = new Uint8Array(64 * MIB).fill(0xa5, 0, 18 * MIB);
    expect(Buffer.compare(bytes, expected)).toBe(0);
    const run = await vhdx(['map', '--json', image], { cwd });
    const data = jsonArray(run.stdout).filter((extent) => extent['data'] === true);
    expect(data.reduce((sum, { length }) => sum + Number(length), 0)).toBe(18 * MIB);
    expect(await sha256(image)).toBe(before);
  });
});

/** What qemu-img cannot do, and refuses. */
const REFUSED: readonly { readonly what: string; readonly image: () => TestImage; readonly says: RegExp }[] = [
  { what: 'a differencing disk', image: () => new TestImage({ type: 'differencing' }), says: /not supported/i },
  { what: 'sectors of 4096 bytes', image: () => new TestImage({ logicalSectorSize: 4096 }), says: /./ },
];

describe.skipIf(noPeers)('expected disagreements with qemu-img', () => {
  test.each(REFUSED)('$what → refused by qemu-img, mapped by us', async ({ image, says }) => {
    writeFileSync(join(cwd, 'other.vhdx'), image().toBytes());
    const theirs = ask('qemu-img', ['convert', '-f', 'vhdx', '-O', 'raw', 'other.vhdx', 'other.raw'], cwd);
    expect(theirs.exitCode).toBe(1);
    expect(theirs.stderr).toMatch(says);
    expect(await vhdx(['map', 'other.vhdx'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('map → qemu-img has one extent of data, we have the true ones', async () => {
    makeImage({ ...planImage(1, MIB), subformat: 'dynamic', size: 8 * MIB, commands: ['write 3M 1M'] }, 'm.vhdx', cwd);
    const theirs = jsonArray(ask('qemu-img', ['map', '--output=json', 'm.vhdx'], cwd).stdout);
    expect(theirs).toMatchObject([{ start: 0, length: 8 * MIB, depth: 0, data: true }]);
    const ours = jsonArray((await vhdx(['map', '--json', 'm.vhdx'], { cwd })).stdout);
    expect(ours.map(({ start, length, data }) => [start, length, data])).toEqual([
      [0, 3 * MIB, false],
      [3 * MIB, MIB, true],
      [4 * MIB, 4 * MIB, false],
    ]);
    // Every key of theirs is one of ours, `offset` included where they have it.
    expect(Object.keys(theirs[0] ?? {}).filter((key) => !(key in (ours[1] ?? {})))).toEqual([]);
    const [, { offset = NaN } = {}] = ours;
    expect(readFileSync(join(cwd, 'm.vhdx'))[Number(offset)]).toBe(0xcd);
  });
});
