import { describe, expect, test } from 'vitest';
import { applyPlan, checkImage, inspectImage, openWritableDisk, planSet, setImage } from '../../../runtime/index.js';
import { formatGuid } from '../../../runtime/base/guid.js';
import { IDS, type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { headersOf } from '../../support/replay-model.js';

const NEW_ID = '5e75e75e-0000-4000-8000-00000000beef';

function subject(spec: ImageSpec = {}): { readonly image: TestImage; readonly target: RecordingTarget } {
  const image = new TestImage(spec);
  return { image, target: new RecordingTarget(image.source) };
}

/** FileWriteGuid and DataWriteGuid, the same in both headers. */
function guidsOf(image: TestImage): readonly string[] {
  const [first, second] = headersOf(image.source).map((header) =>
    header === undefined ? [] : [formatGuid(header.fileWriteGuid), formatGuid(header.dataWriteGuid)],
  );
  expect(first).toEqual(second);
  return first ?? [];
}

describe('setImage', () => {
  test('disk ID, sectors → set, and the contents have a new identity', async () => {
    const { image, target } = subject();
    const { plan, changed } = await setImage(target, {
      virtualDiskId: `{${NEW_ID.toUpperCase()}}`,
      physicalSectorSize: 512,
    });
    expect([changed, plan.virtualDiskId, plan.changesContents]).toEqual([true, NEW_ID, true]);
    const info = await inspectImage(target);
    expect(info).toMatchObject({ virtualDiskId: NEW_ID, physicalSectorSize: 512 });
    expect(guidsOf(image)).not.toContain(IDS.dataWrite);
    expect((await checkImage(target)).verdict).toBe('clean');
  });

  test('the creator alone → DataWriteGuid stays, as users of the disk see nothing of it', async () => {
    const { image, target } = subject({ creator: 'a much longer text than the new one' });
    await setImage(target, { creator: 'ü' });
    expect((await inspectImage(target)).creator).toBe('ü');
    const [fileWriteGuid, dataWriteGuid] = guidsOf(image);
    expect(dataWriteGuid).toBe(IDS.dataWrite);
    expect(fileWriteGuid).not.toBe(IDS.fileWrite);
  });

  test('newDataWriteGuid alone → the headers only', async () => {
    const { image, target } = subject();
    await setImage(target, { newDataWriteGuid: true });
    expect(guidsOf(image)).not.toContain(IDS.dataWrite);
    expect(target.operations.every((each) => each.kind !== 'write' || each.position < 192 * 1024)).toBe(true);
  });

  test('what the image has already → nothing is written', async () => {
    const { target } = subject({ creator: 'me' });
    const { changed } = await setImage(target, { virtualDiskId: IDS.disk, physicalSectorSize: 4096, creator: 'me' });
    expect([changed, target.operations]).toEqual([false, []]);
  });

  test('values that the format lacks → refused, nothing written', async () => {
    const { target } = subject({ logicalSectorSize: 4096 });
    expect(await codeOf(setImage(target, { physicalSectorSize: 512 }))).toBe('VHDX_CREATE_SECTOR_SIZE_INVALID');
    expect(await codeOf(setImage(target, { creator: 'x'.repeat(257) }))).toBe('VHDX_CREATE_CREATOR_INVALID');
    const zero = '00000000-0000-0000-0000-000000000000';
    expect(await codeOf(setImage(target, { virtualDiskId: zero }))).toBe('VHDX_DISK_ID_ZERO');
    await expect(setImage(target, { virtualDiskId: 'mine' })).rejects.toThrow(TypeError);
    expect(target.operations).toEqual([]);
  });
});

describe('applyPlan', () => {
  test('the image has been written to since → VHDX_PLAN_STALE, nothing written', async () => {
    const { target } = subject({ virtualSize: 4 * MIB });
    const plan = await planSet(target, { virtualDiskId: NEW_ID });
    const disk = await openWritableDisk(target);
    await disk.write(new Uint8Array(512).fill(1), 0);
    await disk.close();
    const count = target.operations.length;
    expect(await codeOf(applyPlan(target, plan))).toBe('VHDX_PLAN_STALE');
    expect(target.operations.length).toBe(count);
  });

  test('another file of the same headers and length but for one byte of the noncurrent header → stale', async () => {
    const { image, target } = subject();
    const plan = await planSet(target, { virtualDiskId: NEW_ID });
    image.editHeader(0, (header) => {
      header.sequenceNumber = 6n;
    });
    expect(await codeOf(applyPlan(target, plan))).toBe('VHDX_PLAN_STALE');
  });

  test('a plan that was written as JSON and read again → TypeError: it is no plan of this process', async () => {
    const { target } = subject();
    const plan = JSON.parse(JSON.stringify(await planSet(target, { virtualDiskId: NEW_ID })));
    await expect(applyPlan(target, plan)).rejects.toThrow(TypeError);
    expect(target.operations).toEqual([]);
  });

  test('a pending log → replayed first, as the plan says, and the change is made behind it', async () => {
    const { image, target } = subject({ logGuid: IDS.log });
    const bytes = new Uint8Array(4096).fill(0xab);
    const fileOffset = image.batOffset + 512 * 1024;
    image.addLogEntry(0, { sequenceNumber: 3n, writes: [{ kind: 'data', fileOffset, bytes }] });
    const plan = await planSet(target, { physicalSectorSize: 512 });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['replay-log', 'metadata']);
    await applyPlan(target, plan);
    expect(image.source.bytes(fileOffset, 1)[0]).toBe(0xab);
    expect(await inspectImage(target)).toMatchObject({ physicalSectorSize: 512, log: { state: 'clean' } });
  });

  test('a damaged header → refused: it is to be repaired first', async () => {
    const { image, target } = subject();
    image.flip(64 * 1024 + 2000);
    expect(await codeOf(setImage(target, { virtualDiskId: NEW_ID }))).toBe('VHDX_HEADER_CHECKSUM_MISMATCH');
    expect(target.operations).toEqual([]);
  });

  test('signal is aborted already → its reason, nothing written', async () => {
    const { target } = subject();
    const plan = await planSet(target, { virtualDiskId: NEW_ID });
    await expect(applyPlan(target, plan, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(target.operations).toEqual([]);
  });
});
