import { setImmediate } from 'node:timers/promises';
import type { VhdxDisk } from './disk.js';
import { VhdxError } from './errors.js';
import { NodeFileSource } from './node-file-source.js';
import { type ByteSource, readInto } from './source.js';
import { hex, KIB, MIB } from './units.js';
import type { ContentsPart } from './write/create-contents.js';

/** Bytes of one source, and where they belong in the virtual disk. */
interface Stretch {
  readonly source: ByteSource;
  readonly fileOffset: number;
  readonly position: number;
  readonly length: number;
}

/** Small enough for the cache of a processor core: what was read is still there when it is written. */
const PART_BYTES = 512 * KIB;
/** Contents that are read before anything else gets its turn: some ten milliseconds. */
const TURN_BYTES = 32 * MIB;

/** All contents of a disk, that of its parents too, in ascending order; what is known to be zeros is left out. */
export function partsOfDisk(disk: VhdxDisk, signal?: AbortSignal): AsyncGenerator<ContentsPart> {
  return partsOf(stretchesOf(disk, signal), signal);
}

/** All bytes of a raw image. */
export function partsOfRaw(source: ByteSource, signal?: AbortSignal): AsyncGenerator<ContentsPart> {
  return partsOf([{ source, fileOffset: 0, position: 0, length: source.size }], signal);
}

/** What a stream brings, from the start of the disk on. */
export async function* partsOfStream(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ContentsPart> {
  let position = 0;
  for await (const bytes of stream) {
    yield { position, bytes };
    position += bytes.length;
  }
}

async function* stretchesOf(disk: VhdxDisk, signal: AbortSignal | undefined): AsyncGenerator<Stretch> {
  const views = levels(disk).map(({ image }) => image.view);
  for await (const extent of disk.extents({ signal })) {
    const source = views[extent.depth];
    if (extent.kind !== 'data' || source === undefined) continue;
    yield { source, fileOffset: extent.fileOffset, position: extent.virtualOffset, length: extent.length };
  }
}

/** The disk and its parents. */
function levels(disk: VhdxDisk): VhdxDisk[] {
  return [disk, ...(disk.parent === undefined ? [] : levels(disk.parent))];
}

/**
 * The stretches that lie in each 128 KiB of the disk, where there are some: what comes in small pieces need not be
 * written in such.
 */
async function* together(stretches: Iterable<Stretch> | AsyncIterable<Stretch>): AsyncGenerator<readonly Stretch[]> {
  let pieces: Stretch[] = [];
  let border = 0;
  for await (const { source, fileOffset, position, length } of stretches) {
    for (let done = 0; done < length;) {
      const at = position + done;
      if (at >= border && pieces.length > 0) {
        yield pieces;
        pieces = [];
      }
      border = at - (at % PART_BYTES) + PART_BYTES;
      const count = Math.min(length - done, border - at);
      pieces.push({ source, fileOffset: fileOffset + done, position: at, length: count });
      done += count;
    }
  }
  if (pieces.length > 0) yield pieces;
}

async function* partsOf(
  stretches: Iterable<Stretch> | AsyncIterable<Stretch>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ContentsPart> {
  const buffer = new Uint8Array(PART_BYTES);
  let turn = 0;
  for await (const pieces of together(stretches)) {
    const start = pieces[0]?.position ?? 0;
    let end = start;
    for (const { source, fileOffset, position, length } of pieces) {
      const at = position - start;
      // What is between two stretches is zeros.
      buffer.fill(0, end - start, at);
      await fill(buffer.subarray(at, at + length), source, fileOffset, signal);
      end = position + length;
    }
    yield { position: start, bytes: buffer.subarray(0, end - start) };
    turn += end - start;
    if (turn < TURN_BYTES) continue;
    turn = 0;
    await setImmediate();
    signal?.throwIfAborted();
  }
}

/** Fills `into` from a file at once or, where a log is laid over it, from the view. */
async function fill(
  into: Uint8Array,
  source: ByteSource,
  position: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(source instanceof NodeFileSource)) return readInto(source, into, position, { signal });
  if (source.readSync(into, position) === into.length) return;
  throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
    fileOffset: position,
    message: `Reading ${into.length} bytes at offset ${hex(position)} of ${source.path} gave less: the file has only ${source.size} bytes.`,
  });
}
