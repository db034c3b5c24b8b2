import { describe, expect, test } from 'vitest';
import { applyPlan, checkImage, openDisk, planResize, readExactly, resizeImage } from '../../../runtime/index.js';
import type { ParentResolver } from '../../../runtime/disk/chain.js';
import { formatGuid } from '../../../runtime/base/guid.js';
import { GIB, IDS, type ImageSpec, KIB, MIB, TestImage, TIB } from '../../support/image-builder.js';
import { mbrHead, wholeGpt } from '../../support/partition-tables.js';
import { codeOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { currentHeaderOf, headersOf } from '../../support/replay-model.js';

function subject(spec: ImageSpec): { readonly image: TestImage; readonly target: RecordingTarget } {
  const image = new TestImage(spec);
  return { image, target: new RecordingTarget(image.source) };
}

/** Fills the storage of the first block that was given any. */
function fillFirst(image: TestImage, value: number, from = 0, length: number = image.blockSize): void {
  image.source.write(new Uint8Array(length).fill(value), image.dataOffset + from);
}

async function expectSound(target: RecordingTarget): Promise<void> {
  const { findings } = await checkImage(target);
  expect(findings.filter(({ severity }) => severity !== 'info').map(({ message }) => message)).toEqual([]);
}

async function contents(target: RecordingTarget, position: number, length: number): Promise<Uint8Array> {
  return readExactly(await openDisk(target), position, length);
}

describe('a larger disk', () => {
  test('the last block ends behind the disk → what its storage has there is zeros, not what was there', async () => {
    const { image, target } = subject({ virtualSize: MIB + 512, allocate: [1] });
    fillFirst(image, 0xab);
    await resizeImage(target, { size: 2 * MIB });
    const bytes = await contents(target, MIB, MIB);
    expect(bytes.subarray(0, 512).every((byte) => byte === 0xab)).toBe(true);
    expect(bytes.subarray(512).every((byte) => byte === 0)).toBe(true);
    await expectSound(target);
  });

  test('a partially present last block → bits behind the old end are cleared, those before stay', async () => {
    const { image, target } = subject({
      type: 'differencing',
      virtualSize: 64 * KIB + 512,
      allocate: [0],
      allocateAs: 7,
      bitmaps: [0],
    });
    fillFirst(image, 0xcd);
    const bitmap = image.dataOffset + MIB;
    image.source.write(new Uint8Array(256).fill(0xff), bitmap);
    await resizeImage(target, { size: MIB });
    // 129 sectors of 512 bytes were the disk's.
    expect([...image.source.bytes(bitmap + 15, 3)]).toEqual([0xff, 0x01, 0x00]);
    await expectSound(target);
  });

  test('entries behind the last one of the BAT → zeros when they come to count', async () => {
    const { image, target } = subject({ virtualSize: 2 * MIB, allocate: [0] });
    for (const index of [2, 3, 511, 512, 2000]) image.setBat(index, { state: 6, fileOffsetMb: 5 });
    await resizeImage(target, { size: 2001 * MIB });
    expect(image.source.bytes(image.batEntryOffset(1), 2000 * 8).every((byte) => byte === 0)).toBe(true);
    await expectSound(target);
  });

  test('the BAT has no room → it moves, both region tables name its new place, and its old one is free', async () => {
    const { image, target } = subject({ virtualSize: 4 * MIB, allocate: [3, 1], batLength: MIB });
    fillFirst(image, 0x5a);
    const plan = await planResize(target, { size: 200 * GIB });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['bat', 'metadata']);
    const { fileSize } = await applyPlan(target, plan);
    expect([plan.newFileSize, target.size]).toEqual([fileSize, fileSize]);
    const tables = [192 * KIB, 256 * KIB].map((offset) => image.source.bytes(offset, 64 * KIB));
    expect(Buffer.compare(tables[0] ?? new Uint8Array(), tables[1] ?? new Uint8Array())).toBe(0);
    expect((await contents(target, 3 * MIB, MIB)).every((byte) => byte === 0x5a)).toBe(true);
    await expectSound(target);
  });

  test('fixed → each new block has storage of zeros', async () => {
    const { image, target } = subject({ type: 'fixed', virtualSize: 2 * MIB });
    fillFirst(image, 0x11);
    const { plan } = await resizeImage(target, { size: 4 * MIB + 4096 });
    expect(plan.bytes).toBe(3 * MIB);
    const disk = await openDisk(target);
    const extents = [];
    for await (const { kind, length } of disk.extents()) extents.push([kind, length]);
    expect(extents).toEqual([['data', 4 * MIB + 4096]]);
    expect((await contents(target, 2 * MIB, 2 * MIB)).every((byte) => byte === 0)).toBe(true);
    await expectSound(target);
  });

  test('the end of the format → 64 TiB; more, or no multiple of a sector → refused as by create, nothing written', async () => {
    const { target } = subject({ virtualSize: 4 * MIB, blockSize: 256 * MIB });
    for (const size of [64 * TIB + 512, 4 * MIB + 1, 0, -512]) {
      expect(await codeOf(resizeImage(target, { size }))).toBe('VHDX_CREATE_SIZE_INVALID');
    }
    expect(target.operations).toEqual([]);
    await resizeImage(target, { size: 64 * TIB });
    await expectSound(target);
  });

  test('DataWriteGuid → a new one, in both headers, since users of the disk see its size', async () => {
    const { image, target } = subject({ virtualSize: 4 * MIB });
    await resizeImage(target, { by: MIB });
    const guids = headersOf(image.source).map((header) => header && formatGuid(header.dataWriteGuid));
    expect(guids[0]).toBe(guids[1]);
    expect(guids[0]).not.toBe(IDS.dataWrite);
    expect(currentHeaderOf(image.source)?.logGuid.isZero).toBe(true);
  });
});

