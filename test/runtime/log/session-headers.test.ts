/** A file that someone else writes to while it is open: noticed before the next commit, which is not written. */
import { describe, expect, test } from 'vitest';
import { openWritableDisk, type WritableDisk } from '../../../runtime/index.js';
import { KIB } from '../../../runtime/base/units.js';
import { noise } from '../../support/bytes.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { codeOf } from '../../support/reason.js';

/** What another program may do to a header. */
const CHANGES: readonly [string, (image: TestImage) => void][] = [
  [
    'both headers have new sequence numbers and GUIDs',
    (image) =>
      image.editHeader('both', (header) => {
        header.sequenceNumber += 2n;
        header.fileWriteGuid.data1 += 1;
      }),
  ],
  [
    'one header is newer',
    (image) =>
      image.editHeader(0, (header) => {
        header.sequenceNumber += 2n;
      }),
  ],
  [
    'FileWriteGuid alone is another one',
    (image) =>
      image.editHeader(1, (header) => {
        header.fileWriteGuid.data4[0] = (header.fileWriteGuid.data4[0] ?? 0) ^ 1;
      }),
  ],
  ['a header is overwritten', (image) => image.source.write(new Uint8Array(4 * KIB), 64 * KIB)],
  [
    'the file is cut off',
    (image) => {
      image.size = 100 * KIB;
    },
  ],
];

describe.each(CHANGES)('%s', (_, change) => {
  test.each([
    ['a new block', 5, (disk: WritableDisk): Promise<void> => disk.flush()],
    ['a block in place', 0, (disk: WritableDisk): Promise<void> => disk.flush()],
    ['a new block, closed', 5, (disk: WritableDisk): Promise<void> => disk.close()],
  ])('%s has been written → VHDX_TARGET_CHANGED, and nothing more is written', async (_what, block, end) => {
    const image = new TestImage({ allocate: [0] });
    const target = new RecordingTarget(image.source);
    const disk = await openWritableDisk(target);
    await disk.write(noise(4096, 1), block * MIB);
    const before = target.operations.filter(({ kind }) => kind !== 'flush').length;
    change(image);
    expect(await codeOf(end(disk))).toBe('VHDX_TARGET_CHANGED');
    expect(await codeOf(disk.close())).toMatch(/^VHDX_(?:TARGET_CHANGED|DISK_POISONED)$/);
    expect(target.operations.filter(({ kind }) => kind !== 'flush')).toHaveLength(before);
  });

  test('before the first change → the write is refused, and the next one', async () => {
    const image = new TestImage({ allocate: [0] });
    const target = new RecordingTarget(image.source);
    const disk = await openWritableDisk(target);
    change(image);
    expect(await codeOf(disk.write(noise(4096, 1), 0))).toBe('VHDX_TARGET_CHANGED');
    expect(await codeOf(disk.write(noise(4096, 1), 0))).toBe('VHDX_TARGET_CHANGED');
    expect(target.operations).toEqual([]);
    expect(await codeOf(disk.close())).toBe('done');
  });
});

test('many commits, and logs that are ended and begun → the headers are always known as our own', async () => {
  const image = new TestImage({ virtualSize: 200 * 1024 * MIB });
  const disk = await openWritableDisk(new RecordingTarget(image.source));
  for (let block = 0; block < 300 * 512; block += 512) {
    await disk.write(noise(512, block + 1), block * MIB);
    if (block % 3 === 0) await disk.flush();
  }
  expect(await codeOf(disk.close())).toBe('done');
});
