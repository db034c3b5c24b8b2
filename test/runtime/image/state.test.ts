import { expect, test } from 'vitest';
import { readImageState } from '../../../runtime/format.js';
import { openVhdx } from '../../../runtime/index.js';
import { MemoryTarget } from '../../../runtime/io.js';
import { openWritableDisk } from '../../../runtime/index.js';
import { TestImage } from '../../support/image-builder.js';

test('an image → what its current header says', async () => {
  const bytes = new TestImage().toBytes();
  const { header } = (await openVhdx(bytes)).header;
  expect(await readImageState(bytes)).toMatchObject({ sequenceNumber: header.sequenceNumber });
});

test('a session that writes → another state', async () => {
  const target = new MemoryTarget(new TestImage().toBytes());
  const before = await readImageState(target);
  const disk = await openWritableDisk(target);
  await disk.write(new Uint8Array(4096).fill(1), 0);
  await disk.close();
  const after = await readImageState(target);
  expect(after?.sequenceNumber).toBeGreaterThan(before?.sequenceNumber ?? 0n);
  expect(after?.dataWriteGuid).not.toBe(before?.dataWriteGuid);
  expect(after?.fileWriteGuid).not.toBe(before?.fileWriteGuid);
});

test('no headers, or a file that is too short for them → none', async () => {
  expect(await readImageState(new Uint8Array(1024 * 1024))).toBeUndefined();
  expect(await readImageState(new Uint8Array(10))).toBeUndefined();
});
