/** Checker, reader and writer judge the BAT alike: by seeded damage, and by garbage where no reader looks. */
import { describe, expect, test } from 'vitest';
import { codes } from '../../../runtime/errors/codes.js';
import { checkImage, type CheckReport } from '../../../runtime/check/check.js';
import { openDisk, type UnreadableRange, VhdxError } from '../../../runtime/index.js';
import { openWritableDisk } from '../../../runtime/write/writable-disk.js';
import { brief } from '../../support/findings.js';
import { GIB, type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { Random } from '../../support/random.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { codeOf } from '../../support/reason.js';

const SEED = 727;
const BLOCKS = 8;
/** Blocks that are looked at: the first ones, and those around the entry of the sector bitmap block. */
const LOOKED_AT = [...Array.from({ length: BLOCKS }, (_, block) => block), 511, 512, 513];
/** Two chunks of 512 blocks of 8 MiB, the entry of the first sector bitmap block is bat[512]. */
const COMMON: ImageSpec = { virtualSize: 6 * GIB, blockSize: 8 * MIB };
const SPECS: readonly ImageSpec[] = [
  { ...COMMON, allocate: [0, 1, 2, 3, 511, 512] },
  { ...COMMON, type: 'differencing', allocate: [0, 1, 2, 511], allocateAs: 7, bitmaps: [0] },
  { ...COMMON, type: 'differencing', allocate: [0, 1, 512] },
];

const PARENT = new TestImage(COMMON);
const OPTIONS = { parent: () => Promise.resolve(PARENT.source.copy()), ignoreIdMismatch: true };

/** Changes some entries at random, into what may be right or wrong. */
function mutate(image: TestImage, random: Random): void {
  const places = [0, 1, 2, 3, 4, 5, 12, 20, 36, image.size / MIB - 8, image.size / MIB - 1, image.size / MIB];
  const far = [2 ** 20, 2 ** 33, 2 ** 44 - 1];
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const index = random.pick([...LOOKED_AT, 512, 512, 514]);
    image.setBat(index, {
      state: random.pick([0, 1, 2, 3, 4, 5, 6, 6, 6, 7, 7]),
      fileOffsetMb: random.pick(random.oneIn(8) ? far : places),
      reserved: random.oneIn(8) ? 1 + random.below(2 ** 17 - 1) : 0,
    });
  }
}

const harmful = ({ findings }: CheckReport): string[] =>
  findings.filter(({ severity }) => severity === 'error' || severity === 'refuse-write').map(({ code }) => code);

/** The blocks that a check finds an error in, by its findings on their own entries. */
function badBlocks(image: TestImage, { findings }: CheckReport): number[] {
  const bad = new Set(findings.filter(({ severity }) => severity === 'error').map(({ path }) => path));
  return LOOKED_AT.filter((block) => bad.has(`bat[${image.payloadIndex(block)}]`));
}

async function readsOf(image: TestImage): Promise<Map<number, { code: string; unreadable: UnreadableRange[] }>> {
  const disk = await openDisk(image.source, OPTIONS);
  await disk.survey();
  const reads = new Map<number, { code: string; unreadable: UnreadableRange[] }>();
  for (const block of LOOKED_AT) {
    const at = block * image.blockSize;
    const code = String(await codeOf(disk.resolve(at, image.blockSize)));
    const unreadable: UnreadableRange[] = [];
    const ranges = await disk.resolve(at, image.blockSize, { onUnreadable: (range) => unreadable.push(range) });
    expect(ranges.reduce((sum, { length }) => sum + length, 0)).toBe(image.blockSize);
    reads.set(block, { code, unreadable });
  }
  return reads;
}

describe.each(SPECS.map((spec, index) => [index, spec.type ?? 'dynamic', spec] as const))(
  'image %i (%s) with entries changed at random',
  (index, _type, spec) => {
    test('400 times → an error for an entry, a refusal to write and a refusal to read go together', async () => {
      const random = new Random(SEED + index);
      let corrupt = 0;
      for (let round = 0; round < 400; round += 1) {
        const image = new TestImage(spec);
        mutate(image, random);
        const report = await checkImage(image.source, { findingsPerGroup: 1000 });
        const found = harmful(report);
        const at = `round ${round}: ${report.findings.map(({ message }) => message).join(' ')}`;
        if (report.verdict === 'corrupt') corrupt += 1;

        const reads = await readsOf(image);
        for (const block of badBlocks(image, report))
          expect(reads.get(block)?.code, `${at} block ${block}`).not.toBe('done');
        for (const [block, { code, unreadable }] of reads) {
          const said = unreadable.map(({ finding }) => finding.code);
          expect(said[0] ?? 'done', at).toBe(code);
          if (code === 'done') continue;
          // Of two that share storage a check names the second: that may be the sector bitmap block.
          const named = code === 'VHDX_BAT_BLOCK_OVERLAP' && !found.includes(code) ? 'VHDX_BAT_BITMAP_OVERLAP' : code;
          expect(found, `${at} block ${block}`).toContain(named);
          expect(unreadable.every(({ finding }) => finding.severity === 'error')).toBe(true);
        }

        const target = new RecordingTarget(image.source);
        const opened = await codeOf(openWritableDisk(target, OPTIONS).then((disk) => disk.close()));
        expect(target.operations, at).toEqual([]);
        if (report.verdict === 'clean') expect(opened, at).toBe('done');
        else expect(found, at).toContain(opened);
      }
      expect(corrupt).toBeGreaterThan(100);
    }, 120_000);
  },
);

