/** Random images are compacted: they are clean, hold what they held, and are as small as they can be. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CompactRequest,
  compactImage,
  copyCompacted,
  defragmentImage,
  planCompact,
} from '../../../runtime/change.js';
import { MemoryTarget } from '../../../runtime/io.js';
import { checkImage, imageUsage, openDisk, type ParentResolver } from '../../../runtime/index.js';
import { type ByteSource, readExactly } from '../../../runtime/io/byte-source.js';
import { MIB } from '../../support/image-builder.js';
import { imageOf, parentOf, type RandomImage, randomImages } from '../../support/random-images.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40);

async function contents(source: ByteSource, parent: ParentResolver | undefined): Promise<Uint8Array> {
  const disk = await openDisk(source, parent === undefined ? {} : { parent });
  return readExactly(disk, 0, disk.size);
}

async function requireSound(
  source: ByteSource,
  expected: Uint8Array,
  parent: ParentResolver | undefined,
): Promise<void> {
  const { groups } = await checkImage(source);
  expect(groups.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(Buffer.compare(await contents(source, parent), expected)).toBe(0);
}

/** Where an unknown region is, nothing of it has changed. */
async function requireRegion(source: ByteSource): Promise<void> {
  const { image } = await openDisk(source, { parent: () => Promise.resolve(undefined) }).catch(() => ({
    image: undefined,
  }));
  const unknown = image?.regions.regions.find(({ name }) => name === 'unknown');
  if (unknown === undefined) return;
  const expected = new Uint8Array(MIB).fill(0x77);
  expect(Buffer.compare(await readExactly(source, unknown.fileOffset, MIB), expected)).toBe(0);
}

describe('any image', () => {
  test('compacted, sorted, or copied → clean, with the same contents, nothing left to be done, no free MiB', async () => {
    let shrunk = 0;
    await fc.assert(
      fc.asyncProperty(
        randomImages,
        fc.constantFrom<'compact' | 'sort' | 'defragment' | 'copy'>('compact', 'sort', 'defragment', 'copy'),
        fc.boolean(),
        fc.boolean(),
        async (random: RandomImage, way, zeros, against) => {
          const image = imageOf(random);
          const parentImage = random.type === 'differencing' ? parentOf(random) : undefined;
          const parent = parentImage === undefined ? undefined : () => Promise.resolve(parentImage.source);
          const before = await contents(image.source, parent);
          await requireSound(image.source, before, parent);
          const againstParent = against && parentImage !== undefined;
          const request: CompactRequest = {
            zeros,
            sort: way === 'sort',
            againstParent,
            parent: againstParent ? await openDisk(parentImage.source) : undefined,
          };
          const { freed } = await planCompact(image.source, request);
          let target = new MemoryTarget(image.toBytes());
          if (way === 'defragment') await defragmentImage(target);
          else if (way === 'copy') {
            target = new MemoryTarget();
            await copyCompacted(image.source, target, request);
          } else await compactImage(target, request);
          await requireSound(target, before, parent);
          await requireRegion(target);
          expect(target.size).toBeLessThanOrEqual(image.size);
          expect(target.size % MIB).toBe(0);
          const request2 = way === 'defragment' ? { zeros: false, sort: true } : request;
          expect((await planCompact(target, request2)).steps).toEqual([]);
          const { file } = await imageUsage(target);
          if (random.region < 0) expect(file.totals.free).toBe(0);
          const sum = Object.values(freed).reduce((all, bytes) => all + bytes, 0);
          if (random.region < 0 && way !== 'defragment') expect(target.size).toBeLessThanOrEqual(image.size - sum);
          if (target.size < image.size) shrunk += 1;
        },
      ),
      { seed: 1616, numRuns: RUNS },
    );
    console.log(`${RUNS} images, ${shrunk} became smaller`);
  }, 600_000);
});
