/** How often a pending log is read when an image is changed: once, as by an opener. */
import { describe, expect, test } from 'vitest';
import {
  applyPlan,
  type ChangePlan,
  planCompact,
  planRepair,
  planReplay,
  planResize,
  planSet,
} from '../../../runtime/change.js';
import { checkImage, openVhdx } from '../../../runtime/index.js';
import type { ByteSource } from '../../../runtime/io/byte-source.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';

/** One entry, which writes into the BAT region behind the BAT. */
function pending(): TestImage {
  const image = new TestImage({ virtualSize: 8 * MIB, allocate: [3, 0], logGuid: IDS.log });
  const bytes = new Uint8Array(4096).fill(1);
  image.addLogEntry(0, {
    sequenceNumber: 1n,
    writes: [{ kind: 'data', fileOffset: image.batOffset + MIB / 4, bytes }],
  });
  return image;
}

/** A target that counts how often the first sector of its log is read. */
class LogReads extends RecordingTarget {
  count = 0;
  readonly #logOffset: number;

  constructor(image: TestImage) {
    super(image.source.copy());
    this.#logOffset = image.logOffset;
  }

  override read(...args: Parameters<RecordingTarget['read']>): ReturnType<RecordingTarget['read']> {
    const [into, position] = args;
    if (position <= this.#logOffset && position + into.length > this.#logOffset) this.count += 1;
    return super.read(...args);
  }
}

const PLANS: readonly (readonly [name: string, plan: (source: ByteSource) => Promise<ChangePlan>])[] = [
  ['replay', (source) => planReplay(source)],
  ['resize', (source) => planResize(source, { size: 16 * MIB })],
  ['set', (source) => planSet(source, { virtualDiskId: 'new' })],
  ['compact', (source) => planCompact(source)],
];

describe.each(PLANS)('%s with a pending log', (_name, makePlan) => {
  test('planned and applied with one target → the log is read as often as by an opener', async () => {
    const opened = new LogReads(pending());
    await openVhdx(opened);
    expect(opened.count).toBeGreaterThan(0);
    const target = new LogReads(pending());
    const { changed } = await applyPlan(target, await makePlan(target));
    expect([changed, target.count]).toEqual([true, opened.count]);
    expect(await checkImage(target)).toMatchObject({ verdict: 'clean', log: { state: 'clean' } });
  });

  test('planned with a source that is closed → applied with a target of the same file', async () => {
    const image = pending();
    let isClosed = false;
    const source: ByteSource = {
      size: image.size,
      read: (into, position) =>
        isClosed ? Promise.reject(new Error('closed')) : image.source.copy().read(into, position),
    };
    const plan = await makePlan(source);
    isClosed = true;
    const target = new LogReads(image);
    expect(await applyPlan(target, plan)).toMatchObject({ changed: true });
    expect(target.count).toBeGreaterThan(0);
    expect(await checkImage(target)).toMatchObject({ verdict: 'clean', log: { state: 'clean' } });
  });
});

test('repair with a pending log → each of its checks reads the log as an opener does, and its replay does not', async () => {
  const opened = new LogReads(pending());
  await openVhdx(opened);
  const target = new LogReads(pending());
  const plan = await planRepair(target);
  expect(target.count).toBe(opened.count);
  await applyPlan(target, plan);
  expect(target.count).toBe(2 * opened.count);
  expect(await checkImage(target)).toMatchObject({ verdict: 'clean', log: { state: 'clean' } });
});
