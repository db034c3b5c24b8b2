/** What claims space of the file keeps it, wherever it lies: also behind the end of the file. */
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { openDisk, openWritableDisk, readExactly } from '../../../runtime/index.js';
import { noise } from '../../support/bytes.js';
import { brief } from '../../support/findings.js';
import { type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';

const UNKNOWN = 'deadbeef-0000-4000-8000-000000000001';

/** Writes a sector into each of the blocks, and checks the image afterwards. */
async function write(image: TestImage, blocks: readonly number[]): Promise<string[]> {
  const disk = await openWritableDisk(new RecordingTarget(image.source));
  for (const block of blocks) {
    await disk.write(noise(512, block), block * image.blockSize);
    await disk.flush();
  }
  await disk.close();
  const report = await checkImage(image.source);
  const reader = await openDisk(image.source);
  for (const block of blocks) {
    expect(Buffer.compare(await readExactly(reader, block * image.blockSize, 512), noise(512, block))).toBe(0);
  }
  expect(report.verdict).toBe('clean');
  return report.findings.map(brief);
}

const regionAt = (fileOffset: number, length = MIB): ImageSpec => ({
  regions: [{ guid: UNKNOWN, fileOffset, length }],
});

describe('an optional region', () => {
  test.each([
    ['right behind the end', 4 * MIB, MIB],
    ['a block behind it', 5 * MIB, MIB],
    ['some blocks behind it', 7 * MIB, 3 * MIB],
  ])('%s → no block gets its place', async (_what, fileOffset, length) => {
    const image = new TestImage(regionAt(fileOffset, length));
    expect(image.size).toBe(4 * MIB);
    const found = await write(image, [0, 3, 5, 7, 8, 9, 10, 11]);
    expect(found.filter((text) => !text.startsWith('A'))).toEqual([]);
  });

  test('far behind the end → the file does not grow up to it', async () => {
    const image = new TestImage(regionAt(2 ** 50));
    expect(await write(image, [0, 1])).toEqual(['C8 warning']);
    expect(image.size).toBe(6 * MIB);
  });
});

describe('the former contents of an unmapped block', () => {
  test('behind the end → no block gets its place', async () => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(1, { state: 3, fileOffsetMb: 6 }).setBat(2, { state: 1, fileOffsetMb: 7 });
    expect((await checkImage(image.source)).verdict).toBe('clean');
    const found = await write(image, [3, 4, 5, 6]);
    expect(found.filter((text) => !text.startsWith('A'))).toEqual([]);
  });

  test('behind the end, of a block that is written → the place is not taken for free space', async () => {
    const image = new TestImage({ allocate: [0] });
    image.setBat(1, { state: 3, fileOffsetMb: 2 ** 30 });
    expect(await write(image, [1, 2, 3])).toEqual([]);
    expect(image.size).toBe(8 * MIB);
  });

  test('partly behind the end → kept whole', async () => {
    const image = new TestImage({ blockSize: 2 * MIB, virtualSize: 32 * MIB, allocate: [0] });
    image.setBat(1, { state: 3, fileOffsetMb: 5 });
    // It lies on block 0 as well, so this image is refused; one MiB further on it is not.
    await expect(openWritableDisk(new RecordingTarget(image.source))).rejects.toMatchObject({
      code: 'VHDX_BAT_SOFT_ANCHOR_COLLISION',
    });
    image.size += MIB;
    image.setBat(1, { state: 3, fileOffsetMb: 6 });
    const found = await write(image, [2, 3]);
    expect(found.filter((text) => !text.startsWith('A'))).toEqual([]);
  });
});

test('the sequence number leaves no room for a session → check and writer say it alike', async () => {
  for (const [number, code] of [
    [2n ** 64n - 7n, undefined],
    [2n ** 64n - 6n, 'VHDX_HEADER_SEQUENCE_EXHAUSTED'],
    [2n ** 64n - 3n, 'VHDX_HEADER_SEQUENCE_EXHAUSTED'],
  ] as const) {
    const image = new TestImage({ sequenceNumbers: [1n, number] });
    const [found] = (await checkImage(image.source)).findings;
    expect(found?.code).toBe(code);
    const opened = await openWritableDisk(new RecordingTarget(image.source)).then(
      async (disk) => {
        await disk.write(noise(512), 0);
        await disk.close();
        return undefined;
      },
      (error: unknown) => error,
    );
    if (code === undefined) expect(opened).toBeUndefined();
    else expect(opened).toMatchObject({ code, message: found?.message });
  }
});
