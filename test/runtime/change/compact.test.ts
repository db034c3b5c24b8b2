import { describe, expect, test } from 'vitest';
import { checkImage, openDisk } from '../../../runtime/index.js';
import {
  type CompactRequest,
  compactImage,
  defragmentImage,
  planCompact,
  resizeImage,
} from '../../../runtime/change.js';
import { MemoryTarget } from '../../../runtime/io.js';
import { PayloadState } from '../../../runtime/format/bat-states.js';
import type { VhdxDisk } from '../../../runtime/disk/disk.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { IDS, type ImageSpec, KIB, MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { structuresBehind } from '../../support/scattered-structures.js';
import { buildParent, PARENT_LOCATOR } from '../../support/stamped-images.js';

/** An image whose allocated blocks are filled with their number and 1, but for those of `zeros`. */
function filled(spec: ImageSpec, zeros: readonly number[] = []): TestImage {
  const image = new TestImage(spec);
  const all = spec.type === 'fixed' ? Array.from({ length: image.payloadBlocks }, (_, block) => block) : [];
  for (const [index, block] of (spec.allocate ?? all).entries()) {
    if (zeros.includes(block)) continue;
    image.source.write(new Uint8Array(image.blockSize).fill(block + 1), image.dataOffset + index * image.blockSize);
  }
  return image;
}

async function contents(image: TestImage | RecordingTarget, parent?: TestImage): Promise<Uint8Array> {
  const source = image instanceof TestImage ? image.source : image;
  const disk = await openDisk(source, parent === undefined ? {} : { parent: () => Promise.resolve(parent.source) });
  return readExactly(disk, 0, disk.size);
}

/** Compacts an image, and makes sure of all that must always be so. */
async function compacted(
  image: TestImage,
  request: CompactRequest = {},
  parent?: TestImage,
): Promise<{ target: RecordingTarget; plan: Awaited<ReturnType<typeof planCompact>> }> {
  const before = await contents(image, parent);
  const target = new RecordingTarget(image.source.copy());
  const { plan, changed, fileSize } = await compactImage(target, request);
  expect(fileSize).toBe(plan.newFileSize);
  expect(target.size).toBe(plan.newFileSize);
  expect(changed).toBe(plan.steps.length > 0);
  if (!changed) expect(target.operations).toEqual([]);
  const report = await checkImage(target);
  expect(report.verdict).toBe('clean');
  if (request.freeRanges === undefined) expect(Buffer.compare(await contents(target, parent), before)).toBe(0);
  // What is done is done.
  expect((await planCompact(target, request)).steps).toEqual([]);
  return { target, plan };
}

const structures = new TestImage({ virtualSize: 16 * MIB }).size;

async function parentDisk(parent: TestImage): Promise<VhdxDisk> {
  return openDisk(parent.source);
}

