/**
 * What holds for all property tests: they end on their first failure, and within a time, so that a mistake is told in
 * seconds. On a machine too slow for all runs within that time the test passes with those that it had, and says how many.
 *
 * `VHDX_SHRINK=1` looks for the smallest counterexample, which may take minutes: to be used with the seed and the path that
 * the failure names.
 */
import * as fc from 'fast-check';

/** Less than vitest gives a test by itself, so that the failure names a seed. Tests with more time say so themselves. */
const LIMIT_MS = 55_000;

/** Throws what failed; says where runs are missing. */
function report<T>(details: fc.RunDetails<T>): void {
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
  if (details.interrupted) {
    const { numRuns, seed, runConfiguration } = details;
    console.warn(
      `property: ${numRuns} of ${runConfiguration.numRuns} runs in ${(runConfiguration.interruptAfterTimeLimit ?? LIMIT_MS) / 1000} s (seed ${seed})`,
    );
  }
}

fc.configureGlobal({
  endOnFailure: process.env['VHDX_SHRINK'] === undefined,
  interruptAfterTimeLimit: LIMIT_MS,
  markInterruptAsFailure: false,
  reporter: report,
  // For those that name none.
  seed: 1,
});
