import { describe, expect, test } from 'vitest';
import { locateVirtualOffset, openDisk, VhdxDisk, openVhdx } from '../../runtime/index.js';
import { IDS, MIB, TestImage } from '../support/image-builder.js';

/** A child with the first sector of block 0 alone, whose parent has blocks 0 and 1 and is shorter. */
function chain(): { child: TestImage; parent: TestImage } {
  const parent = new TestImage({ virtualSize: 8 * MIB, allocate: [0, 1] });
  const child = new TestImage({
    type: 'differencing',
    allocate: [0],
    allocateAs: 7,
    bitmaps: [0],
    parent: [
      ['parent_linkage', `{${IDS.dataWrite}}`],
      ['relative_path', 'parent.vhdx'],
    ],
  });
  child.poke(child.dataOffset + MIB, 1);
  return { child, parent };
}

describe('a byte of a chain', () => {
  test('a sector of the child → its file, by the bit', async () => {
    const { child, parent } = chain();
    const disk = await openDisk(child.source, { parent: async () => parent.source });
    const { levels } = await locateVirtualOffset(disk, 511);
    expect(levels).toEqual([
      {
        depth: 0,
        kind: 'data',
        block: 0,
        offsetInBlock: 511,
        batIndex: 0,
        batEntryOffset: child.batOffset,
        state: 7,
        sectorBit: { batIndex: child.bitmapIndex(0), fileOffset: child.dataOffset + MIB, bit: 0, isSet: true },
        fileOffset: child.dataOffset + 511,
      },
    ]);
  });

  test('a sector of the parent → its file, after the clear bit of the child', async () => {
    const { child, parent } = chain();
    const disk = await openDisk(child.source, { parent: async () => parent.source });
    const { levels } = await locateVirtualOffset(disk, 512);
    expect(levels).toMatchObject([
      { depth: 0, kind: 'parent', sectorBit: { bit: 1, isSet: false } },
      { depth: 1, kind: 'data', fileOffset: parent.dataOffset + 512 },
    ]);
  });

  test('past the end of a shorter parent → a zero', async () => {
    const { child, parent } = chain();
    const disk = await openDisk(child.source, { parent: async () => parent.source });
    const { levels } = await locateVirtualOffset(disk, 9 * MIB);
    expect(levels).toEqual([expect.objectContaining({ kind: 'parent' }), { depth: 1, kind: 'outside' }]);
  });

  test('the child alone → left to the parent', async () => {
    const disk = new VhdxDisk(await openVhdx(chain().child.source), undefined);
    expect((await locateVirtualOffset(disk, 5 * MIB)).levels).toMatchObject([{ kind: 'parent', state: 0 }]);
  });
});

test('the same bytes as a read → the file has them there', async () => {
  const { child, parent } = chain();
  const disk = await openDisk(child.source, { parent: async () => parent.source });
  child.poke(child.dataOffset + 100, 0xc1);
  parent.poke(parent.dataOffset + 700, 0xb2);
  for (const [at, byte] of [
    [100, 0xc1],
    [700, 0xb2],
  ] as const) {
    const read = new Uint8Array(1);
    await disk.read(read, at);
    expect(read[0]).toBe(byte);
    const level = (await locateVirtualOffset(disk, at)).levels.at(-1);
    const file = level?.depth === 0 ? child : parent;
    expect(file.source.bytes(level?.fileOffset ?? 0, 1)[0]).toBe(byte);
  }
});

test('a block that cannot be read → told, with the finding', async () => {
  const image = new TestImage({ allocate: [0] });
  image.setBat(0, { state: 6, fileOffsetMb: 1 });
  const { levels } = await locateVirtualOffset(await openDisk(image.source), 0);
  expect(levels).toMatchObject([{ kind: 'zero', unreadable: { code: 'VHDX_BAT_BLOCK_ON_STRUCTURE' } }]);
});

test('past the end of the disk → no levels; no offset → RangeError', async () => {
  const disk = await openDisk(new TestImage().source);
  expect(await locateVirtualOffset(disk, 16 * MIB)).toEqual({
    virtualOffset: 16 * MIB,
    virtualSize: 16 * MIB,
    levels: [],
  });
  await expect(locateVirtualOffset(disk, 0.5)).rejects.toThrow(RangeError);
});
