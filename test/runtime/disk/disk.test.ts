import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openDisk, type VhdxDisk } from '../../../runtime/disk/disk.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { toByteSource } from '../../../runtime/io/to-byte-source.js';
import {
  buildChain,
  expectedSector,
  resolverOf,
  sectorBytes,
  type BlockModel,
  type ChainModel,
} from '../../support/chain-model.js';
import { FaultySource } from '../../support/faulty-source.js';
import { GIB, MIB, TIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';

const SEED = 20260704;

const open = (image: TestImage): Promise<VhdxDisk> => openDisk(image.source);

/** Content that differs in every sector. */
function fillBlock(image: TestImage, block: number, fileOffsetMb: number): void {
  for (let sector = 0; sector < image.blockSize / 512; sector += 97) {
    image.source.write(sectorBytes(0, block, sector, 512), fileOffsetMb * MIB + sector * 512);
  }
}

describe('block states of dynamic and fixed disks (2.5.1.1)', () => {
  test.each([
    ['NOT_PRESENT', 0],
    ['UNDEFINED', 1],
    ['ZERO', 2],
    ['UNMAPPED', 3],
  ])('%s → zeros', async (_name, state) => {
    const image = new TestImage();
    image.setBat(3, { state });
    const disk = await open(image);
    expect(await disk.resolve(3 * MIB, MIB)).toEqual([{ kind: 'zero', virtualOffset: 3 * MIB, length: MIB }]);
    const bytes = new Uint8Array(4096).fill(0xee);
    expect(await disk.read(bytes, 3 * MIB + 17)).toBe(4096);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  test('FULLY_PRESENT → the contents at FileOffsetMB, whatever a sector bitmap would say', async () => {
    const image = new TestImage({ allocate: [2] });
    fillBlock(image, 2, image.dataOffset / MIB);
    const disk = await open(image);
    expect(await disk.resolve(2 * MIB + 512, 512)).toEqual([
      { kind: 'data', virtualOffset: 2 * MIB + 512, length: 512, fileOffset: image.dataOffset + 512 },
    ]);
    expect(await readExactly(disk, 2 * MIB + 97 * 512, 512)).toEqual(sectorBytes(0, 2, 97, 512));
  });

  test.each([
    ['reserved state 4', { state: 4 }, 'VHDX_BAT_STATE_RESERVED'],
    ['reserved state 5', { state: 5 }, 'VHDX_BAT_STATE_RESERVED'],
    ['state 7 without a parent', { state: 7, fileOffsetMb: 4 }, 'VHDX_BAT_PARTIAL_WITHOUT_PARENT'],
    ['present at offset 0', { state: 6, fileOffsetMb: 0 }, 'VHDX_BAT_OFFSET_ZERO'],
    ['present beyond 2^53', { state: 6, fileOffsetMb: 2 ** 43 }, 'VHDX_BAT_OFFSET_TOO_LARGE'],
    ['present on the log', { state: 6, fileOffsetMb: 1 }, 'VHDX_BAT_BLOCK_ON_STRUCTURE'],
    ['present behind the end of the file', { state: 6, fileOffsetMb: 2 ** 20 }, 'VHDX_BAT_BLOCK_BEYOND_END'],
  ])('%s → refused, other blocks are read', async (_name, entry, code) => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(1, entry);
    const disk = await open(image);
    expect(await codeOf(disk.read(new Uint8Array(512), MIB))).toBe(code);
    expect(await disk.read(new Uint8Array(512), 0)).toBe(512);
  });

  test('fixed disk over several chunks → bitmap entries are skipped', async () => {
    // Blocks of 256 MiB with sectors of 512 bytes: 16 in a chunk of 4 GiB, so block 16 has entry 17.
    const image = new TestImage({ type: 'fixed', blockSize: 256 * MIB, virtualSize: 5 * GIB });
    const disk = await open(image);
    const [range] = await disk.resolve(4 * GIB, 512);
    expect(range).toMatchObject({ kind: 'data', fileOffset: image.dataOffset + 16 * 256 * MIB });
    image.setBat(16, { state: 6, fileOffsetMb: 999 });
    expect((await (await open(image)).resolve(4 * GIB, 512))[0]).toMatchObject({
      fileOffset: image.dataOffset + 16 * 256 * MIB,
    });
  });
});

describe('positions', () => {
  test('read across blocks, states and chunks → each part from its place', async () => {
    const image = new TestImage({ virtualSize: 16 * MIB, allocate: [1, 4] });
    fillBlock(image, 1, image.dataOffset / MIB);
    const disk = await open(image);
    const ranges = await disk.resolve(0, 16 * MIB);
    expect(ranges.map(({ kind, virtualOffset, length }) => [kind, virtualOffset / MIB, length / MIB])).toEqual([
      ['zero', 0, 1],
      ['data', 1, 1],
      ['zero', 2, 2],
      ['data', 4, 1],
      ['zero', 5, 11],
    ]);
    const bytes = await readExactly(disk, MIB - 8, 16);
    expect([...bytes.subarray(0, 8)]).toEqual(Array.from({ length: 8 }, () => 0));
    expect(bytes.subarray(8)).toEqual(sectorBytes(0, 1, 0, 512).subarray(0, 8));
  });

  test('last block used in part, file cut behind what is used → readable to the end', async () => {
    const image = new TestImage({ virtualSize: 2 * MIB + 4096, allocate: [2] });
    image.size = image.dataOffset + 4096;
    const disk = await open(image);
    expect(disk.size).toBe(2 * MIB + 4096);
    expect(await disk.read(new Uint8Array(8192), 2 * MIB)).toBe(4096);
    expect(await disk.read(new Uint8Array(1), disk.size)).toBe(0);
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d → RangeError', async (position) => {
    const disk = await open(new TestImage());
    await expect(disk.read(new Uint8Array(1), position)).rejects.toThrow(RangeError);
  });

  test('aborted signal → rejected with its reason', async () => {
    const disk = await open(new TestImage({ allocate: [0] }));
    const reason = new Error('enough');
    await expect(disk.read(new Uint8Array(1), 0, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('stream of a part → its bytes, in chunks', async () => {
    const image = new TestImage({ allocate: [1] });
    fillBlock(image, 1, image.dataOffset / MIB);
    const disk = await open(image);
    const chunks: Uint8Array[] = [];
    for await (const chunk of disk.stream({ start: MIB - 100, end: MIB + 1000, chunkBytes: 512 })) chunks.push(chunk);
    expect(chunks.map(({ length }) => length)).toEqual([512, 512, 76]);
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(await readExactly(disk, MIB - 100, 1100)));
  });
});

test('a source that gives less than it is asked for → asked again for the rest', async () => {
  const image = new TestImage({ allocate: [1] });
  fillBlock(image, 1, image.dataOffset / MIB);
  const { source } = image;
  const read = (into: Uint8Array, position: number): Promise<number> => source.read(into.subarray(0, 1000), position);
  const disk = await openDisk({ size: source.size, read });
  const bytes = await readExactly(disk, MIB + 97 * 512 - 900, 5000);
  const expected = await readExactly(source, image.dataOffset + 97 * 512 - 900, 5000);
  expect(Buffer.compare(bytes, expected)).toBe(0);
});

describe('extents', () => {
  test('64 TiB without a block → one extent', async () => {
    const disk = await open(new TestImage({ virtualSize: 64 * TIB, blockSize: 256 * MIB }));
    const extents = [];
    for await (const extent of disk.extents()) extents.push(extent);
    expect(extents).toEqual([{ kind: 'zero', virtualOffset: 0, length: 64 * TIB, depth: 0 }]);
  });

  test('neighbours in the file → one extent; others apart', async () => {
    const image = new TestImage({ virtualSize: 8 * MIB, allocate: [0, 1, 3, 2] });
    const disk = await open(image);
    const extents = [];
    for await (const { kind, virtualOffset, length } of disk.extents())
      extents.push([kind, virtualOffset / MIB, length / MIB]);
    expect(extents).toEqual([
      ['data', 0, 2],
      ['data', 2, 1],
      ['data', 3, 1],
      ['zero', 4, 4],
    ]);
  });

  test('a part → cut at its bounds', async () => {
    const disk = await open(new TestImage({ virtualSize: 8 * MIB, allocate: [1] }));
    const extents = [];
    for await (const { kind, virtualOffset, length } of disk.extents({ start: MIB + 5, end: 3 * MIB })) {
      extents.push([kind, virtualOffset, length]);
    }
    expect(extents).toEqual([
      ['data', MIB + 5, MIB - 5],
      ['zero', 2 * MIB, MIB],
    ]);
  });
});

const state: fc.Arbitrary<BlockModel['state']> = fc.constantFrom(0, 1, 2, 3, 6, 7, 7);
const block: fc.Arbitrary<BlockModel> = fc.record({
  state,
  pattern: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
});

/** A chain of `depth` levels; sizes differ, so that children are larger and smaller than their parents. */
function chain(depth: number, maxBlocks: number): fc.Arbitrary<ChainModel> {
  return fc
    .record({
      sectorSize: fc.constantFrom<(512 | 4096)[]>(512, 4096),
      levels: fc.array(
        fc.record({
          blocks: fc.array(block, { minLength: 1, maxLength: maxBlocks }),
          missing: fc.integer({ min: 0, max: 20 }),
        }),
        { minLength: depth, maxLength: depth },
      ),
    })
    .map(({ sectorSize, levels }) => ({
      blockSize: MIB,
      sectorSize,
      levels: levels.map(({ blocks, missing }, level) => ({
        virtualSize: blocks.length * MIB - missing * sectorSize,
        // Only a disk with a parent has partially present blocks.
        blocks: level < depth - 1 ? blocks : blocks.map((one) => (one.state === 7 ? { state: 6 as const } : one)),
      })),
    }));
}

async function expectModel(model: ChainModel): Promise<void> {
  const images = buildChain(model);
  const [first] = images;
  if (first === undefined) return;
  const disk = await openDisk(first.source, { parent: resolverOf(images) });
  expect(disk.depth).toBe(model.levels.length);
  const bytes = await readExactly(disk, 0, disk.size);
  const sectors = disk.size / model.sectorSize;
  for (let index = 0; index < sectors; index++) {
    const read = bytes.subarray(index * model.sectorSize, (index + 1) * model.sectorSize);
    if (Buffer.compare(read, expectedSector(model, index)) !== 0) {
      expect({ sector: index, bytes: read.subarray(0, 8) }).toEqual({
        sector: index,
        bytes: expectedSector(model, index).subarray(0, 8),
      });
    }
  }
  // Odd positions and lengths give the same bytes.
  for (const [at, length] of [
    [1, 5000],
    [disk.size - 4097, 4096],
    [MIB - 3, 6],
  ] as const) {
    if (at < 0 || at + length > disk.size) continue;
    expect(Buffer.compare(await readExactly(disk, at, length), bytes.subarray(at, at + length))).toBe(0);
  }
  // Extents cover the disk and say where zeros are.
  let end = 0;
  for await (const { kind, virtualOffset, length } of disk.extents()) {
    expect(virtualOffset).toBe(end);
    expect(kind).not.toBe('parent');
    if (kind === 'zero')
      expect(bytes.subarray(virtualOffset, virtualOffset + length).every((byte) => byte === 0)).toBe(true);
    end += length;
  }
  expect(end).toBe(disk.size);
}

describe(`chains against the model (seed ${SEED})`, () => {
  test.each([
    [1, 6, 15],
    [2, 5, 25],
    [3, 4, 20],
    [20, 2, 4],
  ])('%d levels → every sector as the model has it', async (depth, maxBlocks, numRuns) => {
    await fc.assert(fc.asyncProperty(chain(depth, maxBlocks), expectModel), { seed: SEED, numRuns });
  });

  test('UNDEFINED, ZERO and UNMAPPED in a child → zeros, not the parent; FULLY_PRESENT → never the bitmap', async () => {
    const model: ChainModel = {
      blockSize: MIB,
      sectorSize: 512,
      levels: [
        { virtualSize: 5 * MIB, blocks: [{ state: 0 }, { state: 1 }, { state: 2 }, { state: 3 }, { state: 6 }] },
        { virtualSize: 5 * MIB, blocks: Array.from({ length: 5 }, () => ({ state: 6 as const })) },
      ],
    };
    const images = buildChain(model);
    const disk = await openDisk(images[0]?.source ?? new TestImage().source, { parent: resolverOf(images) });
    const ranges = await disk.resolve(0, 5 * MIB);
    expect(ranges.map(({ kind, length }) => [kind, length / MIB])).toEqual([
      ['parent', 1],
      ['zero', 3],
      ['data', 1],
    ]);
  });
});

test('a block of a parent that cannot be read → the error names the file of the parent, once', async () => {
  const levels = [0, 1, 2].map((level) => ({
    virtualSize: MIB,
    blocks: level < 2 ? [{ state: 0 } as const] : [{ state: 6 } as const],
  }));
  const images = buildChain({ blockSize: MIB, sectorSize: 512, levels });
  images[2]?.setBat(0, { state: 5 });
  const find = resolverOf(images);
  const disk = await openDisk(images[0]?.source ?? new Uint8Array(0), {
    parent: async (candidate) => {
      const source = await find(candidate);
      return source === undefined ? undefined : new FaultySource(toByteSource(source), [], `at/${candidate.path}`);
    },
  });
  const message = 'In the parent at/level-2.vhdx: bat[0] at 0x200000 (block 0) has the state 5, which is reserved.';
  const fault = { code: 'VHDX_BAT_STATE_RESERVED', message, severity: 'error' };
  await expect(disk.read(new Uint8Array(512), 0)).rejects.toMatchObject(fault);
  await expect(disk.extents().next()).rejects.toMatchObject(fault);
});