describe('garbage in bits that no reader uses', () => {
  /** Changes an entry where nobody looks, and keeps what a reader uses. */
  const places: readonly (readonly [string, ImageSpec, (image: TestImage, random: Random) => void])[] = [
    [
      'reserved bits',
      SPECS[0] ?? {},
      (image, random) => {
        const index = random.pick([4, 5, 6, 7, 512]);
        image.setBat(index, { state: 0, reserved: random.below(2 ** 17) });
      },
    ],
    [
      'file offsets of blocks without contents',
      SPECS[0] ?? {},
      (image, random) =>
        image.setBat(random.pick([4, 5, 6, 7]), { state: random.pick([0, 2]), fileOffsetMb: random.below(2 ** 44) }),
    ],
    [
      'entries of sector bitmap blocks without a parent',
      SPECS[0] ?? {},
      (image, random) =>
        image.setBat(512, {
          state: random.below(8),
          fileOffsetMb: random.pick([0, 1, 4, image.size / MIB - 1, random.below(2 ** 44)]),
          reserved: random.below(2 ** 17),
        }),
    ],
    [
      'the same in a fixed disk',
      { ...COMMON, type: 'fixed' },
      (image, random) => image.setBat(512, { state: random.below(8), fileOffsetMb: random.below(2 ** 44) }),
    ],
    [
      'entries behind the last block',
      SPECS[2] ?? {},
      (image, random) =>
        image.setBat(770 + random.below(200), { state: random.below(8), fileOffsetMb: random.below(2 ** 44) }),
    ],
  ];

  test.each(places)(
    '%s → clean, read and written',
    async (_what, spec, damage) => {
      const random = new Random(SEED);
      for (let round = 0; round < 40; round += 1) {
        const image = new TestImage(spec);
        damage(image, random);
        const report = await checkImage(image.source);
        expect(report.verdict, report.findings.map(brief).join()).toBe('clean');
        const reads = await readsOf(image);
        expect([...reads.values()].every(({ code }) => code === 'done')).toBe(true);
        const disk = await openWritableDisk(new RecordingTarget(image.source), OPTIONS);
        await disk.write(new Uint8Array(512).fill(1), 5 * image.blockSize);
        await disk.close();
        expect((await checkImage(image.source)).verdict).toBe('clean');
      }
    },
    60_000,
  );
});

test('what a reader says of a block → the words, code and place of the check', async () => {
  const image = new TestImage({ allocate: [0] }).setBat(1, { state: 6, fileOffsetMb: 1 });
  const [found] = (await checkImage(image.source)).findings;
  const disk = await openDisk(image.source);
  const unreadable: UnreadableRange[] = [];
  const bytes = new Uint8Array(3 * MIB).fill(9);
  await disk.read(bytes, 0, { onUnreadable: (range) => unreadable.push(range) });
  expect(unreadable).toEqual([{ virtualOffset: MIB, length: MIB, finding: found }]);
  expect(bytes.subarray(MIB, 2 * MIB).every((byte) => byte === 0)).toBe(true);
  const { message, fileOffset, code } = await disk.read(bytes, MIB).then(
    () => new VhdxError('VHDX_SOURCE_IO', { message: 'read' }),
    (error: unknown) => (error instanceof VhdxError ? error : new VhdxError('VHDX_SOURCE_IO', { message: 'other' })),
  );
  expect({ message, fileOffset, code }).toEqual({
    message: found?.message,
    fileOffset: found?.fileOffset,
    code: found?.code,
  });
  expect(codes[code].rule).toBe('I10');
});

test('a file that ends in a block → what is there is read, the rest is told of', async () => {
  const image = new TestImage({ allocate: [0] });
  image.source.write(new Uint8Array(MIB).fill(7), image.dataOffset);
  image.size -= MIB / 2 + 100;
  const disk = await openDisk(image.source);
  const bytes = new Uint8Array(MIB);
  const unreadable: UnreadableRange[] = [];
  await disk.read(bytes, 0, { onUnreadable: (range) => unreadable.push(range) });
  const there = MIB / 2 - 100;
  expect(unreadable.map(({ virtualOffset, length }) => [virtualOffset, length])).toEqual([[there, MIB - there]]);
  expect(bytes.subarray(0, there).every((byte) => byte === 7)).toBe(true);
  expect(await disk.read(new Uint8Array(512), 0)).toBe(512);
  expect(await codeOf(disk.read(bytes, 0))).toBe('VHDX_BAT_BLOCK_BEYOND_END');
});

test('two blocks in one place → each is refused after a survey, and named by the check', async () => {
  const image = new TestImage({ allocate: [0, 1, 2] }).setBat(2, { state: 6, fileOffsetMb: 4 });
  const disk = await openDisk(image.source);
  await disk.survey();
  expect(await codeOf(disk.read(new Uint8Array(512), 0))).toBe('VHDX_BAT_BLOCK_OVERLAP');
  expect(await codeOf(disk.read(new Uint8Array(512), MIB))).toBe('done');
  expect(await codeOf(disk.read(new Uint8Array(512), 2 * MIB))).toBe('VHDX_BAT_BLOCK_OVERLAP');
});

test('two blocks that share the end of the one → the MiB that is shared is named', async () => {
  const image = new TestImage({ blockSize: 4 * MIB, virtualSize: 16 * MIB, allocate: [0] });
  image.setBat(1, { state: 6, fileOffsetMb: image.dataOffset / MIB + 3 }).append(3 * MIB);
  const disk = await openDisk(image.source);
  await disk.survey();
  const shared = `shares the MiB at 0x${(image.dataOffset + 3 * MIB).toString(16)} with another block`;
  for (const position of [0, 4 * MIB]) {
    await expect(disk.read(new Uint8Array(512), position)).rejects.toThrow(shared);
  }
});
