/** Puts given contents into a new file, part by part. */
import { requireBytes, requireOffset } from '../base/arguments.js';
import type { ProgressOptions, SignalOptions } from '../base/options.js';
import { VhdxError } from '../errors/errors.js';
import type { ByteTarget } from '../io/byte-target.js';
import { roundUp } from '../base/units.js';
import type { NewBlocks } from './blocks.js';
import { checkSize, type NewDisk } from './options.js';

/** A part of the contents of a new disk. */
export interface ContentsPart {
  /** First byte in the virtual disk. */
  readonly position: number;
  /** Not used any more when the next part is asked for. */
  readonly bytes: Uint8Array;
}

/** Contents of a new disk, and progress. If the operation is aborted, the target is not a VHDX. */
export interface ContentsOptions extends SignalOptions, ProgressOptions {
  /** Contents of a dynamic or fixed disk, in ascending order and without overlaps; everything else is zeros. */
  readonly contents?: AsyncIterable<ContentsPart> | undefined;
}

/** Amount of contents. */
export interface ContentsReport {
  /** Bytes of the virtual disk. */
  readonly virtualSize: number;
  /** End of the contents in the disk, in bytes; 0 if there were none. */
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

/**
 * Writes contents as they come, and the storage that has to be there without contents.
 *
 * @throws RangeError if the contents are not in ascending order; VhdxError VHDX_CREATE_SIZE_INVALID if no disk, or not
 * this one, can hold them; what `target` and the contents throw
 */
export async function putContents(
  target: ByteTarget,
  blocks: NewBlocks,
  disk: NewDisk,
  { contents, signal, onProgress }: ContentsOptions,
): Promise<ContentsReport> {
  let end = 0;
  for await (const { position, bytes } of contents ?? []) {
    signal?.throwIfAborted();
    requireOffset(position, 'position');
    requireBytes(bytes, 'bytes');
    if (position < end) throw new RangeError(`contents at ${position} come after contents up to ${end}`);
    end = position + bytes.length;
    checkEnd(end, disk);
    for (const piece of blocks.place(bytes, position)) await target.write(piece.bytes, piece.offset);
    onProgress?.(end);
  }
  const virtualSize = disk.virtualSize ?? roundUp(end, disk.logicalSectorSize);
  checkSize(virtualSize, disk.logicalSectorSize);
  for (const piece of blocks.finish(virtualSize)) {
    signal?.throwIfAborted();
    await target.write(piece.bytes, piece.offset);
    onProgress?.(Math.min(piece.offset + piece.bytes.length - blocks.start, virtualSize));
  }
  return { virtualSize, contentsEnd: end };
}
