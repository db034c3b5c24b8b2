/** The steps of a compaction or defragmentation, and what they come to. */
import { countText, hex, MIB, sizeText } from '../base/units.js';
import { batchLimits } from './block-mover.js';
import type { CompactRequest } from './compact-request.js';
import { type FileLayout, FREE, type Move } from './file-layout.js';
import { type MoveBatch, planMoves } from './move-planner.js';
import type { NeedlessStorage } from './needless-storage.js';
import type { PlanStep } from './plan.js';
import { planSort } from './sort-planner.js';
import type { FreedBytes } from './storage-judge.js';
import type { Structure } from './structures.js';

/** All moves of a request, tried on `layout`. */
export function* movesOf(layout: FileLayout, { move = true, sort = false }: CompactRequest): Generator<MoveBatch> {
  if (move) yield* planMoves(layout, batchLimits());
  if (sort) yield* planSort(layout, batchLimits());
}

const REASON_TEXTS: readonly (readonly [keyof FreedBytes, string])[] = [
  ['zero', 'all zero'],
  ['unmapped', 'of no defined contents'],
  ['unused', 'not in use'],
  ['parent', 'as in the parent'],
  ['bitmap', 'sector bitmaps'],
];

/** Bytes that are given up, for whatever reason. */
export function freedBytes(freed: FreedBytes): number {
  return REASON_TEXTS.reduce((sum, [reason]) => sum + freed[reason], 0);
}

/** Ranges of free MiBs inside of a file of `fileSize` bytes, as [first, end). */
export function* holesOf(layout: FileLayout, fileSize: number): Generator<readonly [number, number]> {
  const end = Math.ceil(fileSize / MIB);
  let first = -1;
  for (let unit = 0; unit <= end; unit += 1) {
    const isFree = unit < end && layout.at(unit) === FREE;
    if (isFree && first === -1) first = unit;
    if (isFree || first === -1) continue;
    yield [first, unit];
    first = -1;
  }
}

/** Bytes that are free in a file of `fileSize` bytes. */
export function freeBytes(layout: FileLayout, fileSize: number): number {
  let units = 0;
  for (const [first, end] of holesOf(layout, fileSize)) units += end - first;
  return units * MIB;
}

/** What a file comes to. */
export interface Outcome {
  readonly moves: number;
  /** Moves of structures, by the index of the structure: where it lies before and afterwards, in MiBs. */
  readonly structures: ReadonlyMap<number, Pick<Move, 'from' | 'to'>>;
  /** Those of structures included. */
  readonly movedBytes: number;
  readonly structureBytes: number;
  readonly newFileSize: number;
  readonly punchedBytes: number;
}

/** Tries all moves of a request on `layout`, which has the result in the end. */
export function outcomeOf(layout: FileLayout, request: CompactRequest, fileSize: number): Outcome {
  let [moves, units, structureUnits] = [0, 0, 0];
  const structures = new Map<number, Pick<Move, 'from' | 'to'>>();
  for (const batch of movesOf(layout, request)) {
    for (const move of batch) {
      units += move.units;
      if (layout.isStructure(move.id)) {
        const index = move.id - layout.firstStructure;
        structures.set(index, { from: structures.get(index)?.from ?? move.from, to: move.to });
        structureUnits += move.units;
      } else moves += 1;
    }
  }
  const newFileSize = Math.min(fileSize, layout.end * MIB);
  return {
    moves,
    structures,
    movedBytes: units * MIB,
    structureBytes: structureUnits * MIB,
    newFileSize,
    punchedBytes: request.punchHoles === true ? freeBytes(layout, newFileSize) : 0,
  };
}

function freeingStep({ freed, entries }: NeedlessStorage): PlanStep {
  const parts = REASON_TEXTS.filter(([reason]) => freed[reason] > 0).map(
    ([reason, text]) => `${sizeText(freed[reason])} ${text}`,
  );
  return {
    kind: 'free-blocks',
    message: `Give up the storage of ${countText(entries, 'block')}, ${sizeText(freedBytes(freed))}: ${parts.join(', ')} (2.5.1).`,
    bytes: 0,
  };
}

function movingStep({ moves, movedBytes, structureBytes }: Outcome, { sort = false }: CompactRequest): PlanStep {
  const bytes = movedBytes - structureBytes;
  const purpose = sort ? 'into free space and into the order of the disk' : 'into free space';
  return {
    kind: 'move-blocks',
    message: `Move ${countText(moves, 'block')}, ${sizeText(bytes)}, ${purpose}.`,
    bytes,
  };
}

function structureStep({ title, length, region }: Structure, { from, to }: Pick<Move, 'from' | 'to'>): PlanStep {
  const where = region === undefined ? 'both headers (2.2.2)' : 'both region tables (2.2.3)';
  return {
    kind: region === undefined ? 'header' : 'region-table',
    message: `Move ${title} of ${sizeText(length)} from ${hex(from * MIB)} to ${hex(to * MIB)}, and say so in ${where}.`,
    bytes: length,
  };
}

/** All that is done, in its order, but that structures come to their places among the blocks. */
export function stepsOf(
  needless: NeedlessStorage,
  outcome: Outcome,
  structures: readonly Structure[],
  fileSize: number,
  request: CompactRequest,
): PlanStep[] {
  const { newFileSize, punchedBytes } = outcome;
  const steps: PlanStep[] = [];
  if (needless.entries > 0) steps.push(freeingStep(needless));
  if (outcome.moves > 0) steps.push(movingStep(outcome, request));
  for (const [index, move] of outcome.structures) {
    const structure = structures[index];
    if (structure !== undefined) steps.push(structureStep(structure, move));
  }
  if (newFileSize < fileSize) {
    const message = `Cut the file from ${sizeText(fileSize)} to ${sizeText(newFileSize)}.`;
    steps.push({ kind: 'cut-file', message, bytes: 0 });
  }
  if (punchedBytes > 0) {
    const message = `Give ${sizeText(punchedBytes)} of free space inside of the file back to the host, as holes.`;
    steps.push({ kind: 'punch-holes', message, bytes: 0 });
  }
  return steps;
}
