/** One form of plans, and one way to carry them out, whatever is done to an image at rest. */
import { describe, expect, test } from 'vitest';
import {
  applyPlan,
  type ChangePlan,
  planCompact,
  planDefragment,
  planMerge,
  planRebase,
  planRepair,
  planReplay,
  planResize,
  planSet,
  repairImage,
} from '../../../runtime/change.js';
import { openDisk } from '../../../runtime/index.js';
import type { ByteSource } from '../../../runtime/io/byte-source.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import { NEW_PATH, rebased } from '../../support/rebased.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { buildImage, buildParent, PARENT_LOCATOR } from '../../support/stamped-images.js';

interface Subject {
  readonly image: TestImage;
  readonly plan: (source: ByteSource) => Promise<ChangePlan>;
}

const dynamic = (): TestImage => new TestImage({ virtualSize: 8 * MIB, allocate: [3, 0] });

/** The noncurrent header has a wrong checksum. */
function damaged(image: TestImage): TestImage {
  image.flip(64 * 1024 + 2000);
  return image;
}

function pending(): TestImage {
  const image = new TestImage({ logGuid: IDS.log });
  const fileOffset = image.batOffset + MIB / 4;
  image.addLogEntry(0, {
    sequenceNumber: 1n,
    writes: [{ kind: 'data', fileOffset, bytes: new Uint8Array(4096).fill(1) }],
  });
  return image;
}

const SUBJECTS: readonly (readonly [ChangePlan['operation'], () => Subject])[] = [
  ['replay', () => ({ image: pending(), plan: (source) => planReplay(source) })],
  ['repair', () => ({ image: damaged(dynamic()), plan: (source) => planRepair(source) })],
  ['resize', () => ({ image: dynamic(), plan: (source) => planResize(source, { size: 16 * MIB }) })],
  ['set', () => ({ image: dynamic(), plan: (source) => planSet(source, { virtualDiskId: 'new' }) })],
  ['compact', () => ({ image: dynamic(), plan: (source) => planCompact(source) })],
  ['defragment', () => ({ image: dynamic(), plan: (source) => planDefragment(source) })],
  [
    'rebase',
    () => {
      const { image, newParent, resolver } = rebased();
      const request = { newParent, relativePath: NEW_PATH, flatten: true };
      return { image, plan: (source) => planRebase(source, request, { parent: resolver }) };
    },
  ],
  [
    'merge',
    () => {
      const child = buildImage({
        spec: { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR, allocate: [1] },
      });
      const image = buildParent({ virtualSize: 8 * MIB });
      const plan = async (source: ByteSource): Promise<ChangePlan> =>
        planMerge(source, {
          child: await openDisk(child.source, { parent: () => Promise.resolve(image.source) }),
        });
      return { image, plan };
    },
  ],
];

describe.each(SUBJECTS)('a plan to %s', (operation, make) => {
  test('made → only reads; steps, sizes and state in the one form, as data', async () => {
    const { image, plan: makePlan } = make();
    const target = new RecordingTarget(image.source.copy());
    const plan = await makePlan(target);
    expect(target.operations).toEqual([]);
    expect(plan).toMatchObject({ operation, refusals: [], fileSize: image.size, boundTo: { fileSize: image.size } });
    expect(plan.steps.length).toBeGreaterThan(0);
    for (const { kind, message, bytes } of plan.steps) {
      expect([kind, message]).toEqual([expect.any(String), expect.stringMatching(/\.$/)]);
      expect(bytes).toBeGreaterThanOrEqual(0);
    }
    expect(plan.bytes).toBe(plan.steps.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ operation, newFileSize: plan.newFileSize });
  });

  test('applied → changed, of the length that it says; planned again → nothing to do', async () => {
    const { image, plan: makePlan } = make();
    const target = new RecordingTarget(image.source.copy());
    const plan = await makePlan(target);
    const progress: number[] = [];
    const report = await applyPlan(target, plan, { onProgress: (bytes) => progress.push(bytes) });
    expect(report).toEqual({ plan, changed: true, fileSize: plan.newFileSize });
    expect(target.size).toBe(plan.newFileSize);
    expect(progress).toEqual(progress.toSorted((one, other) => one - other));
    // A new disk ID is another one each time; a child that has been merged is told from others by `isMerged`.
    if (operation === 'set' || operation === 'merge') return;
    expect((await makePlan(target)).steps).toEqual([]);
  });

  test('of an image that has changed since → VHDX_PLAN_STALE, nothing written', async () => {
    const { image, plan: makePlan } = make();
    const target = new RecordingTarget(image.source.copy());
    const plan = await makePlan(target);
    await applyPlan(target, plan);
    const before = target.operations.length;
    await expect(applyPlan(target, plan)).rejects.toMatchObject({ code: 'VHDX_PLAN_STALE' });
    expect(target.operations.length).toBe(before);
  });

  test('a copy of it, which no function of the library has made → TypeError', async () => {
    const { image, plan: makePlan } = make();
    const target = new RecordingTarget(image.source.copy());
    await expect(applyPlan(target, { ...(await makePlan(target)) })).rejects.toThrow(TypeError);
    expect(target.operations).toEqual([]);
  });
});

describe('a repair that cannot put everything right', () => {
  /** A file that has lost its end, with its last block. */
  const cut = (): TestImage => Object.assign(dynamic(), { size: dynamic().size - MIB + 4096 });

  test('and nothing else → applyPlan throws the refusal, nothing written', async () => {
    const target = new RecordingTarget(cut().source);
    const plan = await planRepair(target);
    expect(plan).toMatchObject({ steps: [], refusals: [{ code: 'VHDX_FILE_LENGTH_UNALIGNED', remedy: '' }] });
    await expect(applyPlan(target, plan)).rejects.toMatchObject({ code: 'VHDX_FILE_LENGTH_UNALIGNED' });
    expect(await repairImage(target)).toMatchObject({ changed: false, after: plan.before });
    expect(target.operations).toEqual([]);
  });

  test('beside something else → that is done', async () => {
    const target = new RecordingTarget(damaged(cut()).source);
    const plan = await planRepair(target);
    expect([plan.steps.length, plan.refusals.length]).toEqual([1, 1]);
    expect(await applyPlan(target, plan)).toMatchObject({ changed: true, fileSize: plan.fileSize });
    expect((await planRepair(target)).steps).toEqual([]);
  });
});

describe('merge', () => {
  test('of what the parent has already → nothing to do, and it says so; of anything else → refused as before', async () => {
    const { image, plan: makePlan } = SUBJECTS.find(([name]) => name === 'merge')?.[1]() ?? { image: dynamic() };
    if (makePlan === undefined) throw new Error('there is no merge');
    const target = new RecordingTarget(image.source.copy());
    await applyPlan(target, await makePlan(target));
    const child = buildImage({
      spec: { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR, allocate: [1] },
    });
    const open = (): ReturnType<typeof openDisk> =>
      openDisk(child.source, { parent: () => Promise.resolve(target), ignoreIdMismatch: true });
    const plan = await planMerge(target, { child: await open() });
    expect(plan).toMatchObject({ isMerged: true, steps: [], refusals: [], changesContents: false });
    expect(plan.notices.join()).toContain('VHDX_MERGE_DONE');
    child.source.write(new Uint8Array([0xff]), child.dataOffset + 4097);
    await expect(planMerge(target, { child: await open() })).rejects.toMatchObject({
      code: 'VHDX_PARENT_LINKAGE_MISMATCH',
    });
  });
});
