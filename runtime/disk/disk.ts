/** An open virtual disk: reading, extents, streams. */
import { requireBytes, requireCount, requireFunction, requireOffset } from '../base/arguments.js';
import type { RangeOptions, SignalOptions } from '../base/options.js';
import { BatJudge } from '../image/bat-judge.js';
import { surveyBat } from '../image/bat-survey.js';
import { type ChainOptions, findParent, judgeParent } from './chain.js';
import { codes } from '../errors/codes.js';
import { VhdxError } from '../errors/errors.js';
import { type Finding, finding } from '../errors/findings.js';
import { HoleSource } from '../io/hole-source.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import { mapStructures } from '../image/mib-ownership.js';
import { type ByteSource, readInto } from '../io/byte-source.js';
import { takenFrom, takeOver } from '../io/take-over.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { continues, type DiskRange, type FaultOptions, type ResolveOptions, Translator } from './translator.js';
import { hex, MIB } from '../base/units.js';

/** Options of `openDisk`. */
export interface DiskOptions extends ChainOptions {
  /** Bytes of the BAT that are kept in memory; 4 MiB if not given. */
  readonly batCacheBytes?: number | undefined;
}

/** Options of `extents`: the range, and how to resolve it. */
export interface ExtentOptions extends RangeOptions, ResolveOptions {}

/** Options of `stream`. */
export interface StreamOptions extends RangeOptions, FaultOptions {
  /** Bytes of each chunk, the last one excepted; 1 MiB if not given. */
  readonly chunkBytes?: number | undefined;
}

/** A run of the virtual disk, as far as one source and one kind of contents reach. */
export type Extent = DiskRange & {
  /** Distance of the contents in parents: 0 for the disk itself. */
  readonly depth: number;
};

/**
 * Opens a disk for reading, and its parents if it has some. A pending log is replayed in memory, that of a parent too.
 * Nothing is ever written.
 *
 * The disk takes the source over, and the sources that the resolver opens: closing the disk closes them, and so does an
 * error.
 *
 * @throws VhdxError and TypeError as `openVhdx`; for a differencing disk VHDX_PARENT_NOT_FOUND where no parent is found (or no
 * resolver given), and what else keeps its parents from being used
 */
export async function openDisk(source: Bytes, options: DiskOptions = {}): Promise<VhdxDisk> {
  return openAt(takenFrom(source, toByteSource), options, []);
}

/** @throws TypeError, RangeError for options that cannot be */
export function requireDiskOptions(options: DiskOptions): void {
  const hint = typeof options.parent === 'string' ? ': `nodeParentResolver({ parent: path })` of vhdx/node is one' : '';
  requireFunction(options.parent, 'parent', hint);
  requireCount(options.batCacheBytes, 'batCacheBytes', 0);
}

/** `line`: the images from the disk that was asked for down to the child of this one. */
function openAt(source: ByteSource, options: DiskOptions, line: readonly VhdxImage[]): Promise<VhdxDisk> {
  return takeOver(source, async () => {
    const image = await readVhdx(source, options);
    requireDiskOptions(options);
    const child = line.at(-1);
    if (child !== undefined) judgeParent(child, image, options);
    return new VhdxDisk(image, await openParents([...line, image], options), options.batCacheBytes);
  });
}

/** The parent of the last image of `line`, with its own parents; `undefined` if it has none. */
export async function openParents(line: readonly VhdxImage[], options: DiskOptions): Promise<VhdxDisk | undefined> {
  if (line.at(-1)?.disk.hasParent !== true) return undefined;
  return openAt(await findParent(line, options), options, line);
}

/** An open virtual disk. It is itself a source of bytes, so whatever reads a file can read a disk. */
export class VhdxDisk implements ByteSource {
  /** The image of the disk. */
  readonly image: VhdxImage;
  /** The parent of a differencing disk. */
  readonly parent: VhdxDisk | undefined;
  /** Bytes of the virtual disk. */
  readonly size: number;
  /** @internal */
  protected readonly translator: Translator;
  readonly #lostParent: Finding | undefined;
  #isSurveyed = false;

