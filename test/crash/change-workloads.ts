/** Changes that the explorer goes through: one of each kind, on small disks. */
import { rebaseImage, resizeImage, setImage } from '../../runtime/index.js';
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { type ImageSpec, KIB, MIB, TestImage } from '../support/image-builder.js';
import { wholeGpt } from '../support/partition-tables.js';
import { NEW_PATH, type Rebased, rebased } from '../support/rebased.js';
import { buildImage, buildParent, PARENT_LOCATOR } from '../support/stamped-images.js';
import type { ChangeWorkload } from './changes.js';
import { COMPACT_WORKLOADS } from './compact-workloads.js';
import { MERGE_WORKLOADS } from './merge-workloads.js';

const DISK_ID = '5e75e75e-0000-4000-8000-000000000001';

/** A block of stamps whose storage reaches past the end of the disk, with what must never be seen behind it. */
const ODD_END = 3 * MIB + 256 * KIB;

const CHILD: ImageSpec = { type: 'differencing', virtualSize: ODD_END, parent: PARENT_LOCATOR };

/** The parent of `CHILD`, which is as long as it. */
const parentOf = (spec: ImageSpec): ParentResolver => {
  const { source } = buildParent(spec);
  return () => Promise.resolve(source);
};

/** A child whose last block is partially present, with bits set behind the end of the disk. */
function partialChild(): TestImage {
  const image = new TestImage({ ...CHILD, allocate: [3, 1], bitmaps: [0] });
  image.setBat(image.payloadIndex(3), { state: 7, fileOffsetMb: image.dataOffset / MIB });
  image.source.write(new Uint8Array(MIB).fill(0xc3), image.dataOffset);
  image.source.write(new Uint8Array(MIB).fill(0x3c), image.dataOffset + MIB);
  // Block 3 has bits 6144 to 8191; the disk ends with bit 6655.
  image.source.write(new Uint8Array(128).fill(0xf1), image.dataOffset + 2 * MIB + 768);
  return image;
}

/** A disk of 2.5 MiB with a GPT, of whose blocks the last one has no storage but for the backup. */
function gptDisk(): TestImage {
  const size = 6 * MIB;
  const image = new TestImage({ virtualSize: size, allocate: [0, 5] });
  const { head, tail } = wholeGpt(size, 512, [[2048, 4095]]);
  image.source.write(head, image.dataOffset);
  image.source.write(tail, image.dataOffset + 2 * MIB - tail.length);
  return image;
}

/** Resized, and the GPT not moved yet, is a state of its own. */
const betweenSteps = (contents: string, before: string, after: string): boolean =>
  contents === before || contents.split(',')[0] === after.split(',')[0];

/** A child that gets another parent: its image, and the two parents that it may have. */
function rebaseWorkload(
  name: string,
  given: { readonly flatten?: boolean; readonly ignoreIdMismatch?: boolean },
): ChangeWorkload {
  // Two blocks in which the parents differ.
  const make = (): Rebased => rebased([1, 2, 3, 4], [1, 9, 3, 5], { virtualSize: 4 * MIB });
  const { newParent, resolver } = make();
  return {
    name,
    image: () => make().image,
    parent: resolver,
    completeEvery: 25,
    change: (target) => rebaseImage(target, { newParent, relativePath: NEW_PATH, ...given }, { parent: resolver }),
  };
}

export const CHANGE_WORKLOADS: readonly ChangeWorkload[] = [
  {
    name: 'set: disk ID and sectors',
    image: () => buildImage({ spec: { virtualSize: 4 * MIB, allocate: [0, 2] } }),
    change: (target) => setImage(target, { virtualDiskId: DISK_ID, physicalSectorSize: 512 }),
  },
  {
    name: 'resize: larger, the last block used in part',
    image: () => buildImage({ spec: { virtualSize: ODD_END, allocate: [3, 0] } }),
    change: (target) => resizeImage(target, { size: 6 * MIB }),
  },
  {
    name: 'resize: larger, stale entries behind those of the BAT',
    image: () => {
      const image = buildImage({ spec: { virtualSize: 4 * MIB, allocate: [0, 1] } });
      for (const index of [4, 5, 600, 1200]) image.setBat(index, { state: 6, fileOffsetMb: image.dataOffset / MIB });
      return image;
    },
    change: (target) => resizeImage(target, { size: 1500 * MIB }),
  },
  {
    name: 'resize: larger, the BAT moves',
    image: () => buildImage({ spec: { virtualSize: 3 * MIB, allocate: [2, 0], batLength: MIB } }),
    change: (target) => resizeImage(target, { size: 160 * 1024 * MIB }),
  },
  {
    name: 'resize: larger, the BAT moves into garbage',
    image: () => {
      const image = buildImage({ spec: { virtualSize: 6 * MIB, allocate: [2, 0], batLength: MIB }, garbage: 3 });
      return image;
    },
    change: (target) => resizeImage(target, { size: 160 * 1024 * MIB }),
  },
  {
    name: 'resize: larger, fixed',
    image: () => buildImage({ spec: { type: 'fixed', virtualSize: 2 * MIB + 512 } }),
    change: (target) => resizeImage(target, { size: 5 * MIB }),
  },
  {
    name: 'resize: larger, differencing, the last block partly in the child',
    image: partialChild,
    parent: parentOf(CHILD),
    change: (target) => resizeImage(target, { size: 6 * MIB }),
  },
  {
    name: 'resize: smaller, with what lies behind',
    image: () => buildImage({ spec: { virtualSize: 8 * MIB, allocate: [1, 7, 2, 5] } }),
    change: (target) => resizeImage(target, { size: 2 * MIB + 4096, discardData: true }),
  },
  {
    name: 'resize: smaller, a BAT of several sectors',
    image: () => buildImage({ spec: { virtualSize: 1500 * MIB, allocate: [1, 600, 1499] } }),
    change: (target) => resizeImage(target, { size: 3 * MIB, discardData: true }),
  },
  {
    name: 'resize: smaller, differencing',
    image: partialChild,
    parent: parentOf(CHILD),
    change: (target) => resizeImage(target, { size: 3 * MIB + 4096, discardData: true }),
  },
  {
    name: 'resize: larger, with the backup GPT',
    image: gptDisk,
    isAllowed: betweenSteps,
    writesInPlace: true,
    change: (target) => resizeImage(target, { size: 9 * MIB, fixGpt: true }),
  },
  rebaseWorkload('rebase: another parent, the contents kept', { flatten: true }),
  rebaseWorkload('rebase: another parent as it is', { ignoreIdMismatch: true }),
  ...COMPACT_WORKLOADS,
  ...MERGE_WORKLOADS,
];

/** The workload of this name. */
export function changeOf(name: string): ChangeWorkload {
  const found = CHANGE_WORKLOADS.find((workload) => workload.name === name);
  if (found === undefined) throw new RangeError(`there is no change ${name}`);
  return found;
}