describe('compactImage', () => {
  test('a file without free space and with data in all blocks → nothing is to be done', async () => {
    const { plan } = await compacted(filled({ allocate: [3, 0, 2] }));
    expect(plan).toMatchObject({ steps: [], free: 0, moved: 0 });
  });

  test('blocks that are all zero → they give up their storage, and what lies behind moves down', async () => {
    const image = filled({ allocate: [0, 1, 2, 3, 4] }, [1, 2]);
    const { target, plan } = await compacted(image);
    expect(plan.freed).toEqual({ zero: 2 * MIB, unmapped: 0, unused: 0, parent: 0, bitmap: 0 });
    expect(plan).toMatchObject({ moved: 2 * MIB, newFileSize: structures + 3 * MIB, changesContents: false });
    const { image: opened } = await openDisk(target);
    expect((await opened.bat.payloadEntry(1)).state).toBe(PayloadState.ZERO);
  });

  test('DataWriteGuid stays, so that children keep their parent; FileWriteGuid is a new one', async () => {
    const { target } = await compacted(filled({ allocate: [0, 1] }, [0]));
    const { header } = (await openDisk(target)).image.header;
    const [dataWrite] = [Buffer.from(header.dataWriteGuid.toBytes()).toString('hex')];
    const before = (await openDisk(filled({ allocate: [0, 1] }).source)).image.header.header;
    expect(dataWrite).toBe(Buffer.from(before.dataWriteGuid.toBytes()).toString('hex'));
    expect(header.fileWriteGuid.toBytes()).not.toEqual(before.fileWriteGuid.toBytes());
  });

  test('one byte at the end of a block is not zero → the block is kept', async () => {
    const image = filled({ allocate: [0, 1], blockSize: 2 * MIB }, [0]);
    image.source.write(Uint8Array.of(1), image.dataOffset + 2 * MIB - 1);
    const { plan } = await compacted(image);
    expect(plan.steps).toEqual([]);
  });

  test('what is behind the end of the disk in its last block is not zero → the block is given up all the same', async () => {
    const image = filled({ allocate: [1, 3], virtualSize: 7 * MIB, blockSize: 2 * MIB }, [3]);
    image.source.write(new Uint8Array(MIB).fill(0xaa), image.dataOffset + 3 * MIB);
    const { plan } = await compacted(image);
    expect(plan.freed.zero).toBe(2 * MIB);
  });

  test('zeros: false → only free space goes', async () => {
    const image = filled({ allocate: [0, 1, 2] }, [1]);
    const hole = image.append(3 * MIB);
    expect(hole).toBeGreaterThan(0);
    const { plan } = await compacted(image, { zeros: false });
    expect(plan).toMatchObject({ freed: { zero: 0 }, free: 3 * MIB, moved: 0, newFileSize: structures + 3 * MIB });
  });

  test('move: false → only the end is cut off', async () => {
    const { plan } = await compacted(filled({ allocate: [0, 1, 2, 3] }, [1, 3]), { move: false });
    expect(plan).toMatchObject({ moved: 0, newFileSize: structures + 3 * MIB });
  });

  test('unmapped and undefined blocks with a place → it is free, and they stay without contents', async () => {
    const image = filled({ allocate: [0, 5] });
    for (const [block, state] of [
      [1, PayloadState.UNMAPPED],
      [2, PayloadState.UNDEFINED],
    ] as const) {
      image.setBat(image.payloadIndex(block), { state, fileOffsetMb: image.append(MIB) });
    }
    const { plan, target } = await compacted(image);
    expect(plan.freed.unmapped).toBe(2 * MIB);
    expect(plan.newFileSize).toBe(structures + 2 * MIB);
    const { bat } = (await openDisk(target)).image;
    expect(await bat.payloadEntry(1)).toEqual({ state: PayloadState.UNMAPPED, fileOffsetMb: 0 });
    expect(await bat.payloadEntry(2)).toEqual({ state: PayloadState.UNDEFINED, fileOffsetMb: 0 });
  });

  test('a hole that no block fits into → it is closed', async () => {
    const image = new TestImage({ virtualSize: 64 * MIB, blockSize: 4 * MIB });
    image.append(MIB);
    for (const block of [3, 1, 7, 2]) {
      const fileOffsetMb = image.append(4 * MIB);
      image.source.write(new Uint8Array(4 * MIB).fill(block), fileOffsetMb * MIB);
      image.setBat(image.payloadIndex(block), { state: 6, fileOffsetMb });
    }
    const { plan } = await compacted(image);
    expect(plan.newFileSize).toBe(structures + 16 * MIB);
  });

  test('an unknown region between the blocks → it moves down too, byte for byte', async () => {
    const region = { guid: '0e610000-0000-4000-8000-000000000001', fileOffset: structures + 4 * MIB, length: MIB };
    const image = filled({ allocate: [0, 1, 2, 3], regions: [region] }, [0, 1]);
    image.append(MIB);
    image.source.write(new Uint8Array(MIB).fill(0x77), region.fileOffset);
    const fileOffsetMb = image.append(MIB);
    image.source.write(new Uint8Array(MIB).fill(9), fileOffsetMb * MIB);
    image.setBat(image.payloadIndex(8), { state: 6, fileOffsetMb });
    const { target, plan } = await compacted(image);
    expect(plan.newFileSize).toBe(structures + 4 * MIB);
    const { regions } = (await openDisk(target)).image.regions;
    const moved = regions.find(({ name }) => name === 'unknown');
    expect(moved).toMatchObject({ guid: region.guid, length: MIB, fileOffset: structures + MIB });
    const kept = await readExactly(target, moved?.fileOffset ?? 0, MIB);
    expect(Buffer.compare(kept, new Uint8Array(MIB).fill(0x77))).toBe(0);
  });

  test('the log and the regions behind the blocks → all move down, and no MiB is free', async () => {
    const image = structuresBehind(filled({ allocate: [3, 0, 2], blockSize: 2 * MIB }, [0]), 1);
    const before = await contents(image);
    const target = new RecordingTarget(image.source.copy());
    const { plan } = await compactImage(target);
    expect(plan.steps.map(({ message }) => message).join('\n')).toMatch(
      /Move the log of 1 MiB from 0x[0-9a-f]+ to 0x[0-9a-f]+, and say so in both headers/,
    );
    expect(plan.steps.filter(({ kind }) => kind === 'region-table')).toHaveLength(2);
    expect(target.size).toBe(structures + 4 * MIB);
    expect(plan.newFileSize).toBe(target.size);
    expect(await checkImage(target)).toMatchObject({ verdict: 'clean', findings: [] });
    expect(Buffer.compare(await contents(target), before)).toBe(0);
    expect((await planCompact(target)).steps).toEqual([]);
  });

  test('a BAT behind the blocks, as it is after growing → the file gets as short as if it had been in front', async () => {
    const target = new RecordingTarget(filled({ allocate: [0, 1, 2, 3] }).source.copy());
    await resizeImage(target, { size: 160 * 1024 * MIB });
    const grown = target.size;
    await compactImage(target);
    expect(grown).toBe(structures + 6 * MIB);
    expect(target.size).toBe(structures + 5 * MIB);
    const { image } = await openDisk(target);
    expect(image.bat.geometry.payloadBlocks).toBe(160 * 1024);
    expect((await checkImage(target)).verdict).toBe('clean');
  });

  test('holes for what stays free → its bytes are zeros when the BAT has stopped naming it; the rest stays', async () => {
    const image = filled({ allocate: [0, 1, 2, 3] }, [1]);
    // What was written there before the block was given up.
    const before = await contents(image);
    const target = new RecordingTarget(image.source.copy());
    const { plan } = await compactImage(target, { move: false, punchHoles: true });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['free-blocks', 'punch-holes']);
    expect(plan).toMatchObject({ punched: MIB, moved: 0, newFileSize: structures + 4 * MIB });
    expect(plan.notices.join()).toContain('Hyper-V');
    expect(target.operations.at(-2)).toMatchObject({ kind: 'write', position: structures + MIB });
    expect(Buffer.compare(await contents(target), before)).toBe(0);
    expect((await checkImage(target)).verdict).toBe('clean');
  });

  test('moves, and holes for what stays free → nothing stays free', async () => {
    const target = new RecordingTarget(filled({ allocate: [0, 1, 2, 3] }, [1]).source.copy());
    const { plan } = await compactImage(target, { punchHoles: true });
    expect(plan).toMatchObject({ punched: 0, newFileSize: structures + 3 * MIB });
  });

  test('a target without holes → VHDX_TARGET_NO_HOLES, and nothing is written', async () => {
    const bytes = filled({ allocate: [0, 1, 2, 3] }, [1]).toBytes();
    const target = new MemoryTarget(bytes.slice());
    const refused = compactImage(target, { move: false, punchHoles: true });
    await expect(refused).rejects.toMatchObject({ code: 'VHDX_TARGET_NO_HOLES' });
    expect(Buffer.compare(await readExactly(target, 0, target.size), bytes)).toBe(0);
  });

  test('a fixed disk → its blocks keep their storage', async () => {
    const { plan } = await compacted(filled({ type: 'fixed', virtualSize: 4 * MIB }, [1, 2]));
    expect(plan).toMatchObject({ steps: [], freed: { zero: 0 } });
    expect(plan.notices.join()).toContain('fixed disk');
  });

  test('a pending log → it is replayed first, and the plan says so', async () => {
    const image = filled({ allocate: [0, 1], logGuid: IDS.log }, [0]);
    const bytes = new Uint8Array(4 * KIB);
    bytes.set(image.source.bytes(image.batOffset, 4 * KIB));
    image.addLogEntry(0, { sequenceNumber: 3n, writes: [{ kind: 'data', fileOffset: image.batOffset, bytes }] });
    const plan = await planCompact(image.source);
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['replay-log', 'free-blocks', 'move-blocks', 'cut-file']);
    const target = new RecordingTarget(image.source.copy());
    await compactImage(target);
    expect((await checkImage(target)).verdict).toBe('clean');
    expect(target.size).toBe(plan.newFileSize);
  });

  test('a disk without a parent is to be compared with one → refused', async () => {
    const parent = await parentDisk(buildParent({}));
    await expect(planCompact(filled({}).source, { againstParent: true, parent })).rejects.toMatchObject({
      code: 'VHDX_COMPACT_NO_PARENT',
    });
  });
});

