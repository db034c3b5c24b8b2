/**
 * Every state in which a crash can leave an image that is being changed at rest: sound, with the contents before or
 * after, and the change completes when it is asked for again. CRASH_SEED and CRASH_SCALE give other samples, and more.
 */
import { describe, expect, test } from 'vitest';
import { CHANGE_WORKLOADS } from './change-workloads.js';
import { OPTIONS, SCALE, SEED } from './change-options.js';
import { exploreChange, recordChange } from './changes.js';

/** States of all changes together. */
let states = 0;
/** What they have to come to. */
const WANTED = 100_000;

describe('a crash during a change', () => {
  test.each(CHANGE_WORKLOADS.map((workload) => [workload.name, workload] as const))(
    '%s → as before or after, and completed by the same change',
    async (name, workload) => {
      const counts = { states: 0, completed: 0 };
      expect(await exploreChange(await recordChange(workload), OPTIONS, counts)).toBeUndefined();
      console.log(`crash states, seed ${SEED}: ${counts.states}, completed ${counts.completed} (${name})`);
      expect(counts.states).toBeGreaterThan(100);
      states += counts.states;
    },
    600_000 * SCALE,
  );

  test('all of them → enough states', ({ skip }) => {
    console.log(`crash states of changes, seed ${SEED}: ${states} in all`);
    if (states === 0) skip('none of the changes has been gone through');
    expect(states).toBeGreaterThan(WANTED * Math.min(1, SCALE));
  });
});
