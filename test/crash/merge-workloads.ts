/** Merges that the explorer goes through: what counts is what the child reads as, until it has no part in it any more. */
import { mergeImage } from '../../runtime/change.js';
import { openDisk, type ParentResolver, type VhdxDisk, VhdxError } from '../../runtime/index.js';
import type { ByteSource } from '../../runtime/io/byte-source.js';
import { type ImageSpec, MIB, type TestImage } from '../support/image-builder.js';
import { buildImage, buildParent, PARENT_LOCATOR } from '../support/stamped-images.js';
import type { ChangeWorkload } from './changes.js';

/** Gives the parents one after the other. */
function inOrder(...sources: readonly ByteSource[]): ParentResolver {
  const rest = [...sources];
  return () => Promise.resolve(rest.shift());
}

function asParent(image: TestImage): TestImage {
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0x83ed_0ec3;
  });
}

/** A child of all kinds of blocks: present, zeros, and one of which it has both ends. */
function childOf(spec: ImageSpec, partial: number): TestImage {
  const image = buildImage({ spec: { ...spec, type: 'differencing', parent: PARENT_LOCATOR, bitmaps: [0] } });
  image.setBat(image.payloadIndex(2), { state: 2 });
  const place = spec.allocate?.indexOf(partial) ?? 0;
  image.setBat(image.payloadIndex(partial), { state: 7, fileOffsetMb: image.dataOffset / MIB + place });
  const bits = image.blockSize / 512 / 8;
  const bitmap = image.dataOffset + (spec.allocate?.length ?? 0) * image.blockSize;
  image.source.write(new Uint8Array(bits / 4).fill(0xff), bitmap + partial * bits);
  image.source.write(new Uint8Array(bits / 8).fill(0xff), bitmap + (partial + 7 / 8) * bits);
  return image;
}

/** `behind`: the parent's own parents. */
function merge(
  name: string,
  child: TestImage,
  image: () => TestImage,
  ...behind: readonly TestImage[]
): ChangeWorkload {
  const rest = behind.map(({ source }) => source);
  const open = async (source: ByteSource): Promise<VhdxDisk> => {
    try {
      return await openDisk(child.source, { parent: inOrder(source, ...rest) });
    } catch (error) {
      if (!(error instanceof VhdxError) || error.code !== 'VHDX_PARENT_LINKAGE_MISMATCH') throw error;
      // All is in the parent.
      return openDisk(source, { parent: inOrder(...rest) });
    }
  };
  return {
    name,
    image,
    open,
    change: async (target) => {
      const disk = await openDisk(child.source, { parent: inOrder(target, ...rest) }).catch((error: unknown) => {
        if (error instanceof VhdxError && error.code === 'VHDX_PARENT_LINKAGE_MISMATCH') return undefined;
        throw error;
      });
      if (disk !== undefined) await mergeImage(target, { child: disk });
    },
  };
}

const childSpec: ImageSpec = { virtualSize: 8 * MIB, allocate: [0, 5, 3, 7] };

export const MERGE_WORKLOADS: readonly ChangeWorkload[] = [
  merge('merge: into a dynamic parent', childOf(childSpec, 3), () =>
    asParent(buildImage({ spec: { virtualSize: 8 * MIB, allocate: [0, 2, 3] }, garbage: 2 })),
  ),
  merge(
    'merge: into a differencing parent',
    childOf(childSpec, 3),
    () =>
      asParent(
        buildImage({ spec: { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR, allocate: [5] } }),
      ),
    buildParent({ virtualSize: 8 * MIB }),
  ),
  merge('merge: into a smaller parent', childOf(childSpec, 3), () =>
    asParent(buildImage({ spec: { virtualSize: 5 * MIB, allocate: [0, 3] } })),
  ),
  merge('merge: into a fixed parent', childOf(childSpec, 3), () =>
    asParent(buildImage({ spec: { type: 'fixed', virtualSize: 8 * MIB } })),
  ),
];
