import { expect, test } from 'vitest';
import { check } from '../../support/findings.js';
import { GIB, MIB, TestImage } from '../../support/image-builder.js';

/** Where the storage of blocks begins, in MiB. */
const DATA = 4;

test('two blocks on one place → the message names both entries and the place', async () => {
  const image = new TestImage({ allocate: [1] }).setBat(9, { state: 6, fileOffsetMb: DATA });
  const [found] = (await check(image)).findings;
  expect(found?.message).toBe(
    'bat[9] at 0x200048 (block 9) shares the MiB at 0x400000 with bat[1] at 0x200008 (block 1).',
  );
});

test('4096 blocks on one place → 20 findings, all of them counted', async () => {
  const image = new TestImage({ virtualSize: 4 * GIB });
  const fileOffsetMb = image.append(MIB);
  for (let index = 0; index < 4096; index += 1) image.setBat(index, { state: 6, fileOffsetMb });
  const report = await check(image);
  expect(report.findings.length).toBe(20);
  expect(report.groups).toEqual([
    { rule: 'I9', code: 'VHDX_BAT_BLOCK_OVERLAP', severity: 'error', count: 4095, shown: 20 },
  ]);
  expect(report.counts.error).toBe(4095);
  expect(report.findings.every(({ message }) => message.includes('with bat[0] at 0x200000'))).toBe(true);
});

test('64 TiB with a block at each end → nothing found, little memory', async () => {
  const image = new TestImage({ virtualSize: 64 * 1024 * GIB, allocate: [0, 64 * 1024 * 1024 - 1] });
  const report = await check(image);
  expect(report.findings).toEqual([]);
  expect(report.space?.freeBytes).toBe(0);
  expect(image.source.memory).toBeLessThan(2 * MIB);
});
