/** Which blocks move where, so that a compacted file has no free space inside. */
import { FileLayout, FIRST_MOVABLE, FIXED, FREE, type Move } from './file-layout.js';

/** Moves that are done together: none goes to a place that another of them leaves. A structure moves by itself. */
export type MoveBatch = readonly Move[];

/** How much is done at once: what is lost when it is interrupted, and needs space of its own. */
export interface BatchLimits {
  /** The most moves of a batch. */
  readonly moves: number;
  /** The most MiBs of a batch, if it has more than one move. */
  readonly units: number;
}

/** Gathers moves; places that they leave are not free before the batch is done. */
class Batch {
  readonly #layout: FileLayout;
  readonly #limits: BatchLimits;
  readonly #moves: Move[] = [];
  #units = 0;

  constructor(layout: FileLayout, limits: BatchLimits) {
    this.#layout = layout;
    this.#limits = limits;
  }

  get size(): number {
    return this.#moves.length;
  }

  /** Whether a move of this thing has room. */
  hasRoom(id: number): boolean {
    const [first] = this.#moves;
    if (first === undefined) return true;
    if (this.#layout.isStructure(id) || this.#layout.isStructure(first.id)) return false;
    const { moves, units: most } = this.#limits;
    return this.#moves.length < moves && this.#units + this.#layout.unitsOf(id) <= most;
  }

  add(from: number, to: number): void {
    const move = this.#layout.move(from, to);
    this.#moves.push(move);
    this.#units += move.units;
  }

  /** The moves so far; from here on their old places are free. */
  *done(): Generator<MoveBatch> {
    if (this.#moves.length === 0) return;
    yield this.#moves.slice();
    for (const { from, units } of this.#moves) this.#layout.remove(from, units);
    this.#moves.length = 0;
    this.#units = 0;
  }
}

/** First MiB behind all that must stay: the file cannot become shorter than that. */
function fixedEnd(layout: FileLayout): number {
  let unit = layout.end;
  while (unit > 0 && layout.at(unit - 1) !== FIXED) unit -= 1;
  return unit;
}

/** Free ranges in ascending order; goes on from where it was, since holes that were filled do not come back. */
class Holes {
  readonly #layout: FileLayout;
  readonly #from: number[] = [];

  constructor(layout: FileLayout) {
    this.#layout = layout;
  }

  /** The lowest place below `end` with room for `units`; -1 if there is none. */
  lowest(units: number, end: number): number {
    const layout = this.#layout;
    let free = 0;
    for (let unit = this.#from[units] ?? 0; unit < end; unit += 1) {
      free = layout.at(unit) === FREE ? free + 1 : 0;
      if (free < units) continue;
      const first = unit - units + 1;
      this.#from[units] = first;
      return first;
    }
    this.#from[units] = Math.max(this.#from[units] ?? 0, end - units);
    return -1;
  }
}

/**
 * Moves that fill the holes of a file from its end, as few as that takes, and then close the holes that nothing fits into
 * by moving down what lies behind them, each thing once, but for what makes room and what is larger than the hole. The
 * file ends as short as it can when they are done: what must not be moved stays where it is, and holes below it that
 * nothing fits into stay too.
 *
 * Each batch goes to places that are free when it begins. What lies where is tried on `layout`, which has the result in
 * the end; behind the end of the file there are at most a batch and the structures at any time. Pure.
 */
export function* planMoves(layout: FileLayout, limits: BatchLimits): Generator<MoveBatch> {
  const isSmall = (id: number): boolean => layout.unitsOf(id) === 1 && layout.blockUnits > 1;
  // Large things first: a sector bitmap block in a hole for a block would keep one out.
  yield* fillHoles(layout, limits, (id) => !isSmall(id));
  yield* fillHoles(layout, limits, isSmall);
  yield* closeHoles(layout, limits);
}

/** Of the things that `isOne` knows, what lies last goes into the lowest hole that has room for it. */
function* fillHoles(layout: FileLayout, limits: BatchLimits, isOne: (id: number) => boolean): Generator<MoveBatch> {
  const batch = new Batch(layout, limits);
  const holes = new Holes(layout);
  const bottom = fixedEnd(layout);
  for (let top = layout.end; top > bottom;) {
    const id = layout.at(top - 1);
    if (id < FIRST_MOVABLE) {
      top -= 1;
      continue;
    }
    top -= layout.unitsOf(id);
    if (!isOne(id)) continue;
    if (!batch.hasRoom(id)) yield* batch.done();
    const to = holes.lowest(layout.unitsOf(id), top);
    if (to !== -1) batch.add(top, to);
  }
  yield* batch.done();
}

/** Pushes the holes that are left behind the last thing that can be moved. */
function* closeHoles(layout: FileLayout, limits: BatchLimits): Generator<MoveBatch> {
  let hole = nextHole(layout, fixedEnd(layout));
  // There is nowhere to move anything to if somebody has claimed what lies behind the end of the file.
  if (hole === -1 || layout.claimedEnd > layout.end) return;
  yield* openGap(layout, hole, limits);
  const batch = new Batch(layout, limits);
  for (;;) {
    let from = hole;
    while (from < layout.end && layout.at(from) === FREE) from += 1;
    if (from >= layout.end) break;
    let to = hole;
    const end = from;
    while (from < layout.end) {
      const id = layout.at(from);
      if (id === FREE) {
        from += 1;
        continue;
      }
      const units = layout.unitsOf(id);
      if (to + units > end || !batch.hasRoom(id)) break;
      batch.add(from, to);
      to += units;
      from += units;
    }
    // What is larger than the gap makes it larger by its own size, and comes down as the last thing.
    if (batch.size === 0) batch.add(end, layout.end);
    yield* batch.done();
    hole = to;
  }
}

/** The lowest hole at or behind `from` that has something behind it; -1 if there is none. */
function nextHole(layout: FileLayout, from: number): number {
  for (let unit = from; unit < layout.end; unit += 1) if (layout.at(unit) === FREE) return unit;
  return -1;
}

/**
 * Moves the things right behind a hole to the end of the file, so that what comes after them has room to move down by
 * more than its own size; they are the last to come down.
 */
function* openGap(layout: FileLayout, hole: number, limits: BatchLimits): Generator<MoveBatch> {
  const batch = new Batch(layout, limits);
  // A quarter of what lies there, so that not everything is moved twice.
  const most = Math.max(1, Math.floor((layout.end - hole) / layout.blockUnits / 4));
  const end = layout.end;
  let to = end;
  for (let from = hole; from < end && batch.size < most;) {
    const id = layout.at(from);
    if (id === FREE) {
      from += 1;
      continue;
    }
    const units = layout.unitsOf(id);
    if (!batch.hasRoom(id)) break;
    batch.add(from, to);
    to += units;
    from += units;
  }
  yield* batch.done();
}
