/** How the cells of a picture look: characters, colors and titles by kind. */
import { InternalError } from '../../errors/internal-error.js';
import type { BlockState, FileOwner, Strip } from '../../index.js';
import { roundedSizeText } from '../text.js';

/** What is shown of a cell that has several kinds: the one with the first of these ranks that occurs. */
const RANKS = ['error', 'structure', 'stored', 'state', 'empty'] as const;

/** How a kind is drawn and called. */
export interface Look {
  readonly sign: string;
  /** The sign where it has less than half of a cell. */
  readonly minority?: string;
  readonly color: string;
  readonly title: string;
  readonly rank: (typeof RANKS)[number];
}

export const OWNER_LOOKS: Readonly<Record<FileOwner, Look>> = {
  overlap: { sign: '!', color: '#e15759', title: 'overlapping blocks', rank: 'error' },
  header: { sign: 'H', color: '#4e79a7', title: 'header section', rank: 'structure' },
  log: { sign: 'L', color: '#f28e2b', title: 'log', rank: 'structure' },
  bat: { sign: 'B', color: '#b07aa1', title: 'BAT', rank: 'structure' },
  metadata: { sign: 'M', color: '#edc948', title: 'metadata', rank: 'structure' },
  region: { sign: 'R', color: '#9c755f', title: 'other regions', rank: 'structure' },
  bitmap: { sign: 'b', color: '#76b7b2', title: 'sector bitmap blocks', rank: 'stored' },
  payload: { sign: '#', minority: '+', color: '#59a14f', title: 'payload blocks', rank: 'stored' },
  free: { sign: '.', color: '#e5e5e5', title: 'free', rank: 'empty' },
};

export const STATE_LOOKS: Readonly<Record<BlockState, Look>> = {
  unreadable: { sign: 'X', color: '#e15759', title: 'unreadable blocks', rank: 'error' },
  reserved: { sign: '!', color: '#b10026', title: 'reserved states', rank: 'error' },
  'fully-present': { sign: '#', minority: '+', color: '#59a14f', title: 'FULLY_PRESENT', rank: 'stored' },
  'partially-present': { sign: '%', minority: '-', color: '#8cd17d', title: 'PARTIALLY_PRESENT', rank: 'stored' },
  zero: { sign: '0', color: '#bab0ac', title: 'ZERO', rank: 'state' },
  unmapped: { sign: 'u', color: '#d4a6c8', title: 'UNMAPPED', rank: 'state' },
  undefined: { sign: '?', color: '#fabfd2', title: 'UNDEFINED', rank: 'state' },
  'not-present': { sign: '.', color: '#e5e5e5', title: 'NOT_PRESENT', rank: 'empty' },
};

type Cell<Kind extends string> = Readonly<Record<Kind, number>>;

/** What a cell shows. */
export interface CellLook<Kind extends string> {
  readonly kind: Kind;
  /** How much of the cell is of that kind: quarters, rounded up, 1 to 4; 4 for what is never drawn fainter. */
  readonly quarters: number;
}

/** The kind that a cell shows, by rank; of one rank the one that has the most bytes. */
export function lookOf<Kind extends string>(
  cell: Cell<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): CellLook<Kind> {
  const there = kinds.filter((kind) => cell[kind] > 0);
  const rank = (kind: Kind): number => RANKS.indexOf(looks[kind].rank);
  const [kind = kinds.at(-1)] = there.toSorted((one, other) => rank(one) - rank(other) || cell[other] - cell[one]);
  if (kind === undefined) throw new InternalError('a cell of the map has no kind');
  const size = there.reduce((sum, each) => sum + cell[each], 0);
  const isFaint = looks[kind].rank === 'stored' || looks[kind].rank === 'state';
  return { kind, quarters: isFaint ? Math.ceil((4 * cell[kind]) / Math.max(1, size)) : 4 };
}

/** A run of cells that look the same. */
export interface StripRun<Kind extends string> extends CellLook<Kind> {
  /** Number of the first cell. */
  readonly first: number;
  readonly count: number;
  /** Bytes by kind of all its cells. */
  readonly bytes: Cell<Kind>;
}

/** The runs of a strip, in order. */
export function* runsOf<Kind extends string>(
  { cells }: Strip<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): Generator<StripRun<Kind>> {
  let run: { look: CellLook<Kind>; first: number; count: number; bytes: Record<Kind, number> } | undefined;
  for (const [first, cell] of cells.entries()) {
    const look = lookOf(cell, kinds, looks);
    if (run !== undefined && run.look.kind === look.kind && run.look.quarters === look.quarters) {
      run.count += 1;
      for (const kind of kinds) run.bytes[kind] += cell[kind];
      continue;
    }
    if (run !== undefined) yield { ...run.look, first: run.first, count: run.count, bytes: run.bytes };
    run = { look, first, count: 1, bytes: { ...cell } };
  }
  if (run !== undefined) yield { ...run.look, first: run.first, count: run.count, bytes: run.bytes };
}

/** The kinds that occur, with how they look and how many bytes they have. */
export function legendOf<Kind extends string>(
  bytes: Cell<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): readonly (Look & { readonly bytes: number })[] {
  return kinds.filter((kind) => bytes[kind] > 0).map((kind) => ({ ...looks[kind], bytes: bytes[kind] }));
}

/** Whether a cell has several kinds, so that it cannot show all that is in it. */
export function isMixed<Kind extends string>({ cells }: Strip<Kind>, kinds: readonly Kind[]): boolean {
  return cells.some((cell) => kinds.filter((kind) => cell[kind] > 0).length > 1);
}

/** What is in a run, in words: `log 1 MiB, BAT 1 MiB`. */
export function contentsText<Kind extends string>(
  bytes: Cell<Kind>,
  kinds: readonly Kind[],
  looks: Readonly<Record<Kind, Look>>,
): string {
  return legendOf(bytes, kinds, looks)
    .map(({ title, bytes: count }) => `${title} ${roundedSizeText(count)}`)
    .join(', ');
}

/** A share for people, which is 0 % and 100 % only where nothing, or all of it, is meant. */
export function percent(bytes: number, length: number): string {
  const share = length === 0 ? 0 : (bytes * 100) / length;
  if (share > 0 && share < 0.1) return '< 0.1 %';
  return share < 100 && share > 99.9 ? '> 99.9 %' : `${share.toFixed(1)} %`;
}
