/** What a write and a discard make of a block in each state, in this file and for whoever reads it. [MS-VHDX] 2.5.1.1 */
import { describe, expect, test } from 'vitest';
import { VhdxPayloadBatEntryView } from '../../../generated/index.js';
import { checkChain, checkImage, openDisk, openWritableDisk, readExactly } from '../../../runtime/index.js';
import { type BlockModel, buildChain, type ChainModel, expectedSector, resolverOf } from '../../support/chain-model.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';

type State = BlockModel['state'];
const NOT_PRESENT = 0;
const UNDEFINED = 1;
const ZERO = 2;
const UNMAPPED = 3;
const FULL = 6;
const PARTIAL = 7;

const BLOCK = 1;
/** Sectors of the block that a partial write fills: over the border of a byte of the bitmap. */
const WRITTEN = { first: 6, count: 5 };

interface Case {
  readonly from: State;
  /** The state after a write of a part of the block, of all of it, and after a discard of all of it. */
  readonly part: State;
  readonly whole: State;
  readonly discarded: State;
}

const dynamic: readonly Case[] = [
  { from: NOT_PRESENT, part: FULL, whole: FULL, discarded: NOT_PRESENT },
  { from: UNDEFINED, part: FULL, whole: FULL, discarded: ZERO },
  { from: ZERO, part: FULL, whole: FULL, discarded: ZERO },
  { from: UNMAPPED, part: FULL, whole: FULL, discarded: ZERO },
  { from: FULL, part: FULL, whole: FULL, discarded: ZERO },
];
const differencing: readonly Case[] = [
  { from: NOT_PRESENT, part: PARTIAL, whole: FULL, discarded: ZERO },
  { from: UNDEFINED, part: FULL, whole: FULL, discarded: ZERO },
  { from: ZERO, part: FULL, whole: FULL, discarded: ZERO },
  { from: UNMAPPED, part: FULL, whole: FULL, discarded: ZERO },
  { from: FULL, part: FULL, whole: FULL, discarded: ZERO },
  { from: PARTIAL, part: PARTIAL, whole: FULL, discarded: ZERO },
];

function modelOf(levels: 1 | 2, from: State, sectorSize: 512 | 4096): ChainModel {
  const full: BlockModel = { state: FULL };
  const pattern = [true, false, false, true];
  const block: BlockModel = from === PARTIAL ? { state: from, pattern } : { state: from };
  const child = { virtualSize: 4 * MIB, blocks: [full, block, full] };
  const parent = { virtualSize: 4 * MIB, blocks: [full, full, full, full] };
  return { blockSize: MIB, sectorSize, levels: levels === 1 ? [child] : [child, parent] };
}

function stateOf(image: TestImage, block: number): number {
  return new VhdxPayloadBatEntryView(image.source.bytes(image.batEntryOffset(image.payloadIndex(block)), 8)).state(0);
}

/** Changes the disk, then holds every sector of the closed image against `expected`, and the image against the rules. */
async function run(
  model: ChainModel,
  change: (disk: Awaited<ReturnType<typeof openWritableDisk>>) => Promise<void>,
  expected: (sector: number) => Uint8Array,
): Promise<TestImage> {
  const images = buildChain(model);
  const [image] = images;
  if (image === undefined) throw new Error('no image');
  const parent = resolverOf(images);
  const disk = await openWritableDisk(new RecordingTarget(image.source), { parent });
  await change(disk);
  const live = await readExactly(disk, 0, disk.size);
  await disk.close();
  const closed = await openDisk(image.source, { parent });
  const atRest = await readExactly(closed, 0, closed.size);
  for (let sector = 0; sector < closed.size / model.sectorSize; sector += 1) {
    const at = sector * model.sectorSize;
    const wanted = Buffer.from(expected(sector));
    if (wanted.compare(atRest, at, at + model.sectorSize) !== 0) expect(atRest.subarray(at, at + 16)).toEqual(wanted);
  }
  expect(Buffer.compare(live, atRest)).toBe(0);
  const isBad = ({ severity }: { severity: string }): boolean => severity !== 'info';
  const report = await (images.length > 1 ? checkChain(image.source, { parent }) : checkImage(image.source));
  expect(report.findings.filter(isBad)).toEqual([]);
  return image;
}

