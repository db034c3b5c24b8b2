/** Where in the file a session puts blocks: free space, the end, and never what belongs to someone else. */
import { describe, expect, test } from 'vitest';
import { PayloadState } from '../../../runtime/format.js';
import { checkImage, openDisk, openWritableDisk, readExactly, VhdxError } from '../../../runtime/index.js';
import { expectBytes, noise } from '../../support/bytes.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { openNew } from '../../support/write-session.js';

describe('space', () => {
  /** An image with old bytes in a free MiB between its blocks. */
  function withHole(image: TestImage): void {
    image.setBat(image.payloadIndex(0), { state: PayloadState.NOT_PRESENT });
    image.source.write(new Uint8Array(MIB).fill(0xee), image.dataOffset);
  }

  test('free space of the file → used first, and its old bytes never seen', async () => {
    const { image, disk } = await openNew({ allocate: [0, 1] }, withHole);
    const { size } = image;
    await disk.write(noise(512), 5 * MIB + 4096);
    await disk.flush();
    expect(image.size).toBe(size);
    const block = await readExactly(disk, 5 * MIB, MIB);
    expect(block.subarray(4096, 4608)).toEqual(noise(512));
    expect(block.findIndex((byte, at) => byte !== 0 && (at < 4096 || at >= 4608))).toBe(-1);
    await disk.close();
  });

  test('no free space → the file grows by a block, in whole MiB', async () => {
    const { image, disk } = await openNew({ allocate: [0] });
    const { size } = image;
    await disk.write(noise(512), 5 * MIB);
    await disk.close();
    expect(image.size).toBe(size + MIB);
  });

  test('many blocks → the file grows by a quarter of its length at a time; closing cuts off the rest', async () => {
    const { image, target, disk } = await openNew({ virtualSize: 1024 * MIB });
    const { size } = image;
    for (let block = 0; block < 400; block += 1) await disk.write(noise(512), block * MIB);
    const grown = target.operations.flatMap((operation) => (operation.kind === 'truncate' ? [operation.size] : []));
    expect(grown.length).toBeLessThan(30);
    expect(grown.every((each, index) => each % MIB === 0 && each > (grown[index - 1] ?? size))).toBe(true);
    const steps = grown.map((each, index) => each - (grown[index - 1] ?? size));
    expect(Math.max(...steps)).toBe(33 * MIB);
    await disk.close();
    expect(image.size).toBe(size + 400 * MIB);
  });

  test('no room for more than the block → the file grows by that', async () => {
    const image = new TestImage({ virtualSize: 64 * MIB });
    const most = image.size + 10 * MIB;
    const target = new RecordingTarget(image.source, (operation) => {
      if (operation.kind === 'truncate' && operation.size > most)
        throw new VhdxError('VHDX_TARGET_FULL', { message: 'no space is left' });
    });
    const disk = await openWritableDisk(target);
    for (let block = 0; block < 10; block += 1) await disk.write(noise(512, block + 1), block * MIB);
    expect(await codeOf(disk.write(noise(512), 10 * MIB))).toBe('VHDX_TARGET_FULL');
    await disk.close();
    expect(image.size).toBe(most);
    const closed = await openDisk(image.source);
    expect(await readExactly(closed, 9 * MIB, 512)).toEqual(noise(512, 10));
  });

  test('free space at the end when it is opened, or given up there → cut off with the first change', async () => {
    const { image, disk } = await openNew({ allocate: [0, 1, 2] }, (made) => {
      made.source.size += 3 * MIB;
    });
    await disk.discard(2 * MIB, MIB);
    await disk.close();
    expect(image.size).toBe(image.dataOffset + 2 * MIB);
    expect((await checkImage(image.source)).findings).toEqual([]);
  });

  test('free space at the end, and no change → it stays', async () => {
    const { target, disk } = await openNew({ allocate: [0] }, (made) => {
      made.source.size += 3 * MIB;
    });
    await readExactly(disk, 0, 512);
    await disk.close();
    expect(target.operations).toEqual([]);
  });

  test('unknown regions, and the places of unmapped blocks → never used', async () => {
    const guid = '99999999-0000-4000-8000-000000000001';
    const regions = [{ guid, fileOffset: 8 * MIB, length: 2 * MIB }];
    const { image, disk } = await openNew({ regions }, (made) => {
      made.source.size = 14 * MIB;
      made.source.write(new Uint8Array(10 * MIB).fill(0xee), 4 * MIB);
      made.setBat(made.payloadIndex(0), { state: PayloadState.UNMAPPED, fileOffsetMb: 11 });
    });
    for (let block = 1; block < 12; block += 1) await disk.write(noise(MIB, block), block * MIB);
    await disk.close();
    const old = new Uint8Array(MIB).fill(0xee);
    for (const place of [8, 9, 11]) expectBytes(image.source.bytes(place * MIB, MIB), old);
    expect(image.size).toBeGreaterThan(14 * MIB);
    const closed = await openDisk(image.source);
    for (let block = 1; block < 12; block += 1)
      expectBytes(await readExactly(closed, block * MIB, MIB), noise(MIB, block));
  });

  test('a discarded block → its space is used again, but not before that is on stable storage', async () => {
    const { image, disk } = await openNew({ allocate: [0, 1] });
    const { size } = image;
    await disk.write(new Uint8Array(MIB).fill(1), 0);
    await disk.discard(0, MIB);
    await disk.write(new Uint8Array(512).fill(2), 4 * MIB);
    expect(await disk.resolve(4 * MIB, 512)).toMatchObject([{ fileOffset: size }]);
    await disk.flush();
    await disk.write(new Uint8Array(512).fill(3), 5 * MIB);
    expect(await disk.resolve(5 * MIB, 512)).toMatchObject([{ fileOffset: image.dataOffset }]);
    expect((await readExactly(disk, 5 * MIB, MIB)).findLastIndex((byte) => byte !== 0)).toBe(511);
    await disk.close();
  });

  test('a fixed disk → keeps its storage when it is discarded', async () => {
    const { image, disk } = await openNew({ type: 'fixed', virtualSize: 4 * MIB }, (made) => {
      made.source.write(new Uint8Array(4 * MIB).fill(5), made.dataOffset);
    });
    const bat = image.source.bytes(image.batOffset, 64);
    await disk.discard(MIB, 2 * MIB);
    await disk.close();
    expect(image.source.bytes(image.batOffset, 64)).toEqual(bat);
    const closed = await openDisk(image.source);
    const expected = new Uint8Array(4 * MIB).fill(5).fill(0, MIB, 3 * MIB);
    expectBytes(await readExactly(closed, 0, 4 * MIB), expected);
  });

  test('a last block that ends past the end of the file → the file is made whole', async () => {
    const { image, disk } = await openNew({ virtualSize: MIB / 2, allocate: [0] }, (made) => {
      made.source.size -= MIB / 2;
    });
    const { size } = image;
    await disk.write(noise(512), 0);
    expect(image.size).toBe(size + MIB / 2);
    await disk.close();
  });
});
