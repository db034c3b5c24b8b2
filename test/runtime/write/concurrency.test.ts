/** Any number of reads, writes, discards and flushes at once on one disk, in any order that the host carries them out. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { type DiskOptions, openDisk } from '../../../runtime/disk/disk.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { openWritableDisk, type WritableDisk } from '../../../runtime/write/writable-disk.js';
import { DiskModel } from '../../support/disk-model.js';
import { perform, type Step } from '../../support/disk-steps.js';
import { type ImageSpec, KIB, MIB } from '../../support/image-builder.js';
import { Clock, type EditableFile, RecordingTarget } from '../../support/recording-target.js';
import type { SparseSource } from '../../support/sparse-source.js';
import { buildImage, buildParent, PARENT_LOCATOR, type StampedSpec, valuesOf } from '../../support/stamped-images.js';

const SIZE = 4 * MIB;
const differencing: ImageSpec = { type: 'differencing', virtualSize: SIZE, parent: PARENT_LOCATOR };

const subjects: readonly (readonly [name: string, spec: StampedSpec])[] = [
  ['dynamic', { spec: { virtualSize: SIZE, allocate: [1] } }],
  ['dynamic, garbage in its free space', { spec: { virtualSize: SIZE, allocate: [0] }, garbage: 3 }],
  ['dynamic, sectors of 4096', { spec: { virtualSize: SIZE, allocate: [1], logicalSectorSize: 4096 } }],
  ['fixed', { spec: { type: 'fixed', virtualSize: SIZE } }],
  ['differencing', { spec: differencing }],
  ['differencing, garbage in its free space', { spec: { ...differencing, allocate: [2] }, garbage: 3 }],
  ['differencing, sectors of 4096', { spec: { ...differencing, logicalSectorSize: 4096 } }],
];

/** A target whose operations are done when `turn` lets them. */
class ScheduledTarget extends RecordingTarget {
  readonly #turn: (label: string) => Promise<void>;

  constructor(file: SparseSource, turn: (label: string) => Promise<void>) {
    super(file, undefined, { clock: new Clock(), wait: ({ kind }) => turn(kind), mayOverlap: true });
    this.#turn = turn;
  }

  override async read(into: Uint8Array, position: number): Promise<number> {
    await this.#turn('read');
    return super.read(into, position);
  }

  get flushes(): number {
    return this.operations.filter(({ kind }) => kind === 'flush').length;
  }
}

/** A disk that is being written, with the model of it. */
interface Scene {
  readonly target: ScheduledTarget;
  readonly disk: WritableDisk;
  readonly model: DiskModel;
  readonly resolver: Pick<DiskOptions, 'parent'>;
  /** From now on operations wait for their turn. */
  schedule(turn: (label: string) => Promise<void>): void;
}

async function sceneOf(stamped: StampedSpec): Promise<Scene> {
  const image = buildImage(stamped);
  const parent = stamped.spec.type === 'differencing' ? buildParent(stamped.spec) : undefined;
  const resolver = parent === undefined ? {} : { parent: () => Promise.resolve(parent.source) };
  const before = await openDisk(image.source, resolver);
  const model = new DiskModel(before.size, new Clock(), await valuesOf(before));
  let turn: (label: string) => Promise<void> = () => Promise.resolve();
  const target = new ScheduledTarget(image.source, (label) => turn(label));
  const disk = await openWritableDisk(target, resolver);
  const schedule = (next: typeof turn): void => {
    turn = next;
  };
  return { target, disk, model, resolver, schedule };
}

/** What the file holds in the end: every write, nothing else, and no fault. */
async function expectAtRest({ target, model, resolver }: Scene): Promise<void> {
  const file: EditableFile = target.file;
  expect(file.size % MIB).toBe(0);
  const { findings } = await checkImage(target.file);
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const disk = await openDisk(target.file, resolver);
  const begun = model.clock.tick();
  expect(model.judgeRead(await readExactly(disk, 0, disk.size), 0, begun)).toBeUndefined();
}

/** A step, and which of the earlier ones have to be done before it is asked for. */
type Asked = Step & { readonly after: 'none' | 'last' | 'all' };

/** Ranges that meet often: in two places of two blocks, on the border between blocks, a whole block, anywhere. */
function rangeIn({ logicalSectorSize: sector = 512 }: ImageSpec): fc.Arbitrary<{ position: number; length: number }> {
  const place = fc.oneof(
    fc.constantFrom(0, MIB - sector, MIB, 2 * MIB + 64 * KIB),
    fc.nat(SIZE / sector - 1).map((number) => number * sector),
  );
  const small = fc.record({ position: place, length: fc.constantFrom(1, 2, 3, 40).map((count) => count * sector) });
  const whole = fc.record({ position: fc.nat(3).map((block) => block * MIB), length: fc.constant(MIB) });
  const bounded = ({
    position,
    length,
  }: {
    position: number;
    length: number;
  }): { position: number; length: number } => ({
    position,
    length: Math.min(length, SIZE - position),
  });
  return fc.oneof({ weight: 4, arbitrary: small }, { weight: 1, arbitrary: whole }).map(bounded);
}

function stepsOn(spec: ImageSpec): fc.Arbitrary<Asked[]> {
  const after = fc.constantFrom(
    'none' as const,
    'none' as const,
    'none' as const,
    'last' as const,
    'last' as const,
    'all' as const,
  );
  const kind = fc.constantFrom('read' as const, 'write' as const, 'write' as const, 'discard' as const);
  const change = fc
    .tuple(kind, rangeIn(spec), after)
    .map(([what, range, since]): Asked => ({ kind: what, ...range, after: since }));
  const flush = after.map((since): Asked => ({ kind: 'flush', after: since }));
  const step = fc.oneof({ weight: 5, arbitrary: change }, { weight: 1, arbitrary: flush });
  return fc.array(step, { minLength: 2, maxLength: 18 });
}

