/** A part of what `npm run fuzz` runs by the hour: always the same cases, counted and not timed. */
import { expect, test } from 'vitest';
import { describe as recipe, runCase } from './run.js';

const SEED = 1;
const CASES = 1500;

test(`${CASES} mutated images, seed ${SEED} → no crash, no read outside of the file, checker and reader agree`, async () => {
  const failures: string[] = [];
  for (let number = 0; number < CASES; number += 1) {
    const failure = await runCase(SEED, number);
    if (failure !== undefined) failures.push(recipe(failure));
  }
  expect(failures).toEqual([]);
}, 120_000);
