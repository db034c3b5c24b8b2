/** What a new size asks for: storage, BAT, steps and refusals. */
import { BAT_ENTRY_SIZE } from '../base/limits.js';
import { countText, hex, MIB, roundUp, sizeText } from '../base/units.js';
import { Bat } from '../format/bat.js';
import { BatGeometry } from '../format/bat-geometry.js';
import type { Region } from '../format/region-table.js';
import { surveyBat } from '../image/bat-survey.js';
import { FileSpace, type Storage } from '../image/file-space.js';
import type { VhdxImage } from '../image/open.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { InternalError } from '../errors/internal-error.js';
import type { ChangeSubject } from './operation.js';
import { type BlockTail, clearBits, hasStaleBytes, tailAt } from './block-tail.js';
import type { PlanStep } from './plan.js';

/** What making a disk larger or smaller takes, without the contents of the disk itself. */
export interface Resizing {
  readonly size: number;
  readonly geometry: BatGeometry;
  readonly region: Region;
  /** Bytes of the BAT region that it needs; it is moved if it has fewer. */
  readonly batLength: number;
  readonly movesBat: boolean;
  /** Blocks of a fixed disk that get storage. */
  readonly newBlocks: number;
  /** What of the block with the smaller end must not be seen when the disk is larger. */
  readonly tail: BlockTail | undefined;
  readonly steps: readonly PlanStep[];
  /** Length of the file in bytes afterwards. */
  readonly fileSize: number;
}

/** Takes the storage that a larger disk needs, always in the same order. */
export function takeStorage(
  space: FileSpace,
  { movesBat, batLength, newBlocks, geometry }: Pick<Resizing, 'movesBat' | 'batLength' | 'newBlocks' | 'geometry'>,
): { readonly bat: Storage | undefined; readonly blocks: Storage | undefined } {
  return {
    bat: movesBat ? space.take(batLength) : undefined,
    blocks: newBlocks > 0 ? space.take(newBlocks * geometry.blockSize) : undefined,
  };
}

function batRegion({ regions }: VhdxImage): Region {
  if (regions.bat === undefined) throw new InternalError('the image has no BAT region, but no finding says so');
  return regions.bat;
}

async function tailSteps(
  image: VhdxImage,
  tail: BlockTail | undefined,
  options: SourceReadOptions,
): Promise<PlanStep[]> {
  if (tail === undefined) return [];
  const [start, end] = tail.storage;
  const at = `block ${tail.block}`;
  const steps: PlanStep[] = [];
  if (start < end && (await hasStaleBytes(image, tail, options))) {
    const message = `Write zeros over ${sizeText(end - start)} of ${at} that lie behind the end of the smaller disk.`;
    steps.push({ kind: 'payload', message, bytes: end - start });
  }
  if (await clearBits(image, tail, undefined, options)) {
    const message = `Clear the bits of ${at} in its sector bitmap behind the end of the smaller disk (2.4).`;
    steps.push({ kind: 'sector-bitmap', message, bytes: 0 });
  }
  return steps;
}

function growSteps(region: Region, parts: ReturnType<typeof takeStorage>, newBlocks: number): PlanStep[] {
  const { bat, blocks } = parts;
  const steps: PlanStep[] = [];
  if (blocks !== undefined) {
    const message = `Write zeros for ${countText(newBlocks, 'new block')}: ${sizeText(blocks.length)} at ${hex(blocks.fileOffset)}.`;
    steps.push({ kind: 'payload', message, bytes: blocks.length });
  }
  if (bat !== undefined) {
    const message =
      `Move the BAT of ${sizeText(region.length)} at ${hex(region.fileOffset)} to ${hex(bat.fileOffset)}, ` +
      `where it has ${sizeText(bat.length)}, and say so in both region tables (2.2.3).`;
    steps.push({ kind: 'bat', message, bytes: bat.length });
  }
  return steps;
}

/** Where the file ends when the BAT region at its end has been moved into a hole. */
async function endWithout(
  image: VhdxImage,
  { index }: Region,
  { end }: FileSpace,
  options: SourceReadOptions,
): Promise<number> {
  if (end > image.view.size) return end;
  const regions = { ...image.regions, regions: image.regions.regions.filter((region) => region.index !== index) };
  const { owners } = await surveyBat({ ...image, regions }, () => undefined, options);
  return owners.end * MIB;
}

/**
 * Finds out what it takes to give a disk `size` bytes; `laterBlocks` get storage when that is done. Reads the BAT again if
 * the disk becomes smaller.
 */
export async function measureResize(
  { image, survey }: ChangeSubject,
  size: number,
  laterBlocks: number,
  options: SourceReadOptions,
): Promise<Resizing> {
  const { disk, bat, view } = image;
  const region = batRegion(image);
  const geometry = new BatGeometry({ ...disk, virtualSize: size });
  const batLength = roundUp(Math.max(geometry.entries * BAT_ENTRY_SIZE, 1), MIB);
  const grows = size > disk.virtualSize;
  const movesBat = geometry.byteLength > region.length;
  const newBlocks =
    grows && disk.type === 'fixed' ? Math.max(0, geometry.payloadBlocks - bat.geometry.payloadBlocks) : 0;
  const tail = size === disk.virtualSize ? undefined : await tailAt(image, Math.min(size, disk.virtualSize), options);
  const common = { size, geometry, region, batLength, movesBat, newBlocks, tail };
  const space = FileSpace.of(image, survey);
  const steps: PlanStep[] = [];
  let fileSize: number;
  if (size < disk.virtualSize) {
    const smaller = { ...image, bat: new Bat(view, bat.fileOffset, geometry) };
    const kept = await surveyBat(smaller, () => undefined, options);
    fileSize = Math.min(view.size, kept.owners.end * MIB);
    const given = survey.blocks.allocated - kept.blocks.allocated;
    if (given > 0) {
      const message = `Give up ${countText(given, 'block')} behind the new end, ${sizeText(given * geometry.blockSize)}.`;
      steps.push({ kind: 'free-blocks', message, bytes: 0 });
    }
  } else {
    const isLast = region.fileOffset + region.length === space.lastUsed;
    const storage = takeStorage(space, common);
    steps.push(...growSteps(region, storage, newBlocks));
    fileSize = isLast && storage.bat !== undefined ? await endWithout(image, region, space, options) : space.lastUsed;
  }
  for (let count = 0; count < laterBlocks; count += 1) {
    const { fileOffset, length } = space.take(geometry.blockSize);
    fileSize = Math.max(fileSize, fileOffset + length);
  }
  steps.push(...(await tailSteps(image, tail, options)));
  if (size !== disk.virtualSize) {
    const message = `Set the virtual disk size from ${sizeText(disk.virtualSize)} to ${sizeText(size)} (2.6.2.2).`;
    steps.push({ kind: 'metadata', message, bytes: 0 });
  }
  if (fileSize < view.size) {
    const message = `Cut the file to ${sizeText(fileSize)}: nothing lies behind.`;
    steps.push({ kind: 'cut-file', message, bytes: 0 });
  }
  return { ...common, steps, fileSize };
}
