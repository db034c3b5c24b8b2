import { expect, test } from 'vitest';
import { Spare } from '../../../runtime/base/spare.js';

test('memory that is given → taken once, and only by who needs no more', () => {
  const spare = new Spare<Uint8Array>();
  expect(spare.take(0)).toBeUndefined();
  const memory = new Uint8Array(100);
  spare.give(memory);
  expect(spare.take(101)).toBeUndefined();
  expect(spare.take(100)).toBe(memory);
  expect(spare.take(0)).toBeUndefined();
});

test('two are given → the longer one is kept', () => {
  const [short, long] = [new Uint8Array(10), new Uint8Array(100)];
  for (const both of [
    [short, long],
    [long, short],
  ]) {
    const spare = new Spare<Uint8Array>();
    for (const memory of both) spare.give(memory);
    expect(spare.take(1)).toBe(long);
  }
});
