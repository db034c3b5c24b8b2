/** Which blocks move where, so that they lie in virtual order. */
import type { FileLayout, Move } from './file-layout.js';
import { FIRST_MOVABLE } from './file-layout.js';
import type { BatchLimits, MoveBatch } from './move-planner.js';

/**
 * Moves after which the payload blocks of a file lie in the order of the disk, in the places that blocks have now. A few
 * of them make room first, at the end of the file, and come back as the last ones; all others move once. Batches and
 * `layout` are as for `planMoves`. Pure.
 */
export function* planSort(layout: FileLayout, limits: BatchLimits): Generator<MoveBatch> {
  const { blockUnits, firstSmall } = layout;
  const places: number[] = [];
  const ids: number[] = [];
  for (let unit = 0; unit < layout.end;) {
    const id = layout.at(unit);
    const isBlock = id >= FIRST_MOVABLE && id < firstSmall;
    if (isBlock) {
      places.push(unit);
      ids.push(id);
    }
    unit += isBlock ? blockUnits : 1;
  }
  ids.sort((one, other) => one - other);
  const sorter = new Sorter(layout, places, ids);
  const most = Math.max(1, Math.min(limits.moves, Math.floor(limits.units / blockUnits)));
  for (;;) {
    const moves = sorter.next(most);
    if (moves.length === 0) return;
    yield moves;
    sorter.done(moves);
  }
}

/** Brings the blocks `ids` to `places`, each to the place of the same index. */
class Sorter {
  readonly #layout: FileLayout;
  readonly #places: readonly number[];
  readonly #ids: readonly number[];
  /** Where each block lies that is not in its place yet. */
  readonly #from = new Map<number, number>();
  /** The index of a place of `places`. */
  readonly #indexes = new Map<number, number>();
  /** Indexes of free places whose block has not come yet. */
  #free: number[] = [];
  /** Everything below this index is in its place, or on its way. */
  #next = 0;
  /** Where blocks make room. */
  readonly #end: number;
  readonly #room: number[] = [];
  #roomEnd: number;

  constructor(layout: FileLayout, places: readonly number[], ids: readonly number[]) {
    this.#layout = layout;
    this.#places = places;
    this.#ids = ids;
    this.#end = Math.max(layout.end, layout.claimedEnd);
    this.#roomEnd = this.#end;
    for (const [index, place] of places.entries()) {
      const id = layout.at(place);
      if (id === ids[index]) continue;
      this.#from.set(id, place);
      this.#indexes.set(place, index);
    }
  }

  /** At most `most` moves whose places are all free; none if all is done. */
  next(most: number): Move[] {
    const moves: Move[] = [];
    const free = this.#free.splice(0, most);
    for (const index of free) {
      const id = this.#ids[index] ?? 0;
      const from = this.#from.get(id);
      if (from === undefined) continue;
      this.#from.delete(id);
      moves.push(this.#layout.move(from, this.#places[index] ?? 0));
    }
    // As long as there are blocks behind the end, they are what makes places free.
    const isOut = this.#roomEnd > this.#end || this.#free.length > 0;
    if (moves.length > 0 || isOut) return moves;
    while (moves.length < Math.max(1, Math.floor(most / 2)) && this.#next < this.#ids.length) {
      const place = this.#places[this.#next] ?? 0;
      const id = this.#layout.at(place);
      if (id !== this.#ids[this.#next] && this.#from.get(id) === place) {
        const to = this.#takeRoom();
        moves.push(this.#layout.move(place, to));
        this.#from.set(id, to);
      }
      this.#next += 1;
    }
    return moves;
  }

  /** The places that `moves` have left are free. */
  done(moves: readonly Move[]): void {
    for (const { from, units } of moves) {
      this.#layout.remove(from, units);
      const index = this.#indexes.get(from);
      if (index !== undefined) this.#free.push(index);
      else if (from >= this.#end) this.#room.push(from);
    }
    if (this.#layout.end <= this.#end) {
      this.#room.length = 0;
      this.#roomEnd = this.#end;
    }
  }

  #takeRoom(): number {
    const known = this.#room.pop();
    if (known !== undefined) return known;
    const to = this.#roomEnd;
    this.#roomEnd += this.#layout.blockUnits;
    return to;
  }
}
