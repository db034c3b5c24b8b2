/** Measures contenders side by side: all of them in every round, so that what else the machine does hits them alike. */

import { isQuick } from './quick.js';
import { result, section } from './results.js';

export interface Contender {
  readonly name: string;
  /** One unit of work; the result is used, so that it cannot be optimised away. */
  readonly run: () => unknown;
  /** Makes what is to be held while memory is measured, where that is not the result of `run`. */
  readonly held?: () => unknown;
  /** What one call of `run` counts for, such as the entries it reads. */
  readonly units?: number;
}

export interface Measurement {
  readonly name: string;
  /** Median over the rounds, in nanoseconds of CPU time for each unit. */
  readonly nanoseconds: number;
  /** Bytes of heap that the result of each unit holds. */
  readonly heapBytes: number;
}

const ROUNDS = isQuick ? 3 : 25;
const ROUND_NANOSECONDS = isQuick ? 2e6 : 20e6;
const WARM_UP_NANOSECONDS = isQuick ? 20e6 : 200e6;
let sink: unknown;

export function measure(contenders: readonly Contender[]): Measurement[] {
  const calls = contenders.map(calibrate);
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      const count = calls[index] ?? 1;
      times[index]?.push(time(contender, count) / (count * (contender.units ?? 1)));
    }
  }
  return contenders.map((contender, index) => ({
    name: contender.name,
    nanoseconds: median(times[index] ?? []),
    heapBytes: heapOf(contender, calls[index] ?? 1),
  }));
}

/** Warms up, and finds how many calls fill a round. */
function calibrate(contender: Contender): number {
  let count = 1;
  let spent = 0;
  for (let warmUp = 0; warmUp < WARM_UP_NANOSECONDS || spent < ROUND_NANOSECONDS / 2; warmUp += spent) {
    spent = time(contender, count);
    if (spent < ROUND_NANOSECONDS / 2) count *= 2;
  }
  return count;
}

/** Nanoseconds of CPU time, all threads of the process together: what other programs take does not count. */
function time({ run }: Contender, count: number): number {
  const start = process.cpuUsage();
  for (let call = 0; call < count; call++) sink = run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

/** `calls` fill a round: great results are few. */
function heapOf({ run, held = run, units = 1 }: Contender, calls: number): number {
  const { gc } = globalThis as { gc?: () => void };
  const keep: unknown[] = Array.from({ length: Math.min(1000, Math.max(8, calls)) }, () => undefined);
  gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let call = 0; call < keep.length; call++) keep[call] = held();
  // What was needed only on the way is not part of the results.
  gc?.();
  const after = process.memoryUsage().heapUsed;
  sink = keep;
  return (after - before) / (keep.length * units);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The time of each contender, and its ratio to the one called `base`; `goals`: the most that those may be, by name. */
export function report(
  title: string,
  results: readonly Measurement[],
  base: string,
  goals: Readonly<Record<string, number>> = {},
): void {
  const reference = results.find(({ name }) => name === base)?.nanoseconds ?? NaN;
  section(title);
  for (const { name, nanoseconds, heapBytes } of results) {
    const detail = `${nanoseconds.toFixed(2)} ns, ${heapBytes.toFixed(0)} bytes of heap`;
    const most = goals[name];
    const goal = most === undefined ? undefined : { atMost: most };
    if (name === base) console.log(`  ${name.padEnd(46)} ${detail}`);
    else result(`${name} / ${base}`, nanoseconds / reference, '×', { goal, detail });
  }
}

/** Keeps the last result alive. */
export const lastResult = (): unknown => sink;
