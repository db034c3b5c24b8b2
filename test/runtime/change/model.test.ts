/**
 * Random disks, random changes of their images at rest, one after the other: after each the image is sound and holds what
 * a model says. A new operation is a command here. CHANGE_RUNS gives more runs.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { resizeImage, setImage } from '../../../runtime/index.js';
import type { ParentResolver } from '../../../runtime/disk/chain.js';
import { type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { expectModel, OfflineModel, writeBoth } from '../../support/offline-model.js';
import { RecordingTarget } from '../../support/recording-target.js';
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

const commands = fc.array(
  fc.oneof({ weight: 3, arbitrary: writes }, { weight: 4, arbitrary: resizes }, cuts, minimums, settings),
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
  let parent: ParentResolver | undefined;
  if (spec.type === 'differencing') {
    // Small, so that the child is never smaller again: what a child shows there is its parent's.
    const { source } = buildParent({ virtualSize: 4096, logicalSectorSize: spec.logicalSectorSize ?? 512 });
    parent = () => Promise.resolve(source);
  }
  return { image, target: new RecordingTarget(image.source), parent };
}

test(`random changes at rest, seed ${SEED} → sound, with the contents of the model`, async () => {
  await fc.assert(
    fc.asyncProperty(specs, commands, async (spec, list) => {
      const made = subjectOf(spec);
      const subject = { ...made, model: await OfflineModel.of(made.target, made.parent) };
      for (const command of list) {
        await command(subject);
        await expectModel(subject.target, subject.model, subject.parent);
      }
      const { image } = subject;
      if (spec.regions !== undefined)
        expect(image.source.bytes(48 * MIB, MIB).every((byte) => byte === 0xee)).toBe(true);
      if (spec.items !== undefined) {
        const at = image.itemOffsets.get(UNKNOWN_ITEM) ?? 0;
        expect(Buffer.compare(image.source.bytes(at, 100), ITEM_BYTES)).toBe(0);
      }
    }),
    { numRuns: RUNS, seed: SEED },
  );
}, 600_000);
