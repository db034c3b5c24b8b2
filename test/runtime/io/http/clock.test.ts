import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HOST_CLOCK } from '../../../../runtime/io/http/retry.js';
import { reasonOf } from '../../../support/reason.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('pause → over after its time, and not before', async () => {
  let over = false;
  const pause = HOST_CLOCK.pause(1000, new AbortController().signal).then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(999);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(over).toBe(true);
  await pause;
});

test('abort in a pause → its reason at once, and no timer is left', async () => {
  const controller = new AbortController();
  const reason = reasonOf(HOST_CLOCK.pause(60_000, controller.signal));
  const enough = new Error('enough');
  controller.abort(enough);
  expect(await reason).toBe(enough);
  expect(vi.getTimerCount()).toBe(0);
});

test('timer → expires after its time, unless it is stopped', () => {
  const expired: string[] = [];
  HOST_CLOCK.timer(1000, () => expired.push('kept'));
  const stop = HOST_CLOCK.timer(1000, () => expired.push('stopped'));
  stop();
  vi.advanceTimersByTime(1000);
  expect(expired).toEqual(['kept']);
  expect(vi.getTimerCount()).toBe(0);
});

test('now and random → those of the host', () => {
  expect(HOST_CLOCK.now()).toBe(Date.now());
  expect(HOST_CLOCK.random()).toBeGreaterThanOrEqual(0);
  expect(HOST_CLOCK.random()).toBeLessThan(1);
});
