/** Contents of a disk, a raw image or a stream as parts, read ahead of their use. */
import { setImmediate } from 'node:timers/promises';
import { requireBytes } from '../base/arguments.js';
import type { VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import { alignedBuffer } from '../io/aligned-buffer.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { SalvagedDisk } from '../salvage/salvage.js';
import { type ByteSource, readInto } from '../io/byte-source.js';
import { hex, MIB } from '../base/units.js';
import type { ContentsPart } from '../create/contents.js';

/** Bytes of one source, and where they belong in the virtual disk. */
interface SourceRange {
  readonly source: ByteSource;
  readonly fileOffset: number;
  readonly position: number;
  readonly length: number;
}

/** Long enough that waking a thread to read costs little, and two of them fit the last cache of most processors. */
const PART_BYTES = 4 * MIB;
/**
 * Of a file: read at once, and written from the processor's own cache; the system reads ahead by itself. ext4 takes a
 * fifth less of the processor's time than with parts of 256 KiB, since it keeps larger folios; with 2 MiB it is no less.
 */
const FILE_PART_BYTES = MIB;
/** Milliseconds after which everything else gets its turn. */
const TURN_MS = 10;

/** All contents of a disk, that of its parents too, in ascending order; what is known to be zeros is left out. */
export function partsOfDisk(disk: VhdxDisk, signal?: AbortSignal): AsyncGenerator<ContentsPart> {
  return partsOf(rangesOf(disk, signal), signal);
}

/** All bytes of a raw image. */
export function partsOfRaw(source: ByteSource, signal?: AbortSignal): AsyncGenerator<ContentsPart> {
  return partsOf([{ source, fileOffset: 0, position: 0, length: source.size }], signal);
}

/** What a stream brings, from the start of the disk on. */
export async function* partsOfStream(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ContentsPart> {
  let position = 0;
  for await (const bytes of stream) {
    requireBytes(bytes, 'a part of the stream');
    yield { position, bytes };
    position += bytes.length;
  }
}

async function* rangesOf(disk: VhdxDisk, signal: AbortSignal | undefined): AsyncGenerator<SourceRange> {
  // From here on shared storage is refused, or known to be lost.
  await disk.survey({ signal });
  const views = disk.levels().map(({ image }) => image.view);
  for await (const extent of disk.extents({ signal })) {
    const source = views[extent.depth];
    if (extent.kind !== 'data' || source === undefined) continue;
    if (disk instanceof SalvagedDisk) {
      // It alone can tell what of the file cannot be read.
      const { virtualOffset, length } = extent;
      yield { source: disk, fileOffset: virtualOffset, position: virtualOffset, length };
      continue;
    }
    yield { source, fileOffset: extent.fileOffset, position: extent.virtualOffset, length: extent.length };
  }
}

/**
 * Puts the ranges together that lie in the same part of the disk: what comes in small pieces need not be written
 * in such.
 */
class RangeBatcher {
  #pieces: SourceRange[] = [];
  #border = 0;

  /** Takes the next stretch, and gives what is complete by now. */
  *add({ source, fileOffset, position, length }: SourceRange): Generator<readonly SourceRange[]> {
    for (let done = 0; done < length;) {
      const at = position + done;
      if (at >= this.#border) {
        yield* this.rest();
        const partBytes = source instanceof NodeFileSource ? FILE_PART_BYTES : PART_BYTES;
        this.#border = at - (at % partBytes) + partBytes;
      }
      const count = Math.min(length - done, this.#border - at);
      this.#pieces.push({ source, fileOffset: fileOffset + done, position: at, length: count });
      done += count;
    }
  }

  /** What has not been given yet. */
  *rest(): Generator<readonly SourceRange[]> {
    const pieces = this.#pieces;
    this.#pieces = [];
    if (pieces.length > 0) yield pieces;
  }
}

async function* batched(
  ranges: Iterable<SourceRange> | AsyncIterable<SourceRange>,
): AsyncGenerator<readonly SourceRange[]> {
  const batcher = new RangeBatcher();
  for await (const range of ranges) yield* batcher.add(range);
  yield* batcher.rest();
}

/** While a part is written, the next one is read: this hides most of the time that reading takes. */
async function* partsOf(
  ranges: Iterable<SourceRange> | AsyncIterable<SourceRange>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ContentsPart> {
  let [buffer, other] = [alignedBuffer(PART_BYTES), alignedBuffer(PART_BYTES)];
  let ahead: Promise<ContentsPart> | undefined;
  let turn = performance.now();
  try {
    for await (const pieces of batched(ranges)) {
      const part = ahead;
      ahead = readPart(pieces, buffer, signal);
      // What goes wrong is said when the part is asked for, and not before.
      ahead.catch(() => undefined);
      if (part !== undefined) yield part;
      [buffer, other] = [other, buffer];
      if (performance.now() - turn < TURN_MS) continue;
      await setImmediate();
      turn = performance.now();
      signal?.throwIfAborted();
    }
    if (ahead !== undefined) yield ahead;
  } finally {
    // The file may be closed after this.
    await Promise.allSettled([ahead]);
  }
}

/** Fills the start of `buffer` with what was put together. */
async function readPart(
  pieces: readonly SourceRange[],
  buffer: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<ContentsPart> {
  const start = pieces[0]?.position ?? 0;
  let end = start;
  for (const { source, fileOffset, position, length } of pieces) {
    // What is between two ranges is zeros.
    buffer.fill(0, end - start, position - start);
    end = position + length;
    const into = buffer.subarray(position - start, end - start);
    if (!(source instanceof NodeFileSource)) await readInto(source, into, fileOffset, { signal });
    else requireAll(source, into, fileOffset, source.readSync(into, fileOffset));
  }
  return { position: start, bytes: buffer.subarray(0, end - start) };
}

/** @throws VhdxError VHDX_SOURCE_SHORT_READ if only `count` bytes were there */
function requireAll(source: NodeFileSource, into: Uint8Array, position: number, count: number): void {
  if (count === into.length) return;
  throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
    fileOffset: position,
    message: `Reading ${into.length} bytes at offset ${hex(position)} of ${source.path} gave less: the file has only ${source.size} bytes.`,
  });
}
