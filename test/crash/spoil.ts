/** Mistakes: what was recorded, at other times or without a part. */
import type { Timed } from '../support/recording-target.js';

/** What has been recorded. */
export interface Recorded {
  readonly timed: readonly Timed[];
}

export function nth(list: readonly Timed[], index: number): Timed {
  const found = list.at(index);
  if (found === undefined) throw new RangeError(`the writer did nothing like that ${index} times`);
  return found;
}

/** The first flush that began after an operation was done. */
export function flushAfter({ timed }: Recorded, { end }: Timed): Timed {
  const found = timed.find(({ operation, begin }) => operation.kind === 'flush' && begin > end);
  if (found === undefined) throw new RangeError('there is no flush');
  return found;
}

/** The last flush that was done before an operation began. */
export function flushBefore({ timed }: Recorded, { begin }: Timed): Timed {
  const found = timed.findLast(({ operation, end }) => operation.kind === 'flush' && end < begin);
  if (found === undefined) throw new RangeError('there is no flush');
  return found;
}

export function without({ timed }: Recorded, ...left: readonly Timed[]): Timed[] {
  return timed.filter((each) => !left.includes(each));
}

/** Operations at another time: right before a moment, in their order. */
export function moved(recording: Recorded, moment: number, operations: readonly Timed[]): Timed[] {
  const step = 1 / (2 * operations.length + 2);
  const late = operations.map((each, index) => ({
    ...each,
    begin: moment - 1 + (2 * index + 1) * step,
    end: moment - 1 + (2 * index + 2) * step,
  }));
  return [...without(recording, ...operations), ...late].toSorted((one, other) => one.begin - other.begin);
}
