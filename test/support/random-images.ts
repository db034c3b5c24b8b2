/** Images of all kinds with contents of all kinds, for operations that must keep what a disk holds. */
import fc from 'fast-check';
import { type ImageSpec, MIB, TestImage } from './image-builder.js';
import { PARENT_LOCATOR } from './stamped-images.js';

/** What a block is like. */
type BlockKind =
  | 'absent'
  | 'zero-state'
  | 'data'
  | 'zeros'
  | 'as-parent'
  | 'last-byte'
  | 'unmapped'
  | 'partial'
  | 'no-bits';

interface RandomBlock {
  readonly kind: BlockKind;
  /** MiBs that are free in front of its storage. */
  readonly hole: number;
}

/** How an image is to be built. */
export interface RandomImage {
  readonly type: 'dynamic' | 'fixed' | 'differencing';
  readonly blockUnits: number;
  readonly sectorSize: 512 | 4096;
  /** Whether the last block is used in part. */
  readonly isOdd: boolean;
  readonly blocks: readonly RandomBlock[];
  /** The order in which the blocks lie in the file. */
  readonly order: number;
  /** MiBs behind the structures where an unknown region lies; -1 for none. */
  readonly region: number;
}

const WEIGHTS: Readonly<Record<BlockKind, number>> = {
  absent: 3,
  'zero-state': 1,
  data: 5,
  zeros: 3,
  'as-parent': 2,
  'last-byte': 1,
  unmapped: 2,
  partial: 3,
  'no-bits': 1,
};

export const randomImages: fc.Arbitrary<RandomImage> = fc.record({
  type: fc.constantFrom('dynamic', 'differencing', 'fixed'),
  blockUnits: fc.constantFrom(1, 2, 4),
  sectorSize: fc.constantFrom(512, 4096),
  isOdd: fc.boolean(),
  blocks: fc.array(
    fc.record({
      kind: fc.oneof(
        ...Object.entries(WEIGHTS).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as BlockKind) })),
      ),
      hole: fc.constantFrom(0, 0, 0, 1, 2, 3),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  order: fc.integer({ min: 1, max: 50 }),
  region: fc.constantFrom(-1, -1, 0, 3, 7),
});

/** What the parent has in a block. */
function parentBytes(block: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(block % 3 === 0 ? 0 : 0x80 + block);
}

function virtualSizeOf({ blocks, blockUnits, isOdd }: RandomImage): number {
  return blocks.length * blockUnits * MIB - (isOdd ? 8192 : 0);
}

/** The parent of a differencing image: each third block of it is zeros. */
export function parentOf(random: RandomImage): TestImage {
  const { blocks, blockUnits, sectorSize } = random;
  const blockSize = blockUnits * MIB;
  const allocate = blocks.map((_, block) => block).filter((block) => block % 3 !== 0);
  const spec = { virtualSize: virtualSizeOf(random), blockSize, logicalSectorSize: sectorSize, allocate };
  const image = new TestImage(spec);
  for (const [index, block] of allocate.entries()) {
    image.source.write(parentBytes(block, blockSize), image.dataOffset + index * blockSize);
  }
  return image.editHeader('both', (header) => {
    header.dataWriteGuid.data1 = 0x83ed_0ec3;
  });
}

function bytesFor(kind: BlockKind, block: number, length: number, used: number): Uint8Array {
  if (kind === 'as-parent') return parentBytes(block, length);
  const bytes = new Uint8Array(length);
  if (kind === 'data' || kind === 'partial') bytes.fill(block + 1);
  if (kind === 'last-byte') bytes[used - 1] = 1;
  if (kind === 'no-bits') bytes.fill(0xcc);
  return bytes;
}

const HAS_STORAGE: ReadonlySet<BlockKind> = new Set([
  'data',
  'zeros',
  'as-parent',
  'last-byte',
  'unmapped',
  'partial',
  'no-bits',
]);

/** Builds the image; what is free in its file is garbage. */
export function imageOf(random: RandomImage): TestImage {
  const { type, blocks, blockUnits, sectorSize, order, region } = random;
  const blockSize = blockUnits * MIB;
  const virtualSize = virtualSizeOf(random);
  const spec: ImageSpec = {
    type,
    virtualSize,
    blockSize,
    logicalSectorSize: sectorSize,
    allocate: [],
    ...(type === 'differencing' ? { parent: PARENT_LOCATOR } : {}),
  };
  const plain = new TestImage(spec);
  const regions =
    region < 0
      ? []
      : [{ guid: '0e610000-0000-4000-8000-000000000001', fileOffset: plain.size + region * MIB, length: MIB }];
  const image = new TestImage({ ...spec, regions });
  const [unknown] = regions;
  const kinds = blocks.map(({ kind }): BlockKind => {
    if (type === 'fixed') return ['zeros', 'as-parent', 'last-byte'].includes(kind) ? kind : 'data';
    return type === 'dynamic' && (kind === 'partial' || kind === 'no-bits') ? 'data' : kind;
  });
  const append = (length: number): number => {
    let place = image.append(length);
    const touches = (): boolean =>
      unknown !== undefined && place * MIB <= unknown.fileOffset && unknown.fileOffset < place * MIB + length;
    while (touches()) place = image.append(length);
    return place;
  };
  const hasPartial = kinds.some((kind) => kind === 'partial' || kind === 'no-bits');
  const bitmapMb = hasPartial ? append(MIB) : 0;
  if (hasPartial) image.setBat(image.bitmapIndex(0), { state: 6, fileOffsetMb: bitmapMb });
  const bitsLength = blockSize / sectorSize / 8;
  const indexes = blocks.map((_, index) => index).toSorted((a, b) => ((a * order) % 13) - ((b * order) % 13));
  for (const block of indexes) {
    const kind = kinds[block] ?? 'absent';
    const index = image.payloadIndex(block);
    if (kind === 'zero-state') image.setBat(index, { state: 2 });
    if (!HAS_STORAGE.has(kind)) continue;
    const hole = blocks[block]?.hole ?? 0;
    if (hole > 0) image.source.write(new Uint8Array(hole * MIB).fill(0xee), append(hole * MIB) * MIB);
    const fileOffsetMb = append(blockSize);
    const used = Math.min(blockSize, virtualSize - block * blockSize);
    image.source.write(bytesFor(kind, block, blockSize, used), fileOffsetMb * MIB);
    const isPartial = kind === 'partial' || kind === 'no-bits';
    image.setBat(index, { state: kind === 'unmapped' ? 3 : isPartial ? 7 : 6, fileOffsetMb });
    if (kind === 'partial') {
      image.source.write(new Uint8Array(bitsLength).fill(0x5a), bitmapMb * MIB + block * bitsLength);
    }
  }
  if (unknown !== undefined) {
    image.size = Math.max(image.size, unknown.fileOffset + MIB);
    image.source.write(new Uint8Array(MIB).fill(0x77), unknown.fileOffset);
  }
  return image;
}
