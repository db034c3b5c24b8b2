import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openDisk, readExactly, type VhdxDisk } from '../../runtime/index.js';
import { nodeParentResolver, openFile } from '../../runtime/node.js';
import { temporaryDirectory } from '../cli/images.js';
import { type BlockModel, buildChain, type ChainModel } from '../support/chain-model.js';
import { GIB, MIB, TestImage } from '../support/image-builder.js';
import { Random } from '../support/random.js';
import { noRealImages, realImage } from '../support/real-images.js';
import { without } from './peers.js';

const cwd = temporaryDirectory();
const READER = fileURLToPath(new URL('libvhdi-read.py', import.meta.url));

/** Bytes of a disk as libvhdi reads them; `images`: the disk, its parent, and so on. */
function readByLibvhdi(images: readonly string[], offset: number, length: number): Buffer {
  const { status, stdout, stderr } = spawnSync('python3', [READER, String(offset), String(length), ...images], {
    cwd,
    maxBuffer: 2 * length + MIB,
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

async function readByUs(image: string, offset: number, length: number): Promise<Uint8Array> {
  const disk: VhdxDisk = await openDisk(await openFile(image), { parent: nodeParentResolver() });
  try {
    return await readExactly(disk, offset, length);
  } finally {
    await disk.close();
  }
}

/** Writes an image whose contents are at its start and at `dataAt`, a MiB of each; the rest is a hole. */
function writeSparseFile(name: string, image: TestImage, dataAt: number): void {
  const file = openSync(join(cwd, name), 'w');
  ftruncateSync(file, image.size);
  writeSync(file, image.source.bytes(0, image.dataOffset), 0, image.dataOffset, 0);
  writeSync(file, image.source.bytes(dataAt, MIB), 0, MIB, dataAt);
  closeSync(file);
}

/** Writes the images of a chain, and returns their names. */
function writeChain(model: ChainModel): string[] {
  return buildChain(model).map((image, level) => {
    const name = `level-${level}.vhdx`;
    writeFileSync(join(cwd, name), image.toBytes());
    return name;
  });
}

async function readChain(model: ChainModel): Promise<{ readonly ours: Uint8Array; readonly theirs: Buffer }> {
  const names = writeChain(model);
  const size = model.levels[0]?.virtualSize ?? 0;
  return { ours: await readByUs(join(cwd, names[0] ?? ''), 0, size), theirs: readByLibvhdi(names, 0, size) };
}

const PARTIAL = (random: Random): BlockModel => ({
  state: 7,
  pattern: Array.from({ length: 1 + random.below(40) }, () => random.below(2) === 0),
});

/** A chain of what libvhdi reads right: blocks that are there, in part, or left to a parent by a child with a bitmap. */
function readableChain(seed: number, sectorSize: 512 | 4096): ChainModel {
  const random = new Random(seed);
  const depth = 2 + random.below(3);
  const blocks = 2 + random.below(3);
  const block = (): BlockModel => random.pick([{ state: 6 }, { state: 0 }, PARTIAL(random)]);
  return {
    blockSize: MIB,
    sectorSize,
    levels: Array.from({ length: depth }, (_, level) => ({
      virtualSize: blocks * MIB,
      blocks:
        level === depth - 1
          ? Array.from({ length: blocks }, (): BlockModel => ({ state: random.pick([0, 6]) }))
          : [PARTIAL(random), ...Array.from({ length: blocks - 1 }, block)],
    })),
  };
}

const SEEDS = Array.from({ length: 12 }, (_, index) => 300 + index);

describe.skipIf(without('python3'))('differencing chains, read by libvhdi', () => {
  test.each(SEEDS)('seed %i: present, partially present and absent blocks → equal', async (seed) => {
    const { ours, theirs } = await readChain(readableChain(seed, 512));
    expect(Buffer.compare(theirs, ours)).toBe(0);
  });

  test.each(SEEDS.slice(0, 4))('seed %i, sectors of 4096 bytes → equal', async (seed) => {
    const { ours, theirs } = await readChain(readableChain(seed, 4096));
    expect(Buffer.compare(theirs, ours)).toBe(0);
  });
});

interface Disagreement {
  readonly what: string;
  /** Block 0 of the child; block 1 has a sector bitmap if `bitmap`. Block 0 of the parent is present. */
  readonly state: BlockModel['state'];
  readonly bitmap: boolean;
}

/** [MS-VHDX] 2.5.1.1: in the states UNDEFINED, ZERO and UNMAPPED the contents are not those of the parent. */
const DISAGREEMENTS: readonly Disagreement[] = [
  { what: 'UNDEFINED → theirs falls through to the parent', state: 1, bitmap: true },
  { what: 'ZERO → theirs falls through to the parent', state: 2, bitmap: true },
  { what: 'UNMAPPED → theirs falls through to the parent', state: 3, bitmap: true },
  { what: 'NOT_PRESENT in a child without sector bitmap → theirs loses sectors', state: 0, bitmap: false },
];

describe.skipIf(without('python3'))('expected disagreements with libvhdi', () => {
  test.each(DISAGREEMENTS)('$what', async ({ state, bitmap }) => {
    const second: BlockModel = bitmap ? { state: 7, pattern: [true, false] } : { state: 6 };
    const parent = { virtualSize: 2 * MIB, blocks: [{ state: 6 }, { state: 6 }] as const };
    const model: ChainModel = {
      blockSize: MIB,
      sectorSize: 512,
      levels: [{ virtualSize: 2 * MIB, blocks: [{ state }, second] }, parent],
    };
    const { ours, theirs } = await readChain(model);
    const alone = await readByUs(join(cwd, 'level-1.vhdx'), 0, MIB);
    // Ours is as the specification has it: the parent's for NOT_PRESENT, zeros for the others.
    expect(Buffer.compare(ours.subarray(0, MIB), state === 0 ? alone : new Uint8Array(MIB))).toBe(0);
    const isParents = Buffer.compare(theirs.subarray(0, MIB), alone) === 0;
    expect(isParents).toBe(state !== 0);
    expect(Buffer.compare(theirs.subarray(MIB), ours.subarray(MIB))).toBe(0);
  });

  test('fixed disk past 4 GiB → theirs takes the entry of a sector bitmap block for one of a payload block', async () => {
    const image = new TestImage({ type: 'fixed', blockSize: 256 * MIB, virtualSize: 5 * GIB });
    const at = 4 * GIB + 4096;
    const block = 16;
    image.source.write(new Uint8Array(4096).fill(0x5a), image.dataOffset + block * 256 * MIB + 4096);
    writeSparseFile('fixed.vhdx', image, image.dataOffset + block * 256 * MIB);
    expect(await readByUs(join(cwd, 'fixed.vhdx'), at, 4096)).toEqual(new Uint8Array(4096).fill(0x5a));
    expect(Buffer.compare(readByLibvhdi(['fixed.vhdx'], at, 4096), new Uint8Array(4096).fill(0x5a))).not.toBe(0);
  });

  test.skipIf(noRealImages !== undefined)('a pending log → theirs is what was there before', async () => {
    const image = realImage('iotest-dirtylog-10G-4M');
    const written = new Uint8Array(18 * MIB).fill(0xa5);
    expect(Buffer.compare(await readByUs(image, 0, written.length), written)).toBe(0);
    expect(Buffer.compare(readByLibvhdi([image], 0, written.length), written)).not.toBe(0);
  });
});
