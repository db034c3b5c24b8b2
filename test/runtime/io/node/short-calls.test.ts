import { expect, test } from 'vitest';
import { ShortCalls } from '../../../../runtime/io/node/short-calls.js';

/** Calls that take so many milliseconds each: whether they were made at once. */
function made(short: ShortCalls, clock: { now: number }, ...lengths: readonly number[]): boolean[] {
  return lengths.map((length) =>
    short.try(() => {
      clock.now += length;
    }),
  );
}

test('quick calls → made at once for a turn of 2 ms, then one is for a thread, then made at once again', () => {
  const clock = { now: 100 };
  const short = new ShortCalls(() => clock.now);
  expect(made(short, clock, 0.5, 0.5, 0.5, 0.5)).toEqual([true, true, true, true]);
  expect(made(short, clock, 0.5)).toEqual([false]);
  expect(made(short, clock, 0.5)).toEqual([false]);
  short.threadDone();
  expect(made(short, clock, 0.5)).toEqual([true]);
});

test('a slow call → the next 64 are for a thread', () => {
  const clock = { now: 100 };
  const short = new ShortCalls(() => clock.now);
  expect(made(short, clock, 1)).toEqual([true]);
  for (let call = 0; call < 64; call += 1) {
    expect(made(short, clock, 0)).toEqual([false]);
    short.threadDone();
  }
  expect(made(short, clock, 0)).toEqual([true]);
});

test('a call that throws → its error', () => {
  const short = new ShortCalls();
  const fails = (): void => {
    throw new Error('EIO');
  };
  expect(() => short.try(fails)).toThrow('EIO');
});
