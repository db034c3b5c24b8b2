import { type BatGeometry, type BatRun, PayloadState } from './bat.js';

/** How many payload blocks of a disk are in which state. [MS-VHDX] 2.5.1.1 */
export interface BlockCounts {
  readonly notPresent: number;
  readonly undefined: number;
  readonly zero: number;
  readonly unmapped: number;
  readonly fullyPresent: number;
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