  /** `lostParent`: why a parent that the disk has is not there, for a salvage; what it holds cannot be read then. */
  constructor(image: VhdxImage, parent: VhdxDisk | undefined, batCacheBytes?: number, lostParent?: Finding) {
    this.image = image;
    this.parent = parent;
    this.#lostParent = lostParent;
    this.size = image.disk.virtualSize;
    const judge = new BatJudge({ ...image, owners: mapStructures(image) });
    this.translator = new Translator(image.bat, image.view, judge, batCacheBytes);
  }

  /**
   * Detects blocks that share storage, in this image and its parents. From then on, reading such a block throws, as for
   * every block that a check reports as an error. Without a survey such blocks are read as they are, because only the
   * whole BAT reveals them. Reads 8 bytes for each block, once.
   */
  async survey(options?: SignalOptions): Promise<void> {
    if (this.#isSurveyed) return;
    const { owners } = await surveyBat(this.image, () => undefined, options);
    this.translator.judge = this.translator.judge.withOwners(owners);
    await this.parent?.survey(options);
    this.#isSurveyed = true;
  }

  /** Number of images of the chain: 1 for a disk without a parent. */
  get depth(): number {
    return 1 + (this.parent?.depth ?? 0);
  }

  /** The disk, its parent, and so on: one disk for each image of the chain. */
  levels(): VhdxDisk[] {
    return [this, ...(this.parent?.levels() ?? [])];
  }

  /**
   * Fills `into` from byte `position` of the virtual disk on and returns the number of bytes, which is less than
   * `into.length` only where the disk ends. Costs a read for each range of the file; BAT pages and sector bitmaps that
   * are not in memory cost one each.
   *
   * @throws RangeError if `position` is no offset; TypeError if it is no number; VhdxError with the code of the finding
   * where a check calls a block an error (VHDX_BAT_…; shared storage only after `survey`), if there is no `onUnreadable`
   */
  async read(into: Uint8Array, position: number, options?: FaultOptions): Promise<number> {
    requireOffset(position, 'position');
    requireBytes(into, 'into');
    options?.signal?.throwIfAborted();
    const length = Math.max(0, Math.min(into.length, this.size - position));
    if (length === 0) return 0;
    const ranges: DiskRange[] = [];
    // Who wants to know what cannot be read is told once.
    const isTold = options?.onUnreadable !== undefined;
    if (isTold || this.translator.resolveCached(position, length, ranges) < length) {
      ranges.splice(0, Infinity, ...(await this.translator.resolve(position, length, options)));
    }
    const [only] = ranges;
    if (ranges.length === 1 && only !== undefined) {
      const part = length === into.length ? into : into.subarray(0, length);
      // Most reads are one of the file: asked for here, they cost no more promises than they need.
      const done = only.kind === 'data' && !isTold ? await this.image.view.read(part, only.fileOffset, options) : 0;
      if (done < length) await this.#fill(done === 0 ? part : part.subarray(done), rest(only, done), options);
      return length;
    }
    const parts = ranges.map((range) => {
      const at = range.virtualOffset - position;
      return this.#fill(into.subarray(at, at + range.length), range, options);
    });
    await Promise.all(parts);
    return length;
  }

  async #fill(into: Uint8Array, range: DiskRange, options?: FaultOptions): Promise<void> {
    switch (range.kind) {
      case 'data':
        await readInto(this.image.view, into, range.fileOffset, options);
        this.#tellHoles(range, options);
        return;
      case 'zero':
        into.fill(0);
        return;
      case 'parent': {
        if (this.parent === undefined) this.#tellLostParent(range, options);
        const count = await this.#readParent(into, range.virtualOffset, options);
        // A parent may be smaller than its child: past its end it reads as zeros. [MS-VHDX] 2.6.2.2
        into.fill(0, count);
      }
    }
  }

