/** Images whose contents are stamps: each sector tells what it is of. */
import type { VhdxDisk } from '../../runtime/disk/disk.js';
import { readExactly } from '../../runtime/io/byte-source.js';
import { ATOM } from './crash-states.js';
import { ALIEN, GARBAGE, INITIAL, PARENT, stamp, stampsOf, ZEROS } from './disk-model.js';
import { type ImageSpec, MIB, TestImage } from './image-builder.js';

export interface StampedSpec {
  readonly spec: ImageSpec;
  /** MiBs of the file that no block has and that hold what must never be seen. */
  readonly garbage?: number | undefined;
  /** Whether the bits of all sectors are set in the sector bitmap block that it has. */
  readonly staleBits?: boolean;
}

/** Says that the parent is the one that `buildParent` makes. */
export const PARENT_LOCATOR = [
  ['parent_linkage', '{83ed0ec3-7777-8888-9999-aaaaaaaaaaaa}'],
  ['relative_path', String.raw`.\parent.vhdx`],
] as const;

/** An image with stamps for contents. */
export function buildImage({ spec, garbage = 0, staleBits = false }: StampedSpec): TestImage {
  const image = new TestImage(spec);
  const all = spec.type === 'fixed' ? Array.from({ length: image.payloadBlocks }, (_, block) => block) : [];
  for (const [index, block] of (spec.allocate ?? all).entries()) {
    const bytes = stamp(new Uint8Array(image.blockSize), block * image.blockSize, INITIAL);
    image.source.write(bytes, image.dataOffset + index * image.blockSize);
  }
  if (staleBits) image.source.write(new Uint8Array(MIB).fill(0xff), image.dataOffset);
  const start = image.append(garbage * MIB) * MIB;
  image.source.write(stamp(new Uint8Array(garbage * MIB), 0, GARBAGE), start);
  // The last MiB of the file is a block's, so that the garbage is inside of the file.
  if (garbage > 0) {
    const last = image.payloadBlocks - 1;
    const fileOffsetMb = image.append(image.blockSize);
    image.source.write(stamp(new Uint8Array(image.blockSize), last * image.blockSize, INITIAL), fileOffsetMb * MIB);
    image.setBat(image.payloadIndex(last), { state: 6, fileOffsetMb });
  }
  return image;
}

/** The parent that `PARENT_LOCATOR` names: every second block of it has contents. */
export function buildParent({ virtualSize = 16 * MIB, logicalSectorSize = 512 }: ImageSpec): TestImage {
  const blocks = Math.ceil(virtualSize / MIB);
  const allocate = Array.from({ length: blocks }, (_, block) => block).filter((block) => block % 2 === 0);
  const image = new TestImage({ virtualSize, logicalSectorSize, allocate });
  for (const [index, block] of allocate.entries()) {
    image.source.write(stamp(new Uint8Array(MIB), block * MIB, PARENT), image.dataOffset + index * MIB);
  }
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0x83ed_0ec3;
  });
}

/** The value of each atom of a disk, from its stamps. */
export async function valuesOf(disk: VhdxDisk): Promise<Int32Array> {
  const values = new Int32Array(disk.size / ATOM).fill(ZEROS);
  for await (const { kind, virtualOffset, length } of disk.extents()) {
    if (kind === 'zero') continue;
    const stamps = stampsOf(await readExactly(disk, virtualOffset, length));
    for (let at = 0; at < stamps.length; at += 2) values[virtualOffset / ATOM + at / 2] = stamps[at] ?? ALIEN;
  }
  return values;
}
