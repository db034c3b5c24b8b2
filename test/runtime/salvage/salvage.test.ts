/** What a salvage reads of damaged disks, by a model of what the undamaged ones read as. */
import { describe, expect, test } from 'vitest';
import { openDisk } from '../../../runtime/disk/disk.js';
import type { LostRange } from '../../../runtime/salvage/lost-ranges.js';
import { type SalvagedDisk, salvageDisk } from '../../../runtime/salvage/salvage.js';
import { type ByteSource, readExactly } from '../../../runtime/io/byte-source.js';
import { buildChain, type ChainModel, expectedSector, resolverOf } from '../../support/chain-model.js';
import { FaultySource } from '../../support/faulty-source.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { Random } from '../../support/random.js';
import { reasonOf } from '../../support/reason.js';

const SECTOR = 512;
const PATTERN = { state: 7, pattern: [true, false, false, true] } as const;

const DYNAMIC: ChainModel = {
  blockSize: MIB,
  sectorSize: SECTOR,
  levels: [{ virtualSize: 5 * MIB, blocks: [{ state: 6 }, { state: 0 }, { state: 6 }, { state: 2 }, { state: 6 }] }],
};
const CHAIN: ChainModel = {
  blockSize: MIB,
  sectorSize: SECTOR,
  levels: [
    { virtualSize: 5 * MIB, blocks: [{ state: 6 }, PATTERN, { state: 0 }, { state: 2 }, PATTERN] },
    { virtualSize: 5 * MIB, blocks: [{ state: 6 }, { state: 6 }, PATTERN, { state: 6 }, { state: 6 }] },
    { virtualSize: 4 * MIB, blocks: [{ state: 6 }, { state: 6 }, { state: 6 }, { state: 6 }] },
  ],
};

/** For each sector whether it is lost in part, and its bytes that are not. */
interface Seen {
  readonly disk: SalvagedDisk;
  readonly lost: readonly LostRange[];
  readonly bytes: Uint8Array;
}

async function see(disk: SalvagedDisk): Promise<Seen> {
  const bytes = await readExactly(disk, 0, disk.size);
  return { disk, bytes, lost: disk.lost.ranges };
}

/** What is lost is zeros, all else is what the undamaged disk has. */
function expectSound(model: ChainModel, { bytes, lost }: Seen): void {
  const expected = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += SECTOR) expected.set(expectedSector(model, at / SECTOR), at);
  for (const { virtualOffset, length } of lost) expected.fill(0, virtualOffset, virtualOffset + length);
  if (Buffer.compare(bytes, expected) === 0) return;
  throw new Error(`byte ${bytes.findIndex((byte, at) => byte !== expected[at])} is not what it should be`);
}

const brief = (lost: readonly LostRange[]): unknown[] =>
  lost.map(({ virtualOffset, length, code }) => [virtualOffset / MIB, length / MIB, code]);

/** The chain with `damage` done to its images, or to what they are read through. */
async function salvage(
  model: ChainModel,
  damage: (images: readonly TestImage[]) => void,
  wrap: (source: ByteSource, level: number, image: TestImage) => ByteSource | undefined = (source) => source,
): Promise<Seen> {
  const images = buildChain(model);
  damage(images);
  const sources = images.map((image, level) => wrap(image.source, level, image));
  const find = resolverOf(images);
  const disk = await salvageDisk(sources[0] ?? images[0]?.source ?? fail(), {
    parent: async (candidate) => {
      const found = await find(candidate);
      return sources[images.findIndex(({ source }) => source === found)];
    },
  });
  const seen = await see(disk);
  expectSound(model, seen);
  return seen;
}

function fail(): never {
  throw new Error('there is no image');
}

function only(images: readonly TestImage[]): TestImage {
  return images[0] ?? fail();
}

test.each([
  ['a dynamic disk', DYNAMIC],
  ['a chain', CHAIN],
])('%s without a fault → all of it, nothing in the way', async (_title, model) => {
  const { disk, lost } = await salvage(model, () => undefined);
  expect(lost).toEqual([]);
  expect(disk.obstacles).toEqual([]);
});

