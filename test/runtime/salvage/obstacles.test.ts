/** What keeps an image from being opened, and what a salvage makes of it. */
import { describe, expect, test } from 'vitest';
import { openDisk } from '../../../runtime/disk/disk.js';
import { type Obstacle, type SalvagedDisk, salvageDisk } from '../../../runtime/salvage/salvage.js';
import { type ByteSource, readExactly } from '../../../runtime/io/byte-source.js';
import { FaultySource } from '../../support/faulty-source.js';
import { GIB, IDS, KIB, MIB, TestImage } from '../../support/image-builder.js';
import { reasonOf } from '../../support/reason.js';

const HEADERS = [64 * KIB, 128 * KIB] as const;
const TABLES = [192 * KIB, 256 * KIB] as const;

/** A disk of 16 MiB; block 0 has 0x11 in it, block 1 has 0x22. */
function makeImage(): TestImage {
  const image = new TestImage({ allocate: [0, 1] });
  image.source.write(new Uint8Array(MIB).fill(0x11), image.dataOffset);
  image.source.write(new Uint8Array(MIB).fill(0x22), image.dataOffset + MIB);
  return image;
}

const codesOf = (obstacles: readonly Obstacle[]): string[] => obstacles.map(({ code }) => code);
const assumedOf = (obstacles: readonly Obstacle[]): string[] => obstacles.flatMap(({ assumed }) => assumed ?? []);

/** Makes sure that an image is refused as usual, with `code`, and can be salvaged whole. */
async function salvageWhole(source: ByteSource, code: string): Promise<SalvagedDisk> {
  expect(await reasonOf(openDisk(source))).toMatchObject({ code, severity: 'error' });
  const disk = await salvageDisk(source);
  const bytes = await readExactly(disk, 0, 3 * MIB);
  expect([0, MIB - 1, MIB, 2 * MIB - 1, 2 * MIB].map((at) => bytes[at])).toEqual([0x11, 0x11, 0x22, 0x22, 0]);
  expect(disk.lost.ranges).toEqual([]);
  expect(codesOf(disk.obstacles)).toContain(code);
  return disk;
}

describe('headers', () => {
  test('both with a wrong checksum → the newer one', async () => {
    const image = makeImage();
    for (const at of HEADERS) image.flip(at + 4);
    const { image: opened, obstacles } = await salvageWhole(image.source, 'VHDX_HEADER_NONE_VALID');
    expect(opened.header.index).toBe(1);
    expect(assumedOf(obstacles)).toEqual([expect.stringMatching(/0x20000 \(sequence number 8\)/)]);
  });

  test('both with a wrong checksum, the newer one of another version → the older one', async () => {
    const image = makeImage().editHeader(1, (header) => (header.version = 2));
    for (const at of HEADERS) image.flip(at + 4);
    const { image: opened } = await salvageWhole(image.source, 'VHDX_HEADER_NONE_VALID');
    expect(opened.header.index).toBe(0);
  });

  test('equal sequence numbers in headers that differ → one whose log can be used', async () => {
    const image = makeImage().editHeader('both', (header) => (header.sequenceNumber = 7n));
    image.editHeader(0, (header) => (header.logGuid.data2 ^= 5));
    const { image: opened } = await salvageWhole(image.source, 'VHDX_HEADER_SEQUENCE_EQUAL');
    expect(opened.header.index).toBe(1);
  });

  test('both with a wrong checksum, a log that cannot be used → the newer one', async () => {
    const image = makeImage().editHeader('both', (header) => (header.logGuid.data2 ^= 5));
    for (const at of HEADERS) image.flip(at + 4);
    const { image: opened } = await salvageWhole(image.source, 'VHDX_HEADER_NONE_VALID');
    expect(opened.header.index).toBe(1);
  });

  test('both wiped → no log is looked for', async () => {
    const image = makeImage();
    for (const at of HEADERS) image.source.write(new Uint8Array(4096), at);
    const { obstacles } = await salvageWhole(image.source, 'VHDX_HEADER_NONE_VALID');
    expect(assumedOf(obstacles)).toEqual([expect.stringContaining('Neither header is of use')]);
  });

  test('both in bad sectors → the same', async () => {
    const source = new FaultySource(makeImage().source, [[64 * KIB, 132 * KIB]]);
    const disk = await salvageDisk(source);
    expect(codesOf(disk.obstacles)).toContain('VHDX_HEADER_NONE_VALID');
    expect((await readExactly(disk, MIB, 1))[0]).toBe(0x22);
  });

  test('the current one of a version that nobody knows → beyond salvage', async () => {
    const image = makeImage().editHeader(1, (header) => (header.version = 2));
    expect(await reasonOf(salvageDisk(image.source))).toMatchObject({ code: 'VHDX_HEADER_VERSION_UNSUPPORTED' });
  });
});

