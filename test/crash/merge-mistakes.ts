/** Orders that a merge must not have. */
import type { ChangeMistake } from './change-mistakes.js';
import { partsOf } from './change-mistakes.js';
import type { ChangeWorkload } from './changes.js';
import { MERGE_WORKLOADS } from './merge-workloads.js';
import { flushAfter, moved, nth, without } from './spoil.js';

function workload(name: string): ChangeWorkload {
  const found = MERGE_WORKLOADS.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`there is no merge ${name}`);
  return found;
}

export const mergeMistakes: readonly ChangeMistake[] = [
  {
    name: 'merge: DataWriteGuid is a new one before what the child supplied is on stable storage',
    workload: workload('merge: into a fixed parent'),
    spoil: (recording) => {
      const headers = partsOf(recording, 'header');
      return moved(recording, nth(partsOf(recording, 'payload'), 0).begin, headers.slice(-2));
    },
  },
  {
    name: 'merge: the payload of the last block is not flushed before the child is let go',
    workload: workload('merge: into a fixed parent'),
    spoil: (recording) => without(recording, flushAfter(recording, nth(partsOf(recording, 'payload'), -1))),
  },
  {
    name: 'merge: the BAT names new storage before that is on stable storage, and the child is let go',
    workload: workload('merge: into a dynamic parent'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'header'), -1).end + 1, [nth(partsOf(recording, 'payload'), -1)]),
  },
];
