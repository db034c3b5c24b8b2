/** What the first change of a session does to the headers, before anything else. [MS-VHDX] 2.2.2 */
import { describe, expect, test } from 'vitest';
import { openDisk, openWritableDisk, readExactly } from '../../../runtime/index.js';
import { noise } from '../../support/bytes.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { entriesOf, headerOf, HEADERS, isHeader, openNew } from '../../support/write-session.js';

describe('the headers (2.2.2)', () => {
  test('opening, reading, flushing and closing → nothing is changed', async () => {
    const { target, disk } = await openNew({ allocate: [0] });
    await readExactly(disk, 0, MIB);
    await disk.flush();
    await disk.close();
    expect(target.operations).toEqual([]);
  });

  test('the first change → both headers first, the noncurrent one before, a flush between them, new GUIDs', async () => {
    const { image, target, disk } = await openNew({ allocate: [0] });
    await disk.write(new Uint8Array(512), 0);
    const [first, flush, second, payload] = target.operations;
    // The builder's current header is the second one.
    expect(first).toMatchObject({ kind: 'write', position: HEADERS[0] });
    expect(flush).toEqual({ kind: 'flush' });
    expect(second).toMatchObject({ kind: 'write', position: HEADERS[1] });
    expect(payload).toMatchObject({ kind: 'write', position: image.dataOffset });
    const [one, other] = [headerOf(image, 0), headerOf(image, 1)];
    expect([one.sequenceNumber, other.sequenceNumber]).toEqual([9n, 10n]);
    for (const guid of ['fileWriteGuid', 'dataWriteGuid'] as const) {
      expect(one[guid].toBytes()).toEqual(other[guid].toBytes());
    }
    const before = new TestImage();
    expect(one.fileWriteGuid.toBytes()).not.toEqual(headerOf(before, 0).fileWriteGuid.toBytes());
    expect(one.dataWriteGuid.toBytes()).not.toEqual(headerOf(before, 0).dataWriteGuid.toBytes());
  });

  test('writes into blocks that are there → no log at all', async () => {
    const { image, target, disk } = await openNew({ allocate: [0, 1] });
    await disk.write(noise(4096), 0);
    await disk.write(noise(4096), MIB);
    await disk.flush();
    await disk.close();
    expect(entriesOf(image, target.operations)).toEqual([]);
    expect(target.operations.filter(isHeader)).toHaveLength(2);
  });

  test('GUIDs that are asked for → they are used; those that the image has already → TypeError', async () => {
    const image = new TestImage({ allocate: [0] });
    const guids = { fileWriteGuid: IDS.parent, dataWriteGuid: IDS.disk };
    const disk = await openWritableDisk(new RecordingTarget(image.source), guids);
    await disk.write(new Uint8Array(512), 0);
    await disk.close();
    const opened = await openDisk(image.source);
    expect(opened.image.header.header.fileWriteGuid.data1).toBe(0x83ed0ec3);
    const again = openWritableDisk(new RecordingTarget(image.source), guids);
    await expect(again).rejects.toBeInstanceOf(TypeError);
  });

  test('a sequence number that cannot be raised often enough → refused before anything is changed', async () => {
    const image = new TestImage({ sequenceNumbers: [2n ** 64n - 3n, 2n ** 64n - 4n] });
    const target = new RecordingTarget(image.source);
    expect(await codeOf(openWritableDisk(target))).toBe('VHDX_HEADER_SEQUENCE_EXHAUSTED');
    expect(target.operations).toEqual([]);
  });
});
