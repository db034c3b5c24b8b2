/** The explorer catches what it is there for: a writer with one of these mistakes leaves a state that must not be. */
import { describe, expect, test } from 'vitest';
import { exploreRecording, noCounts, type Thoroughness } from './explore.js';
import { mistakes } from './mistakes.js';
import { record } from './record.js';

const SEED = 5;
const THOROUGHNESS: Thoroughness = { exhaustive: 8, samples: 30, tears: 8, every: 100, readEvery: 100 };

describe('a writer with a mistake in it', () => {
  test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))(
    '%s → a crash state shows it',
    async (name, { workload, spoil }) => {
      const recording = await record(workload, SEED);
      expect(await exploreRecording(recording, SEED, THOROUGHNESS, noCounts())).toBeUndefined();
      const timed = spoil(recording);
      expect(timed).not.toEqual(recording.timed);
      const counts = noCounts();
      const failure = await exploreRecording({ ...recording, timed }, SEED, THOROUGHNESS, counts);
      expect(failure).toBeDefined();
      console.log(`${name}: state ${counts.states}: ${failure?.fault.slice(0, 160)}`);
    },
  );
});
