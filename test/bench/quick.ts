/** A quick run shows that everything works; its figures mean little. */

/** Set by `bench:all --quick`. */
export const QUICK_VARIABLE = 'VHDX_BENCH_QUICK';

export const isQuick: boolean = process.env[QUICK_VARIABLE] !== undefined;

/** How often something is measured. */
export function roundsOf(count: number): number {
  return isQuick ? 1 : count;
}
