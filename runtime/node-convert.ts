import { setImmediate } from 'node:timers/promises';
import { identitiesOf, levelsOf } from './disk-levels.js';
import type { VhdxDisk } from './disk.js';
import { VhdxError } from './errors.js';
import { finish } from './node-draft-file.js';
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
  await finish(file, { sync, signal }, () => copy(disk, file, options));
}

async function copy(disk: VhdxDisk, file: RawFile, { signal, onProgress }: ConvertOptions): Promise<void> {
  const views = levelsOf(disk).map(({ image }) => image.view);
  const part = Buffer.allocUnsafeSlow(RAW_PART_BYTES);
  let turn = 0;
  for await (const extent of disk.extents({ signal })) {
    const { virtualOffset, length } = extent;
    const view = extent.kind === 'data' ? views[extent.depth] : undefined;
    if (view === undefined && !file.needsZeros) continue;
    for (let done = 0; done < length;) {
      const count = Math.min(TURN_BYTES - turn, length - done);
      const to = virtualOffset + done;
      if (extent.kind !== 'data' || view === undefined) file.writeZeros(count, to);
      else if (view instanceof NodeFileSource) copyFromFile(view, extent.fileOffset + done, file, to, count, part);
      else await copyFromView(view, extent.fileOffset + done, file, to, count, part, signal);
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

/** A loop of its own without promises: little to compile, for what is half of the time that is not the system's. */
function copyFromFile(
  source: NodeFileSource,
  from: number,
  file: RawFile,
  to: number,
  length: number,
  part: Buffer,
): void {
  for (let done = 0; done < length; done += part.length) {
    const into = part.subarray(0, Math.min(part.length, length - done));
    if (source.readSync(into, from + done) < into.length) {
      throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
        fileOffset: from + done,
        message: `Reading ${into.length} bytes at offset ${hex(from + done)} of ${source.path} gave less: the file has only ${source.size} bytes.`,
      });
    }
    file.write(into, to + done);
  }
}

/** As `copyFromFile`, where a log is laid over the file, or the image is not in a file. */
async function copyFromView(
  view: ByteSource,
  from: number,
  file: RawFile,
  to: number,
  length: number,
  part: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let done = 0; done < length; done += part.length) {
    const into = part.subarray(0, Math.min(part.length, length - done));
    await readInto(view, into, from + done, { signal });
    file.write(into, to + done);
  }
}
