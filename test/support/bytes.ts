/** Bytes to test with, and how they are compared. */
import { expect } from 'vitest';

/** Bytes that look random and are the same in every run. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}

/** Index of the first byte that is not as it should be, or -1. */
export function firstDifference(bytes: Uint8Array, wanted: Uint8Array): number {
  if (Buffer.compare(bytes, wanted) === 0) return -1;
  const at = bytes.findIndex((byte, index) => byte !== wanted[index]);
  return at === -1 ? bytes.length : at;
}

/** Compares without a listing of a million differences. */
export function expectBytes(bytes: Uint8Array, wanted: Uint8Array): void {
  expect(firstDifference(bytes, wanted)).toBe(-1);
}

/** All that a list gives, as an array. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
