import { describe, expect, test } from 'vitest';
import { type BlockState, type FileOwner, imageUsage, type Strip } from '../../runtime/index.js';
import { MIB, TIB, TestImage } from '../support/image-builder.js';

/** The kinds that are there at all, with their MiBs. */
function inMib(totals: Strip<FileOwner>['totals'] | Strip<BlockState>['totals']): Record<string, number> {
  return Object.fromEntries(
    Object.entries(totals).flatMap(([kind, bytes]) => (bytes === 0 ? [] : [[kind, bytes / MIB]])),
  );
}

describe('file', () => {
  test('every kind of owner → its bytes; the rest is free', async () => {
    const image = new TestImage({ type: 'differencing', allocate: [0, 1, 2], bitmaps: [0] });
    image.append(5 * MIB);
    const { file } = await imageUsage(image.source);
    // A chunk of a disk with blocks of 1 MiB has 4096 entries, so the BAT takes 1 MiB.
    expect(inMib(file.totals)).toEqual({ header: 1, log: 1, bat: 1, metadata: 1, bitmap: 1, payload: 3, free: 5 });
    expect(file.cells).toHaveLength(image.size / MIB);
  });

  test('owners and free → the length of the file, also with an incomplete last MiB', async () => {
    const image = new TestImage({ allocate: [0] });
    image.size += 4096;
    const { file } = await imageUsage(image.source);
    expect(Object.values(file.totals).reduce((sum, bytes) => sum + bytes, 0)).toBe(image.size);
  });
});

describe('virtual disk', () => {
  test('states → the bytes of their blocks, the last block up to the end of the disk', async () => {
    const image = new TestImage({ virtualSize: 15 * MIB + 512 * 1024, allocate: [0] });
    image.setBat(1, { state: 1 }).setBat(2, { state: 2 }).setBat(3, { state: 3 }).setBat(15, { state: 2 });
    const { disk } = await imageUsage(image.source);
    expect(inMib(disk.totals)).toEqual({ 'fully-present': 1, undefined: 1, zero: 1.5, unmapped: 1, 'not-present': 11 });
  });

  test('a large disk → no more cells than asked for, each of whole MiBs', async () => {
    const image = new TestImage({ virtualSize: 3 * TIB + 512, blockSize: 32 * MIB, allocate: [7] });
    const { disk } = await imageUsage(image.source, { cells: 100 });
    expect(disk.cells.length).toBeLessThanOrEqual(100);
    expect(disk.cellSize % MIB).toBe(0);
    expect(Object.values(disk.totals).reduce((sum, bytes) => sum + bytes, 0)).toBe(3 * TIB + 512);
  });

  test('a block on the border of two cells → in both', async () => {
    const image = new TestImage({ virtualSize: 16 * MIB, blockSize: 2 * MIB, allocate: [1] });
    const { disk } = await imageUsage(image.source, { cells: 6 });
    expect(disk.cells.map((cell) => cell['fully-present'] / MIB)).toEqual([1, 1, 0, 0, 0, 0]);
  });
});

describe('overlaps', () => {
  const sum = (totals: Readonly<Record<string, number>>): number =>
    Object.values(totals).reduce((all, bytes) => all + bytes, 0);

  test('blocks that share storage → counted once, as overlap; both cannot be read', async () => {
    const image = new TestImage({ allocate: [0, 1, 2], blockSize: 2 * MIB });
    image.setBat(5, { state: 6, fileOffsetMb: image.dataOffset / MIB + 1 });
    const { file, disk } = await imageUsage(image.source);
    // Two blocks of 2 MiB have one MiB in common with a third, each another one.
    expect(inMib(file.totals)).toMatchObject({ overlap: 2, payload: 4 });
    expect(sum(file.totals)).toBe(image.size);
    expect(inMib(disk.totals)).toMatchObject({ unreadable: 6, 'fully-present': 2 });
  });

  test('a block on the log → that MiB is overlap, and no MiB counts twice', async () => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(1, { state: 6, fileOffsetMb: 1 }).setBat(2, { state: 6, fileOffsetMb: 1 });
    const { file, disk } = await imageUsage(image.source);
    expect(inMib(file.totals)).toEqual({ overlap: 1, header: 1, bat: 1, metadata: 1, payload: 1 });
    expect(file.cells[1]?.overlap).toBe(MIB);
    expect(inMib(disk.totals)).toMatchObject({ unreadable: 2 });
  });

  test('a block past the end of the file → unreadable', async () => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(1, { state: 6, fileOffsetMb: 5000 });
    const { file, disk } = await imageUsage(image.source);
    expect(sum(file.totals)).toBe(image.size);
    expect(inMib(disk.totals)).toMatchObject({ unreadable: 1, 'fully-present': 1 });
  });
});
