import { expect, test } from 'vitest';
import { Scratch } from '../../../runtime/io/scratch.js';
import { KIB } from '../../support/image-builder.js';

function overlap(one: Uint8Array, other: Uint8Array): boolean {
  const end = (bytes: Uint8Array): number => bytes.byteOffset + bytes.length;
  return one.buffer === other.buffer && one.byteOffset < end(other) && other.byteOffset < end(one);
}

test('several pieces, also of two at a time and more than there is → none in another', () => {
  const [first, second] = [new Scratch(), new Scratch()];
  const pieces = [192 * KIB, 1, 100 * KIB, 400 * KIB].flatMap((length) => [first.take(length), second.take(length)]);
  expect(pieces.map(({ length }) => length / KIB)).toEqual([192, 192, 1 / KIB, 1 / KIB, 100, 100, 400, 400]);
  for (const [index, piece] of pieces.entries()) {
    expect(pieces.slice(index + 1).filter((other) => overlap(piece, other))).toEqual([]);
  }
});

test('released → the next one has the same memory, from its start', () => {
  const first = new Scratch();
  const piece = first.take(10);
  first.release();
  const next = new Scratch();
  expect(overlap(next.take(1), piece)).toBe(true);
  expect(overlap(new Scratch().take(1), piece)).toBe(false);
});