describe('blocks', () => {
  test.each<[string, (image: TestImage) => unknown, unknown[]]>([
    [
      'a reserved state',
      (image) => image.setBat(2, { state: 4, fileOffsetMb: 5 }),
      [[2, 1, 'VHDX_BAT_STATE_RESERVED']],
    ],
    ['offset 0', (image) => image.setBat(2, { state: 6 }), [[2, 1, 'VHDX_BAT_OFFSET_ZERO']]],
    [
      'state 7 without a parent',
      (image) => image.setBat(2, { state: 7, fileOffsetMb: 5 }),
      [[2, 1, 'VHDX_BAT_PARTIAL_WITHOUT_PARENT']],
    ],
    [
      'on the metadata region',
      (image) => image.setBat(2, { state: 6, fileOffsetMb: image.metadataOffset / MIB }),
      [[2, 1, 'VHDX_BAT_BLOCK_ON_STRUCTURE']],
    ],
    [
      'on another block → both',
      (image) => image.setBat(2, { state: 6, fileOffsetMb: image.dataOffset / MIB }),
      [
        [0, 1, 'VHDX_BAT_BLOCK_OVERLAP'],
        [2, 1, 'VHDX_BAT_BLOCK_OVERLAP'],
      ],
    ],
    [
      'behind the end of the file',
      (image) => image.setBat(2, { state: 6, fileOffsetMb: 4000 }),
      [[2, 1, 'VHDX_BAT_BLOCK_BEYOND_END']],
    ],
    [
      'at more than 2^53 bytes',
      (image) => image.setBat(2, { state: 6, fileOffsetMb: 2 ** 44 - 1 }),
      [[2, 1, 'VHDX_BAT_OFFSET_TOO_LARGE']],
    ],
  ])('%s', async (_title, damage, expected) => {
    const { lost } = await salvage(DYNAMIC, (images) => damage(only(images)));
    expect(brief(lost)).toEqual(expected);
  });

  test.each([0, 1, 511, 700_001, MIB - 1])('cut off %d bytes before the end → these', async (count) => {
    const { lost } = await salvage(DYNAMIC, (images) => (only(images).size -= count));
    expect(lost.map(({ virtualOffset, length }) => [virtualOffset, length])).toEqual(
      count === 0 ? [] : [[5 * MIB - count, count]],
    );
  });

  test('cut off within a partially present block → its sectors that are there, and those of the parent', async () => {
    // Block 4 is the last one, its bitmap comes before it.
    const { lost } = await salvage(CHAIN, (images) => (only(images).size -= 100_000));
    expect(lost.every(({ code }) => code === 'VHDX_BAT_BLOCK_BEYOND_END')).toBe(true);
    expect(lost.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(100_000);
    expect(lost[0]?.virtualOffset).toBe(5 * MIB - 100_000);
  });

  test('bad sectors in the data → these', async () => {
    const { lost } = await salvage(
      DYNAMIC,
      () => undefined,
      (source, _level, image) => {
        const start = image.dataOffset + MIB + 4096;
        return new FaultySource(source, [[start, start + 1024]]);
      },
    );
    expect(lost).toEqual([
      expect.objectContaining({ virtualOffset: 2 * MIB + 4096, length: 1024, code: 'VHDX_SOURCE_IO' }),
    ]);
  });
});

describe('what is lost of a differencing disk → never what the parent has there', () => {
  test('a bitmap that is missing', async () => {
    const { lost } = await salvage(CHAIN, ([image]) => image?.setBat(image.bitmapIndex(0), { state: 0 }));
    expect(brief(lost)).toEqual([
      [1, 1, 'VHDX_BAT_BITMAP_MISSING'],
      [4, 1, 'VHDX_BAT_BITMAP_MISSING'],
    ]);
  });

  test('a bitmap in a bad sector → the sectors that it tells of', async () => {
    const { lost } = await salvage(
      CHAIN,
      () => undefined,
      (source, level, image) => {
        // Blocks 0 and 1, then the bitmap; 256 bytes are the bits of a block.
        const start = image.dataOffset + 2 * MIB;
        return level === 0 ? new FaultySource(source, [[start, start + 512]]) : source;
      },
    );
    expect(brief(lost)).toEqual([[1, 1, 'VHDX_SOURCE_IO']]);
  });

  test('a bitmap that is cut off → the sectors whose bits are missing', async () => {
    const model: ChainModel = {
      ...CHAIN,
      levels: [{ virtualSize: 5 * MIB, blocks: [PATTERN, PATTERN] }, ...CHAIN.levels.slice(1)],
    };
    const images = buildChain(model);
    const [image = fail()] = images;
    // The bitmap to the end of the file, cut off in the bits of block 1.
    const place = image.append(MIB);
    image.source.write(image.source.bytes(image.dataOffset + MIB, MIB), place * MIB);
    image.setBat(image.bitmapIndex(0), { state: 6, fileOffsetMb: place });
    image.size = place * MIB + 256 + 100;
    const seen = await see(await salvageDisk(image.source, { parent: resolverOf(images) }));
    expectSound(model, seen);
    expect(seen.lost).toEqual([
      expect.objectContaining({
        virtualOffset: MIB + 800 * SECTOR,
        length: (2048 - 800) * SECTOR,
        code: 'VHDX_SOURCE_IO',
      }),
    ]);
  });

  test('BAT entries in a bad sector → their blocks', async () => {
    const { lost } = await salvage(
      CHAIN,
      () => undefined,
      (source, level, image) =>
        level === 0 ? new FaultySource(source, [[image.batOffset, image.batOffset + 512]]) : source,
    );
    expect(brief(lost)).toEqual([[0, 5, 'VHDX_SOURCE_IO']]);
  });

  test('BAT entries in a bad sector of the parent → what the child leaves to it, with the name of its file', async () => {
    const { lost } = await salvage(
      CHAIN,
      () => undefined,
      (source, level, image) =>
        level === 1 ? new FaultySource(source, [[image.batOffset, image.batOffset + 512]], 'middle.vhdx') : source,
    );
    expect(lost[0]).toMatchObject({ virtualOffset: MIB + SECTOR, length: 2 * SECTOR, image: 'middle.vhdx' });
    expect(lost).toContainEqual(expect.objectContaining({ virtualOffset: 2 * MIB, length: MIB, image: 'middle.vhdx' }));
  });

  test.each<[string, (images: readonly TestImage[]) => void, string]>([
    ['no file', () => undefined, 'VHDX_PARENT_NOT_FOUND'],
    [
      'another DataWriteGuid',
      (images) => images[1]?.editHeader('both', (header) => (header.dataWriteGuid.data2 ^= 1)),
      'VHDX_PARENT_LINKAGE_MISMATCH',
    ],
    [
      'beyond salvage',
      (images) => images[1]?.source.write(new Uint8Array(64 * 1024), images[1].metadataOffset),
      'VHDX_METADATA_SIGNATURE_MISMATCH',
    ],
  ])('a parent that cannot be used: %s → all that it has', async (title, damage, code) => {
    const { lost, disk } = await salvage(CHAIN, damage, (source, level) =>
      title === 'no file' && level === 1 ? undefined : source,
    );
    expect(disk.levels()).toHaveLength(1);
    expect(new Set(lost.map((range) => range.code))).toEqual(new Set([code]));
    expect(lost).toContainEqual(expect.objectContaining({ virtualOffset: 2 * MIB, length: MIB }));
    expect(lost.at(-1)?.virtualOffset).toBe(4 * MIB + 2045 * SECTOR);
    expect(disk.obstacles).toEqual([expect.objectContaining({ code, assumed: 'What it has of its parent is lost.' })]);
  });

  test('a damaged parent → salvaged as well', async () => {
    const { lost, disk } = await salvage(CHAIN, ([, middle]) => {
      for (const copy of [0x1_0000, 0x2_0000]) middle?.flip(copy + 4);
      middle?.setBat(2, { state: 5 });
    });
    expect(brief(lost)).toEqual([[2, 1, 'VHDX_BAT_STATE_RESERVED']]);
    expect(disk.levels()).toHaveLength(3);
    expect(disk.obstacles.map(({ code }) => code)).toContain('VHDX_HEADER_NONE_VALID');
  });
});

test('seeded damage of any kind, to any image of a chain → what is not lost is right', async () => {
  const random = new Random(20_261_127);
  for (let run = 0; run < 60; run += 1) {
    const level = random.below(3);
    const damage = (images: readonly TestImage[]): void => {
      const image = images[level] ?? fail();
      if (random.oneIn(2)) image.size -= random.below(3 * MIB);
      for (let count = random.below(3); count > 0; count -= 1) {
        const index = random.pick([0, 1, 2, 3, 4, image.bitmapIndex(0)]);
        const fileOffsetMb = random.pick([0, 1, image.batOffset / MIB, image.metadataOffset / MIB, 5000, 2 ** 40]);
        image.setBat(index, { state: random.pick([4, 5, 6, 7]), fileOffsetMb });
      }
    };
    const wrap = (source: ByteSource, at: number, image: TestImage): ByteSource => {
      if (at !== level) return source;
      const places = [image.batOffset, image.dataOffset, image.dataOffset + 2 * MIB, image.dataOffset + 2 * MIB + 256];
      const bad = Array.from({ length: random.below(4) }, () => {
        const start = random.pick(places) + random.below(MIB / 2);
        return [start, start + 1 + random.below(20_000)] as const;
      });
      return new FaultySource(source, bad);
    };
    await salvage(CHAIN, damage, wrap);
  }
});

test('extents → what is lost without a look at the data, and then no data', async () => {
  const images = buildChain(DYNAMIC);
  const image = only(images);
  image.setBat(2, { state: 5 });
  image.size -= 1000;
  const disk = await salvageDisk(image.source);
  const extents = [];
  for await (const { kind, virtualOffset, length } of disk.extents()) extents.push([kind, virtualOffset, length]);
  expect(extents).toEqual([
    ['data', 0, MIB],
    ['zero', MIB, 3 * MIB],
    ['data', 4 * MIB, MIB - 1000],
    ['zero', 5 * MIB - 1000, 1000],
  ]);
  expect(disk.lost.bytes).toBe(MIB + 1000);
});

test('openDisk of the same → as before: refused where it is met', async () => {
  const image = only(buildChain(DYNAMIC));
  image.setBat(2, { state: 5 });
  const disk = await openDisk(image.source);
  expect(await reasonOf(readExactly(disk, 2 * MIB, 512))).toMatchObject({ code: 'VHDX_BAT_STATE_RESERVED' });
});
