/**
 * Random disks, random changes of their images at rest, one after the other: after each the image is sound and holds what
 * a model says; qemu-img, where it is there and knows the type, says so too. A new operation is a command here.
 * CHANGE_RUNS gives more runs, CHANGE_SEED others.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compactImage,
  defragmentImage,
  mergeImage,
  planCompact,
  rebaseImage,
  resizeImage,
  setImage,
} from '../../../runtime/change.js';
import { type ByteSource, MemoryTarget } from '../../../runtime/io.js';
import { createVhdx, openDisk, openVhdx, openWritableDisk, type ParentResolver } from '../../../runtime/index.js';
import { readVhdx } from '../../../runtime/image/open.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { without } from '../../interop/peers.js';
import { type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { expectModel, expectPeerAgrees, OfflineModel, UNIT, writeBoth } from '../../support/offline-model.js';
import { RecordingTarget } from '../../support/recording-target.js';
import type { SparseSource } from '../../support/sparse-source.js';
import { buildParent, PARENT_LOCATOR } from '../../support/stamped-images.js';

const RUNS = Number(process.env['CHANGE_RUNS'] ?? 60);
const SEED = Number(process.env['CHANGE_SEED'] ?? 1601);
const CHUNK = 4096 * MIB;
const UNKNOWN_REGION = '7e57ab1e-0000-4000-8000-000000000001';
const UNKNOWN_ITEM = '7e57ab1e-0000-4000-8000-000000000002';
const ITEM_BYTES = Uint8Array.from({ length: 100 }, (_, index) => index);

interface Subject {
  readonly target: RecordingTarget;
  readonly model: OfflineModel;
  readonly image: TestImage;
  readonly parent: ParentResolver | undefined;
  /** The file of the parent that a differencing disk has at the time; `parent` gives it. */
  parentFile: SparseSource | undefined;
}

/** Something that is done to image and model. */
type Command = (subject: Subject) => Promise<void>;

/** A size of a disk, by the sectors that it has; some of several chunks, some that end inside of a block. */
const sizes = (sector: number): fc.Arbitrary<number> =>
  fc
    .oneof(
      { weight: 6, arbitrary: fc.tuple(fc.nat(9), fc.nat(MIB / sector)) },
      { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 4090, max: 4100 }), fc.nat(3)) },
      { weight: 1, arbitrary: fc.constant([(2 * CHUNK) / MIB + 3, 1] as [number, number]) },
    )
    .map(([mib, sectors]) => Math.max(4096, mib * MIB + sectors * sector));

const specs: fc.Arbitrary<ImageSpec> = fc
  .record({
    type: fc.constantFrom('dynamic' as const, 'fixed' as const, 'differencing' as const),
    blockSize: fc.constantFrom(MIB, 2 * MIB, 8 * MIB),
    logicalSectorSize: fc.constantFrom(512, 4096),
    hasRegion: fc.boolean(),
    hasItem: fc.boolean(),
  })
  .chain(({ type, hasRegion, hasItem, ...rest }) =>
    (type === 'fixed'
      ? fc.nat(4 * MIB).map((size) => Math.max(4096, size - (size % 4096)))
      : sizes(rest.logicalSectorSize)
    ).map((virtualSize): ImageSpec => ({
      ...rest,
      type,
      virtualSize,
      ...(type === 'differencing' ? { parent: PARENT_LOCATOR } : {}),
      ...(hasRegion ? { regions: [{ guid: UNKNOWN_REGION, fileOffset: 48 * MIB, length: MIB }] } : {}),
      ...(hasItem ? { items: [{ id: UNKNOWN_ITEM, bytes: ITEM_BYTES, isUser: true }] } : {}),
    })),
  );

const writes: fc.Arbitrary<Command> = fc
  .record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    units: fc.integer({ min: 1, max: 300 }),
    value: fc.integer({ min: 1, max: 255 }),
  })
  .map(({ at, units, value }) => async ({ target, model, parent }) => {
    const position = Math.floor((at * model.size) / 4096) * 4096;
    await writeBoth(target, model, { position, length: units * 4096, value }, parent);
  });

