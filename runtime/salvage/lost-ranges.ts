/** The parts of a virtual disk that a salvage could not read. */
import type { VhdxCode } from '../errors/errors.js';
import type { Finding } from '../errors/findings.js';
import { LIMITS } from '../base/limits.js';

/** A part of a virtual disk whose contents are lost: it reads as zeros. */
export interface LostRange {
  /** First byte of the virtual disk. */
  readonly virtualOffset: number;
  /** Bytes. */
  readonly length: number;
  /** Why, and of which place of which file: that of the first of its parts, if several have the same code. */
  readonly code: VhdxCode;
  /** Description of the cause. */
  readonly message: string;
  /** The file of the parent that it is lost in, as far as that has a name; left out for the image itself. */
  readonly image?: string;
}

const endOf = ({ virtualOffset, length }: LostRange): number => virtualOffset + length;

/** The lost ranges of a disk found so far. Ranges may be added in any order, and repeatedly. */
export class LostRanges {
  /** In ascending order and disjoint. */
  readonly #ranges: LostRange[] = [];
  #unlistedFrom = Infinity;

  /** In ascending order and disjoint; neighbours of one cause are one range. Complete up to `unlistedFrom`. */
  get ranges(): readonly LostRange[] {
    return this.#ranges;
  }

  /** From this byte on the list has not everything: there were more ranges than are kept. Infinity if it is complete. */
  get unlistedFrom(): number {
    return this.#unlistedFrom;
  }

  /** Bytes of all ranges. */
  get bytes(): number {
    return this.#ranges.reduce((sum, { length }) => sum + length, 0);
  }

  /** @internal Notes that `length` bytes from `virtualOffset` on are lost; what is known of them already stays. */
  add(virtualOffset: number, length: number, finding: Pick<Finding, 'code' | 'message' | 'image'>): void {
    const end = virtualOffset + length;
    let at = virtualOffset;
    for (let index = this.#firstAfter(at); at < end; index = this.#firstAfter(at)) {
      const next = this.#ranges[index];
      const stop = Math.min(end, next?.virtualOffset ?? end);
      if (stop > at) this.#insert(index, at, stop - at, finding);
      at = next === undefined ? end : Math.max(stop, endOf(next));
    }
  }

  #insert(
    index: number,
    virtualOffset: number,
    length: number,
    { code, message, image }: Pick<Finding, 'code' | 'message' | 'image'>,
  ): void {
    const end = virtualOffset + length;
    const neighbour = (at: number, touches: (range: LostRange) => boolean): LostRange | undefined => {
      const range = this.#ranges[at];
      return range?.code === code && range.image === image && touches(range) ? range : undefined;
    };
    const before = neighbour(index - 1, (range) => endOf(range) === virtualOffset);
    const after = neighbour(index, (range) => range.virtualOffset === end);
    if (before === undefined && after === undefined && this.#ranges.length >= LIMITS.lostRanges) {
      this.#unlistedFrom = Math.min(this.#unlistedFrom, virtualOffset);
      return;
    }
    const own = { virtualOffset, length, code, message };
    const first = before ?? own;
    const cause = before ?? after ?? (image === undefined ? own : { ...own, image });
    const joined = {
      ...cause,
      virtualOffset: first.virtualOffset,
      length: endOf(after ?? own) - first.virtualOffset,
    };
    this.#ranges.splice(
      before === undefined ? index : index - 1,
      Number(before !== undefined) + Number(after !== undefined),
      joined,
    );
  }

  /** Index of the first range that ends after `position`. */
  #firstAfter(position: number): number {
    const last = this.#ranges.at(-1);
    // In order, as a disk is read from its beginning to its end.
    if (last === undefined || endOf(last) <= position) return this.#ranges.length;
    let [low, high] = [0, this.#ranges.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#ranges[middle];
      if (range !== undefined && endOf(range) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
