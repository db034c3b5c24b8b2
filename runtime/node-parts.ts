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

/** The longest part. A stretch of it takes a processor some hundred microseconds to copy. */
const PART_BYTES = MIB;
/** Parts that are read before they are asked for. */
const READ_AHEAD = 2;
/** Those, the one that is taken, and those that are being written. */
const BUFFERS = READ_AHEAD + 6;
/** What is shorter than this is read at once: it is there sooner than a promise is settled. */
const SHORT_BYTES = 32 * KIB;

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

/** The stretches of each MiB of the disk that has some: what is in small pieces is not to be written in such. */
async function* byMib(stretches: Iterable<Stretch> | AsyncIterable<Stretch>): AsyncGenerator<readonly Stretch[]> {
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

/** Buffers that are used again and again. */
class Buffers {
  readonly #free: Uint8Array[] = Array.from({ length: BUFFERS }, () => new Uint8Array(PART_BYTES));
  readonly #waiting: ((buffer: Uint8Array) => void)[] = [];

  /** Settled when there is one. */
  take(): Promise<Uint8Array> {
    const buffer = this.#free.pop();
    return buffer === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(buffer);
  }

  give(buffer: Uint8Array): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(buffer);
    else next(buffer);
  }
}

async function* partsOf(
  stretches: Iterable<Stretch> | AsyncIterable<Stretch>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ContentsPart> {
  const buffers = new Buffers();
  const ahead: Promise<ContentsPart>[] = [];
  try {
    for await (const pieces of byMib(stretches)) {
      const buffer = await buffers.take();
      const part = readPart(pieces, buffer, () => buffers.give(buffer), signal);
      // It may fail before it is asked for.
      part.catch(() => undefined);
      ahead.push(part);
      if (ahead.length <= READ_AHEAD) continue;
      const [first] = ahead.splice(0, 1);
      if (first !== undefined) yield await first;
    }
    for (const part of ahead) yield await part;
  } finally {
    // The source may be closed when this is done.
    await Promise.allSettled(ahead);
  }
}

/** Reads the stretches of one MiB; between them are zeros. */
async function readPart(
  pieces: readonly Stretch[],
  buffer: Uint8Array,
  done: () => void,
  signal: AbortSignal | undefined,
): Promise<ContentsPart> {
  const start = pieces[0]?.position ?? 0;
  let end = start;
  for (const { source, fileOffset, position, length } of pieces) {
    buffer.fill(0, end - start, position - start);
    await fill(buffer.subarray(position - start, position - start + length), source, fileOffset, signal);
    end = position + length;
  }
  return { position: start, bytes: buffer.subarray(0, end - start), done };
}

async function fill(
  into: Uint8Array,
  source: ByteSource,
  position: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!(source instanceof NodeFileSource) || into.length >= SHORT_BYTES) {
    return readInto(source, into, position, { signal });
  }
  if (source.readSync(into, position) === into.length) return;
  throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
    fileOffset: position,
    message: `Reading ${into.length} bytes at offset ${hex(position)} of ${source.path} gave less: the file has only ${source.size} bytes.`,
  });
}
