/** Orders that a compaction must not have. */
import type { Timed } from '../support/recording-target.js';
import type { ChangeMistake } from './change-mistakes.js';
import { partsOf } from './change-mistakes.js';
import { COMPACT_WORKLOADS } from './compact-workloads.js';
import type { ChangeRecording, ChangeWorkload } from './changes.js';
import { flushAfter, flushBefore, moved, nth, without } from './spoil.js';

function workload(name: string): ChangeWorkload {
  const found = COMPACT_WORKLOADS.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`there is no compaction ${name}`);
  return found;
}

function cutOf({ timed }: ChangeRecording): Timed {
  return nth(
    timed.filter(({ operation }) => operation.kind === 'truncate' && operation.cuts === true),
    0,
  );
}

const BEHIND = 'compact: the log and the regions behind the blocks';

/** The log entry that moves the first region; before it the log itself is written, where it moves to. */
function tableEntry(recording: ChangeRecording): Timed {
  return nth(partsOf(recording, 'log'), 1);
}

export const compactMistakes: readonly ChangeMistake[] = [
  {
    name: 'compact: blocks go to places before the BAT has stopped naming them on stable storage',
    workload: workload('compact: zeros'),
    spoil: (recording) => moved(recording, nth(partsOf(recording, 'log'), 0).begin, partsOf(recording, 'payload')),
  },
  {
    name: 'compact: the BAT names the new place of a block before that is on stable storage',
    workload: workload('compact: zeros'),
    spoil: (recording) => without(recording, flushAfter(recording, nth(partsOf(recording, 'payload'), -1))),
  },
  {
    name: 'compact: a place is used again before the entry that stops naming it is on stable storage',
    workload: workload('compact: a hole that is smaller than a block'),
    spoil: (recording) => {
      // The log entry of one move, in the same moment as the second MiB of the next one, which goes where that was.
      const payload = nth(partsOf(recording, 'payload'), 3);
      const log = nth(
        partsOf(recording, 'log').filter(({ end }) => end < payload.begin),
        -1,
      );
      return moved(recording, log.begin, [payload]);
    },
  },
  {
    name: 'compact: the file is cut before the last move is on stable storage',
    workload: workload('compact: zeros'),
    spoil: (recording) => moved(recording, nth(partsOf(recording, 'log'), -1).begin, [cutOf(recording)]),
  },
  {
    name: 'defragment: a block comes to its place before the one that was there is on stable storage elsewhere',
    workload: workload('defragment'),
    spoil: (recording) => {
      const payload = partsOf(recording, 'payload');
      const first = nth(payload, 0);
      const late = nth(
        payload.filter(({ begin }) => begin > flushAfter(recording, first).end),
        0,
      );
      return moved(recording, flushBefore(recording, nth(partsOf(recording, 'log'), 0)).begin, [late]);
    },
  },
  {
    name: 'compact: the region table names the new place of the BAT before that is on stable storage',
    workload: workload(BEHIND),
    spoil: (recording) => {
      const entry = tableEntry(recording);
      const copy = nth(
        recording.timed.filter(({ end }) => end < entry.begin),
        -1,
      );
      return moved(recording, flushAfter(recording, entry).end + 1, [copy]);
    },
  },
  {
    name: 'compact: a region table is written in its place before the log entry',
    workload: workload(BEHIND),
    spoil: (recording) => moved(recording, tableEntry(recording).begin, [nth(partsOf(recording, 'region-table'), 0)]),
  },
  {
    name: 'compact: holes are made before the BAT has stopped naming the storage',
    workload: workload('compact: holes for what is given up'),
    spoil: (recording) => {
      const hole = nth(partsOf(recording, 'payload'), -1);
      return moved(recording, nth(partsOf(recording, 'log'), 0).begin, [hole]);
    },
  },
];
