/** States of BAT entries, their names, and counts of them. [MS-VHDX] 2.5.1 */
import { VhdxPayloadBatEntry_PayloadState, VhdxSectorBitmapBatEntry_SectorBitmapState } from '../../generated/index.js';

/** States of a payload block. [MS-VHDX] 2.5.1.1 */
export const PayloadState: typeof VhdxPayloadBatEntry_PayloadState = VhdxPayloadBatEntry_PayloadState;
/** States of a sector bitmap block. [MS-VHDX] 2.5.1.2 */
export const SectorBitmapState: typeof VhdxSectorBitmapBatEntry_SectorBitmapState =
  VhdxSectorBitmapBatEntry_SectorBitmapState;

/** The names of states as [MS-VHDX] 2.5.1.1 and 2.5.1.2 spell them; a reserved state has none. */
const PAYLOAD_STATE_NAMES: ReadonlyMap<number, string> = namesOf(PayloadState);
const BITMAP_STATE_NAMES: ReadonlyMap<number, string> = namesOf(SectorBitmapState);

function namesOf(states: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(states).map(([name, state]) => [state, name]));
}

/** The state of a payload block in words: `ZERO (2)`, `reserved (4)`. */
export function payloadStateText(state: number): string {
  return `${PAYLOAD_STATE_NAMES.get(state) ?? 'reserved'} (${state})`;
}

/** The state of a sector bitmap block in words: `PRESENT (6)`, `reserved (2)`. */
export function bitmapStateText(state: number): string {
  return `${BITMAP_STATE_NAMES.get(state) ?? 'reserved'} (${state})`;
}

/** True for a payload block that has storage in use. [MS-VHDX] 2.5.1.1 */
export function isPresent(state: number): boolean {
  return state === PayloadState.FULLY_PRESENT || state === PayloadState.PARTIALLY_PRESENT;
}

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
