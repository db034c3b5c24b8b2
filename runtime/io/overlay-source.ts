/** A byte source with patches over it, such as those of a log. */
import { InternalError } from '../errors/internal-error.js';
import { availableFor } from './ranged-reads.js';
import { type ByteSource, readInto, type SourceReadOptions } from './byte-source.js';

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
  // Mostly a writer's sectors, in order.
  if (areDisjoint(patches)) {
    return patches.map((patch) => ({ position: patch.position, end: patch.position + patch.length, patch }));
  }
  const at = (index: number): Of => {
    const patch = patches[index];
    if (patch === undefined) throw new InternalError(`there is no patch ${index}`);
    return patch;
  };
  // Of patches there may be hundreds of thousands: they are sorted by their numbers in the list.
  const byStart = Uint32Array.from(patches.keys()).sort((one, other) => at(one).position - at(other).position);
  const bounds = boundsOf(patches);
  const endsBefore = (index: number, position: number): boolean => at(index).position + at(index).length <= position;
  const open = new LatestFirst();
  const pieces: Piece<Of>[] = [];
  let next = 0;
  for (const [index, position] of bounds.entries()) {
    const end = bounds[index + 1];
    if (end === undefined) break;
    if (end === position) continue;
    for (let patch = byStart[next]; patch !== undefined && at(patch).position <= position; patch = byStart[next]) {
      open.push(patch);
      next += 1;
    }
    let top = open.top();
    for (; top !== undefined && endsBefore(top, position); top = open.top()) open.drop();
    if (top === undefined) continue;
    const last = pieces.at(-1);
    if (last?.patch === at(top) && last.end === position) pieces[pieces.length - 1] = { ...last, end };
    else pieces.push({ position, end, patch: at(top) });
  }
  return pieces;
}

/** Whether each patch begins behind the end of the one before it, or there. */
export function areDisjoint(patches: readonly Patch[]): boolean {
  let end = 0;
  for (const patch of patches) {
    if (patch.position < end) return false;
    end = patch.position + patch.length;
  }
  return true;
}

/** Where patches begin and end, in ascending order; the same place may come several times. */
function boundsOf(patches: readonly Patch[]): Float64Array {
  const bounds = new Float64Array(2 * patches.length);
  for (const [index, { position, length }] of patches.entries()) {
    bounds[2 * index] = position;
    bounds[2 * index + 1] = position + length;
  }
  return bounds.sort();
}

/** Numbers of patches, the greatest on top (a binary heap). */
class LatestFirst {
  readonly #items: number[] = [];

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#at(up) > this.#at(at)) break;
      this.#swap(up, at);
      at = up;
    }
  }

  top(): number | undefined {
    return this.#items[0];
  }

  drop(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    items[0] = last;
    let at = 0;
    for (;;) {
      let best = at;
      for (const down of [2 * at + 1, 2 * at + 2])
        if (down < items.length && this.#at(down) > this.#at(best)) best = down;
      if (best === at) return;
      this.#swap(best, at);
      at = best;
    }
  }

  #at(index: number): number {
    return this.#items[index] ?? -1;
  }

  #swap(one: number, other: number): void {
    const first = this.#at(one);
    this.#items[one] = this.#at(other);
    this.#items[other] = first;
  }
}

/**
 * A source with patches over it; the source itself is unchanged. Where patches overlap, the later one of the
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

  get hostSparseAttribute(): boolean | undefined {
    return this.#base.hostSparseAttribute;
  }

  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const end = position + availableFor(this.size, position, into);
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