  async #readParent(into: Uint8Array, position: number, options?: FaultOptions): Promise<number> {
    if (this.parent === undefined) return 0;
    try {
      return await this.parent.read(into, position, this.#ofParent(options));
    } catch (error) {
      throw inParent(error, this.parent);
    }
  }

  /** Tells of the parts of a range that the file does not give. */
  #tellHoles(range: Extract<DiskRange, { kind: 'data' }>, { onUnreadable }: FaultOptions = {}): void {
    const { view } = this.image;
    if (onUnreadable === undefined || !(view instanceof HoleSource)) return;
    for (const { start, end } of view.holesIn(range.fileOffset, range.length)) {
      const virtualOffset = range.virtualOffset + start - range.fileOffset;
      onUnreadable({ virtualOffset, length: end - start, finding: holeFinding(start, end) });
    }
  }

  #tellLostParent({ virtualOffset, length }: DiskRange, { onUnreadable }: FaultOptions = {}): void {
    if (this.#lostParent !== undefined) onUnreadable?.({ virtualOffset, length, finding: this.#lostParent });
  }

  /** The options for a read of the parent: what cannot be read there is told with the name of its file. */
  #ofParent<Options extends FaultOptions>(options: Options): Options;
  #ofParent<Options extends FaultOptions>(options: Options | undefined): Options | undefined;
  #ofParent<Options extends FaultOptions>(options: Options | undefined): Options | undefined {
    const tell = options?.onUnreadable;
    const image = this.parent?.image.source.path;
    if (options === undefined || tell === undefined || image === undefined) return options;
    return { ...options, onUnreadable: (range) => tell({ ...range, finding: { image, ...range.finding } }) };
  }

  /**
   * Resolves `length` bytes from `position` on to ranges: data of this file, zeros, or the parent. Omits what lies past
   * the end of the disk. Reads no payload.
   *
   * @throws as `read`
   */
  async resolve(position: number, length: number, options?: ResolveOptions): Promise<DiskRange[]> {
    requireOffset(position, 'position');
    requireOffset(length, 'length');
    return this.translator.resolve(position, length, options);
  }

  /**
   * All extents from `start` to `end` in order, neighbours of one kind merged, through the whole chain. Lazy: memory
   * does not grow with the disk. Reads the BAT once, 1 MiB at a time, and no contents.
   */
  async *extents(options: ExtentOptions = {}): AsyncGenerator<Extent> {
    const { start, end } = bounds(options, this.size);
    yield* merge(this.#extents(start, end, 0, options));
  }

  /** As `extents`, of this image alone: what is left to the parent is of kind `parent`, and no parent is needed. */
  async *ranges(options: ExtentOptions = {}): AsyncGenerator<Extent> {
    const { start, end } = bounds(options, this.size);
    yield* merge(this.#ranges(start, end, 0, options));
  }

  // Generators that wait take a microsecond for each value, so values come in arrays.
  async *#extents(start: number, end: number, depth: number, options: ExtentOptions): AsyncGenerator<Extent[]> {
    for await (const extents of this.#ranges(start, end, depth, options)) {
      let own: Extent[] = [];
      for (const extent of extents) {
        if (extent.kind !== 'parent') {
          own.push(extent);
          continue;
        }
        yield own;
        if (this.parent === undefined) this.#tellLostParent(extent, options);
        const stop = extent.virtualOffset + extent.length;
        const below = Math.max(extent.virtualOffset, Math.min(stop, this.parent?.size ?? 0));
        if (this.parent !== undefined && below > extent.virtualOffset) {
          try {
            yield* this.parent.#extents(extent.virtualOffset, below, depth + 1, this.#ofParent(options));
          } catch (error) {
            throw inParent(error, this.parent);
          }
        }
        own = below < stop ? [{ ...extent, kind: 'zero', virtualOffset: below, length: stop - below }] : [];
      }
      yield own;
    }
  }

  /** Ranges of this image alone, for each MiB of the BAT an array. */
  async *#ranges(start: number, end: number, depth: number, options: ExtentOptions): AsyncGenerator<Extent[]> {
    if (start >= end) return;
    const { geometry } = this.translator;
    const first = geometry.payloadIndex(Math.floor(start / geometry.blockSize));
    const last = geometry.payloadIndex(Math.floor((end - 1) / geometry.blockSize));
    for await (const extents of this.image.bat.extents(options, first, last + 1)) {
      const ranges: DiskRange[] = [];
      await this.translator.resolveExtents(extents, start, end, ranges, options);
      yield ranges.map((range) => ({ ...range, depth }));
    }
  }

  /** The disk's bytes, or a part of them, as a stream that reads as it is asked. */
  stream(options: StreamOptions = {}): ReadableStream<Uint8Array> {
    const { start, end } = bounds(options, this.size);
    const chunkBytes = options.chunkBytes ?? MIB;
    requireCount(chunkBytes, 'chunkBytes', 1);
    let at = start;
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const bytes = new Uint8Array(Math.min(chunkBytes, end - at));
        if (bytes.length > 0) await readInto(this, bytes, at, options);
        at += bytes.length;
        if (bytes.length > 0) controller.enqueue(bytes);
        if (at >= end) controller.close();
      },
    });
  }

  /** Closes the image and its parents. */
  async close(): Promise<void> {
    try {
      await this.image.close();
    } finally {
      await this.parent?.close();
    }
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Errors that say which image of a chain they are about. */
const namedErrors = new WeakSet<Error>();

/** An error of the BAT of a parent, with the name of its file: the block is none of the disk that was asked for. */
function inParent(error: unknown, { image: { source } }: VhdxDisk): unknown {
  if (!(error instanceof VhdxError) || namedErrors.has(error) || source.path === undefined) return error;
  if (codes[error.code].group !== 'bat') return error;
  const { code, message, fileOffset, severity } = error;
  const named = new VhdxError(code, {
    message: `In the parent ${source.path}: ${message}`,
    fileOffset,
    severity,
    cause: error,
  });
  namedErrors.add(named);
  return named;
}

/** What a salvage says of a part of a block that the file does not give. */
function holeFinding(start: number, end: number): Finding {
  return finding('VHDX_SOURCE_IO', {
    fileOffset: start,
    length: end - start,
    path: 'file',
    message: `The file cannot be read from ${hex(start)} to ${hex(end)}.`,
  });
}

/** The range without its first `count` bytes. */
function rest(range: DiskRange, count: number): DiskRange {
  if (count === 0) return range;
  const moved = { virtualOffset: range.virtualOffset + count, length: range.length - count };
  return range.kind === 'data' ? { ...range, ...moved, fileOffset: range.fileOffset + count } : { ...range, ...moved };
}

/** The extents of all arrays, those that continue each other as one. */
async function* merge(arrays: AsyncIterable<readonly Extent[]>): AsyncGenerator<Extent> {
  let last: Extent | undefined;
  for await (const extents of arrays) {
    for (const extent of extents) {
      const joined = last === undefined ? undefined : join(last, extent);
      if (joined === undefined && last !== undefined) yield last;
      last = joined ?? extent;
    }
  }
  if (last !== undefined) yield last;
}

function join(last: Extent, next: Extent): Extent | undefined {
  return last.depth === next.depth && continues(last, next)
    ? { ...last, length: last.length + next.length }
    : undefined;
}

function bounds({ start = 0, end = Infinity }: RangeOptions, size: number): { start: number; end: number } {
  requireOffset(start, 'start');
  requireCount(end, 'end', 0);
  const stop = Math.min(end, size);
  return { start: Math.min(start, stop), end: stop };
}
