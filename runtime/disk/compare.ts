/** Compares the contents of two disks. */
import type { SignalOptions } from '../base/options.js';
import { requireOptions } from '../base/arguments.js';
import type { VhdxDisk } from './disk.js';
import { type ByteSource, readInto, type SourceReadOptions } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { MIB } from '../base/units.js';

/** Contents to compare: an open disk, or any other bytes, such as those of a raw image. */
export type Contents = VhdxDisk | Bytes;

/** The first difference of two disks; offsets are bytes of the virtual disk. */
export type Difference =
  /** The byte at `offset` is another one. What the shorter one lacks counts as zeros. */
  | { readonly kind: 'contents'; readonly offset: number }
  /** From `offset` on one has zeros without storage, the other one has data. */
  | { readonly kind: 'storage'; readonly offset: number }
  | { readonly kind: 'size' };

export interface CompareOptions extends SignalOptions {
  /** Sizes must be equal too, and of two disks the parts that have storage. */
  readonly strict?: boolean | undefined;
}

const CHUNK = MIB;

/** A part of one side: `isZero` if it is known to be zeros without being read. */
interface Span {
  readonly end: number;
  readonly isZero: boolean;
}

/**
 * Compares what two disks hold, and returns the first difference; undefined if there is none. Without `strict`, one may
 * be longer if the rest of it is zeros. What both know to be zeros is not read. Both stay open.
 *
 * @throws what reading them throws; TypeError if one has no bytes to read
 */
export async function compareContents(
  one: Contents,
  other: Contents,
  options: CompareOptions = {},
): Promise<Difference | undefined> {
  requireOptions(options);
  return compareSources(toByteSource(one), toByteSource(other), options);
}

async function compareSources(
  one: VhdxDisk | ByteSource,
  other: VhdxDisk | ByteSource,
  options: CompareOptions,
): Promise<Difference | undefined> {
  const { strict = false } = options;
  if (strict && one.size !== other.size) return { kind: 'size' };
  const size = Math.max(one.size, other.size);
  const [first, second] = [new Spans(one, size, options), new Spans(other, size, options)];
  const compareStorage = strict && 'extents' in one && 'extents' in other;
  for (let at = 0; at < size;) {
    const [a, b] = [await first.at(at), await second.at(at)];
    const end = Math.min(a.end, b.end);
    if (compareStorage && a.isZero !== b.isZero) return { kind: 'storage', offset: at };
    if (!a.isZero || !b.isZero) {
      const offset = await firstDifference(a.isZero ? undefined : one, b.isZero ? undefined : other, at, end, options);
      if (offset !== undefined) return { kind: 'contents', offset };
    }
    at = end;
  }
  return undefined;
}

/** What one side knows of its parts, asked in ascending order. */
class Spans {
  readonly #iterator: AsyncIterator<Span>;
  #span: Span | undefined;

  constructor(contents: VhdxDisk | ByteSource, size: number, options: SourceReadOptions) {
    this.#iterator = spansOf(contents, size, options);
  }

  /** The part that `position` is in. */
  async at(position: number): Promise<Span> {
    while (this.#span === undefined || this.#span.end <= position) {
      const next = await this.#iterator.next();
      if (next.done === true) throw new RangeError(`${position} lies past the end`);
      this.#span = next.value;
    }
    return this.#span;
  }
}

async function* spansOf(
  contents: VhdxDisk | ByteSource,
  size: number,
  { signal }: SourceReadOptions,
): AsyncGenerator<Span> {
  if ('extents' in contents) {
    // What a check calls an error is no contents to be compared.
    await contents.survey({ signal });
    for await (const { kind, virtualOffset, length } of contents.extents({ signal })) {
      yield { end: virtualOffset + length, isZero: kind === 'zero' };
    }
  } else {
    yield { end: contents.size, isZero: false };
  }
  if (contents.size < size) yield { end: size, isZero: true };
}

/** Offset of the first byte from `start` to `end` (exclusive) that differs; `undefined` stands for zeros. */
async function firstDifference(
  one: ByteSource | undefined,
  other: ByteSource | undefined,
  start: number,
  end: number,
  options: SourceReadOptions,
): Promise<number | undefined> {
  const length = Math.min(CHUNK, end - start);
  const [first, second] = [new Uint8Array(length), new Uint8Array(length)];
  for (let at = start; at < end; at += CHUNK) {
    const count = Math.min(CHUNK, end - at);
    const [a, b] = [first.subarray(0, count), second.subarray(0, count)];
    await Promise.all([
      one === undefined ? undefined : readInto(one, a, at, options),
      other === undefined ? undefined : readInto(other, b, at, options),
    ]);
    const index = mismatch(a, b);
    if (index !== undefined) return at + index;
  }
  return undefined;
}

/** Index of the first byte that differs; both begin at the start of their buffers. */
function mismatch(one: Uint8Array, other: Uint8Array): number | undefined {
  const words = one.length >>> 3;
  // Equal bits are equal bytes only as integers: as doubles, 0 equals -0.
  const [a, b] = [new BigUint64Array(one.buffer, 0, words), new BigUint64Array(other.buffer, 0, words)];
  let index = 0;
  while (index < words && a[index] === b[index]) index += 1;
  for (let at = index * 8; at < one.length; at += 1) if (one[at] !== other[at]) return at;
  return undefined;
}
