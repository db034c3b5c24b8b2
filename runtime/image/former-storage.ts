/** The storage that UNDEFINED and UNMAPPED blocks still name (I12). */
import { isIndeterminate } from '../format/bat-states.js';
import type { Bat } from '../format/bat.js';
import { ENTRY_FAULTS, type EntryFault, type StoredEntry } from './bat-faults.js';
import type { BatJudge } from './bat-judge.js';
import type { BlockCollisions } from './block-collisions.js';
import { LIMITS } from '../base/limits.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { MIB } from '../base/units.js';

/** What former storage is judged by, and who is told. */
export interface FormerStorageSurvey {
  readonly bat: Bat;
  readonly judge: BatJudge;
  readonly collisions: BlockCollisions;
  readonly found: (fault: EntryFault, entry: StoredEntry) => void;
}

/**
 * I12: where UNDEFINED and UNMAPPED blocks keep their former contents. To be called when all other blocks are in the map
 * of owners: of two that share storage it is the former one that must give way. Every place that a file can have is entered,
 * also behind its end, since a file that grows must not put other blocks there. Reads the BAT once.
 */
export async function claimFormerStorage(
  { bat, judge, collisions, found }: FormerStorageSurvey,
  options?: SourceReadOptions,
): Promise<void> {
  const { geometry } = bat;
  const units = geometry.blockSize / MIB;
  const enter = (index: number, state: number, fileOffsetMb: number): void => {
    const fault = judge.formerPlace(fileOffsetMb);
    if (fault !== undefined) found(fault, { index, state, fileOffsetMb });
    if (fileOffsetMb * MIB >= Math.max(judge.fileSize, LIMITS.replayedFileBytes)) return;
    const taken = judge.owners.claim(fileOffsetMb, units);
    if (fault !== ENTRY_FAULTS.formerOnStructure && taken !== -1)
      collisions.note('VHDX_BAT_SOFT_ANCHOR_COLLISION', index, taken);
  };
  for await (const extents of bat.extents(options)) {
    while (extents.next()) {
      const { kind, index, count, state } = extents;
      if (kind !== 'payload' || extents.fileOffsetMb === 0 || !isIndeterminate(state)) continue;
      for (let step = 0; step < count; step += 1) enter(index + step, state, extents.placeOf(step));
    }
  }
}