describe('reads, writes, discards and flushes at once', () => {
  test.each(subjects)(
    '%s → every sector read is one that some order explains; nothing hangs, nothing is lost',
    async (_, stamped) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), stepsOn(stamped.spec), async (scheduler, steps) => {
          const scene = await sceneOf(stamped);
          scene.schedule((label) => scheduler.schedule(Promise.resolve(), label));
          const running: Promise<void>[] = [];
          const work = async (): Promise<void> => {
            for (const step of steps) {
              if (step.after === 'all') await Promise.all(running);
              if (step.after === 'last') await running.at(-1);
              running.push(perform(scene.disk, scene.model, step));
            }
            await Promise.all(running);
            await scene.disk.close();
          };
          await scheduler.waitFor(work());
          await expectAtRest(scene);
        }),
        { numRuns: 120, seed: 61, timeout: 20_000 },
      );
    },
    600_000,
  );
});

/** A turn that only `release` gives. */
function gate(): { turn: () => Promise<void>; release: () => void } {
  let release = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { turn: () => opened, release };
}

describe('storage that a block gives up', () => {
  const stamped: StampedSpec = { spec: { virtualSize: SIZE, allocate: [0] } };
  const wholeBlock = (block: number): { position: number; length: number } => ({ position: block * MIB, length: MIB });

  test.each(['read', 'write'] as const)(
    'while a %s of the block is under way → is no other block yet',
    async (kind) => {
      const scene = await sceneOf(stamped);
      const { disk, model } = scene;
      const { turn, release } = gate();
      // BAT and headers have been read and written by then: what is held is the block's.
      await perform(disk, model, { kind: 'write', position: 2 * MIB, length: 512 });
      let held = false;
      scene.schedule((label) => {
        if (label !== kind || held) return Promise.resolve();
        held = true;
        return turn();
      });
      const slow = perform(disk, model, { kind, position: 4096, length: 512 });
      await new Promise(setImmediate);
      expect(held).toBe(true);
      await perform(disk, model, { kind: 'discard', ...wholeBlock(0) });
      await perform(disk, model, { kind: 'flush' });
      await perform(disk, model, { kind: 'write', ...wholeBlock(3) });
      release();
      await slow;
      await perform(disk, model, { kind: 'read', position: 0, length: SIZE });
      await disk.close();
      await expectAtRest(scene);
    },
  );

  test('once nothing of it is under way → is the next block', async () => {
    const scene = await sceneOf(stamped);
    const { size } = scene.target.file;
    await perform(scene.disk, scene.model, { kind: 'discard', ...wholeBlock(0) });
    await perform(scene.disk, scene.model, { kind: 'flush' });
    await perform(scene.disk, scene.model, { kind: 'write', ...wholeBlock(3) });
    await scene.disk.close();
    expect(scene.target.file.size).toBe(size);
    await expectAtRest(scene);
  });
});

describe('flushes at once', () => {
  test('20 after a write in place → one flush of the file', async () => {
    const { disk, target } = await sceneOf({ spec: { virtualSize: SIZE, allocate: [0] } });
    await disk.write(new Uint8Array(512), 0);
    const before = target.flushes;
    await Promise.all(Array.from({ length: 20 }, () => disk.flush()));
    expect(target.flushes - before).toBe(1);
    await disk.close();
  });

  test('20 with nothing to flush → none', async () => {
    const { disk, target } = await sceneOf({ spec: { virtualSize: SIZE, allocate: [0] } });
    await Promise.all(Array.from({ length: 20 }, () => disk.flush()));
    expect(target.operations).toEqual([]);
    await disk.close();
    expect(target.operations).toEqual([]);
  });

  test('20 that come while one is running, after another write → one more, which covers that write', async () => {
    const scene = await sceneOf({ spec: { virtualSize: SIZE, allocate: [0] } });
    const { disk, target } = scene;
    await disk.write(new Uint8Array(512).fill(1), 0);
    const { turn, release } = gate();
    const before = target.flushes;
    scene.schedule((label) => (label === 'flush' ? turn() : Promise.resolve()));
    const first = disk.flush();
    await disk.write(new Uint8Array(512).fill(2), 512);
    const rest = Array.from({ length: 20 }, () => disk.flush());
    expect(target.flushes - before).toBe(1);
    release();
    await Promise.all([first, ...rest]);
    expect(target.flushes - before).toBe(2);
    const written = target.timed.findLast(({ operation }) => operation.kind === 'write');
    const flushed = target.timed.findLast(({ operation }) => operation.kind === 'flush');
    expect(flushed?.begin).toBeGreaterThan(written?.end ?? Infinity);
    await disk.close();
  });

  test('100 blocks written at once, then one flush → one log entry', async () => {
    const { disk, target } = await sceneOf({ spec: { virtualSize: 128 * MIB } });
    await Promise.all(Array.from({ length: 100 }, (_, block) => disk.write(new Uint8Array(4096).fill(9), block * MIB)));
    await disk.flush();
    const entries = target.operations.filter(
      (operation) => operation.kind === 'write' && operation.position >= MIB && operation.position < 2 * MIB,
    );
    expect(entries).toHaveLength(1);
    await disk.close();
  });
});
