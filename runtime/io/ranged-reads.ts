/** Arithmetic and order of reads in parts. */
import { requireBytes, requireOffset } from '../base/arguments.js';

/**
 * How many of the bytes from `position` on that fit into `into` a source of `size` bytes has.
 *
 * @throws TypeError, RangeError if `position` is no non-negative integer, or `into` no array of bytes
 */
export function availableFor(size: number, position: number, into: Uint8Array): number {
  requireBytes(into, 'into');
  requireOffset(position, 'position');
  return Math.max(0, Math.min(into.length, size - position));
}

/**
 * Fills `into` with what a source of `size` bytes has at `position`, in parts of at most `maxPart` bytes; `readPart`
 * reads up to `count` bytes for the place `done` of `into` and says how many there were, 0 where there are no more.
 * Returns how many there were in all.
 *
 * @throws the reason of `signal`; what `readPart` throws; RangeError if `position` is no non-negative integer
 */
export async function readParts(
  into: Uint8Array,
  position: number,
  { size, maxPart, signal }: { size: number; maxPart: number; signal: AbortSignal | undefined },
  readPart: (done: number, count: number) => Promise<number>,
): Promise<number> {
  const length = availableFor(size, position, into);
  signal?.throwIfAborted();
  let done = 0;
  while (done < length) {
    const count = await readPart(done, Math.min(maxPart, length - done));
    if (count === 0) break;
    done += count;
    signal?.throwIfAborted();
  }
  return done;
}
