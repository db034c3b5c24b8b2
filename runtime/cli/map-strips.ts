import type { BlockState, FileOwner, Strip } from '../index.js';

/** How a kind is drawn and called. */
export interface Look {
  readonly sign: string;
  readonly color: string;
  readonly title: string;
}

export const OWNER_LOOKS: Readonly<Record<FileOwner, Look>> = {
  header: { sign: 'H', color: '#4e79a7', title: 'header section' },
  log: { sign: 'L', color: '#f28e2b', title: 'log' },
  bat: { sign: 'B', color: '#b07aa1', title: 'BAT' },
  metadata: { sign: 'M', color: '#edc948', title: 'metadata' },
  region: { sign: 'R', color: '#9c755f', title: 'other regions' },
  bitmap: { sign: 'b', color: '#76b7b2', title: 'sector bitmap blocks' },
  payload: { sign: '#', color: '#59a14f', title: 'payload blocks' },
  free: { sign: '.', color: '#e5e5e5', title: 'free' },
};

export const STATE_LOOKS: Readonly<Record<BlockState, Look>> = {
  'fully-present': { sign: '#', color: '#59a14f', title: 'FULLY_PRESENT' },
  'partially-present': { sign: '%', color: '#8cd17d', title: 'PARTIALLY_PRESENT' },
  'not-present': { sign: '.', color: '#e5e5e5', title: 'NOT_PRESENT' },
  zero: { sign: '0', color: '#bab0ac', title: 'ZERO' },
  unmapped: { sign: 'u', color: '#d4a6c8', title: 'UNMAPPED' },
  undefined: { sign: '?', color: '#fabfd2', title: 'UNDEFINED' },
  reserved: { sign: '!', color: '#e15759', title: 'reserved states' },
};

/** A run of cells that show the same kind. */
export interface StripRun<Kind extends string> {
  readonly kind: Kind;
  /** Number of the first cell. */
  readonly first: number;
  readonly count: number;
}

/** Structures are few: a cell that has one shows it, whatever else is in it. */
const STRUCTURES: readonly string[] = ['header', 'log', 'bat', 'metadata', 'region', 'reserved'];

/** Of two kinds with as many bytes the other is shown. */
const EMPTY: readonly string[] = ['free', 'not-present'];

/** The kind that a cell shows: the structure in it, otherwise what most of it is. */
export function kindOfCell<Kind extends string>(cell: Readonly<Record<Kind, number>>, kinds: readonly Kind[]): Kind {
  const there = kinds.filter((kind) => cell[kind] > 0);
  const structure = there.find((kind) => STRUCTURES.includes(kind));
  const [first] = there.toSorted(
    (one, other) => cell[other] - cell[one] || Number(EMPTY.includes(one)) - Number(EMPTY.includes(other)),
  );
  const kind = structure ?? first ?? kinds[0];
  if (kind === undefined) throw new TypeError('a cell is of some kind');
  return kind;
}

/** The runs of a strip, in order. */
export function* runsOf<Kind extends string>(
  { cells }: Strip<Kind>,
  kinds: readonly Kind[],
): Generator<StripRun<Kind>> {
  let first = 0;
  for (const [index, cell] of cells.entries()) {
    const kind = kindOfCell(cell, kinds);
    const next = cells[index + 1];
    if (next !== undefined && kindOfCell(next, kinds) === kind) continue;
    yield { kind, first, count: index + 1 - first };
    first = index + 1;
  }
}

/** The kinds that occur, with how they look and how many bytes they have. */
export function legendOf<Kind extends string>(
  { totals }: Strip<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): readonly (Look & { readonly bytes: number })[] {
  return kinds.filter((kind) => totals[kind] > 0).map((kind) => ({ ...looks[kind], bytes: totals[kind] }));
}