const resizes: fc.Arbitrary<Command> = fc
  .record({ size: sizes(4096), discardData: fc.boolean() })
  .map(({ size: wanted, discardData }) => async ({ target, model, image, parent }) => {
    // The blocks of a fixed disk are all written.
    const size = image.spec.type === 'fixed' ? Math.min(wanted, 6 * MIB) : wanted;
    const cuts = size < model.dataEnd;
    const resized = resizeImage(target, { size, discardData }, { parent });
    if (cuts && !discardData) {
      const before = target.operations.length;
      await expect(resized).rejects.toMatchObject({ code: 'VHDX_RESIZE_INTO_DATA' });
      expect(target.operations.length).toBe(before);
      return;
    }
    const { fileSize, plan } = await resized;
    expect(target.size).toBe(fileSize);
    expect(plan.newFileSize).toBe(fileSize);
    model.resize(size);
  });

/** Data is cut in two, and the disk made larger again: what was cut off must not come back. */
const cuts: fc.Arbitrary<Command> = fc
  .record({ part: fc.double({ min: 0.3, max: 1, noNaN: true }), more: fc.integer({ min: 1, max: 3 * MIB }) })
  .map(({ part, more }) => async ({ target, model, parent }) => {
    const smaller = Math.max(4096, Math.floor((model.dataEnd * part) / 4096) * 4096);
    if (smaller >= model.size) return;
    await resizeImage(target, { size: smaller, discardData: true }, { parent });
    model.resize(smaller);
    await expectModel(target, model, parent);
    const size = smaller + Math.ceil(more / 4096) * 4096;
    await resizeImage(target, { size }, { parent });
    model.resize(size);
  });

const minimums: fc.Arbitrary<Command> = fc.constant(async ({ target, model, parent }) => {
  const { plan } = await resizeImage(target, { toMinimum: true }, { parent });
  expect(plan.newVirtualSize).toBeGreaterThanOrEqual(model.dataEnd);
  expect(plan.newVirtualSize).toBeLessThanOrEqual(model.size);
  expect(plan.newVirtualSize - model.dataEnd).toBeLessThanOrEqual(MIB);
  model.resize(plan.newVirtualSize);
});

const settings: fc.Arbitrary<Command> = fc
  .record({
    physicalSectorSize: fc.constantFrom(undefined, 4096),
    virtualDiskId: fc.constantFrom(undefined, 'new'),
    creator: fc.constantFrom(undefined, 'a test'),
  })
  .map(
    (given) =>
      async ({ target }) =>
        void (await setImage(target, given)),
  );

/** Nothing of it is seen, and what was done once is not left to be done again. */
const compactions: fc.Arbitrary<Command> = fc
  .record({ zeros: fc.boolean(), move: fc.boolean(), sort: fc.boolean(), againstParent: fc.boolean() })
  .map(({ againstParent, ...given }) => async ({ target, image, parentFile }) => {
    const parent = parentFile === undefined ? undefined : await openDisk(parentFile);
    const request = { ...given, parent, againstParent: againstParent && parent !== undefined };
    const { plan, fileSize } = await compactImage(target, request);
    expect([target.size, fileSize]).toEqual([plan.newFileSize, plan.newFileSize]);
    expect(fileSize).toBeLessThanOrEqual(plan.fileSize);
    expect((await planCompact(target, request)).steps).toEqual([]);
    expect(image.spec.type === 'fixed' ? plan.freed.zero : 0).toBe(0);
  });

const defragmentations: fc.Arbitrary<Command> = fc.constant(async ({ target }) => void (await defragmentImage(target)));

/** Gives the parent, and then its own parents. */
function over(target: ByteSource, behind: ParentResolver | undefined): ParentResolver {
  const first = [target];
  return async (candidate) => first.pop() ?? behind?.(candidate);
}

/** A child is made, written to, and merged: blocks of any size, over any type. */
const merges: fc.Arbitrary<Command> = fc
  .record({
    blockSize: fc.constantFrom(MIB, 2 * MIB, 4 * MIB),
    at: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(600), fc.nat(255)), { maxLength: 4 }),
    isTwice: fc.boolean(),
  })
  .map(({ blockSize, at, isTwice }) => async ({ target, model, parent: behind }) => {
    const child = new MemoryTarget();
    const locator = { image: await openVhdx(target), relativePath: String.raw`.\parent.vhdx` };
    await createVhdx(child, { parent: locator, blockSize });
    const writer = await openWritableDisk(child, { parent: over(target, behind) });
    let last = 0;
    for (const [part, units, value] of at) {
      const position = Math.floor((part * model.size) / UNIT) * UNIT;
      const length = Math.min(units * UNIT, model.size - position);
      if (length <= 0) continue;
      // Of value 0 it is zeros over what the parent has.
      await writer.write(new Uint8Array(length).fill(value), position);
      model.fill(position, length, value);
      last = value;
    }
    await writer.close();
    await mergeImage(target, { child: await openDisk(child, { parent: over(target, behind) }) });
    // Of zeros alone it cannot be told.
    if (!isTwice || last === 0) return;
    const again = await openDisk(child, { parent: over(target, behind), ignoreIdMismatch: true });
    expect(await mergeImage(target, { child: again })).toMatchObject({ changed: false, plan: { isMerged: true } });
  });

