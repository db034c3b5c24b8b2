import { describe, expect, test } from 'vitest';
import { PayloadState } from '../../../runtime/format.js';
import { readVhdx } from '../../../runtime/image/open.js';
import { FileSpace, type FileSpaceInit } from '../../../runtime/image/file-space.js';
import { GIB, MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';

/** Space of a file of 20 MiB with blocks of 4 MiB. */
function space(init: Partial<FileSpaceInit> = {}): FileSpace {
  return new FileSpace({ blockSize: 4 * MIB, free: [], end: 20 * MIB, lastUsed: 20 * MIB, ...init });
}

/** Where the next blocks go, in MiB, and `+` for space that is new. */
function taken(from: FileSpace, ...lengths: readonly number[]): string[] {
  return lengths.map((length) => {
    const { fileOffset, isNew } = from.take(length * MIB);
    return `${fileOffset / MIB}${isNew ? '+' : ''}`;
  });
}

describe('take', () => {
  test('nothing is free → behind the end, which grows', () => {
    const file = space();
    expect(taken(file, 4, 1, 4)).toEqual(['20+', '24+', '25+']);
    expect([file.end, file.lastUsed]).toEqual([29 * MIB, 29 * MIB]);
  });

  test('free ranges → in their order, then the end', () => {
    const file = space({
      free: [
        [4, 12],
        [14, 18],
      ],
    });
    expect(taken(file, 4, 4, 4, 4)).toEqual(['4', '8', '14', '20+']);
  });

  test('a range too small for a block → for sector bitmap blocks, before large ones are cut', () => {
    const file = space({
      free: [
        [4, 8],
        [10, 12],
      ],
    });
    expect(taken(file, 1, 1, 1, 4, 1, 1, 1)).toEqual(['10', '11', '4', '20+', '5', '6', '7']);
  });

  test('a range of exactly a block → a block; one of a MiB less → none', () => {
    expect(taken(space({ free: [[4, 8]] }), 4)).toEqual(['4']);
    expect(taken(space({ free: [[4, 7]] }), 4)).toEqual(['20+']);
  });

  test('what a range has left → free', () => {
    const file = space({ free: [[4, 9]] });
    expect(taken(file, 4, 1, 1)).toEqual(['4', '8', '20+']);
  });

  test('free space inside of the file → its end stays, LastFileOffset too', () => {
    const file = space({ free: [[4, 8]], lastUsed: 12 * MIB });
    file.take(4 * MIB);
    expect([file.end, file.lastUsed]).toEqual([20 * MIB, 12 * MIB]);
  });

  test('end of what is in use → before the free ranges at the end, however they came about', () => {
    const file = space({
      free: [
        [4, 8],
        [12, 20],
      ],
    });
    expect(file.usedEnd).toBe(12 * MIB);
    const { fileOffset, length } = file.take(4 * MIB);
    expect([fileOffset, file.usedEnd]).toEqual([4 * MIB, 12 * MIB]);
    file.release({ fileOffset: 8 * MIB, length: 4 * MIB });
    file.release({ fileOffset, length });
    expect(file.usedEnd).toBe(4 * MIB);
    expect(space().usedEnd).toBe(20 * MIB);
  });

  test('free space behind the last structure → LastFileOffset goes to its end (2.3.1.1)', () => {
    const file = space({ free: [[12, 20]], lastUsed: 12 * MIB });
    file.take(4 * MIB);
    expect([file.end, file.lastUsed]).toEqual([20 * MIB, 16 * MIB]);
  });

  test('places behind the end that others have → passed over', () => {
    const others = [21, 26];
    const claims = {
      end: 27,
      isTaken: (first: number, count: number): boolean => others.some((unit) => first <= unit && unit < first + count),
    };
    const file = space({ claims });
    expect(taken(file, 4, 1, 4)).toEqual(['22+', '27+', '28+']);
  });
});

describe('release', () => {
  test('storage → the next that is taken', () => {
    const file = space();
    const storage = file.take(4 * MIB);
    file.take(4 * MIB);
    file.release(storage);
    expect(taken(file, 4, 4)).toEqual(['20', '28+']);
    // Used before: it no longer reads as zeros.
    expect(file.end).toBe(32 * MIB);
  });

  test('storage up to the end of the file → free', () => {
    const file = space();
    file.release({ fileOffset: 16 * MIB, length: 4 * MIB });
    expect(taken(file, 4)).toEqual(['16']);
  });

  test('what lies behind the end of the file → not free: there is no file there', () => {
    const file = space();
    file.release({ fileOffset: 17 * MIB, length: 4 * MIB });
    file.release({ fileOffset: 40 * MIB, length: 4 * MIB });
    expect(taken(file, 4)).toEqual(['20+']);
  });

  test('a single MiB → for a sector bitmap block, not for a block', () => {
    const file = space();
    file.release({ fileOffset: 8 * MIB, length: MIB });
    expect(taken(file, 4, 1)).toEqual(['20+', '8']);
  });
});

describe('scan', () => {
  async function scanned(image: TestImage): Promise<FileSpace> {
    return FileSpace.scan(await readVhdx(image.source));
  }

  test('an image without holes → only its end', async () => {
    const image = new TestImage({ allocate: [0, 1] });
    const file = await scanned(image);
    expect([file.end, file.lastUsed]).toEqual([image.size, image.size]);
    expect(taken(file, 1)).toEqual([`${image.size / MIB}+`]);
  });

  test('a hole between blocks, and room behind the last one → free, in the order of the file', async () => {
    const image = new TestImage({ allocate: [0, 1, 2] });
    const first = image.dataOffset / MIB;
    image.setBat(image.payloadIndex(1), { state: PayloadState.NOT_PRESENT });
    image.size += 2 * MIB;
    const file = await scanned(image);
    expect(file.lastUsed).toBe((first + 3) * MIB);
    expect(taken(file, 1, 1, 1, 1)).toEqual([`${first + 1}`, `${first + 3}`, `${first + 4}`, `${first + 5}+`]);
  });

  test('a file that ends within a MiB → its end counts as whole', async () => {
    const image = new TestImage({ virtualSize: MIB / 2, allocate: [0] });
    image.size -= MIB / 2;
    expect((await scanned(image)).end).toBe(image.size + MIB / 2);
  });

  test('unmapped blocks keep their places, also behind the end of the file', async () => {
    const image = new TestImage({ allocate: [0] });
    const end = image.size / MIB;
    image.size += MIB;
    image.setBat(image.payloadIndex(1), { state: PayloadState.UNMAPPED, fileOffsetMb: end });
    image.setBat(image.payloadIndex(2), { state: PayloadState.UNMAPPED, fileOffsetMb: end + 2 });
    expect(taken(await scanned(image), 1, 1)).toEqual([`${end + 1}+`, `${end + 3}+`]);
  });

  test('two blocks in one place → refused with the code of the finding', async () => {
    const image = new TestImage({ allocate: [0, 1], virtualSize: GIB });
    image.setBat(1, { state: PayloadState.FULLY_PRESENT, fileOffsetMb: image.dataOffset / MIB });
    expect(await codeOf(scanned(image))).toBe('VHDX_BAT_BLOCK_OVERLAP');
  });
});
