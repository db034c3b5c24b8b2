import { expect, test, vi } from 'vitest';
import { abortable, onAbort } from '../../../runtime/io/abort.js';

test('many listeners of one signal → one of the platform, and each is called once', () => {
  const controller = new AbortController();
  const add = vi.spyOn(controller.signal, 'addEventListener');
  const called: number[] = [];
  for (let number = 0; number < 20; number += 1) onAbort(controller.signal, () => called.push(number));
  controller.abort();
  controller.abort();
  expect(add).toHaveBeenCalledTimes(1);
  expect(called).toEqual(Array.from({ length: 20 }, (_, number) => number));
});

test('listener that was forgotten → not called, the others are', () => {
  const controller = new AbortController();
  const called: string[] = [];
  const forget = onAbort(controller.signal, () => called.push('forgotten'));
  onAbort(controller.signal, () => called.push('kept'));
  forget();
  controller.abort();
  expect(called).toEqual(['kept']);
});

test('promise that is never settled → the reason of the signal', async () => {
  const controller = new AbortController();
  const never = new Promise<void>(() => undefined);
  const waits = [abortable(never, controller.signal), abortable(never, AbortSignal.abort('before'))];
  controller.abort('now');
  expect(await Promise.allSettled(waits)).toMatchObject([{ reason: 'now' }, { reason: 'before' }]);
});

test('promise that is settled first → what it comes to', async () => {
  const { signal } = new AbortController();
  expect(await abortable(Promise.resolve(5), signal)).toBe(5);
  await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  expect(await abortable(Promise.resolve(6), undefined)).toBe(6);
});
