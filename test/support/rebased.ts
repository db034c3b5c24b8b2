/** A child with two parents to choose from, which its locator tells apart by their names. */
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { type ImageSpec, IDS, MIB, TestImage } from './image-builder.js';
import type { SparseSource } from './sparse-source.js';

export const OLD_PATH = String.raw`.\old.vhdx`;
export const NEW_PATH = String.raw`.\a folder with a long name, so that the locator needs more room\new.vhdx`;

const USER_ITEM = '7e57ab1e-0000-4000-8000-000000000003';
const DATA_WRITES = { old: 0x0123_4567, new: 0x89ab_cdef } as const;

/** A parent whose blocks of 1 MiB are filled with these values; 0 for none. */
function parentImage(which: 'old' | 'new', values: readonly number[], sectorSize: number): SparseSource {
  const allocate = values.flatMap((value, block) => (value === 0 ? [] : [block]));
  const image = new TestImage({ virtualSize: values.length * MIB, allocate, logicalSectorSize: sectorSize });
  for (const [index, block] of allocate.entries()) {
    image.source.write(new Uint8Array(MIB).fill(values[block] ?? 0), image.dataOffset + index * MIB);
  }
  image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = DATA_WRITES[which];
  });
  return image.source;
}

export interface Rebased {
  readonly image: TestImage;
  readonly oldParent: SparseSource;
  readonly newParent: SparseSource;
  readonly resolver: ParentResolver;
  /** Contents of the linkage to each parent. */
  readonly linkages: Readonly<Record<'old' | 'new', string>>;
}

/**
 * The child has 6 blocks of 1 MiB: 0 fully present, 1 partially, 2 zero, the others are its parent's. An item behind its
 * locator keeps it from growing in its place.
 */
export function rebased(
  oldValues: readonly number[] = [1, 2, 3, 4, 5, 0],
  newValues: readonly number[] = [1, 9, 9, 4, 0, 7],
  spec: Partial<ImageSpec> = {},
): Rebased {
  const linkageOf = (which: 'old' | 'new'): string =>
    DATA_WRITES[which].toString(16).padStart(8, '0') + IDS.dataWrite.slice(8);
  const linkages = { old: linkageOf('old'), new: linkageOf('new') };
  const image = new TestImage({
    type: 'differencing',
    virtualSize: 6 * MIB,
    allocate: [0, 1],
    bitmaps: [0],
    parent: [
      ['parent_linkage', `{${linkages.old}}`],
      ['relative_path', OLD_PATH],
    ],
    items: [{ id: USER_ITEM, bytes: new Uint8Array(64).fill(0x55), isUser: true }],
    ...spec,
  });
  image.source.write(new Uint8Array(2 * MIB).fill(0xc0), image.dataOffset);
  image.setBat(1, { state: 7, fileOffsetMb: image.dataOffset / MIB + 1 });
  image.setBat(2, { state: 2 });
  // Block 1 has the bits from byte 256 on; some are set.
  image.source.write(new Uint8Array(100).fill(0xf0), image.dataOffset + 2 * MIB + 256 + 20);
  const sectorSize = spec.logicalSectorSize ?? 512;
  const oldParent = parentImage('old', oldValues, sectorSize);
  const newParent = parentImage('new', newValues, sectorSize);
  const resolver: ParentResolver = ({ path }) =>
    Promise.resolve(path === OLD_PATH ? oldParent : path === NEW_PATH ? newParent : undefined);
  return { image, oldParent, newParent, resolver, linkages };
}
