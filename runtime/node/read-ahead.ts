/** Contents of a disk, a raw image or a stream as parts, read ahead of their use. */
import { setImmediate } from 'node:timers/promises';
import { requireBytes } from '../base/arguments.js';
import type { VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import { settleAll } from '../base/settle-all.js';
import type { SignalOptions } from '../base/options.js';
import { alignedBuffer } from '../io/aligned-buffer.js';
import { isInMemory } from '../io/node/file-system.js';
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

/** Long enough that waking a thread to read costs little, and all that are in use fit the last cache of most processors. */
const PART_BYTES = 2 * MIB;
/** Parts that threads read while another one is written. */
const AHEAD = 2;
/**
 * Of files, read at once, and written from the processor's own cache. ext4 takes a fifth less of the processor's time than
 * with parts of 256 KiB, since it keeps larger folios; with 2 MiB it is no less.
 */
const PART_AT_ONCE_BYTES = MIB;
/** Milliseconds after which everything else gets its turn. */
const TURN_MS = 10;

/** How contents are read. */
export interface PartOptions extends SignalOptions {
  /** Path of the file that they are for. */
  readonly to: string;
}

type Ranges = Iterable<SourceRange> | AsyncIterable<SourceRange>;

/** All contents of a disk, that of its parents too, in ascending order; what is known to be zeros is left out. */
export function partsOfDisk(disk: VhdxDisk, options: PartOptions): AsyncGenerator<ContentsPart> {
  const sources = disk instanceof SalvagedDisk ? [disk] : disk.levels().map(({ image }) => image.view);
  return partsOf(rangesOf(disk, options.signal), sources, options);
}

/** All bytes of a raw image. */
export function partsOfRaw(source: ByteSource, options: PartOptions): AsyncGenerator<ContentsPart> {
  return partsOf([{ source, fileOffset: 0, position: 0, length: source.size }], [source], options);
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
  readonly #partBytes: number;
  #pieces: SourceRange[] = [];
  #border = 0;

  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  /** Takes the next stretch, and gives what is complete by now. */
  *add({ source, fileOffset, position, length }: SourceRange): Generator<readonly SourceRange[]> {
    for (let done = 0; done < length;) {
      const at = position + done;
      if (at >= this.#border) {
        yield* this.rest();
        this.#border = at - (at % this.#partBytes) + this.#partBytes;
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

async function* batched(ranges: Ranges, partBytes: number): AsyncGenerator<readonly SourceRange[]> {
  const batcher = new RangeBatcher(partBytes);
  for await (const range of ranges) yield* batcher.add(range);
  yield* batcher.rest();
}

/**
 * What is written to memory takes the processor's time alone, so that reading by another processor saves time. What is
 * written to a disk is so by threads of the system: those of this process would take the processor from them, and take
 * longer themselves.
 */
function partsOf(ranges: Ranges, sources: readonly ByteSource[], options: PartOptions): AsyncGenerator<ContentsPart> {
  const areFiles = sources.every((source) => source instanceof NodeFileSource);
  return areFiles && !isInMemory(options.to) ? partsAtOnce(ranges, options) : partsAhead(ranges, options);
}

/** Reads each part when it is asked for. */
async function* partsAtOnce(ranges: Ranges, { signal }: SignalOptions): AsyncGenerator<ContentsPart> {
  const buffer = alignedBuffer(PART_AT_ONCE_BYTES);
  const turns = new Turns();
  for await (const pieces of batched(ranges, PART_AT_ONCE_BYTES)) {
    const part = emptyPart(pieces, buffer);
    for (const { source, fileOffset, position, length } of pieces) {
      const into = part.bytes.subarray(position - part.position, position - part.position + length);
      if (source instanceof NodeFileSource) requireAll(source, into, fileOffset, source.readSync(into, fileOffset));
      else await readInto(source, into, fileOffset, { signal });
    }
    yield part;
    await turns.pass(signal);
  }
}

/** While a part is written, threads read the next ones: this hides most of the time that reading takes. */
async function* partsAhead(ranges: Ranges, { signal }: SignalOptions): AsyncGenerator<ContentsPart> {
  const buffer = alignedBuffer((AHEAD + 1) * PART_BYTES);
  const ahead: Promise<ContentsPart>[] = [];
  const turns = new Turns();
  let at = 0;
  try {
    for await (const pieces of batched(ranges, PART_BYTES)) {
      const part = ahead.length < AHEAD ? undefined : ahead.shift();
      const next = readPart(pieces, buffer.subarray(at, at + PART_BYTES), signal);
      // What goes wrong is said when the part is asked for, and not before.
      next.catch(() => undefined);
      ahead.push(next);
      at = (at + PART_BYTES) % buffer.length;
      if (part === undefined) continue;
      yield part;
      await turns.pass(signal);
    }
    yield* ahead;
  } finally {
    // The file may be closed after this.
    await Promise.allSettled(ahead);
  }
}

/** Gives everything else its turn now and then. */
class Turns {
  #began = performance.now();

  async pass(signal: AbortSignal | undefined): Promise<void> {
    if (performance.now() - this.#began < TURN_MS) return;
    await setImmediate();
    this.#began = performance.now();
    signal?.throwIfAborted();
  }
}

/** The start of `buffer` for what was put together; what is between two ranges is zeros. */
function emptyPart(pieces: readonly SourceRange[], buffer: Uint8Array): ContentsPart {
  const start = pieces[0]?.position ?? 0;
  let end = start;
  for (const { position, length } of pieces) {
    buffer.fill(0, end - start, position - start);
    end = position + length;
  }
  return { position: start, bytes: buffer.subarray(0, end - start) };
}

/** Fills the start of `buffer` with what was put together. */
async function readPart(
  pieces: readonly SourceRange[],
  buffer: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<ContentsPart> {
  const part = emptyPart(pieces, buffer);
  await settleAll(pieces, ({ source, fileOffset, position, length }) => {
    const at = position - part.position;
    return readInto(source, part.bytes.subarray(at, at + length), fileOffset, { signal });
  });
  return part;
}

/** @throws VhdxError VHDX_SOURCE_SHORT_READ if only `count` bytes were there */
function requireAll(source: NodeFileSource, into: Uint8Array, position: number, count: number): void {
  if (count === into.length) return;
  throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
    fileOffset: position,
    message: `Reading ${into.length} bytes at offset ${hex(position)} of ${source.path} gave less: the file has only ${source.size} bytes.`,
  });
}
