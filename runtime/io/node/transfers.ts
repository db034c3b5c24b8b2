/** Whole reads and writes at a position of an open file, and calls made by threads. */
import { readSync, writeSync } from 'node:fs';
import { GIB } from '../../base/units.js';

/** Bytes of one call of the operating system: below 2 GiB, which is all that some can do. */
export const MAX_TRANSFER: number = GIB;

/** Fills `into` from `position` on; returns how many bytes there were. */
export function readFileSync(file: number, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, Math.min(into.length - done, MAX_TRANSFER), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Writes the bytes from index `start` to `end` (exclusive) to `position`. */
export function writeFileSync(file: number, bytes: Uint8Array, start: number, end: number, position: number): void {
  for (let at = start; at < end;) {
    const length = Math.min(end - at, MAX_TRANSFER);
    at += progressOf(writeSync(file, bytes, at, length, position + at - start));
  }
}

/** A file system that takes nothing, and says nothing, would be asked for ever. */
export function progressOf(count: number): number {
  if (count === 0) throw new Error('nothing was written, and no reason given');
  return count;
}

/** What a call of the operating system gives that a thread makes. */
export function threaded<T = void>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error === null ? resolve(value) : reject(error)));
  });
}
