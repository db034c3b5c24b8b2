/** Disks that are written to files of the host: locks, lack of room, files that may not be written. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkImage, openDisk, openWritableDisk, type WritableDisk } from '../../../runtime/index.js';
import { nodeParentResolver, openFile, openFileForWriting } from '../../../runtime/node.js';
import { noise } from '../../support/bytes.js';
import { type ChainModel, buildChain } from '../../support/chain-model.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vhdx-write-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, image: TestImage): string {
  const path = join(folder, name);
  writeFileSync(path, image.toBytes());
  return path;
}

async function openChild(path: string): Promise<WritableDisk> {
  const target = await openFileForWriting(path);
  try {
    return await openWritableDisk(target, { parent: nodeParentResolver() });
  } catch (error) {
    await target.close();
    throw error;
  }
}

const chain: ChainModel = {
  blockSize: MIB,
  sectorSize: 512,
  levels: [
    { virtualSize: 2 * MIB, blocks: [] },
    { virtualSize: 2 * MIB, blocks: [{ state: 6 }] },
  ],
};

describe('a parent', () => {
  let paths: string[] = [];
  beforeEach(() => {
    paths = buildChain(chain).map((image, level) => file(`level-${level}.vhdx`, image));
  });

  test('of a disk that is open for writing → not written by anyone, until that is closed', async () => {
    const [child = '', parent = ''] = paths;
    const disk = await openChild(child);
    await disk.write(noise(512), 0);
    expect(await codeOf(openFileForWriting(parent))).toBe('VHDX_TARGET_IN_USE');
    await disk.close();
    const target = await openFileForWriting(parent);
    await target.close();
  });

  test('that is open for writing → its child is not', async () => {
    const [child = '', parent = ''] = paths;
    const target = await openFileForWriting(parent);
    expect(await codeOf(openChild(child))).toBe('VHDX_TARGET_IN_USE');
    await target.close();
    await (await openChild(child)).close();
  });

  test('of two disks → both are written, and its bytes stay', async () => {
    const [child = '', parent = ''] = paths;
    const other = join(folder, 'other.vhdx');
    writeFileSync(other, readFileSync(child));
    const before = readFileSync(parent);
    const disks = [await openChild(child), await openChild(other)];
    for (const [index, disk] of disks.entries()) await disk.write(noise(1024, index + 1), 512);
    for (const disk of disks) await disk.close();
    expect(readFileSync(parent).equals(before)).toBe(true);
  });
});

test('a file that is open for writing → nobody else gets it', async () => {
  const path = file('one.vhdx', new TestImage());
  const disk = await openWritableDisk(await openFileForWriting(path));
  expect(await codeOf(openFileForWriting(path))).toBe('VHDX_TARGET_IN_USE');
  await disk.close();
});

test('a file that may not be written → VHDX_TARGET_NOT_PERMITTED', async () => {
  const path = file('one.vhdx', new TestImage());
  chmodSync(path, 0o444);
  expect(await codeOf(openFileForWriting(path))).toBe('VHDX_TARGET_NOT_PERMITTED');
});

/** A folder with room for so many MiB; undefined where the user may not mount one. */
function smallFolder(mib: number): string | undefined {
  const path = join(folder, 'small');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

test('a host that becomes full → the write is refused, the rest is sound and can be flushed', async (context) => {
  const small = smallFolder(10);
  if (small === undefined) return context.skip('this user may not mount a file system');
  try {
    const path = join(small, 'disk.vhdx');
    writeFileSync(path, new TestImage({ virtualSize: 64 * MIB }).toBytes());
    const disk = await openWritableDisk(await openFileForWriting(path));
    const done: number[] = [];
    let refused: unknown;
    for (let block = 0; block < 64 && refused === undefined; block += 1) {
      const outcome = await codeOf(disk.write(noise(MIB, block + 1), block * MIB));
      if (outcome === 'done') done.push(block);
      else refused = outcome;
    }
    expect(refused).toBe('VHDX_TARGET_FULL');
    expect(done.length).toBeGreaterThan(3);
    await disk.write(noise(512, 77), 0);
    await disk.flush();
    await disk.close();
    const closed = await openDisk(await openFile(path));
    for (const block of done) {
      const bytes = new Uint8Array(MIB);
      await closed.read(bytes, block * MIB);
      const wanted = noise(MIB, block + 1);
      if (block === 0) wanted.set(noise(512, 77));
      expect(Buffer.compare(bytes, wanted)).toBe(0);
    }
    await closed.close();
    const source = await openFile(path);
    expect((await checkImage(source)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    await source.close();
    expect(statSync(path).size % MIB).toBe(0);
  } finally {
    execFileSync('umount', [small]);
  }
});
