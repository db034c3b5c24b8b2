/** What is on stable storage before a log entry shows it: payload where a reader would else see something other than zeros. */
import { expect, test } from 'vitest';
import { openWritableDisk, type WritableDisk } from '../../../runtime/index.js';
import { noise } from '../../support/bytes.js';
import { type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { PARENT_LOCATOR } from '../../support/stamped-images.js';

/** A parent whose DataWriteGuid is the one that the locator names. */
function parentImage(): TestImage {
  const image = new TestImage({ allocate: [0, 1, 2, 3] });
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0x83ed_0ec3;
    header.dataWriteGuid.data2 = 0x7777;
    header.dataWriteGuid.data3 = 0x8888;
    header.dataWriteGuid.data4 = Uint8Array.of(0x99, 0x99, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa);
  });
}

async function openChild(spec: ImageSpec): Promise<{ image: TestImage; target: RecordingTarget; disk: WritableDisk }> {
  const image = new TestImage({ type: 'differencing', parent: PARENT_LOCATOR, ...spec });
  const target = new RecordingTarget(image.source);
  const disk = await openWritableDisk(target, { parent: () => Promise.resolve(parentImage().source) });
  return { image, target, disk };
}

/** The kinds of operations from number `from` on: `payload`, `log`, `flush` and others. */
function kindsOf(image: TestImage, target: RecordingTarget, from: number): string[] {
  return target.operations.slice(from).map((operation) => {
    if (operation.kind !== 'write') return operation.kind;
    if (operation.position >= image.dataOffset) return 'payload';
    return operation.position >= image.logOffset && operation.position < image.batOffset ? 'log' : 'other';
  });
}

/** What a flush of the disk does until the log entry is written. */
async function untilLogged(image: TestImage, target: RecordingTarget, disk: WritableDisk): Promise<string[]> {
  const from = target.operations.length;
  await disk.flush();
  const kinds = kindsOf(image, target, from);
  expect(kinds).toContain('log');
  return kinds.slice(0, kinds.indexOf('log'));
}

test.each([
  ['a part of a block of the parent', 4096, 2 * MIB + 8192],
  ['a whole block of the parent', MIB, 3 * MIB],
])('%s → payload is flushed before the log entry', async (_, length, position) => {
  const { image, target, disk } = await openChild({});
  await disk.write(noise(length, 1), position);
  expect(await untilLogged(image, target, disk)).toEqual(['flush']);
  await disk.close();
});

test('more sectors of a block that is there in part → payload is flushed before the log entry', async () => {
  const { image, target, disk } = await openChild({});
  await disk.write(noise(4096, 1), 2 * MIB);
  await disk.flush();
  await disk.write(noise(4096, 2), 2 * MIB + 65_536);
  expect(await untilLogged(image, target, disk)).toEqual(['flush']);
  await disk.close();
});

test('a block in new space of a disk without a parent → one flush for payload and log entry: what is new reads as zeros', async () => {
  const image = new TestImage();
  const target = new RecordingTarget(image.source);
  const disk = await openWritableDisk(target);
  await disk.write(noise(4096, 1), 2 * MIB);
  expect(await untilLogged(image, target, disk)).toEqual([]);
  await disk.close();
});

test('a block in space that was used before → payload is flushed before the log entry', async () => {
  const image = new TestImage({ allocate: [0] });
  const target = new RecordingTarget(image.source);
  const disk = await openWritableDisk(target);
  await disk.discard(0, MIB);
  await disk.flush();
  const { size } = image;
  await disk.write(noise(4096, 1), 2 * MIB);
  expect(image.size).toBe(size);
  expect(await untilLogged(image, target, disk)).toEqual(['flush']);
  await disk.close();
});

test('a sector bitmap in space that was used before → has no bits but those of the sectors that were written', async () => {
  const { image, disk } = await openChild({});
  await disk.write(new Uint8Array(MIB).fill(0xff), 0);
  await disk.flush();
  await disk.discard(0, MIB);
  await disk.flush();
  await disk.write(noise(4096, 1), MIB);
  await disk.close();
  const entry = Buffer.from(image.source.bytes(image.batEntryOffset(image.chunkRatio), 8)).readBigUInt64LE();
  const fileOffset = Number(entry >> 20n) * MIB;
  expect(fileOffset).toBe(image.dataOffset);
  const bitmap = image.source.bytes(fileOffset, MIB);
  expect([...bitmap.entries()].filter(([, byte]) => byte !== 0)).toEqual([[MIB / 512 / 8, 0xff]]);
});
