import { availableAt } from './source-range.js';
import { type ByteSource, readInto, type SourceReadOptions } from './source.js';

/** A range of a source whose bytes are others than those below it. */
export interface Patch {
  /** First byte of the range. */
  readonly position: number;
  /** Length of the range in bytes, more than zero. */
  readonly length: number;
  /** Writes `into.length` bytes of the range, from `offset` bytes after its start on; the range is not left. */
  fill(into: Uint8Array, offset: number, options?: SourceReadOptions): Promise<void>;
}

/** A part of a patch that no later patch covers. */
export interface Piece<Of extends Patch = Patch> {
  /** First byte. */
  readonly position: number;
  /** First byte behind it. */
  readonly end: number;
  readonly patch: Of;
}

/** Disjoint pieces in ascending order in which of two patches the later one of the list wins. */
export function flattenPatches<Of extends Patch>(patches: readonly Of[]): Piece<Of>[] {
  const order = new Map(patches.map((patch, index) => [patch, index]));
  const starts = patches.toSorted((one, other) => one.position - other.position);
  const bounds = [...new Set(patches.flatMap((patch) => [patch.position, patch.position + patch.length]))];
  bounds.sort((one, other) => one - other);
  const rank = (patch: Of): number => order.get(patch) ?? 0;
  const heap = new LatestFirst<Of>(rank);
  const pieces: Piece<Of>[] = [];
  let next = 0;
  for (const [index, position] of bounds.entries()) {
    const end = bounds[index + 1];
    if (end === undefined) break;
    for (let patch = starts[next]; patch !== undefined && patch.position <= position; patch = starts[next]) {
      heap.push(patch);
      next += 1;
    }
    const top = heap.top(position);
    if (top === undefined) continue;
    const last = pieces.at(-1);
    if (last?.patch === top && last.end === position) pieces[pieces.length - 1] = { ...last, end };
    else pieces.push({ position, end, patch: top });
  }
  return pieces;
}

/** The patches that cover a moving position, the latest of them on top (a binary heap). */
class LatestFirst<Of extends Patch> {
  readonly #items: Of[] = [];
  readonly #rank: (patch: Of) => number;

  constructor(rank: (patch: Of) => number) {
    this.#rank = rank;
  }

  push(patch: Of): void {
    const items = this.#items;
    let at = items.push(patch) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#above(up, at)) break;
      this.#swap(up, at);
      at = up;
    }
  }

  /** The latest patch that reaches past `position`; those that end before it are dropped. */
  top(position: number): Of | undefined {
    for (;;) {
      const top = this.#items[0];
      if (top === undefined || top.position + top.length > position) return top;
      this.#drop();
    }
  }

  #drop(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    items[0] = last;
    let at = 0;
    for (;;) {
      let best = at;
      for (const down of [2 * at + 1, 2 * at + 2]) if (down < items.length && !this.#above(best, down)) best = down;
      if (best === at) return;
      this.#swap(best, at);
      at = best;
    }
  }

  #above(one: number, other: number): boolean {
    const [first, second] = [this.#items[one], this.#items[other]];
    return first !== undefined && second !== undefined && this.#rank(first) > this.#rank(second);
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#items[one], this.#items[other]];
    if (first === undefined || second === undefined) return;
    this.#items[one] = second;
    this.#items[other] = first;
  }
}

/**
 * A source with patches laid over it; the source itself stays as it is. Where patches overlap, the later one of the
 * list counts. Bytes past the end of the source that no patch covers are zeros.
 */
export class OverlaySource implements ByteSource {
  readonly size: number;
  readonly #base: ByteSource;
  readonly #pieces: readonly Piece[];

  /** `minimumSize`: the overlay has at least this many bytes. */
  constructor(base: ByteSource, patches: readonly Patch[], minimumSize = 0) {
    this.#base = base;
    this.#pieces = flattenPatches(patches);
    this.size = Math.max(base.size, minimumSize, this.#pieces.at(-1)?.end ?? 0);
  }

  get hostAllocatedSize(): number | undefined {
    return this.#base.hostAllocatedSize;
  }

  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const end = position + availableAt(this.size, position, into.length);
    options?.signal?.throwIfAborted();
    let at = position;
    for (let index = this.#firstPieceAfter(position); at < end; index += 1) {
      const piece = this.#pieces[index];
      const gapEnd = Math.min(piece?.position ?? end, end);
      if (gapEnd > at) await this.#readBase(into.subarray(at - position, gapEnd - position), at, options);
      at = Math.max(at, gapEnd);
      if (piece === undefined || at >= end) break;
      const pieceEnd = Math.min(piece.end, end);
      await piece.patch.fill(into.subarray(at - position, pieceEnd - position), at - piece.patch.position, options);
      at = pieceEnd;
    }
    return end - position;
  }

  async close(): Promise<void> {
    await this.#base.close?.();
  }

  /** Index of the first piece that ends after `position`. */
  #firstPieceAfter(position: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.end ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  async #readBase(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<void> {
    const available = Math.max(0, Math.min(into.length, this.#base.size - position));
    if (available > 0) await readInto(this.#base, into.subarray(0, available), position, options);
    into.fill(0, available);
  }
}
