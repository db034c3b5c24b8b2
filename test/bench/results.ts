/** What benchmarks find: printed as they go, and kept for `bench:all`, which asks for that in an environment variable. */
import { appendFileSync } from 'node:fs';

/** A file that the results are added to, one JSON a line. */
export const RESULTS_VARIABLE = 'VHDX_BENCH_RESULTS';

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** The group of the formats of Kaitai's library. */
export const FORMATS = 'formats: rate of the generated reader / of the official JavaScript';

/** The groups of copies whose goals have been found to be out of reach. */
export const CONVERT_TO_RAW = 'convert to raw: 1.5 GiB of data in a disk of 8 GiB';
export const INTO_DYNAMIC = '2 GiB into a dynamic disk';

/** `×`: a ratio. */
export type Unit = '×' | '%' | 's' | 'ms' | 'ns' | 'MiB' | 'KiB';

/** One figure of a benchmark. */
export interface Result {
  /** What was done. */
  readonly group: string;
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly goal?: Goal | undefined;
  /** What the figure was made of. */
  readonly detail?: string | undefined;
}

const DIGITS: Readonly<Record<Unit, number>> = { '×': 2, '%': 3, s: 2, ms: 1, ns: 1, MiB: 0, KiB: 1 };

let group = '';

/** Begins a group of results. */
export function section(title: string): void {
  group = title;
  console.log(`\n${title}`);
}

/** Prints a figure and, if there is a goal, whether it is met. */
export function result(
  name: string,
  value: number,
  unit: Unit,
  { goal, detail }: Pick<Result, 'goal' | 'detail'> = {},
): void {
  const found: Result = { group, name, value, unit, goal, detail };
  const verdict = goal === undefined ? '' : `  ${goalText(found)}: ${isMet(found) === true ? 'met' : 'MISSED'}`;
  const parts = detail === undefined ? '' : `  (${detail})`;
  console.log(`  ${name.padEnd(46)} ${valueText(value, unit)}${parts}${verdict}`);
  const path = process.env[RESULTS_VARIABLE];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(found)}\n`);
}

/** Whether a result keeps to its goal; `undefined` if it has none. */
export function isMet({ value, goal }: Result): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

export function valueText(value: number, unit: Unit): string {
  return unit === '×' ? value.toFixed(DIGITS[unit]) : `${value.toFixed(DIGITS[unit])} ${unit}`;
}

/** `≤ 0.9`, or nothing. */
export function goalText({ goal, unit }: Pick<Result, 'goal' | 'unit'>): string {
  if (goal === undefined) return '';
  const [sign, bound] = 'atMost' in goal ? ['≤', goal.atMost] : ['≥', goal.atLeast];
  return `${sign} ${bound}${unit === '×' ? '' : ` ${unit}`}`;
}
