/**
 * What holds for all property tests: they end on their first failure, and within a time, so that a mistake is told in
 * seconds. Fewer runs than asked for, because the time is over, are a failure too: it says how many there were.
 *
 * `VHDX_SHRINK=1` looks for the smallest counterexample, which may take minutes: to be used with the seed and the path that
 * the failure names.
 */
import * as fc from 'fast-check';

/** Less than vitest gives a test by itself, so that the failure names a seed. Tests with more time say so themselves. */
const LIMIT_MS = 55_000;

fc.configureGlobal({
  endOnFailure: process.env['VHDX_SHRINK'] === undefined,
  interruptAfterTimeLimit: LIMIT_MS,
  markInterruptAsFailure: true,
  // For those that name none.
  seed: 1,
});