describe('a smaller disk', () => {
  test('data behind the new end → refused with the smallest safe size, and nothing written', async () => {
    const { image, target } = subject({ virtualSize: 8 * MIB, allocate: [5] });
    fillFirst(image, 1, 1000, 1);
    const plan = await planResize(target, { size: 2 * MIB });
    expect(plan.refusals).toMatchObject([{ code: 'VHDX_RESIZE_INTO_DATA' }]);
    expect(plan.minimumSize).toBe(6 * MIB);
    expect(plan.refusals[0]?.message).toContain(`${5 * MIB + 1001} bytes`);
    expect(await codeOf(applyPlan(target, plan))).toBe('VHDX_RESIZE_INTO_DATA');
    expect(target.operations).toEqual([]);
  });

  test('allocated blocks of zeros behind the new end → no data; their storage is cut off', async () => {
    const { image, target } = subject({ virtualSize: 8 * MIB, allocate: [0, 7, 6] });
    const before = target.size;
    await resizeImage(target, { size: MIB });
    expect(target.size).toBe(before - 2 * MIB);
    expect(image.source.bytes(image.batEntryOffset(1), 64).every((byte) => byte === 0)).toBe(true);
    await expectSound(target);
  });

  test('discardData → cut off, and not there any more when the disk is larger again', async () => {
    const { image, target } = subject({ virtualSize: 8 * MIB, allocate: [0, 7] });
    fillFirst(image, 0x77, 0, 2 * MIB);
    await resizeImage(target, { size: 512, discardData: true });
    expect(image.source.bytes(image.dataOffset, MIB).filter((byte) => byte !== 0).length).toBe(512);
    await resizeImage(target, { size: 8 * MIB });
    expect((await contents(target, 512, 8 * MIB - 512)).every((byte) => byte === 0)).toBe(true);
    await expectSound(target);
  });

  test('toMinimum → whole MiB behind the last data', async () => {
    const { image, target } = subject({ virtualSize: 300 * GIB, blockSize: 32 * MIB, allocate: [9000, 2] });
    image.source.write(Uint8Array.of(1), image.dataOffset + 32 * MIB + 3 * MIB);
    const { plan } = await resizeImage(target, { toMinimum: true });
    expect(plan.newVirtualSize).toBe((64 + 4) * MIB);
    await expectSound(target);
  });

  test('an MBR partition ends behind the new end, all zeros → refused', async () => {
    const { image, target } = subject({ virtualSize: 64 * MIB, allocate: [0] });
    image.source.write(mbrHead(), image.dataOffset);
    const plan = await planResize(target, { size: 16 * MIB });
    expect(plan.refusals[0]?.message).toContain(`a partition ends at 0x${((2048 + 100_000) * 512).toString(16)}`);
    expect(plan.minimumSize).toBe(50 * MIB);
  });

  test('a child whose parent is not there → refused unless what is there may be cut off', async () => {
    const { target } = subject({ type: 'differencing', virtualSize: 8 * MIB });
    expect((await planResize(target, { size: MIB })).refusals).toMatchObject([{ code: 'VHDX_PARENT_NOT_FOUND' }]);
    await resizeImage(target, { size: MIB, discardData: true });
    await expectSound(target);
  });

  test('a child with nothing of its own → what its parent has counts', async () => {
    const parentImage = new TestImage({ virtualSize: 8 * MIB, allocate: [4] });
    fillFirst(parentImage, 9);
    const parent: ParentResolver = () => Promise.resolve(parentImage.source);
    const { target } = subject({
      type: 'differencing',
      virtualSize: 8 * MIB,
      parent: [
        ['parent_linkage', `{${IDS.dataWrite}}`],
        ['relative_path', String.raw`.\parent.vhdx`],
      ],
    });
    const plan = await planResize(target, { size: MIB }, { parent });
    expect(plan.minimumSize).toBe(5 * MIB);
  });
});