describe('compactImage of a differencing disk', () => {
  const spec: ImageSpec = { type: 'differencing', virtualSize: 16 * MIB, parent: PARENT_LOCATOR };

  test('blocks that equal the parent → they are left to it, past its end too', async () => {
    const parent = buildParent({ virtualSize: 8 * MIB });
    const image = filled({ ...spec, allocate: [1, 2, 4, 12] }, [12]);
    image.source.write(parent.source.bytes(parent.dataOffset + MIB, MIB), image.dataOffset + MIB);
    const request = { zeros: false, againstParent: true, parent: await parentDisk(parent) };
    const { plan, target } = await compacted(image, request, parent);
    expect(plan.freed).toMatchObject({ parent: 2 * MIB, zero: 0 });
    const { bat } = (await openDisk(target, { parent: () => Promise.resolve(parent.source) })).image;
    expect((await bat.payloadEntry(2)).state).toBe(PayloadState.NOT_PRESENT);
  });

  test('zeros over data of the parent → they stay zeros', async () => {
    const parent = buildParent({});
    const { plan } = await compacted(filled({ ...spec, allocate: [2] }, [2]), {}, parent);
    expect(plan.freed.zero).toBe(MIB);
  });

  test('partially present: without any sector → left to the parent, its bitmap goes too; zeros in some → kept', async () => {
    const parent = buildParent({});
    const none = new TestImage({ ...spec, allocate: [2], allocateAs: 7, bitmaps: [0] });
    const emptied = await compacted(none, {}, parent);
    expect(emptied.plan.freed).toMatchObject({ parent: MIB, bitmap: MIB });
    expect(emptied.plan.newFileSize).toBe(none.size - 2 * MIB);
    const some = none.copy();
    some.source.write(Uint8Array.of(0x0f), some.dataOffset + MIB + 2 * 256);
    expect((await compacted(some, {}, parent)).plan.steps).toEqual([]);
    const equal = await compacted(
      some,
      {
        againstParent: true,
        parent: await parentDisk(
          filled({ ...spec, type: 'dynamic' }).editHeader('both', (header) => {
            header.dataWriteGuid.data1 = 0x83ed_0ec3;
          }),
        ),
      },
      filled({ ...spec, type: 'dynamic' }).editHeader('both', (header) => {
        header.dataWriteGuid.data1 = 0x83ed_0ec3;
      }),
    );
    expect(equal.plan.freed.parent).toBe(MIB);
  });

  test('a sector bitmap block at the end → it moves too', async () => {
    const parent = buildParent({});
    const image = new TestImage({ ...spec, allocate: [1, 2, 3], allocateAs: 7, bitmaps: [0] });
    image.source.write(new Uint8Array(256).fill(0xff), image.dataOffset + 3 * MIB + 2 * 256);
    image.source.write(new Uint8Array(256).fill(0xf0), image.dataOffset + 3 * MIB + 3 * 256);
    image.source.write(new Uint8Array(MIB).fill(3), image.dataOffset + MIB);
    image.source.write(new Uint8Array(MIB).fill(4), image.dataOffset + 2 * MIB);
    const { plan } = await compacted(image, {}, parent);
    expect(plan.freed).toMatchObject({ parent: MIB, bitmap: 0 });
    expect(plan.newFileSize).toBe(image.size - MIB);
  });

  test('another parent than its own → refused', async () => {
    const parent = await parentDisk(filled({}));
    const image = filled({ ...spec, allocate: [1] });
    await expect(planCompact(image.source, { againstParent: true, parent })).rejects.toMatchObject({
      code: 'VHDX_PARENT_LINKAGE_MISMATCH',
    });
    await expect(planCompact(image.source, { againstParent: true })).rejects.toMatchObject({
      code: 'VHDX_PARENT_NOT_FOUND',
    });
  });
});

