/** What a disk that is open for writing refuses, and how it is closed. */
import { describe, expect, test } from 'vitest';
import { openDisk, openWritableDisk, readExactly } from '../../../runtime/index.js';
import { collect, expectBytes, noise } from '../../support/bytes.js';
import { type ImageSpec, KIB, MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { HEADERS, openNew } from '../../support/write-session.js';

describe('what cannot be done', () => {
  const refusals: readonly [string, ImageSpec, (image: TestImage) => void, string][] = [
    [
      'two blocks share storage',
      { allocate: [0, 1] },
      (image) => image.setBat(1, { state: 6, fileOffsetMb: image.dataOffset / MIB }),
      'VHDX_BAT_BLOCK_OVERLAP',
    ],
    [
      'a block on the log',
      { allocate: [0] },
      (image) => image.setBat(0, { state: 6, fileOffsetMb: 1 }),
      'VHDX_BAT_BLOCK_ON_STRUCTURE',
    ],
    [
      'a block past the end',
      { allocate: [0] },
      (image) => image.setBat(0, { state: 6, fileOffsetMb: 500 }),
      'VHDX_BAT_BLOCK_BEYOND_END',
    ],
    ['a reserved state', { allocate: [0] }, (image) => image.setBat(0, { state: 5 }), 'VHDX_BAT_STATE_RESERVED'],
    ['one header damaged', {}, (image) => image.flip(HEADERS[0] + 100), 'VHDX_HEADER_CHECKSUM_MISMATCH'],
    ['one region table damaged', {}, (image) => image.flip(256 * KIB + 100), 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH'],
    ['no log', { logLength: 0 }, () => undefined, 'VHDX_LOG_ABSENT'],
  ];
  test.each(refusals)('an image with %s → not opened, not touched', async (_, spec, damage, code) => {
    const image = new TestImage(spec);
    damage(image);
    const target = new RecordingTarget(image.source);
    expect(await codeOf(openWritableDisk(target))).toBe(code);
    expect(target.operations).toEqual([]);
  });

  test('bad positions and lengths → a code, and nothing written', async () => {
    const { target, disk } = await openNew({ virtualSize: 16 * MIB, logicalSectorSize: 4096 });
    expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_WRITE_UNALIGNED');
    expect(await codeOf(disk.write(new Uint8Array(4096), 512))).toBe('VHDX_WRITE_UNALIGNED');
    expect(await codeOf(disk.discard(0, 100))).toBe('VHDX_WRITE_UNALIGNED');
    expect(await codeOf(disk.write(new Uint8Array(8192), 16 * MIB - 4096))).toBe('VHDX_WRITE_PAST_END');
    expect(await codeOf(disk.discard(16 * MIB, 4096))).toBe('VHDX_WRITE_PAST_END');
    expect(await codeOf(disk.write(new Uint8Array(4096), -4096))).toBeInstanceOf(RangeError);
    expect(await codeOf(disk.discard(0, Number.NaN))).toBeInstanceOf(RangeError);
    await disk.write(new Uint8Array(0), 16 * MIB);
    await disk.close();
    expect(target.operations).toEqual([]);
  });

  test('after close → VHDX_DISK_CLOSED; close again → nothing', async () => {
    const { disk } = await openNew();
    await disk.close();
    await disk.close();
    expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.discard(0, 512))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.read(new Uint8Array(512), 0))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.flush())).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.resolve(0, 512))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(collect(disk.extents()))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(collect(disk.ranges()))).toBe('VHDX_DISK_CLOSED');
  });

  test('close while extents are listed → the list ends with VHDX_DISK_CLOSED', async () => {
    const { disk } = await openNew({ allocate: [0, 2] });
    const extents = disk.extents();
    await extents.next();
    await disk.close();
    expect(await codeOf(extents.next())).toBe('VHDX_DISK_CLOSED');
  });

  test('close while writes are running → they are done first', async () => {
    const { image, disk } = await openNew();
    const write = disk.write(noise(MIB), MIB);
    await disk.close();
    await write;
    expectBytes(await readExactly(await openDisk(image.source), MIB, MIB), noise(MIB));
  });

  test('a signal that is aborted → nothing is written', async () => {
    const { target, disk } = await openNew();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(disk.write(new Uint8Array(512), 0, { signal })).rejects.toThrow('enough');
    expect(target.operations).toEqual([]);
    await disk.close();
  });
});
