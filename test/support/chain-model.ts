/** Chains of images with known contents, and a model of what they read as that follows [MS-VHDX] 2.5.1.1 alone. */
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { IDS, MIB, TestImage, type ImageSpec } from './image-builder.js';

/** What one payload block of one image is. */
export interface BlockModel {
  readonly state: 0 | 1 | 2 | 3 | 6 | 7;
  /** Of a partially present block: whether each sector is in this file, repeated over the block. */
  readonly pattern?: readonly boolean[];
}

export interface LevelModel {
  readonly virtualSize: number;
  readonly blocks: readonly BlockModel[];
}

export interface ChainModel {
  readonly blockSize: number;
  readonly sectorSize: 512 | 4096;
  /** The disk that is opened first, then its parent, and so on; all but the last are differencing disks. */
  readonly levels: readonly LevelModel[];
}

/** A sector's contents tell where they come from: level, block and sector, then a byte of their own. */
export function sectorBytes(level: number, block: number, sector: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size).fill((level * 101 + block * 17 + sector * 7 + 1) & 0xff);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, level + 1);
  view.setUint16(2, block);
  view.setUint32(4, sector);
  return bytes;
}

const isPresent = ({ pattern }: BlockModel, sector: number): boolean => pattern?.[sector % pattern.length] ?? false;

/** What sector `index` of the disk reads as, from level `level` on. */
export function expectedSector({ levels, blockSize, sectorSize }: ChainModel, index: number, level = 0): Uint8Array {
  const zeros = new Uint8Array(sectorSize);
  const model = levels[level];
  if (model === undefined || index * sectorSize >= model.virtualSize) return zeros;
  const perBlock = blockSize / sectorSize;
  const block = Math.floor(index / perBlock);
  const sector = index % perBlock;
  const entry = model.blocks[block] ?? { state: 0 };
  const isChild = level < levels.length - 1;
  const own = (): Uint8Array => sectorBytes(level, block, sector, sectorSize);
  const below = (): Uint8Array => expectedSector({ levels, blockSize, sectorSize }, index, level + 1);
  switch (entry.state) {
    case 6:
      return own();
    case 7:
      return isPresent(entry, sector) ? own() : below();
    case 0:
      return isChild ? below() : zeros;
    default:
      return zeros;
  }
}

/** Builds the images of a chain, each linked to the next. */
export function buildChain(model: ChainModel, spec: ImageSpec = {}): TestImage[] {
  return model.levels.map(({ virtualSize, blocks }, level) => {
    const isChild = level < model.levels.length - 1;
    const image = new TestImage({
      type: isChild ? 'differencing' : 'dynamic',
      virtualSize,
      blockSize: model.blockSize,
      logicalSectorSize: model.sectorSize,
      ...(isChild
        ? {
            parent: [
              ['parent_linkage', `{${linkage(level + 1)}}`],
              ['relative_path', `level-${level + 1}.vhdx`],
            ],
          }
        : {}),
      ...spec,
    });
    image.editHeader('both', (header) => {
      header.dataWriteGuid.data1 = level;
    });
    writeBlocks(image, model, level, blocks);
    return image;
  });
}

/** DataWriteGuid of a level's image. */
function linkage(level: number): string {
  return level.toString(16).padStart(8, '0') + IDS.dataWrite.slice(8);
}

function writeBlocks(
  image: TestImage,
  { blockSize, sectorSize }: ChainModel,
  level: number,
  blocks: readonly BlockModel[],
): void {
  const perBlock = blockSize / sectorSize;
  const bitmaps = new Map<number, number>();
  for (const [block, entry] of blocks.entries()) {
    if (entry.state !== 6 && entry.state !== 7) {
      image.setBat(image.payloadIndex(block), { state: entry.state });
      continue;
    }
    const fileOffsetMb = image.append(blockSize);
    image.setBat(image.payloadIndex(block), { state: entry.state, fileOffsetMb });
    for (let sector = 0; sector < perBlock; sector++) {
      // A sector that is not present has contents of its own, which must not be read.
      image.source.write(sectorBytes(level, block, sector, sectorSize), fileOffsetMb * MIB + sector * sectorSize);
    }
    if (entry.state === 6) continue;
    const chunk = Math.floor(block / image.chunkRatio);
    const place = bitmaps.get(chunk) ?? image.append(MIB);
    bitmaps.set(chunk, place);
    image.setBat(image.bitmapIndex(chunk), { state: 6, fileOffsetMb: place });
    const bits = new Uint8Array(perBlock / 8);
    for (let sector = 0; sector < perBlock; sector++) {
      if (isPresent(entry, sector)) bits[sector >> 3] = (bits[sector >> 3] ?? 0) | (1 << (sector & 7));
    }
    image.source.write(bits, place * MIB + (block % image.chunkRatio) * bits.length);
  }
}

/** Finds the images of a chain by the names that `buildChain` gives them. */
export function resolverOf(images: readonly TestImage[]): ParentResolver {
  return ({ path }) => Promise.resolve(images[Number(/^level-(\d+)\.vhdx$/.exec(path)?.[1])]?.source);
}
