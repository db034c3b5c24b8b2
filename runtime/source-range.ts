/**
 * How many of the `length` bytes from `position` on a source of `size` bytes has.
 *
 * @throws RangeError if `position` is no non-negative integer.
 */
export function availableAt(size: number, position: number, length: number): number {
  if (!Number.isSafeInteger(position) || position < 0) {
    throw new RangeError(`position must be a non-negative integer, not ${position}`);
  }
  return Math.max(0, Math.min(length, size - position));
}
