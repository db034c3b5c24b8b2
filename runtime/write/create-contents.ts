import { VhdxError } from '../errors.js';
import { roundUp } from '../units.js';
import type { NewBlocks } from './create-blocks.js';
import { checkSize, type NewDisk } from './create-options.js';
import type { WriteQueue } from './create-queue.js';

/** A part of what a new disk is to hold. */
export interface ContentsPart {
  /** First byte in the virtual disk. */
  readonly position: number;
  /** Not to be changed before `done` is called; never, without it. */
  readonly bytes: Uint8Array;
  readonly done?: (() => void) | undefined;
}

/** What a new disk is to hold, and how the work is watched. */
export interface ContentsOptions {
  /**
   * What a dynamic or fixed disk is to hold, in ascending order and without overlaps; all else is zeros. Some parts are
   * asked for while others are still being written.
   */
  readonly contents?: AsyncIterable<ContentsPart> | undefined;
  /** Gives the work up; the target is no VHDX then. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the virtual disk are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** How much there was. */
export interface ContentsReport {
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  /** Where the contents end in it; 0 if there were none. */
  readonly contentsEnd: number;
}

/** Makes sure that contents up to `end` can be a part of the disk. */
function checkEnd(end: number, { virtualSize, logicalSectorSize }: NewDisk): void {
  if (virtualSize === undefined) return checkSize(roundUp(Math.max(end, 1), logicalSectorSize), logicalSectorSize);
  if (end <= virtualSize) return;
  throw new VhdxError('VHDX_CREATE_SIZE_INVALID', {
    message: `The contents do not fit: the disk has ${virtualSize} bytes, and they go on.`,
  });
}

/** Writes one part; `done` is called when all of it is written. */
async function putPart({ position, bytes, done }: ContentsPart, blocks: NewBlocks, queue: WriteQueue): Promise<void> {
  // One for this function, so that nothing is done before all has begun.
  let running = 1;
  const settle = (): void => {
    running -= 1;
    if (running === 0) done?.();
  };
  for (const piece of blocks.place(bytes, position)) {
    running += 1;
    await queue.write(piece, settle);
  }
  settle();
}

/**
 * Writes contents as they come, and the storage that has to be there without contents.
 *
 * @throws RangeError if the contents are not in ascending order; VhdxError VHDX_CREATE_SIZE_INVALID if no disk, or not
 * this one, can hold them; what `queue` and the contents throw
 */
export async function putContents(
  blocks: NewBlocks,
  queue: WriteQueue,
  disk: NewDisk,
  { contents, signal, onProgress }: ContentsOptions,
): Promise<ContentsReport> {
  let end = 0;
  for await (const part of contents ?? []) {
    signal?.throwIfAborted();
    const { position, bytes } = part;
    if (position < end) throw new RangeError(`contents at ${position} come after contents up to ${end}`);
    end = position + bytes.length;
    checkEnd(end, disk);
    await putPart(part, blocks, queue);
    onProgress?.(end);
  }
  const virtualSize = disk.virtualSize ?? roundUp(end, disk.logicalSectorSize);
  checkSize(virtualSize, disk.logicalSectorSize);
  for (const piece of blocks.finish(virtualSize)) {
    signal?.throwIfAborted();
    await queue.write(piece);
    onProgress?.(Math.min(piece.offset + piece.bytes.length - blocks.start, virtualSize));
  }
  return { virtualSize, contentsEnd: end };
}
