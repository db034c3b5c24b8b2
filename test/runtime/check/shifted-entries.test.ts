/** QEMU issue 727: garbage that it leaves is no damage; with blocks out of order there may be some. */
import { describe, expect, test } from 'vitest';
import { checkImage, type CheckReport } from '../../../runtime/check/check.js';
import { brief } from '../../support/findings.js';
import { GIB, type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';

/** 113 blocks as QEMU creates them: all in state ZERO. */
const SMALL: ImageSpec = { virtualSize: 900 * MIB, blockSize: 8 * MIB };
/** Two chunks of 256 blocks; bat[256] is the entry of the first sector bitmap block. */
const LARGE: ImageSpec = { virtualSize: 6 * GIB, blockSize: 16 * MIB };

const entryBytes = (image: TestImage, index: number, count: number): Uint8Array =>
  image.source.bytes(image.batEntryOffset(index), count * 8);

/** Writes blocks in this order; `faulty` does it as QEMU before the fix (commit 8af037fe4cfe). */
function written(spec: ImageSpec, order: readonly number[], faulty: boolean): TestImage {
  const image = new TestImage(spec);
  for (let block = 0; block < image.payloadBlocks; block += 1) image.setBat(image.payloadIndex(block), { state: 2 });
  for (const block of order) {
    const index = image.payloadIndex(block);
    if (faulty && index % 512 === 0) image.source.write(entryBytes(image, index, 511), image.batEntryOffset(index + 1));
    image.setBat(index, { state: 6, fileOffsetMb: image.append(image.blockSize) });
  }
  return image;
}

const shiftOf = ({ findings }: CheckReport): (string | undefined)[] =>
  findings.filter(({ code }) => code === 'VHDX_BAT_ENTRIES_SHIFTED').map(({ message }) => message);

describe.each([
  ['within a chunk', SMALL, []],
  ['over several chunks', LARGE, ['I18 warning']],
] as const)('a disk %s', (_, spec, garbage) => {
  test.each([
    ['ascending, with the fault', [0, 3, 5], garbage],
    ['ascending, and written to again', [0, 1, 2, 50], garbage],
    ['without the first block', [5, 3], []],
    ['the second block first', [1], []],
  ] as const)('%s → clean, no hint of moved blocks', async (_what, order, found) => {
    const report = await checkImage(written(spec, order, true).source);
    expect([report.verdict, report.findings.map(brief)]).toEqual(['clean', order[0] === 0 ? found : []]);
  });

  test('in falling order without the fault → nothing is found', async () => {
    expect((await checkImage(written(spec, [5, 3, 0], false).source)).findings).toEqual([]);
  });

  test('in falling order with the fault → clean, with a warning that names the blocks and the fault', async () => {
    const report = await checkImage(written(spec, [5, 3, 0], true).source);
    expect([report.verdict, report.findings.map(brief)]).toEqual(['clean', [...garbage, 'I18 warning']]);
    const [message, ...more] = shiftOf(report);
    expect(more).toEqual([]);
    expect(message).toMatch(/^bat\[4\] at 0x200020 and 1 more entry .*QEMU issue 727/);
  });
});

test('the last block of the disk was moved behind the BAT → a warning, although nothing is ZERO there', async () => {
  const report = await checkImage(written(SMALL, [112, 0], true).source);
  expect(report.findings.map(brief)).toContain('I3 info');
  expect(shiftOf(report)).toEqual([expect.stringMatching(/^bat\[113\] at 0x200388 may belong one place lower/)]);
});

test('the last block of a chunk was moved into the entry of its sector bitmap block → a warning', async () => {
  const report = await checkImage(written(LARGE, [255, 0], true).source);
  expect(report.verdict).toBe('clean');
  expect(shiftOf(report)).toEqual([expect.stringMatching(/^bat\[256\] at 0x200800 may belong one place lower/)]);
});

test('a sector bitmap block of a disk without a parent, blocks in falling order → no hint', async () => {
  const image = written(LARGE, [], false);
  image.setBat(256, { state: 6, fileOffsetMb: image.append(MIB) });
  for (const block of [5, 3, 0]) image.setBat(block, { state: 6, fileOffsetMb: image.append(16 * MIB) });
  expect((await checkImage(image.source)).findings.map(brief)).toEqual(['I19 warning']);
});

test('falling order behind the first block of the sector → no hint', async () => {
  const image = written(LARGE, [0], true);
  for (const block of [380, 300]) {
    image.setBat(image.payloadIndex(block), { state: 6, fileOffsetMb: image.append(16 * MIB) });
  }
  expect(shiftOf(await checkImage(image.source))).toEqual([]);
});

test('many chunks with garbage → one finding for all of them', async () => {
  const image = new TestImage({ virtualSize: 400 * GIB, blockSize: 16 * MIB });
  for (let chunk = 0; chunk < 90; chunk += 1) image.setBat(image.bitmapIndex(chunk), { state: 2 });
  const report = await checkImage(image.source);
  expect(report.findings.map(brief)).toEqual(['I18 warning']);
  expect(report.findings[0]?.message).toMatch(/QEMU issue 727.* 90 entries/);
});

test('falling order in another sector than the garbage → no hint', async () => {
  // Three sectors: bat[512] is block 510 (its chunks have 257 entries), the garbage stands in bat[256] of the first one.
  const image = written({ virtualSize: 20 * GIB, blockSize: 16 * MIB }, [0], true);
  for (const index of [520, 515, 512]) image.setBat(index, { state: 6, fileOffsetMb: image.append(16 * MIB) });
  expect((await checkImage(image.source)).findings.map(brief)).toEqual(['I18 warning']);
});

test('the second entry has older storage than the first, which the fault cannot leave → no hint', async () => {
  const image = written(SMALL, [], false).setBat(113, { state: 2 });
  for (const index of [1, 5, 0]) image.setBat(index, { state: 6, fileOffsetMb: image.append(8 * MIB) });
  expect((await checkImage(image.source)).findings).toEqual([]);
});
