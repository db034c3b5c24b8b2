/** What one block of a parent becomes when a child is merged into it. */
import { isIndeterminate, PayloadState } from '../format/bat-states.js';
import type { SuppliedRun } from './merge-supply.js';

/** A block of the parent as it is. */
export interface ParentBlock {
  readonly state: number;
  readonly fileOffsetMb: number;
  /** Bytes of the disk that it holds. */
  readonly usedLength: number;
  /** Whether the parent has a parent itself. */
  readonly hasParent: boolean;
  readonly isFixed: boolean;
}

/** What becomes of the bits of a block in the sector bitmap: those of the runs are set, after all others were cleared or not. */
type BitChange = 'none' | 'add' | 'replace' | 'clear';

/** What is done with a block of the parent. */
export interface BlockMerge {
  /** The state that its BAT entry gets; left out if the entry stays. */
  readonly state?: number;
  /** Whether what is supplied is written: into the storage that the block has, or into new. */
  readonly writes: 'nothing' | 'in-place' | 'new';
  /** Whether what is not supplied has to be zeros in the new storage. */
  readonly fillsGaps: boolean;
  readonly bits: BitChange;
}

const NOTHING: BlockMerge = { writes: 'nothing', fillsGaps: false, bits: 'none' };

/** Whether the runs, which do not overlap, are all that a block holds. */
function coverAll(runs: readonly SuppliedRun[], usedLength: number): boolean {
  return runs.reduce((sum, { start, end }) => sum + end - start, 0) >= usedLength;
}

/** What lets a block of the parent read as the runs say, where there are such, and as before elsewhere. [MS-VHDX] 2.5.1.1 */
export function mergeBlock(parent: ParentBlock, runs: readonly SuppliedRun[]): BlockMerge {
  const { state, usedLength, hasParent, isFixed } = parent;
  const isWhole = coverAll(runs, usedLength);
  const isZero = runs.every(({ origin }) => origin === undefined);
  if (isWhole && isZero && !isFixed) return zeroBlock(parent);
  switch (state) {
    case PayloadState.FULLY_PRESENT:
      return { ...NOTHING, writes: 'in-place' };
    case PayloadState.PARTIALLY_PRESENT:
      // All bits of a fully present block mean nothing; they are cleared so that they never count again.
      return isWhole
        ? { state: PayloadState.FULLY_PRESENT, writes: 'in-place', fillsGaps: false, bits: 'clear' }
        : { ...NOTHING, writes: 'in-place', bits: 'add' };
    case PayloadState.NOT_PRESENT:
      if (hasParent && !isWhole) {
        return { state: PayloadState.PARTIALLY_PRESENT, writes: 'new', fillsGaps: false, bits: 'replace' };
      }
      return isZero && !hasParent ? NOTHING : newBlock;
    default:
      // What has no defined contents may become zeros as a whole.
      return isZero ? zeroBlock(parent) : newBlock;
  }
}

const newBlock: BlockMerge = { state: PayloadState.FULLY_PRESENT, writes: 'new', fillsGaps: true, bits: 'none' };

/** ZERO, unless the block reads as zeros already. */
function zeroBlock({ state, fileOffsetMb, hasParent }: ParentBlock): BlockMerge {
  if (state === PayloadState.ZERO || (state === PayloadState.NOT_PRESENT && !hasParent)) return NOTHING;
  if (isIndeterminate(state) && fileOffsetMb === 0 && !hasParent) return NOTHING;
  const bits = state === PayloadState.PARTIALLY_PRESENT ? 'clear' : 'none';
  return { state: PayloadState.ZERO, writes: 'nothing', fillsGaps: false, bits };
}