let parents = 0;

/** The new parent is filled with other bytes, which are seen only if the contents are not kept. */
const rebases: fc.Arbitrary<Command> = fc
  .record({ value: fc.nat(255), flatten: fc.boolean(), name: fc.stringMatching(/^[a-z]{0,60}$/) })
  .map(({ value, flatten, name }) => async (subject) => {
    const { target, model, image, parent } = subject;
    if (image.spec.type !== 'differencing') return;
    const logicalSectorSize = image.spec.logicalSectorSize ?? 512;
    const other = new TestImage({ virtualSize: UNIT, logicalSectorSize, allocate: [0] });
    other.source.write(new Uint8Array(UNIT).fill(value), other.dataOffset);
    parents += 1;
    other.editHeader('both', (header) => {
      header.dataWriteGuid.data1 = parents;
    });
    const expected = new Uint8Array(UNIT);
    expected.set(model.units.get(0) ?? []);
    if (!flatten) {
      const disk = await openDisk(target, { parent });
      for await (const { depth, virtualOffset, length } of disk.extents({ start: 0, end: UNIT })) {
        if (depth > 0) expected.fill(value, virtualOffset, virtualOffset + length);
      }
    }
    const relativePath = `.\\${name}new.vhdx`;
    const request = { newParent: other.source, relativePath, flatten, ignoreIdMismatch: !flatten };
    await rebaseImage(target, request, { parent });
    subject.parentFile = other.source;
    model.units.set(0, expected);
  });

const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: writes },
    { weight: 3, arbitrary: resizes },
    cuts,
    minimums,
    settings,
    { weight: 2, arbitrary: compactions },
    defragmentations,
    { weight: 2, arbitrary: merges },
    { weight: 2, arbitrary: rebases },
  ),
  {
    minLength: 1,
    maxLength: 8,
  },
);

function subjectOf(spec: ImageSpec): Omit<Subject, 'model'> {
  const image = new TestImage(spec);
  if (spec.regions !== undefined) {
    image.size = Math.max(image.size, 49 * MIB);
    image.source.write(new Uint8Array(MIB).fill(0xee), 48 * MIB);
  }
  const target = new RecordingTarget(image.source);
  if (spec.type !== 'differencing') return { image, target, parent: undefined, parentFile: undefined };
  // Small, so that the child is never smaller again: what a child shows there is its parent's.
  const { source } = buildParent({ virtualSize: UNIT, logicalSectorSize: spec.logicalSectorSize ?? 512 });
  const subject: Omit<Subject, 'model'> = {
    image,
    target,
    parentFile: source,
    parent: () => Promise.resolve(subject.parentFile),
  };
  return subject;
}

const hasPeer = !without('qemu-img');

test(`random changes at rest, seed ${SEED} → sound, with the contents of the model`, async () => {
  await fc.assert(
    fc.asyncProperty(specs, commands, async (spec, list) => {
      const made = subjectOf(spec);
      const subject = Object.assign(made, { model: await OfflineModel.of(made.target, made.parent) });
      for (const command of list) {
        await command(subject);
        await expectModel(subject.target, subject.model, subject.parent);
      }
      // It knows no differencing disks, and sectors of 512 bytes alone.
      const isKnown = spec.type !== 'differencing' && spec.logicalSectorSize === 512;
      if (hasPeer && isKnown) expectPeerAgrees(subject.target, subject.model);
      const { regions, items } = await readVhdx(subject.target);
      const region = regions.regions.find(({ guid }) => guid === UNKNOWN_REGION);
      if (spec.regions !== undefined) {
        const kept = await readExactly(subject.target, region?.fileOffset ?? 0, MIB);
        expect(kept.every((byte) => byte === 0xee)).toBe(true);
      }
      const item = items.find(({ id }) => id === UNKNOWN_ITEM);
      if (spec.items !== undefined) {
        const kept = await readExactly(subject.target, item?.fileOffset ?? 0, 100);
        expect(Buffer.compare(kept, ITEM_BYTES)).toBe(0);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
}, 1_800_000);