describe('file type identifier, region tables, metadata', () => {
  test('the signature of the file → taken for a VHDX by its header section', async () => {
    const image = makeImage();
    image.poke(0, 0, 0, 0, 0, 0, 0, 0, 0);
    const { obstacles } = await salvageWhole(image.source, 'VHDX_SIGNATURE_MISMATCH');
    expect(assumedOf(obstacles)).toEqual([expect.stringContaining('taken for a VHDX')]);
  });

  test('nothing of a header section → no VHDX', async () => {
    const image = makeImage();
    image.source.write(new Uint8Array(320 * KIB), 0);
    expect(await reasonOf(salvageDisk(image.source))).toMatchObject({ code: 'VHDX_SIGNATURE_MISMATCH' });
  });

  test('both region tables with a wrong checksum → the first', async () => {
    const image = makeImage();
    for (const at of TABLES) image.flip(at + 4);
    const { image: opened, obstacles } = await salvageWhole(image.source, 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH');
    expect(opened.regions.copy).toBe(0);
    expect(assumedOf(obstacles)).toEqual([expect.stringContaining('0x30000')]);
  });

  test('the first region table wiped, the second with a wrong checksum → the second', async () => {
    const image = makeImage();
    image.source.write(new Uint8Array(64 * KIB), TABLES[0]);
    image.flip(TABLES[1] + 4);
    const { image: opened } = await salvageWhole(image.source, 'VHDX_REGION_TABLE_SIGNATURE_MISMATCH');
    expect(opened.regions.copy).toBe(1);
  });

  test('both region tables wiped → beyond salvage, corrupt', async () => {
    const image = makeImage();
    image.source.write(new Uint8Array(128 * KIB), TABLES[0]);
    expect(await reasonOf(salvageDisk(image.source))).toMatchObject({
      code: 'VHDX_REGION_TABLE_SIGNATURE_MISMATCH',
      severity: 'error',
    });
  });

  test('the signature of the metadata table → read by its items', async () => {
    const image = makeImage();
    image.flip(image.metadataOffset);
    const { obstacles } = await salvageWhole(image.source, 'VHDX_METADATA_SIGNATURE_MISMATCH');
    expect(codesOf(obstacles)).toEqual(['VHDX_METADATA_SIGNATURE_MISMATCH']);
  });

  test('the metadata table wiped → beyond salvage', async () => {
    const image = makeImage();
    image.source.write(new Uint8Array(64 * KIB), image.metadataOffset);
    expect(await reasonOf(salvageDisk(image.source))).toMatchObject({ code: 'VHDX_METADATA_SIGNATURE_MISMATCH' });
  });

  test('a BAT region that ends before the BAT → the entries that it has', async () => {
    const image = new TestImage({ virtualSize: 200 * GIB, allocate: [0, 199 * 1024] });
    image.editRegionTable('both', ({ entries }) => {
      const [bat] = entries;
      if (bat !== undefined) bat.length = MIB;
    });
    const disk = await salvageDisk(image.source);
    expect(codesOf(disk.obstacles)).toEqual(['VHDX_BAT_TOO_SMALL']);
    for await (const _extent of disk.extents());
    const [lost] = disk.lost.ranges;
    // The entries of 31 sector bitmap blocks lie between those of 2^17 in a MiB.
    expect(lost).toMatchObject({ virtualOffset: (2 ** 17 - 31) * MIB, code: 'VHDX_SOURCE_IO' });
    expect((lost?.virtualOffset ?? 0) + (lost?.length ?? 0)).toBe(200 * GIB);
  });
});

describe('the log', () => {
  /** Block 0 as it is before the replay (0x11), in a file whose log moves it to the place of block 1. */
  function pending(): TestImage {
    const image = new TestImage({ allocate: [0, 1], logGuid: IDS.log });
    image.source.write(new Uint8Array(MIB).fill(0x11), image.dataOffset);
    image.source.write(new Uint8Array(MIB).fill(0x22), image.dataOffset + MIB);
    const sector = image.source.bytes(image.batOffset, 4096);
    const moved = sector.slice();
    moved.set(sector.subarray(8, 16), 0);
    moved.set(new Uint8Array(8), 8);
    image.addLogEntry(0, { sequenceNumber: 1n, writes: [{ kind: 'data', fileOffset: image.batOffset, bytes: moved }] });
    return image;
  }

  test('that can be replayed → is', async () => {
    const disk = await salvageDisk(pending().source);
    expect((await readExactly(disk, 0, 1))[0]).toBe(0x22);
    expect(disk.obstacles).toEqual([]);
  });

  test('without a valid entry → left out, and that is said', async () => {
    const image = pending();
    image.flip(image.logOffset + 100);
    expect(await reasonOf(openDisk(image.source))).toMatchObject({ code: 'VHDX_LOG_NO_ACTIVE_SEQUENCE' });
    const disk = await salvageDisk(image.source);
    expect((await readExactly(disk, 0, 1))[0]).toBe(0x11);
    expect(assumedOf(disk.obstacles).join(' ')).toContain('not replayed');
  });

  test('in a bad sector → the same', async () => {
    const image = pending();
    const disk = await salvageDisk(new FaultySource(image.source, [[image.logOffset, image.logOffset + 512]]));
    expect((await readExactly(disk, 0, 1))[0]).toBe(0x11);
    expect(disk.obstacles).toEqual([
      expect.objectContaining({ code: 'VHDX_SOURCE_IO', assumed: expect.stringContaining('not replayed') }),
    ]);
  });

  test('of a file that was longer → replayed, and what is gone of the data is lost, no zeros', async () => {
    const image = pending();
    image.size -= MIB / 2;
    expect(await reasonOf(openDisk(image.source))).toMatchObject({ code: 'VHDX_LOG_FILE_TRUNCATED' });
    const disk = await salvageDisk(image.source);
    const bytes = await readExactly(disk, 0, MIB);
    expect([bytes[0], bytes[MIB / 2 - 1], bytes[MIB / 2]]).toEqual([0x22, 0x22, 0]);
    expect(disk.lost.ranges).toEqual([expect.objectContaining({ virtualOffset: MIB / 2, length: MIB / 2 })]);
  });
});

test('bad sectors amid a BAT → the blocks of their entries, whether others are alike or not', async () => {
  const image = new TestImage({ virtualSize: 300 * MIB, allocate: [64, 65, 126, 127, 128] });
  const bad = [image.batOffset + 512, image.batOffset + 1024] as const;
  const disk = await salvageDisk(new FaultySource(image.source, [bad]));
  const kinds = [];
  for await (const { kind, virtualOffset, length } of disk.extents())
    kinds.push([kind, virtualOffset / MIB, length / MIB]);
  expect(kinds).toEqual([
    ['zero', 0, 128],
    ['data', 128, 1],
    ['zero', 129, 171],
  ]);
  expect(disk.lost.ranges).toEqual([expect.objectContaining({ virtualOffset: 64 * MIB, length: 64 * MIB })]);
});
