import { describe, expect, test } from 'vitest';
import { type FileLocation, locateFileOffset } from '../../runtime/index.js';
import { IDS, MIB, TestImage } from '../support/image-builder.js';

async function locate(image: TestImage, fileOffset: number): Promise<FileLocation> {
  const found = await locateFileOffset(image.source, fileOffset);
  if (found === undefined) throw new TypeError('a VHDX');
  return found;
}

async function paths(image: TestImage, fileOffset: number): Promise<string[]> {
  return (await locate(image, fileOffset)).nodes.map(({ path }) => path);
}

describe('structures', () => {
  // [MS-VHDX] 2.2.2: SequenceNumber at 8, LogOffset at 72; 2.6.1.2: entries of 32 bytes behind 32 bytes.
  test.each([
    [0x20008, ['headers[1]', 'headers[1].sequence_number']],
    [0x1004f, ['headers[0]', 'headers[0].log_offset']],
    [0x11000, []],
    [0x300000 + 32 + 32 + 16, ['metadata_table', 'metadata_table.entries[1]', 'metadata_table.entries[1].offset']],
    [0x200008, ['bat', 'bat[1]', 'bat[1].state', 'bat[1].reserved']],
    [0x20000f, ['bat', 'bat[1]', 'bat[1].file_offset_mb']],
    // Behind the last of 16 entries.
    [0x200080, ['bat']],
  ])('0x%x → %j', async (fileOffset, expected) => {
    expect(await paths(new TestImage(), fileOffset)).toEqual(expected.map((path) => path));
  });

  test('an entry far behind those that a tree lists → found', async () => {
    const image = new TestImage().editRegionTable(0, (table) => {
      const [entry] = table.entries;
      if (entry !== undefined) table.entries = Array.from({ length: 2047 }, () => entry);
    });
    expect(await paths(image, 192 * 1024 + 16 + 32 * 2000)).toContain('region_tables[0].entries[2000].guid');
  });

  test('the part of a log entry behind the end of the ring → that entry', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    const start = image.logLength - 4096;
    const bytes = new Uint8Array(4096).fill(1);
    image.addLogEntry(start, {
      sequenceNumber: 1n,
      writes: [{ kind: 'data', fileOffset: image.metadataOffset + 512 * 1024, bytes }],
    });
    expect(await paths(image, image.logOffset)).toEqual([
      'log',
      'log.entries[0]',
      'log.entries[0].data_sectors[0]',
      'log.entries[0].data_sectors[0].data_signature',
    ]);
  });
});

describe('blocks', () => {
  test('a byte of a block → block, BAT entry, virtual offset', async () => {
    const image = new TestImage({ allocate: [3], blockSize: 2 * MIB });
    const found = await locate(image, image.dataOffset + MIB + 5);
    expect(found).toMatchObject({ kind: 'block', blockCount: 1, nodes: [] });
    expect(found.blocks).toEqual([
      {
        kind: 'payload',
        number: 3,
        batIndex: 3,
        batEntryOffset: image.batOffset + 24,
        state: 6,
        fileOffset: image.dataOffset,
        length: 2 * MIB,
        isInUse: true,
        virtualOffset: 7 * MIB + 5,
        virtualLength: 1,
      },
    ]);
  });

  test('a byte of a sector bitmap → the sectors of its bits', async () => {
    const image = new TestImage({ type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] });
    const found = await locate(image, image.dataOffset + MIB + 2);
    expect(found.blocks).toMatchObject([
      { kind: 'bitmap', number: 0, virtualOffset: 16 * 512, virtualLength: 8 * 512 },
    ]);
  });

  test('a partially present block → the bit of the sector', async () => {
    const image = new TestImage({ type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] });
    image.poke(image.dataOffset + MIB + 1, 0b0000_0100);
    const bitOf = async (sector: number): Promise<unknown> =>
      (await locate(image, image.dataOffset + sector * 512)).blocks[0]?.sectorBit;
    const fileOffset = image.dataOffset + MIB + 1;
    expect(await bitOf(10)).toEqual({ batIndex: image.bitmapIndex(0), fileOffset, bit: 2, isSet: true });
    expect(await bitOf(11)).toMatchObject({ bit: 3, isSet: false });
  });

  test('former contents → told to be not in use', async () => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(0, { state: 3, fileOffsetMb: image.dataOffset / MIB });
    expect((await locate(image, image.dataOffset)).blocks).toMatchObject([{ number: 0, state: 3, isInUse: false }]);
  });

  test('shared storage → every block that has the byte; on a structure both', async () => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(5, { state: 6, fileOffsetMb: image.dataOffset / MIB });
    image.setBat(6, { state: 6, fileOffsetMb: 1 });
    expect((await locate(image, image.dataOffset)).blocks.map(({ number }) => number)).toEqual([0, 5]);
    expect(await locate(image, MIB)).toMatchObject({ kind: 'structure', blocks: [{ number: 6 }] });
  });

  test('no owner → free; past the end → outside, with the block that lies there', async () => {
    const image = new TestImage({ allocate: [0] });
    const end = image.size;
    image.append(MIB);
    expect(await locate(image, end)).toMatchObject({ kind: 'free', blockCount: 0 });
    image.setBat(1, { state: 6, fileOffsetMb: image.size / MIB });
    expect(await locate(image, image.size)).toMatchObject({ kind: 'outside', blocks: [{ number: 1 }] });
    expect(await locate(image, 2 ** 50)).toMatchObject({ kind: 'outside', blockCount: 0 });
  });

  test('no VHDX → nothing; no offset → RangeError', async () => {
    expect(await locateFileOffset(new Uint8Array(4096), 0)).toBeUndefined();
    await expect(locateFileOffset(new TestImage().source, -1)).rejects.toThrow(RangeError);
  });
});
