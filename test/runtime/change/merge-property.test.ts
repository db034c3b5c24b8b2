/** Random children are merged into random parents: the parent then reads as the child did over it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatGuid } from '../../../runtime/base/guid.js';
import { mergeImage, planMerge } from '../../../runtime/change.js';
import { checkImage, openDisk, type ParentResolver, type VhdxDisk, VhdxError } from '../../../runtime/index.js';
import { MemoryTarget } from '../../../runtime/io.js';
import { type ByteSource, readExactly } from '../../../runtime/io/byte-source.js';
import type { TestImage } from '../../support/image-builder.js';
import { imageOf, parentOf, randomImages } from '../../support/random-images.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 40);

/** Gives the parents one after the other. */
function inOrder(...sources: readonly ByteSource[]): ParentResolver {
  const rest = [...sources];
  return () => Promise.resolve(rest.shift());
}

async function contents(disk: VhdxDisk): Promise<Uint8Array> {
  return readExactly(disk, 0, disk.size);
}

/** The DataWriteGuid that children name. */
function asParent(image: TestImage): TestImage {
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0x83ed_0ec3;
  });
}

const chains = fc
  .record({ child: randomImages, parent: randomImages, depth: fc.constantFrom<1 | 2>(1, 2) })
  .map(({ child, parent, depth }) => ({
    child: { ...child, type: 'differencing' as const },
    parent: { ...parent, sectorSize: child.sectorSize, ...(depth === 2 ? { type: 'differencing' as const } : {}) },
    depth,
  }));

describe('any child and parent', () => {
  test('merged → the parent is clean, of the size of the larger one, and reads as the child did over it', async () => {
    const seen = { merged: 0, grown: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(chains, async ({ child, parent, depth }) => {
        const childImage = imageOf(child);
        const parentImage = asParent(imageOf(parent));
        const grandparent = parent.type === 'differencing' ? parentOf(parent) : undefined;
        const behind = grandparent === undefined ? [] : [grandparent.source];
        const into = depth === 2 && grandparent !== undefined ? grandparent : parentImage;
        const behindInto = into === parentImage ? behind : [];
        const disk = await openDisk(childImage.source, { parent: inOrder(parentImage.source, ...behind) });
        const expected = await contents(disk);
        const before = await contents(await openDisk(into.source, { parent: inOrder(...behindInto) }));
        const target = new MemoryTarget(into.toBytes());
        const plan = await planMerge(target, { child: disk, depth }).catch((error: unknown) => {
          if (error instanceof VhdxError && error.code === 'VHDX_MERGE_TARGET_UNFIT') return undefined;
          throw error;
        });
        if (plan === undefined) {
          seen.refused += 1;
          return;
        }
        const { fileSize } = await mergeImage(target, { child: disk, depth });
        expect(fileSize).toBe(plan.newFileSize);
        const { groups } = await checkImage(target);
        expect(groups.filter(({ severity }) => severity !== 'info')).toEqual([]);
        const merged = await openDisk(target, { parent: inOrder(...behindInto) });
        expect(merged.size).toBe(Math.max(disk.size, before.length));
        const all = await contents(merged);
        expect(Buffer.compare(all.subarray(0, disk.size), expected)).toBe(0);
        if (before.length > disk.size) {
          expect(Buffer.compare(all.subarray(disk.size), before.subarray(disk.size))).toBe(0);
        }
        const guid = formatGuid(merged.image.header.header.dataWriteGuid);
        expect(guid).not.toBe('83ed0ec3-7777-8888-9999-aaaaaaaaaaaa');
        seen.merged += 1;
        if (disk.size > before.length) seen.grown += 1;
      }),
      { seed: 1616, numRuns: RUNS },
    );
    console.log(`${RUNS} chains: ${JSON.stringify(seen)}`);
  }, 600_000);
});
