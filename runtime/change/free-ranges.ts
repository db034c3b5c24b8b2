/** Virtual ranges that a guest does not use, from whoever knows them. */
import type { SignalOptions } from '../base/options.js';
import type { ByteSource } from '../io/byte-source.js';

/** A part of a virtual disk, in bytes. */
export interface VirtualRange {
  /** First byte, inclusive. */
  readonly start: number;
  /** Last byte, exclusive. */
  readonly end: number;
}

/**
 * Says which parts of a disk nobody needs, as a file system knows of what it has not given to any file. In ascending
 * order, none over the other. What lies there reads as zeros afterwards.
 */
export type FreeRanges = (
  disk: ByteSource,
  options: SignalOptions,
) => AsyncIterable<VirtualRange> | Iterable<VirtualRange>;

/** Free ranges, asked for in ascending order and only as far as they are needed. */
export class FreeRangeCursor {
  readonly #ranges: AsyncIterator<VirtualRange> | Iterator<VirtualRange>;
  /** The ranges that have been given and may be asked for again. */
  #known: VirtualRange[] = [];
  #last = 0;
  #isDone = false;

  constructor(ranges: AsyncIterable<VirtualRange> | Iterable<VirtualRange>) {
    this.#ranges = Symbol.asyncIterator in ranges ? ranges[Symbol.asyncIterator]() : ranges[Symbol.iterator]();
  }

  /**
   * The free parts of a part of the disk; `start` is never less than before.
   *
   * @throws RangeError if the ranges are not in order
   */
  async within({ start, end }: VirtualRange): Promise<readonly VirtualRange[]> {
    this.#known = this.#known.filter((range) => range.end > start);
    while (!this.#isDone && this.#last < end) await this.#ask();
    return this.#known
      .map((range) => ({ start: Math.max(range.start, start), end: Math.min(range.end, end) }))
      .filter((part) => part.start < part.end);
  }

  /** Goes through what was not asked for, so that ranges that are not in order are never taken for others. */
  async finish(): Promise<void> {
    while (!this.#isDone) await this.#ask();
  }

  async #ask(): Promise<void> {
    const { done, value } = await this.#ranges.next();
    if (done === true) {
      this.#isDone = true;
      return;
    }
    const { start, end } = value;
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < this.#last || end < start) {
      throw new RangeError(`free ranges must be whole bytes in ascending order, but ${start} to ${end} is not`);
    }
    this.#last = end;
    this.#known.push(value);
  }
}

/** What is left of `range` without `parts`, which are in ascending order. */
export function* without({ start, end }: VirtualRange, parts: readonly VirtualRange[]): Generator<VirtualRange> {
  let at = start;
  for (const part of parts) {
    if (part.start > at) yield { start: at, end: Math.min(part.start, end) };
    at = Math.max(at, part.end);
    if (at >= end) return;
  }
  if (at < end) yield { start: at, end };
}
