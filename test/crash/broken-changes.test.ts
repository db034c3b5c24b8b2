/** Changes with a mistake in the order of their writes and flushes: the explorer has to find a state that shows it. */
import { describe, expect, test } from 'vitest';
import { changeMistakes } from './change-mistakes.js';
import { compactMistakes } from './compact-mistakes.js';
import { OPTIONS, SCALE } from './change-options.js';
import { exploreChange, recordChange } from './changes.js';
import { mergeMistakes } from './merge-mistakes.js';

describe('a change with a mistake in its order', () => {
  test.each(
    [...changeMistakes, ...compactMistakes, ...mergeMistakes].map((mistake) => [mistake.name, mistake] as const),
  )(
    '%s → a crash state shows it',
    async (name, { workload, spoil }) => {
      const recording = await recordChange(workload);
      const timed = spoil(recording);
      expect(timed).not.toEqual(recording.timed);
      const fault = await exploreChange({ ...recording, timed }, OPTIONS, { states: 0, completed: 0 });
      expect(fault).toBeDefined();
      console.log(`${name}: ${fault?.slice(0, 160)}`);
    },
    600_000 * SCALE,
  );
});
