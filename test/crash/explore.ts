/** Goes through the states in which a crash can leave the image of a workload. */
import { statesOf, windowsOf } from '../support/crash-states.js';
import { type Counts, Judge } from './judge.js';
import { record, type Recording } from './record.js';
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
}

/** A state that must not be. */
export interface Failure {
  readonly seed: number;
  readonly workload: number;
  readonly name: string;
  /** Number of the state among those of its workload, from 0. */
  readonly state: number;
  readonly crash: string;
  readonly fault: string;
}

export function noCounts(): Counts {
  return { states: 0, replayStates: 0, pending: 0, examined: 0 };
}

/** Payload lies behind the structures in the images of the workloads. */
function mayDamage({ image }: Recording): (position: number) => boolean {
  return (position) => position < image.dataOffset;
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
  let number = -1;
  for (const window of windowsOf(recording.base, recording.timed)) {
    if (window.end < recording.from) continue;
    const judge = new Judge(recording, window, { every: thoroughness.every, seed }, counts);
    for (const state of statesOf(window, options)) {
      number += 1;
      if (only !== undefined && number !== only) continue;
      const fault = await judge.judge(state);
      if (fault !== undefined) return { state: number, crash: state.name, fault };
    }
  }
  return undefined;
}

/** The first state of the workload of a number that must not be. */
export async function explore(
  seed: number,
  workload: number,
  thoroughness: Thoroughness,
  counts: Counts,
  only?: number,
): Promise<Failure | undefined> {
  const { name } = workloadOf(seed, workload);
  const recording = await record(workloadOf(seed, workload), seed + workload);
  const failure = await exploreRecording(recording, seed + workload, thoroughness, counts, only);
  return failure === undefined ? undefined : { seed, workload, name, ...failure };
}

/** A failure as a recipe. */
export function describe({ seed, workload, name, state, crash, fault }: Failure): string {
  return [
    `seed ${seed}, workload ${workload} (${name}), state ${state}: ${fault}`,
    `  crash ${crash}`,
    `  again, alone: npm run crash -- --seed ${seed} --only ${workload}:${state}`,
  ].join('\n');
}
