import { describe, expect, test } from 'vitest';
import { compactImage, mergeImage, planMerge, applyPlan } from '../../../runtime/change.js';
import { checkImage, openDisk, openWritableDisk, type ParentResolver, VhdxError } from '../../../runtime/index.js';
import { type ByteSource, readExactly } from '../../../runtime/io/byte-source.js';
import { type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { type Operation, RecordingTarget } from '../../support/recording-target.js';
import { buildImage, buildParent, PARENT_LOCATOR } from '../../support/stamped-images.js';

const childSpec: ImageSpec = {
  type: 'differencing',
  virtualSize: 8 * MIB,
  parent: PARENT_LOCATOR,
  allocate: [1, 3, 6],
};

function inOrder(...sources: readonly ByteSource[]): ParentResolver {
  const rest = [...sources];
  return () => Promise.resolve(rest.shift());
}

async function contents(source: ByteSource, parent?: ParentResolver): Promise<Uint8Array> {
  const disk = await openDisk(source, parent === undefined ? {} : { parent });
  return readExactly(disk, 0, disk.size);
}

/** A host that has no room from the operation of this number on. */
function fullFrom(count: number): (operation: Operation) => void {
  let done = 0;
  return ({ kind }) => {
    done += 1;
    if (done >= count && kind !== 'flush') throw new VhdxError('VHDX_TARGET_FULL', { message: 'no room' });
  };
}

describe('mergeImage', () => {
  test('FileWriteGuid and DataWriteGuid of the parent are new ones, and the child fits it no more', async () => {
    const parent = buildParent({ virtualSize: 8 * MIB });
    const child = buildImage({ spec: childSpec });
    const target = new RecordingTarget(parent.source.copy());
    const disk = await openDisk(child.source, { parent: inOrder(parent.source) });
    const { plan } = await mergeImage(target, { child: disk });
    expect(plan).toMatchObject({ operation: 'merge', levels: 1, changesContents: true, bytes: 3 * MIB });
    await expect(openDisk(child.source, { parent: inOrder(target) })).rejects.toMatchObject({
      code: 'VHDX_PARENT_LINKAGE_MISMATCH',
    });
  });

  test.each([1, 3, 5, 8])(
    'no room from operation %i on → VHDX_TARGET_FULL; the child reads the same, and again completes it',
    async (count) => {
      const parent = buildParent({ virtualSize: 4 * MIB });
      const child = buildImage({ spec: childSpec });
      const expected = await contents(child.source, inOrder(parent.source));
      const target = new RecordingTarget(parent.source.copy(), fullFrom(count));
      const disk = await openDisk(child.source, { parent: inOrder(parent.source) });
      await expect(mergeImage(target, { child: disk })).rejects.toMatchObject({ code: 'VHDX_TARGET_FULL' });
      expect((await checkImage(target.file)).counts.error).toBe(0);
      expect(Buffer.compare(await contents(child.source, inOrder(target.file)), expected)).toBe(0);
      const again = new RecordingTarget(target.file);
      await mergeImage(again, { child: await openDisk(child.source, { parent: inOrder(target.file) }) });
      expect(Buffer.compare(await contents(again), expected)).toBe(0);
    },
  );

  test('the parent would grow over a larger one of its own → refused, since that would show through', async () => {
    const grandparent = buildParent({ virtualSize: 8 * MIB });
    const parent = new TestImage({ ...childSpec, virtualSize: 4 * MIB, allocate: [] }).editHeader('both', (header) => {
      header.dataWriteGuid.data1 = 0x83ed_0ec3;
    });
    const child = buildImage({ spec: childSpec });
    const disk = await openDisk(child.source, { parent: inOrder(parent.source, grandparent.source) });
    await expect(planMerge(parent.source, { child: disk })).rejects.toMatchObject({ code: 'VHDX_MERGE_TARGET_UNFIT' });
  });

  test('the child has been written to since the plan → VHDX_PLAN_STALE, with nothing written', async () => {
    const parent = buildParent({ virtualSize: 8 * MIB });
    const child = new RecordingTarget(buildImage({ spec: childSpec }).source.copy());
    const disk = await openDisk(child, { parent: inOrder(parent.source) });
    const target = new RecordingTarget(parent.source.copy());
    const plan = await planMerge(target, { child: disk });
    const writer = await openWritableDisk(child, { parent: inOrder(parent.source) });
    await writer.write(new Uint8Array(512).fill(1), 0);
    await writer.close();
    await expect(applyPlan(target, plan)).rejects.toMatchObject({ code: 'VHDX_PLAN_STALE' });
    expect(target.operations).toEqual([]);
  });

  test('a parent whose blocks were compacted → DataWriteGuid is the same, and the child is merged', async () => {
    const parent = new RecordingTarget(buildParent({ virtualSize: 8 * MIB }).source.copy());
    const child = buildImage({ spec: childSpec });
    const expected = await contents(child.source, inOrder(parent));
    await compactImage(parent, { sort: true });
    await mergeImage(parent, { child: await openDisk(child.source, { parent: inOrder(parent) }) });
    expect(Buffer.compare(await contents(parent), expected)).toBe(0);
  });

  test('the file of the child ends where its disk does, within the last block → all that the disk has is merged', async () => {
    const spec = { ...childSpec, virtualSize: 7 * MIB - MIB / 2 };
    const parent = new RecordingTarget(buildParent({ virtualSize: spec.virtualSize }).source.copy());
    const child = buildImage({ spec });
    const cut = await readExactly(child.source, 0, child.source.size - MIB / 2);
    const expected = await contents(child.source, inOrder(parent));
    await mergeImage(parent, { child: await openDisk(cut, { parent: inOrder(parent) }) });
    expect(Buffer.compare(await contents(parent), expected)).toBe(0);
  });
});
