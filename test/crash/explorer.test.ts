/** A part of what `npm run crash` explores by the hour: always the same states, counted and not timed. */
import { expect, test } from 'vitest';
import { describe as recipe, explore, noCounts, THOROUGHNESS } from './explore.js';

const SEED = 1;
const WORKLOADS = 16;

test(`${WORKLOADS} workloads, seed ${SEED} → every crash leaves a sound image with nothing lost or made up`, async () => {
  const counts = noCounts();
  const failures: string[] = [];
  for (let workload = 0; workload < WORKLOADS; workload += 1) {
    const failure = await explore(SEED, workload, { ...THOROUGHNESS, every: 40 }, counts);
    if (failure !== undefined) failures.push(recipe(failure));
  }
  const { states, replayStates } = counts;
  console.log(`crash states, seed ${SEED}: ${states} of the writer, ${replayStates} of replays`, counts);
  expect(failures).toEqual([]);
  expect(states + replayStates).toBeGreaterThan(100_000);
}, 600_000);
