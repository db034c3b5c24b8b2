import { setImmediate } from 'node:timers/promises';
import type { VhdxDisk } from './disk.js';
import { VhdxError } from './errors.js';
import { NodeFileSource } from './node-file-source.js';
import { RAW_PART_BYTES, RawFile } from './node-raw-file.js';
import { type ByteSource, readInto } from './source.js';
import { hex, MIB } from './units.js';

export interface ConvertOptions {
  /** Replace an existing file, or overwrite a block device. */
  readonly force?: boolean | undefined;
  /** Have the file on stable storage before it gets its name. */
  readonly sync?: boolean | undefined;
  /** Gives the work up; nothing is left then. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the virtual disk are done, every 32 MiB of contents. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Contents that are copied before anything else gets its turn: some ten milliseconds. */
const TURN_BYTES = 32 * MIB;

/**
 * Writes the contents of `disk` to a raw image at `path`, with holes where the disk has zeros. The file has its name
 * when it is complete, and not before; what goes wrong leaves nothing behind, even if the process is told to exit.
 *
 * @throws VhdxError as `RawFile.create`; VHDX_TARGET_FULL, VHDX_TARGET_IO; what reading the disk throws, or the
 * signal's reason
 */
export async function convertToRaw(disk: VhdxDisk, path: string, options: ConvertOptions = {}): Promise<void> {
  const { force, sync, signal } = options;
  signal?.throwIfAborted();
  const file = RawFile.create(path, { size: disk.size, force, sources: identitiesOf(disk) });
  const discard = (): void => file.discard();
  process.once('exit', discard);
  try {
    await copy(disk, file, options);
    signal?.throwIfAborted();
    file.commit({ sync });
  } finally {
    file.discard();
    process.off('exit', discard);
  }
}

function identitiesOf(disk: VhdxDisk): string[] {
  return levels(disk).flatMap(({ image }) => (image.source.identity === undefined ? [] : [image.source.identity]));
}

/** The disk and its parents. */
function levels(disk: VhdxDisk): VhdxDisk[] {
  return [disk, ...(disk.parent === undefined ? [] : levels(disk.parent))];
}

async function copy(disk: VhdxDisk, file: RawFile, { signal, onProgress }: ConvertOptions): Promise<void> {
  const views = levels(disk).map(({ image }) => image.view);
  // Small enough for the processor's cache: the bytes that were read are still there when they are written.
  const part = Buffer.allocUnsafe(RAW_PART_BYTES);
  let turn = 0;
  for await (const extent of disk.extents({ signal })) {
    const { virtualOffset, length } = extent;
    const view = views[extent.depth];
    for (let done = 0; done < length;) {
      const count = Math.min(part.length, length - done);
      if (extent.kind === 'data' && view !== undefined) {
        await readPart(view, part, count, extent.fileOffset + done, signal);
        file.write(part, count, virtualOffset + done);
      } else if (file.needsZeros) {
        file.writeZeros(count, virtualOffset + done);
      } else {
        break;
      }
      done += count;
      turn += count;
      if (turn < TURN_BYTES) continue;
      turn = 0;
      onProgress?.(virtualOffset + done);
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  onProgress?.(disk.size);
}

/** Fills the first `count` bytes of `part` from a file or, where a log is laid over it, from the view. */
async function readPart(
  view: ByteSource,
  part: Buffer,
  count: number,
  position: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const into = part.subarray(0, count);
  if (!(view instanceof NodeFileSource)) return readInto(view, into, position, { signal });
  if (view.readSync(into, position) < count) {
    throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
      fileOffset: position,
      message: `Reading ${count} bytes at offset ${hex(position)} of ${view.path} gave less: the file has only ${view.size} bytes.`,
    });
  }
}
