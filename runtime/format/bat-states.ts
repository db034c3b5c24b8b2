import { type BatGeometry, type BatRun, PayloadState } from './bat.js';

/** Number of payload blocks in each state. [MS-VHDX] 2.5.1.1 */
export interface BlockCounts {
  /** Blocks in state NOT_PRESENT (0). */
  readonly notPresent: number;
  /** Blocks in state UNDEFINED (1). */
  readonly undefined: number;
  /** Blocks in state ZERO (2). */
  readonly zero: number;
  /** Blocks in state UNMAPPED (3). */
  readonly unmapped: number;
  /** Blocks in state FULLY_PRESENT (6). */
  readonly fullyPresent: number;
  /** Blocks in state PARTIALLY_PRESENT (7). */
  readonly partiallyPresent: number;
  /** In the reserved states 4 and 5. */
  readonly reserved: number;
  /** Fully or partially present. */
  readonly allocated: number;
}

/**
 * Whether readers may return what a block in this state held before, as well as zeros. Its file offset, if it is not 0,
 * says where that is. [MS-VHDX] 2.5.1.1
 */
export function isIndeterminate(state: number): boolean {
  return state === PayloadState.UNDEFINED || state === PayloadState.UNMAPPED;
}

/** How many entries of a run of payload blocks belong to blocks of the disk; the rest fills the last chunk. */
export function blocksInRun(run: Extract<BatRun, { kind: 'payload' }>, geometry: BatGeometry): number {
  return Math.max(0, Math.min(run.count, geometry.payloadBlocks - run.block));
}

/** A count for each of the eight values that a state has room for. */
export type StateCounts = Float64Array;

export function makeStateCounts(): StateCounts {
  return new Float64Array(8);
}

export function blockCounts(counts: StateCounts): BlockCounts {
  const of = (state: number): number => counts[state] ?? 0;
  const fullyPresent = of(PayloadState.FULLY_PRESENT);
  const partiallyPresent = of(PayloadState.PARTIALLY_PRESENT);
  return {
    notPresent: of(PayloadState.NOT_PRESENT),
    undefined: of(PayloadState.UNDEFINED),
    zero: of(PayloadState.ZERO),
    unmapped: of(PayloadState.UNMAPPED),
    fullyPresent,
    partiallyPresent,
    reserved: of(4) + of(5),
    allocated: fullyPresent + partiallyPresent,
  };
}
