import { expect, test } from 'vitest';
import { Spare } from '../../../runtime/base/spare.js';

test('memory that is given → taken once, and only by who needs no more', () => {
  const spare = new Spare<Uint8Array>();
  const isEnough =
    (length: number) =>
    (memory: Uint8Array): boolean =>
      memory.length >= length;
  expect(spare.take(isEnough(0))).toBeUndefined();
  const memory = new Uint8Array(100);
  spare.give(memory);
  expect(spare.take(isEnough(101))).toBeUndefined();
  expect(spare.take(isEnough(100))).toBe(memory);
  expect(spare.take(isEnough(0))).toBeUndefined();
});