for (const sectorSize of [512, 4096] as const) {
  for (const [kind, levels, cases] of [
    ['dynamic', 1, dynamic],
    ['differencing', 2, differencing],
  ] as const) {
    describe(`a block of a ${kind} disk, sectors of ${sectorSize} bytes`, () => {
      const start = BLOCK * (MIB / sectorSize);
      const written = (count: number): Uint8Array => new Uint8Array(count * sectorSize).fill(0xab);

      test.each(cases)('in state $from → $part after a write of a part', async ({ from, part }) => {
        const model = modelOf(levels, from, sectorSize);
        const first = start + WRITTEN.first;
        const image = await run(
          model,
          (disk) => disk.write(written(WRITTEN.count), first * sectorSize),
          (sector) => (sector >= first && sector < first + WRITTEN.count ? written(1) : expectedSector(model, sector)),
        );
        expect(stateOf(image, BLOCK)).toBe(part);
      });

      test.each(cases)('in state $from → $whole after a write of all of it', async ({ from, whole }) => {
        const model = modelOf(levels, from, sectorSize);
        const image = await run(
          model,
          (disk) => disk.write(written(MIB / sectorSize), BLOCK * MIB),
          (sector) => (Math.floor((sector * sectorSize) / MIB) === BLOCK ? written(1) : expectedSector(model, sector)),
        );
        expect(stateOf(image, BLOCK)).toBe(whole);
      });

      test.each(cases)('in state $from → $discarded after a discard', async ({ from, discarded }) => {
        const model = modelOf(levels, from, sectorSize);
        const image = await run(
          model,
          (disk) => disk.discard(BLOCK * MIB, MIB),
          (sector) =>
            Math.floor((sector * sectorSize) / MIB) === BLOCK
              ? new Uint8Array(sectorSize)
              : expectedSector(model, sector),
        );
        expect(stateOf(image, BLOCK)).toBe(discarded);
      });

      test.each(cases)('in state $from, discarded in part → zeros there and nothing else', async ({ from }) => {
        const model = modelOf(levels, from, sectorSize);
        const first = start + WRITTEN.first;
        await run(
          model,
          (disk) => disk.discard(first * sectorSize, WRITTEN.count * sectorSize),
          (sector) =>
            sector >= first && sector < first + WRITTEN.count
              ? new Uint8Array(sectorSize)
              : expectedSector(model, sector),
        );
      });

      test.each(cases)(
        'in state $from, discarded and written in part → no trace of what was there',
        async ({ from }) => {
          const model = modelOf(levels, from, sectorSize);
          const first = start + WRITTEN.first;
          await run(
            model,
            async (disk) => {
              await disk.write(written(1), (start + 40) * sectorSize);
              await disk.flush();
              await disk.discard(BLOCK * MIB, MIB);
              await disk.flush();
              await disk.write(written(WRITTEN.count), first * sectorSize);
            },
            (sector) => {
              if (sector >= first && sector < first + WRITTEN.count) return written(1);
              const isInBlock = Math.floor((sector * sectorSize) / MIB) === BLOCK;
              return isInBlock ? new Uint8Array(sectorSize) : expectedSector(model, sector);
            },
          );
        },
      );
    });
  }
}

test('bits of a block that was partially present long ago → do not count when it becomes so again', async () => {
  const model = modelOf(2, NOT_PRESENT, 512);
  const images = buildChain({
    ...model,
    levels: [{ virtualSize: 4 * MIB, blocks: [{ state: PARTIAL, pattern: [true] }] }, ...model.levels.slice(1)],
  });
  const [image] = images;
  if (image === undefined) throw new Error('no image');
  // Block 0 falls back to the parent, as a tool may have left it, with its bits still set.
  image.setBat(image.payloadIndex(0), { state: NOT_PRESENT });
  const parent = resolverOf(images);
  const disk = await openWritableDisk(new RecordingTarget(image.source), { parent });
  await disk.write(new Uint8Array(512).fill(9), 512);
  await disk.close();
  const closed = await openDisk(image.source, { parent });
  expect(stateOf(image, 0)).toBe(PARTIAL);
  expect(await readExactly(closed, 1024, 512)).toEqual(expectedSector(model, 2, 1));
});

/** What a reader sees that returns the former contents of unmapped and undefined blocks, as 2.5.1.1 lets it. */
function formerContents(image: TestImage, block: number): 'zeros' | 'stored' | 'former' {
  const at = image.batEntryOffset(image.payloadIndex(block));
  const entry = new VhdxPayloadBatEntryView(image.source.bytes(at, 8));
  if (entry.state(0) === FULL || entry.state(0) === PARTIAL) return 'stored';
  return entry.state(0) === ZERO && entry.fileOffsetMb(0) === 0 ? 'zeros' : 'former';
}

describe.each([UNDEFINED, UNMAPPED] as const)('a block in state %d that names its former contents', (state) => {
  const FORMER = 9;
  async function discarded(type: 'dynamic' | 'fixed', position: number, length: number): Promise<TestImage> {
    const image = new TestImage({ type, virtualSize: 4 * MIB });
    image.source.size = 12 * MIB;
    image.setBat(image.payloadIndex(BLOCK), { state, fileOffsetMb: FORMER });
    image.source.write(new Uint8Array(MIB).fill(0xee), FORMER * MIB);
    const disk = await openWritableDisk(new RecordingTarget(image.source));
    await disk.discard(position, length);
    await disk.close();
    const closed = await openDisk(image.source);
    expect((await readExactly(closed, BLOCK * MIB, MIB)).findIndex((byte) => byte !== 0)).toBe(-1);
    return image;
  }

  test.each([
    ['whole', 0, 4 * MIB],
    ['in part', BLOCK * MIB + 4096, 8192],
  ])('discarded %s → zeros for every reader', async (_, position, length) => {
    expect(formerContents(await discarded('dynamic', position, length), BLOCK)).toBe('zeros');
  });

  test('in a fixed disk, discarded in part → storage with zeros in it, never the state ZERO', async () => {
    expect(formerContents(await discarded('fixed', BLOCK * MIB + 4096, 8192), BLOCK)).toBe('stored');
  });
});

test('partial discards that cover a block of the parent together → no sector is left to the parent', async () => {
  const model = modelOf(2, NOT_PRESENT, 512);
  const image = await run(
    model,
    async (disk) => {
      for (const [from, to] of [
        [0, 300],
        [1000, 1048],
        [300, 1000],
        [1024, 2048],
      ] as const) {
        await disk.discard(BLOCK * MIB + from * 512, (to - from) * 512);
      }
    },
    (sector) => (Math.floor((sector * 512) / MIB) === BLOCK ? new Uint8Array(512) : expectedSector(model, sector)),
  );
  const parentless = await openDisk(image.source, { parent: resolverOf(buildChain(model)) });
  const ranges = await parentless.resolve(BLOCK * MIB, MIB);
  expect(ranges.filter(({ kind }) => kind === 'parent')).toEqual([]);
});
