import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { jobsFor, threadsFor } from '../../../runtime/cli/fleet/threads.js';

test('--jobs is said → so many, and no more than there are images', () => {
  expect([jobsFor(100, 7), jobsFor(3, 7), jobsFor(Infinity, 32)]).toEqual([7, 3, 32]);
});

test('--jobs is left out → one for each processor, if there are enough images', () => {
  const processors = availableParallelism();
  expect([jobsFor(2, undefined), jobsFor(31, undefined)]).toEqual([1, 1]);
  expect([jobsFor(10_000, undefined), jobsFor(Infinity, undefined)]).toEqual([processors, processors]);
});

test('more jobs than processors → a thread for each processor', () => {
  expect([threadsFor(1), threadsFor(10_000)]).toEqual([1, availableParallelism()]);
});
