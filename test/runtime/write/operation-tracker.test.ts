import { describe, expect, test } from 'vitest';
import { OperationTracker } from '../../../runtime/write/operation-tracker.js';

describe('afterCurrent', () => {
  test('nothing is running → called at once', () => {
    let calls = 0;
    new OperationTracker().afterCurrent(() => (calls += 1));
    expect(calls).toBe(1);
  });

  test('operations that were running → called when the last of them is done, whichever that is', () => {
    const inFlight = new OperationTracker();
    const [one, other] = [inFlight.enter(), inFlight.enter()];
    let calls = 0;
    inFlight.afterCurrent(() => (calls += 1));
    inFlight.leave(one);
    expect(calls).toBe(0);
    inFlight.leave(other);
    expect(calls).toBe(1);
  });

  test('operations that begin later → not waited for', () => {
    const inFlight = new OperationTracker();
    const before = inFlight.enter();
    let calls = 0;
    inFlight.afterCurrent(() => (calls += 1));
    inFlight.enter();
    inFlight.leave(before);
    expect(calls).toBe(1);
  });

  test('several calls → each after what ran when it was asked for, and once', () => {
    const inFlight = new OperationTracker();
    const called: string[] = [];
    const first = inFlight.enter();
    inFlight.afterCurrent(() => called.push('after the first'));
    const second = inFlight.enter();
    inFlight.afterCurrent(() => called.push('after both'));
    inFlight.leave(second);
    // The first one is still running, and both wait for it.
    expect(called).toEqual([]);
    inFlight.leave(first);
    expect(called).toEqual(['after the first', 'after both']);
    inFlight.leave(inFlight.enter());
    expect(called).toHaveLength(2);
  });
});

test('quiet → settled when what was running is done', async () => {
  const inFlight = new OperationTracker();
  const running = inFlight.enter();
  const seen: string[] = [];
  const quiet = inFlight.whenIdle().then(() => seen.push('quiet'));
  await Promise.resolve();
  seen.push('end');
  inFlight.leave(running);
  await quiet;
  expect(seen).toEqual(['end', 'quiet']);
  await inFlight.whenIdle();
});
