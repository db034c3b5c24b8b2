import { setImmediate } from 'node:timers/promises';
import type { VhdxDisk } from './disk.js';
import { VhdxError } from './errors.js';
import { NodeFileSource } from './node-file-source.js';
import { type ByteSource, readInto } from './source.js';
import { hex, KIB, MIB } from './units.js';
import type { ContentsPart } from './write/create.js';

/** How contents are read. */
export interface PartOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes are done, every 32 MiB of contents. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Small enough for the cache of a processor core: what was read is still there when it is written. */
const PART_BYTES = 128 * KIB;
/** Contents that are read before anything else gets its turn: some ten milliseconds. */
const TURN_BYTES = 32 * MIB;

/** Bytes of one source, and where they belong. */
interface Stretch {
  readonly source: ByteSource;
  readonly fileOffset: number;
  readonly position: number;
  readonly length: number;
}

/** All contents of a disk, that of its parents too, in ascending order; what is known to be zeros is left out. */
export async function* partsOfDisk(disk: VhdxDisk, options: PartOptions): AsyncGenerator<ContentsPart> {
  const views = levels(disk).map(({ image }) => image.view);
  async function* stretches(): AsyncGenerator<Stretch> {
    for await (const extent of disk.extents({ signal: options.signal })) {
      const source = views[extent.depth];
      if (extent.kind !== 'data' || source === undefined) continue;
      yield { source, fileOffset: extent.fileOffset, position: extent.virtualOffset, length: extent.length };
    }
  }
  yield* partsOf(stretches(), options);
}

/** All bytes of a raw image. */
export function partsOfRaw(source: ByteSource, options: PartOptions): AsyncGenerator<ContentsPart> {
  return partsOf([{ source, fileOffset: 0, position: 0, length: source.size }], options);
}

/** What a stream brings, from the start of the disk on. */
export async function* partsOfStream(
  stream: AsyncIterable<Uint8Array>,
  { onProgress }: PartOptions,
): AsyncGenerator<ContentsPart> {
  let position = 0;
  for await (const bytes of stream) {
    yield { position, bytes };
    position += bytes.length;
    onProgress?.(position);
  }
}

async function* partsOf(
  stretches: Iterable<Stretch> | AsyncIterable<Stretch>,
  { signal, onProgress }: PartOptions,
): AsyncGenerator<ContentsPart> {
  const buffer = Buffer.allocUnsafeSlow(PART_BYTES);
  let turn = 0;
  for await (const { source, fileOffset, position, length } of stretches) {
    for (let done = 0; done < length;) {
      const bytes = buffer.subarray(0, Math.min(PART_BYTES, length - done));
      await fill(bytes, source, fileOffset + done, signal);
      yield { position: position + done, bytes };
      done += bytes.length;
      turn += bytes.length;
      if (turn < TURN_BYTES) continue;
      turn = 0;
      onProgress?.(position + done);
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
}

/** The disk and its parents. */
function levels(disk: VhdxDisk): VhdxDisk[] {
  return [disk, ...(disk.parent === undefined ? [] : levels(disk.parent))];
}

/** Fills `into` from a file at once or, where a log is laid over it, from the view. */
async function fill(
  into: Uint8Array,
  source: ByteSource,
  position: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(source instanceof NodeFileSource)) return readInto(source, into, position, { signal });
  if (source.readSync(into, position) < into.length) {
    throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
      fileOffset: position,
      message: `Reading ${into.length} bytes at offset ${hex(position)} of ${source.path} gave less: the file has only ${source.size} bytes.`,
    });
  }
}
