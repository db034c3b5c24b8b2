import { PayloadState } from '../bat.js';
import { blocksInRun } from '../bat-states.js';
import type { SourceReadOptions } from '../source.js';
import { hex, MIB } from '../units.js';
import { type BatCheckInput, type BatFindings, isUnreachable, STATE_NAMES } from './bat-findings.js';
import type { BlockCollisions } from './block-collisions.js';

/**
 * I12: where UNDEFINED and UNMAPPED blocks keep their former contents. To be called when all other blocks are in the map
 * of owners: of two that share storage it is the anchor that must give way. Reads the BAT once.
 */
export async function claimSoftAnchors(
  { bat, owners, fileSize }: BatCheckInput,
  findings: BatFindings,
  collisions: BlockCollisions,
  options?: SourceReadOptions,
): Promise<void> {
  const { geometry } = bat;
  const { blockSize } = geometry;
  const judge = (index: number, state: number, place: number): void => {
    const start = place * MIB;
    const title = `is ${STATE_NAMES[state]} (${state}) with former contents at`;
    if (isUnreachable(place) || start + blockSize > fileSize) {
      findings.add(
        'VHDX_BAT_SOFT_ANCHOR_INVALID',
        index,
        () => `${title} ${place} MiB, but the file ends at ${hex(fileSize)}`,
      );
    } else if (owners.touchesExtent(start, blockSize)) {
      findings.add(
        'VHDX_BAT_SOFT_ANCHOR_COLLISION',
        index,
        () => `${title} ${hex(start)}, on ${owners.extentAt(start, blockSize)?.title}`,
      );
    } else {
      const taken = owners.claim(place, blockSize / MIB);
      if (taken !== -1) collisions.note('VHDX_BAT_SOFT_ANCHOR_COLLISION', index, taken);
    }
  };
  for await (const runs of bat.runs(options)) {
    for (const run of runs) {
      if (run.kind === 'bitmap') continue;
      const blocks = blocksInRun(run, geometry);
      for (let at = 0; at < blocks; at += 1) {
        const state = run.entries.state(at);
        const place = run.entries.fileOffsetMb(at);
        if (place !== 0 && (state === PayloadState.UNDEFINED || state === PayloadState.UNMAPPED)) {
          judge(run.index + at, state, place);
        }
      }
    }
  }
}