describe('a GPT', () => {
  const SIZE = 8 * MIB;

  function gptDisk(sectorSize: 512 | 4096 = 512): { readonly image: TestImage; readonly target: RecordingTarget } {
    const made = subject({ virtualSize: SIZE, allocate: [0, 7], logicalSectorSize: sectorSize });
    const first = MIB / sectorSize;
    const { head, tail } = wholeGpt(SIZE, sectorSize, [[first, 3 * first - 1]]);
    made.image.source.write(head, made.image.dataOffset);
    made.image.source.write(tail, made.image.dataOffset + 2 * MIB - tail.length);
    return made;
  }

  test.each([512, 4096] as const)(
    'fixGpt, sectors of %d, larger → MBR, header and backup of the new size',
    async (sectorSize) => {
      const { target } = gptDisk(sectorSize);
      const size = 20 * MIB;
      await resizeImage(target, { size, fixGpt: true });
      const first = MIB / sectorSize;
      const { head, tail } = wholeGpt(size, sectorSize, [[first, 3 * first - 1]]);
      expect(Buffer.from(await contents(target, 0, head.length)).equals(head)).toBe(true);
      expect(Buffer.from(await contents(target, size - tail.length, tail.length)).equals(tail)).toBe(true);
      await expectSound(target);
      const { changed } = await resizeImage(target, { size, fixGpt: true });
      expect(changed).toBe(false);
    },
  );

  test('fixGpt, toMinimum → room for partitions and backup; the backup at the old end is no data', async () => {
    const { target } = gptDisk();
    const { plan } = await resizeImage(target, { toMinimum: true, fixGpt: true });
    expect(plan.newVirtualSize).toBe(4 * MIB);
    const { head, tail } = wholeGpt(4 * MIB, 512, [[2048, 6143]]);
    expect(Buffer.from(await contents(target, 0, head.length)).equals(head)).toBe(true);
    expect(Buffer.from(await contents(target, 4 * MIB - tail.length, tail.length)).equals(tail)).toBe(true);
  });

  test('without fixGpt → a notice with the command that does it in the guest', async () => {
    const { target } = gptDisk();
    const { notices } = await planResize(target, { size: 9 * MIB });
    expect(notices.join(' ')).toContain('sgdisk');
  });

  test('fixGpt without a GPT, and where a partition is in the way → refused', async () => {
    const { target } = subject({ virtualSize: SIZE });
    expect((await planResize(target, { size: 9 * MIB, fixGpt: true })).refusals).toMatchObject([
      { code: 'VHDX_RESIZE_GPT_MISSING' },
    ]);
    const disk = gptDisk();
    expect((await planResize(disk.target, { size: 3 * MIB, fixGpt: true })).refusals).toMatchObject([
      { code: 'VHDX_RESIZE_GPT_UNFIT' },
    ]);
  });
});

describe('a request that is none', () => {
  test.each([[{ size: MIB, by: MIB }], [{ size: MIB, toMinimum: true }], [{ size: '1M' as unknown as number }]])(
    '%o → TypeError',
    async (request) => {
      const { target } = subject({});
      await expect(resizeImage(target, request)).rejects.toThrow(TypeError);
      expect(target.operations).toEqual([]);
    },
  );
});