describe('free ranges', () => {
  test('whole blocks, and the rest of a block that is zero → given up; they read as zeros; DataWriteGuid is new', async () => {
    const image = filled({ allocate: [0, 1, 2, 3], blockSize: 2 * MIB });
    image.source.write(new Uint8Array(MIB), image.dataOffset + 2 * 2 * MIB);
    const before = await contents(image);
    const ranges = [
      { start: 0, end: MIB },
      { start: MIB, end: 2 * MIB },
      { start: 3 * MIB, end: 4 * MIB },
      { start: 5 * MIB, end: 6 * MIB },
    ];
    const { plan, target } = await compacted(image, { freeRanges: () => ranges });
    expect(plan).toMatchObject({ freed: { unused: 4 * MIB, zero: 0 }, changesContents: true });
    before.fill(0, 0, 2 * MIB);
    before.fill(0, 4 * MIB, 6 * MIB);
    expect(Buffer.compare(await contents(target), before)).toBe(0);
    const guids = (await openDisk(target)).image.header.header;
    const old = (await openDisk(image.source)).image.header.header;
    expect(guids.dataWriteGuid.toBytes()).not.toEqual(old.dataWriteGuid.toBytes());
  });

  test('free ranges are read from the whole disk, and asked for as they are needed', async () => {
    const image = filled({ allocate: [0, 1] });
    let size = 0;
    const { plan } = await compacted(image, {
      freeRanges: async function* (disk) {
        const first = await readExactly(disk, MIB, 512);
        size = disk.size;
        if (first[0] === 2) yield { start: MIB, end: 2 * MIB };
      },
    });
    expect(size).toBe(16 * MIB);
    expect(plan.freed.unused).toBe(MIB);
  });

  test('ranges out of order → RangeError, and nothing is written', async () => {
    const image = filled({ allocate: [0, 1] });
    const target = new RecordingTarget(image.source.copy());
    const freeRanges = (): { start: number; end: number }[] => [
      { start: MIB, end: 2 * MIB },
      { start: 0, end: MIB },
    ];
    await expect(compactImage(target, { freeRanges })).rejects.toThrow(RangeError);
    expect(target.operations).toEqual([]);
  });
});

describe('defragmentImage', () => {
  test('blocks in any order → in that of the disk, and without holes', async () => {
    const image = filled({ allocate: [9, 3, 7, 1, 0, 5] }, [7]);
    image.setBat(image.payloadIndex(3), { state: 0 });
    const before = await contents(image);
    const target = new RecordingTarget(image.source.copy());
    const { plan } = await defragmentImage(target);
    expect(plan.operation).toBe('defragment');
    expect(target.size).toBe(structures + 5 * MIB);
    expect(Buffer.compare(await contents(target), before)).toBe(0);
    const { bat } = (await openDisk(target)).image;
    const places = await Promise.all([0, 1, 5, 7, 9].map((block) => bat.payloadEntry(block)));
    expect(places.map(({ fileOffsetMb }) => fileOffsetMb * MIB - structures)).toEqual(
      [0, 1, 2, 3, 4].map((at) => at * MIB),
    );
    expect((await defragmentImage(target)).changed).toBe(false);
  });
});
