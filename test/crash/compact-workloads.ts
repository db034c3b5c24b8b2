/** Compactions that the explorer goes through. */
import { compactImage, defragmentImage } from '../../runtime/change.js';
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { openDisk } from '../../runtime/disk/disk.js';
import { MIB, type TestImage } from '../support/image-builder.js';
import { buildImage, buildParent, PARENT_LOCATOR } from '../support/stamped-images.js';
import { structuresBehind } from '../support/scattered-structures.js';
import type { ChangeWorkload } from './changes.js';

/** An image of which these blocks, by their place in the file, hold zeros. */
function withZeros(image: TestImage, places: readonly number[]): TestImage {
  for (const place of places) {
    image.source.write(new Uint8Array(image.blockSize), image.dataOffset + place * image.blockSize);
  }
  return image;
}

/** A hole that is smaller than a block, before all blocks: the first of them gives way, and then each moves down. */
function withSmallHole(): TestImage {
  const image = buildImage({ spec: { virtualSize: 12 * MIB, blockSize: 2 * MIB, allocate: [4, 0, 2, 1, 3] } });
  const length = 5 * 2 * MIB;
  const bytes = image.source.bytes(image.dataOffset, length);
  image.append(MIB);
  image.source.write(new Uint8Array(MIB).fill(0xee), image.dataOffset);
  image.source.write(bytes, image.dataOffset + MIB);
  for (const [index, block] of [4, 0, 2, 1, 3].entries()) {
    const fileOffsetMb = image.dataOffset / MIB + 1 + index * 2;
    image.setBat(image.payloadIndex(block), { state: 6, fileOffsetMb });
  }
  return image;
}

function differencing(): TestImage {
  const spec = {
    type: 'differencing',
    virtualSize: 8 * MIB,
    parent: PARENT_LOCATOR,
    allocate: [1, 3, 5, 6],
    bitmaps: [0],
  } as const;
  const image = withZeros(buildImage({ spec }), [1]);
  // Block 5 has none of its sectors, block 6 every second one.
  const places = [2, 3].map((place) => image.dataOffset / MIB + place);
  image.setBat(image.payloadIndex(5), { state: 7, fileOffsetMb: places[0] ?? 0 });
  image.setBat(image.payloadIndex(6), { state: 7, fileOffsetMb: places[1] ?? 0 });
  image.source.write(new Uint8Array(256).fill(0x55), image.dataOffset + 4 * MIB + 6 * 256);
  return image;
}

const parentOfDifferencing: ParentResolver = () => Promise.resolve(buildParent({ virtualSize: 8 * MIB }).source);
/** The third of the blocks that the parent has. */
const PARENT_BLOCK_4 = buildParent({ virtualSize: 8 * MIB }).dataOffset + 2 * MIB;

export const COMPACT_WORKLOADS: readonly ChangeWorkload[] = [
  {
    name: 'compact: zeros',
    image: () => withZeros(buildImage({ spec: { virtualSize: 8 * MIB, allocate: [0, 1, 2, 3, 4, 5] } }), [0, 2]),
    change: (target) => compactImage(target),
  },
  {
    name: 'compact: a hole that is smaller than a block',
    image: withSmallHole,
    change: (target) => compactImage(target),
  },
  {
    name: 'compact: two sectors of the BAT',
    image: () =>
      withZeros(buildImage({ spec: { virtualSize: 1024 * MIB, allocate: [0, 1023, 1, 1022, 600] } }), [0, 1]),
    change: (target) => compactImage(target),
  },
  {
    name: 'compact: differencing',
    image: differencing,
    change: (target) => compactImage(target),
    parent: parentOfDifferencing,
  },
  {
    name: 'compact: the log and the regions behind the blocks',
    image: () => structuresBehind(buildImage({ spec: { virtualSize: 8 * MIB, allocate: [3, 0, 5] } })),
    change: (target) => compactImage(target),
  },
  {
    name: 'compact: a BAT that is larger than the hole',
    image: () => {
      const spec = { virtualSize: 4 * MIB, batLength: 2 * MIB, allocate: [1] } as const;
      return structuresBehind(buildImage({ spec }), 1);
    },
    change: (target) => compactImage(target),
  },
  {
    name: 'compact: holes for what is given up',
    image: () => {
      const spec = { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR, allocate: [4, 2, 1] } as const;
      const image = buildImage({ spec });
      // Block 4 is that of the parent.
      image.source.write(buildParent({ virtualSize: 8 * MIB }).source.bytes(PARENT_BLOCK_4, MIB), image.dataOffset);
      return image;
    },
    parent: parentOfDifferencing,
    change: async (target) => {
      const parent = await openDisk(buildParent({ virtualSize: 8 * MIB }).source);
      return compactImage(target, { move: false, punchHoles: true, againstParent: true, parent });
    },
  },
  {
    name: 'defragment',
    image: () => buildImage({ spec: { virtualSize: 8 * MIB, allocate: [3, 6, 0, 5, 2] } }),
    change: (target) => defragmentImage(target),
  },
];
