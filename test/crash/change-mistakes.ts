/** Orders that a change must not have: each leaves a state that the explorer has to find. */
import type { Timed } from '../support/recording-target.js';
import type { ChangeRecording, ChangeWorkload } from './changes.js';
import { changeOf } from './change-workloads.js';
import { flushAfter, moved, nth, without } from './spoil.js';

export interface ChangeMistake {
  readonly name: string;
  readonly workload: ChangeWorkload;
  readonly spoil: (recording: ChangeRecording) => Timed[];
}

type Part = 'identifier' | 'header' | 'region-table' | 'log' | 'bat' | 'metadata' | 'payload' | 'flush' | 'truncate';

const KIB = 1024;

/** What an operation is about, by its place in the file as it was at first. */
function partOf({ operation }: Timed, { image }: ChangeRecording): Part {
  if (operation.kind !== 'write') return operation.kind;
  const { position } = operation;
  if (position < 64 * KIB) return 'identifier';
  if (position < 192 * KIB) return 'header';
  if (position < image.logOffset) return 'region-table';
  if (position < image.batOffset) return 'log';
  if (position < image.metadataOffset) return 'bat';
  return position < image.dataOffset ? 'metadata' : 'payload';
}

/** The operations of one part, in their order. */
export function partsOf(recording: ChangeRecording, part: Part): Timed[] {
  return recording.timed.filter((timed) => partOf(timed, recording) === part);
}

export const changeMistakes: readonly ChangeMistake[] = [
  {
    name: 'set: the metadata is written in its place before the log entry',
    workload: changeOf('set: disk ID and sectors'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'metadata'), 0)]),
  },
  {
    name: 'set: the log is not flushed before LogGuid is set',
    workload: changeOf('set: disk ID and sectors'),
    spoil: (recording) => without(recording, flushAfter(recording, nth(partsOf(recording, 'log'), 0))),
  },
  {
    name: 'set: LogGuid is cleared before the metadata in its place is flushed',
    workload: changeOf('set: disk ID and sectors'),
    spoil: (recording) => without(recording, flushAfter(recording, nth(partsOf(recording, 'metadata'), -1))),
  },
  {
    name: 'set: the log is written before FileWriteGuid is a new one',
    workload: changeOf('set: disk ID and sectors'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'header'), 0).begin, [nth(partsOf(recording, 'log'), 0)]),
  },
  {
    name: 'resize: zeros behind the old end are written when the disk is larger already',
    workload: changeOf('resize: larger, the last block used in part'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'metadata'), 0).begin, [nth(partsOf(recording, 'payload'), 0)]),
  },
  {
    name: 'resize: the moved BAT is written when the region table shows it already',
    workload: changeOf('resize: larger, the BAT moves'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'metadata'), 0).begin, [nth(partsOf(recording, 'payload'), 0)]),
  },
  {
    name: 'resize: a region table is written in its place before the log entry',
    workload: changeOf('resize: larger, the BAT moves'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'region-table'), 0)]),
  },
  {
    name: 'resize: the size is written in its place before the log entry',
    workload: changeOf('resize: larger, fixed'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'metadata'), 0)]),
  },
  {
    name: 'resize: entries that still count are cleared before the disk is smaller',
    workload: changeOf('resize: smaller, a BAT of several sectors'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'bat'), -1)]),
  },
  {
    name: 'resize: the file is cut before the disk is smaller',
    workload: changeOf('resize: smaller, with what lies behind'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'truncate'), -1)]),
  },
  {
    name: 'resize: bits behind the old end are cleared in their place before the log entry',
    workload: changeOf('resize: smaller, differencing'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'payload'), 0)]),
  },
  {
    name: 'rebase: the locator is written in its place before the log entry',
    workload: changeOf('rebase: another parent as it is'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'log'), 0).begin, [nth(partsOf(recording, 'metadata'), 0)]),
  },
  {
    name: 'rebase: a block is copied when the child has the new parent already',
    workload: changeOf('rebase: another parent, the contents kept'),
    spoil: (recording) =>
      moved(recording, nth(partsOf(recording, 'metadata'), 0).begin, [nth(partsOf(recording, 'payload'), 0)]),
  },
];
