/** Faults in the middle of a session: what the disk still takes, and what the file opens with. */
import { describe, expect, test } from 'vitest';
import {
  checkImage,
  openDisk,
  openWritableDisk,
  readExactly,
  VhdxError,
  type WritableDisk,
} from '../../../runtime/index.js';
import { expectBytes, noise } from '../../support/bytes.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';

describe('a session that fails', () => {
  test('a fault of the target at any operation → the disk takes no more, and opens with what was flushed', async () => {
    const work = async (disk: WritableDisk): Promise<void> => {
      for (let block = 0; block < 4; block += 1) {
        await disk.write(noise(2048, block + 10), block * MIB + 4096);
        await disk.flush();
        if (block === 2) await disk.discard(MIB, MIB);
      }
    };
    for (let failing = 0; ; failing += 1) {
      const image = new TestImage({ allocate: [1] });
      let count = 0;
      const target = new RecordingTarget(image.source, () => {
        count += 1;
        if (count === failing) throw new VhdxError('VHDX_TARGET_IO', { message: 'the cable is out' });
      });
      const disk = await openWritableDisk(target);
      const outcome = await codeOf(work(disk));
      if (outcome === 'done') {
        expect(failing === 0 || failing > 20).toBe(true);
        if (failing > 0) break;
        continue;
      }
      expect(outcome).toBe('VHDX_TARGET_IO');
      expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_DISK_POISONED');
      expect(await codeOf(disk.flush())).toBe('VHDX_DISK_POISONED');
      const after = target.operations.length;
      expect(['done', 'VHDX_DISK_POISONED']).toContain(await codeOf(disk.close()));
      expect(target.operations.length).toBe(after);
      const report = await checkImage(image.source);
      expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      await openDisk(image.source);
    }
  });

  test('headers that cannot be changed any more, in the middle of it → the disk takes no more', async () => {
    const image = new TestImage({ sequenceNumbers: [2n ** 64n - 8n, 2n ** 64n - 9n], virtualSize: 200 * 1024 * MIB });
    const disk = await openWritableDisk(new RecordingTarget(image.source));
    // The session begins, a log begins and ends; there are no numbers left for the next one.
    let outcome: unknown = 'done';
    let flushed = -1;
    for (let block = 0; block < 400 && outcome === 'done'; block += 1) {
      await disk.write(noise(512, block + 1), block * 512 * MIB);
      outcome = await codeOf(disk.flush());
      if (outcome === 'done') flushed = block;
    }
    expect(outcome).toBe('VHDX_HEADER_SEQUENCE_EXHAUSTED');
    expect(await codeOf(disk.flush())).toBe('VHDX_DISK_POISONED');
    expect(await codeOf(disk.close())).toBe('VHDX_DISK_POISONED');
    const closed = await openDisk(image.source);
    for (let block = 0; block <= flushed; block += 1) {
      expectBytes(await readExactly(closed, block * 512 * MIB, 512), noise(512, block + 1));
    }
  });

  test('no room for payload → the write is refused, everything else goes on', async () => {
    const image = new TestImage({ allocate: [0] });
    let isFull = false;
    const { size } = image;
    const target = new RecordingTarget(image.source, (operation) => {
      const grows =
        (operation.kind === 'truncate' && operation.size > size) ||
        (operation.kind === 'write' && operation.position + operation.bytes.length > size);
      if (isFull && grows) throw new VhdxError('VHDX_TARGET_FULL', { message: 'no space is left' });
    });
    const disk = await openWritableDisk(target);
    isFull = true;
    expect(await codeOf(disk.write(noise(MIB, 3), 3 * MIB))).toBe('VHDX_TARGET_FULL');
    await disk.write(noise(512, 4), 0);
    await disk.flush();
    isFull = false;
    await disk.write(noise(MIB, 5), 5 * MIB);
    await disk.close();
    const closed = await openDisk(image.source);
    expect(await readExactly(closed, 0, 512)).toEqual(noise(512, 4));
    expectBytes(await readExactly(closed, 3 * MIB, MIB), new Uint8Array(MIB));
    expectBytes(await readExactly(closed, 5 * MIB, MIB), noise(MIB, 5));
    expect((await checkImage(image.source)).verdict).toBe('clean');
  });
});
