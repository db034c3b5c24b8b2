/** Paths of a tree, and which of them are asked for. */
import { expect, test } from 'vitest';
import { PathSelection } from '../../../generator/support/tree-path.js';

test.each([
  ['', 'a', true, true],
  ['a', 'a', true, true],
  ['a', 'a.b', true, true],
  ['a', 'a[3]', true, true],
  ['a', 'ab', false, false],
  ['a.b', 'a', false, true],
  ['a[3].b', 'a[3]', false, true],
  ['a[3].b', 'a[3].b.c', true, true],
  ['a[3]', 'a[30]', false, false],
  ['a[2..4].b', 'a[3].b', true, true],
  ['a[2..4].b', 'a[5].b', false, false],
  ['log[0x1000]', 'log[0x1000].header', true, true],
  ['log[0x1000]', 'log[0x10]', false, false],
])('%j, at %j → asked for: %s, on the way: %s', (wanted, path, has, touches) => {
  const selection = new PathSelection(wanted);
  expect({ has: selection.has(path), touches: selection.touches(path) }).toEqual({ has, touches });
});

test.each([
  ['a[2..4].b', 'a', { first: 2, last: 4 }],
  ['a[3]', 'a', { first: 3, last: 3 }],
  ['a', 'a', undefined],
  ['b[3]', 'a', undefined],
  ['', 'a', undefined],
])('%j, elements of %j → %j', (wanted, path, range) => {
  expect(new PathSelection(wanted).rangeOf(path)).toEqual(range);
});
