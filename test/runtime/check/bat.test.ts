import { expect, test } from 'vitest';
import { brief, check } from '../../support/findings.js';
import { GIB, type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';

interface Case {
  readonly name: string;
  readonly spec?: ImageSpec;
  readonly damage?: (image: TestImage) => void;
  readonly finds: readonly string[];
  /** Index of the BAT entry of the first finding. */
  readonly entry?: number;
}

const BAT = 2 * MIB;
const DATA = 4;
/** Two chunks of blocks of 1 MiB. */
const CHUNKS: ImageSpec = { virtualSize: 5 * GIB };
const PARTIAL: ImageSpec = { type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] };

/** Sets some bits of the first sector bitmap block, so that there is no hint on a uniform block. */
function mixBits(image: TestImage): void {
  image.poke((DATA + 1) * MIB, 0b0000_0101);
}

const cases: readonly Case[] = [
  { name: 'I1 BAT too small', spec: { virtualSize: 200 * GIB, batLength: MIB }, finds: ['I1 error'] },
  { name: 'I3 bytes behind the last entry', damage: (image) => image.poke(BAT + 16 * 8 + 3, 1), finds: ['I3 info'] },
  {
    name: 'I3 entry behind the last block of a differencing disk',
    spec: { type: 'differencing' },
    damage: (image) => void image.setBat(16, { state: 6, fileOffsetMb: 9 }),
    finds: ['I3 info'],
    entry: 16,
  },
  {
    name: 'I3 the same byte, but of a chunk that exists',
    spec: { virtualSize: 17 * MIB },
    damage: (image) => void image.setBat(16, { state: 2 }),
    finds: [],
  },
  {
    name: 'I4 reserved bits',
    damage: (image) => void image.setBat(5, { state: 0, reserved: 1 }),
    finds: ['I4 warning'],
    entry: 5,
  },
  {
    name: 'I4 reserved bits of a bitmap entry',
    spec: CHUNKS,
    damage: (image) => void image.setBat(4096, { state: 0, reserved: 1 }),
    finds: ['I4 warning'],
    entry: 4096,
  },
  { name: 'I5 state 4', damage: (image) => void image.setBat(5, { state: 4 }), finds: ['I5 error'], entry: 5 },
  { name: 'I5 state 5', damage: (image) => void image.setBat(5, { state: 5 }), finds: ['I5 error'], entry: 5 },
  {
    name: 'I6 partially present in a dynamic disk',
    spec: { allocate: [2], allocateAs: 7 },
    finds: ['I6 error'],
    entry: 2,
  },
  {
    name: 'I7 present at 0',
    damage: (image) => void image.setBat(5, { state: 6, fileOffsetMb: 0 }),
    finds: ['I7 error'],
    entry: 5,
  },
  {
    name: 'I8 past the end',
    damage: (image) => void image.setBat(5, { state: 6, fileOffsetMb: 4000 }),
    finds: ['I8 error'],
    entry: 5,
  },
  {
    name: 'I8 cut off',
    spec: { allocate: [5] },
    damage: (image) => (image.size -= 512),
    finds: ['I8 error', 'A6 warning'],
    entry: 5,
  },
  {
    name: 'I8 cut off behind the end of the disk',
    spec: { virtualSize: 15 * MIB + 512, allocate: [15] },
    damage: (image) => (image.size -= 512 * 1024),
    finds: ['I8 warning', 'A6 warning'],
    entry: 15,
  },
  {
    name: 'I9 the same storage',
    spec: { allocate: [1] },
    damage: (image) => void image.setBat(9, { state: 6, fileOffsetMb: DATA }),
    finds: ['I9 error'],
    entry: 9,
  },
  {
    name: 'I9 storage that overlaps in part',
    spec: { blockSize: 2 * MIB, virtualSize: 32 * MIB, allocate: [1, 2] },
    damage: (image) => void image.setBat(9, { state: 6, fileOffsetMb: DATA + 1 }),
    finds: ['I9 error'],
    entry: 9,
  },
  {
    name: 'I10 on the log',
    damage: (image) => void image.setBat(5, { state: 6, fileOffsetMb: 1 }),
    finds: ['I10 error'],
    entry: 5,
  },
  {
    name: 'I10 on the BAT',
    damage: (image) => void image.setBat(5, { state: 6, fileOffsetMb: 2 }),
    finds: ['I10 error'],
    entry: 5,
  },
  {
    name: 'I11 NOT_PRESENT with an offset',
    damage: (image) => void image.setBat(5, { state: 0, fileOffsetMb: 2 }),
    finds: ['I11 warning'],
    entry: 5,
  },
  {
    name: 'I11 ZERO with an offset',
    damage: (image) => void image.setBat(5, { state: 2, fileOffsetMb: 2 }),
    finds: ['I11 warning'],
    entry: 5,
  },
  {
    name: 'I12 soft anchor',
    damage: (image) => void image.setBat(5, { state: 3, fileOffsetMb: image.append(MIB) }),
    finds: [],
  },
  {
    name: 'I12 soft anchor past the end',
    damage: (image) => void image.setBat(5, { state: 1, fileOffsetMb: 4000 }),
    finds: ['I12 warning'],
    entry: 5,
  },
  {
    name: 'I12 soft anchor on a block',
    spec: { allocate: [1] },
    damage: (image) => void image.setBat(0, { state: 3, fileOffsetMb: DATA }),
    finds: ['I12 refuse-write'],
    entry: 0,
  },
  {
    name: 'I12 soft anchor on the log',
    damage: (image) => void image.setBat(5, { state: 3, fileOffsetMb: 1 }),
    finds: ['I12 refuse-write'],
    entry: 5,
  },
  {
    name: 'I12 two soft anchors in one place',
    damage: (image) => {
      const fileOffsetMb = image.append(MIB);
      image.setBat(5, { state: 3, fileOffsetMb }).setBat(6, { state: 1, fileOffsetMb });
    },
    finds: ['I12 refuse-write'],
    entry: 6,
  },
  {
    name: 'I17 partially present without a bitmap',
    spec: { ...PARTIAL, bitmaps: [] },
    finds: ['I17 error'],
    entry: 4096,
  },
  { name: 'I17 partially present with a bitmap', spec: PARTIAL, damage: mixBits, finds: [] },
  {
    name: 'I18 bitmap in state 7',
    spec: PARTIAL,
    damage: (image) => void image.setBat(4096, { state: 7, fileOffsetMb: DATA + 1 }),
    finds: ['I18 error', 'A7 info'],
    entry: 4096,
  },
  { name: 'I19 bitmap in a dynamic disk', spec: { ...CHUNKS, bitmaps: [0] }, finds: ['I19 warning'], entry: 4096 },
  {
    name: 'I20 bitmap at 0',
    spec: PARTIAL,
    damage: (image) => void image.setBat(4096, { state: 6, fileOffsetMb: 0 }),
    finds: ['I20 error', 'A7 info'],
    entry: 4096,
  },
  {
    name: 'I20 bitmap past the end',
    spec: PARTIAL,
    damage: (image) => void image.setBat(4096, { state: 6, fileOffsetMb: 4000 }),
    finds: ['I20 error', 'A7 info'],
    entry: 4096,
  },
  {
    name: 'I20 bitmap on a block',
    spec: PARTIAL,
    damage: (image) => void image.setBat(4096, { state: 6, fileOffsetMb: DATA }),
    finds: ['I20 error', 'A7 info', 'I23 info'].toSorted(),
    entry: 4096,
  },
  {
    name: 'I20 bitmap on the log',
    spec: PARTIAL,
    damage: (image) => void image.setBat(4096, { state: 6, fileOffsetMb: 1 }),
    finds: ['I20 error', 'I23 info', 'A7 info'],
    entry: 4096,
  },
  {
    name: 'I21 bitmap that nothing needs',
    spec: { type: 'differencing', allocate: [0], bitmaps: [0] },
    finds: ['I21 info'],
    entry: 4096,
  },
  {
    name: 'I22 bits past the end of the disk',
    spec: { ...PARTIAL, virtualSize: MIB / 2 },
    damage: (image) => {
      mixBits(image);
      image.poke((DATA + 1) * MIB + 128 + 9, 1);
    },
    finds: ['I22 info'],
  },
  {
    name: 'I23 partially present with all bits',
    spec: PARTIAL,
    damage: (image) => image.poke((DATA + 1) * MIB, ...Array.from({ length: 256 }, () => 255)),
    finds: ['I23 info'],
  },
  { name: 'I23 partially present without a bit', spec: PARTIAL, finds: ['I23 info'] },
  {
    name: 'I24 offset of all ones',
    damage: (image) => void image.setBat(5, { state: 6, fileOffsetMb: 2 ** 44 - 1 }),
    finds: ['I24 error'],
    entry: 5,
  },
  { name: 'I25 BAT with room for growth', spec: { batLength: 2 * MIB }, finds: ['I25 info'] },
  {
    name: 'J3 fixed disk out of order',
    spec: { type: 'fixed', allocate: [1, 0, ...Array.from({ length: 14 }, (_, n) => n + 2)] },
    finds: ['J3 info'],
    entry: 1,
  },
];

test.each(cases)('$name → $finds', async ({ spec, damage, finds, entry }) => {
  const image = new TestImage(spec);
  damage?.(image);
  const report = await check(image);
  expect(report.findings.map(brief).toSorted()).toEqual(finds.toSorted());
  const expected = entry === undefined ? {} : { path: `bat[${entry}]`, fileOffset: image.batEntryOffset(entry) };
  expect(report.findings[0] ?? {}).toMatchObject(expected);
});

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
