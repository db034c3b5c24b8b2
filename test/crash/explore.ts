/** Goes through the states in which a crash can leave the image of a workload. */
import { someState, statesOf, windowsOf } from '../support/crash-states.js';
import { Random } from '../support/random.js';
import { applyChange } from '../support/recording-target.js';
import { examine } from './image-state.js';
import { type Counts, Judge } from './judge.js';
import { record, type Recording, type Start } from './record.js';
import { workloadOf } from './workloads.js';

/** How thoroughly. */
export interface Thoroughness {
  /** Up to so many changes under way every subset of them is made. */
  readonly exhaustive: number;
  /** Of more, so many subsets; and so many mixtures of changes that are there, torn or missing. */
  readonly samples: number;
  /** In how many parts at most a write is torn. */
  readonly tears: number;
  /** Of so many states with a pending log, the replay of one is crashed too. */
  readonly every: number;
  /** Of so many states one is opened and read whole, through the library. */
  readonly readEvery: number;
}

/** How thorough `npm run crash` and its part in the tests are. */
export const THOROUGHNESS: Thoroughness = { exhaustive: 10, samples: 60, tears: 16, every: 50, readEvery: 100 };

/** A state that must not be. */
export interface Failure extends Place {
  readonly seed: number;
  readonly name: string;
  readonly crash: string;
  readonly fault: string;
}

export function noCounts(): Counts {
  return { states: 0, replayStates: 0, pending: 0, read: 0, examined: 0 };
}

/** Payload lies behind the structures in the images of the workloads. */
function mayDamage({ image }: Recording): (position: number) => boolean {
  return (position) => position < image.dataOffset;
}

/**
 * What is wrong with the image once the disk has been closed: nothing may be left to be said, and nothing of the space
 * that the file grew by.
 */
async function faultAtRest({ base, timed }: Recording): Promise<string | undefined> {
  const file = base.copy();
  for (const { operation } of timed) if (operation.kind !== 'flush') applyChange(file, operation);
  const { findings, remarks, isPending } = await examine(file);
  const fault = findings[0] ?? remarks.find(({ code }) => code === 'VHDX_TRAILING_SPACE');
  if (fault !== undefined) return `${fault.severity} ${fault.code}: ${fault.message}`;
  return isPending ? 'there is a log to be replayed' : undefined;
}

/** The first state of a recording that must not be; `undefined` if there is none. With `only`, no other is judged. */
export async function exploreRecording(
  recording: Recording,
  seed: number,
  thoroughness: Thoroughness,
  counts: Counts,
  only?: number,
): Promise<Pick<Failure, 'state' | 'crash' | 'fault'> | undefined> {
  const options = { ...thoroughness, seed, mayDamage: mayDamage(recording) };
  // Which replays are crashed depends on the states before; of a state that is looked at alone all are.
  const judging = { ...thoroughness, seed, ...(only === undefined ? {} : { every: 1, readEvery: 1 }) };
  let number = -1;
  for (const window of windowsOf(recording.base, recording.timed)) {
    if (window.end < recording.from) continue;
    const judge = new Judge(recording, window, judging, counts);
    for (const state of statesOf(window, options)) {
      number += 1;
      if (only !== undefined && number !== only) continue;
      const fault = await judge.judge(state);
      if (fault !== undefined) return { state: number, crash: state.name, fault };
    }
  }
  const fault = await faultAtRest(recording);
  return fault === undefined ? undefined : { state: number + 1, crash: 'none: the disk has been closed', fault };
}

/** Which state of which session of which workload. */
export interface Place {
  readonly workload: number;
  /** From 0: the sessions after it begin with what a crash has left of the one before. */
  readonly session: number;
  /** Number among the states of the session, from 0. */
  readonly state: number;
}

/** Sessions of the workload of a number. */
function sessionsOf(workload: number): number {
  return 1 + (workload % 3);
}

/** The first state of the workload of a number that must not be; `undefined` if there is none. */
export async function explore(
  seed: number,
  workload: number,
  thoroughness: Thoroughness,
  counts: Counts,
  only?: Place,
): Promise<Failure | undefined> {
  let start: Start | undefined;
  for (let session = 0; session < sessionsOf(workload); session += 1) {
    const own = new Random(seed ^ Math.imul(workload + 1, 0x85eb_ca6b) ^ session).next();
    const work = workloadOf(own, workload);
    const recording = await record(work, own, start);
    if (only === undefined || only.session === session) {
      const failure = await exploreRecording(recording, own, thoroughness, counts, only?.state);
      if (failure !== undefined) return { seed, workload, session, name: work.name, ...failure };
    }
    start = { file: someState(recording.base, recording.timed, own).file, sessions: session + 1 };
  }
  return undefined;
}

/** A failure as a recipe. */
export function describe({ seed, workload, session, name, state, crash, fault }: Failure): string {
  return [
    `seed ${seed}, workload ${workload} (${name}), session ${session}, state ${state}: ${fault}`,
    `  crash ${crash}`,
    `  again, alone: npm run crash -- --seed ${seed} --only ${workload}:${session}:${state}`,
  ].join('\n');
}
