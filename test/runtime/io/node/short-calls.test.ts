import { expect, test } from 'vitest';
import { ShortCalls } from '../../../../runtime/io/node/short-calls.js';

/** Calls that take so many milliseconds each: whether they were made at once. */
function made(short: ShortCalls, clock: { now: number }, ...lengths: readonly number[]): boolean[] {
  return lengths.map((length) =>
    short.try(() => {
      clock.now += length;
    }, 1),
  );
}

test('quick calls → made at once for a turn of 2 ms, then when everything else had its turn', async () => {
  const clock = { now: 100 };
  const short = new ShortCalls(() => clock.now);
  for (let call = 0; call < 4; call += 1) {
    expect(short.turn()).toBeUndefined();
    expect(made(short, clock, 0.5)).toEqual([true]);
  }
  let others = 0;
  setImmediate(() => (others += 1));
  const [one, another] = [short.turn(), short.turn()];
  expect(one).toBeInstanceOf(Promise);
  expect(another).toBe(one);
  await one;
  expect(others).toBe(1);
  expect(short.turn()).toBeUndefined();
  expect(made(short, clock, 0.5)).toEqual([true]);
});

test('three slow calls in a row → the next 64 are for a thread, and need not wait for a turn; then one is enough', () => {
  const clock = { now: 100 };
  const short = new ShortCalls(() => clock.now);
  expect(made(short, clock, 2, 2, 0, 2, 2, 2)).toEqual([true, true, true, true, true, true]);
  for (const probe of [1, 2]) {
    for (let call = 0; call < 64; call += 1) {
      expect(short.turn()).toBeUndefined();
      expect(made(short, clock, 0)).toEqual([false]);
    }
    expect(short.turn()).toBeInstanceOf(Promise);
    expect(made(short, clock, 2), `probe ${probe}`).toEqual([true]);
  }
});

test('a call that throws → its error', () => {
  const short = new ShortCalls();
  const fails = (): void => {
    throw new Error('EIO');
  };
  expect(() => short.try(fails, 1)).toThrow('EIO');
});

test('a call that is to be made in this turn or not at all → not behind its end, nor while calls are for a thread', () => {
  const clock = { now: 100 };
  const short = new ShortCalls(() => clock.now);
  const take = (length: number) => (): void => {
    clock.now += length;
  };
  expect([short.tryInTurn(take(1), 5), short.tryInTurn(take(1), 5), short.tryInTurn(take(1), 5)]).toEqual([
    true,
    true,
    false,
  ]);
  const slow = new ShortCalls(() => clock.now);
  expect(made(slow, clock, 1, 0, 1, 1, 1)).toEqual([true, true, true, true, true]);
  // It does not count as one of those for a thread.
  for (let call = 0; call < 100; call += 1) expect(slow.tryInTurn(take(0), 1)).toBe(false);
  expect(made(slow, clock, 0)).toEqual([false]);
});
