/** How many elements a list may have, whatever the file says. */
import type { KaitaiStream } from './stream.js';

/**
 * The number of a list's elements, as the file gives it. No more are accounted for than there can be, each of a bit or
 * more or one of those allowed to be empty: a list that the file is too short for ends where the file does.
 *
 * @throws {LimitError}
 */
export function countItems(io: KaitaiStream, count: number): number {
  const { budget, available } = io;
  const possible = Math.max(0, available) * 8 + io.bitsLeft + budget.emptyItems + 1;
  if (count > 0) budget.take('items', Math.min(count, possible), io.origin + io.pos);
  return count;
}

/** One more element of a list whose length is not known. @throws {LimitError} */
export function nextItem({ budget, origin, pos }: KaitaiStream): void {
  if (--budget.items < 0) budget.exceed('items', origin + pos);
}

/** Where an element begins that may take no bytes, by what this said of the one before. @throws {LimitError} */
export function movedFrom(io: KaitaiStream, before: number): number {
  const at = io.pos * 8 - io.bitsLeft;
  if (at === before) io.budget.take('emptyItems', 1, io.origin + io.pos);
  return at;
}

/** How many elements of `size` bytes it takes to the end, the last one perhaps cut off. */
export function itemsLeft({ available, bitsLeft }: KaitaiStream, size: number): number {
  if (available > 0) return Math.ceil(available / size);
  return bitsLeft === 0 ? 0 : 1;
}

/** How many of `count` elements of `size` bytes are there: a list is made at once for those that can be read. */
export function roomFor({ available }: KaitaiStream, count: number, size: number): number {
  return Math.max(0, Math.min(count, Math.floor(available / size)));
}

/** As `roomFor`, of a list to the end: how many of its elements are there and allowed. */
export const roomLeft = (io: KaitaiStream, size: number): number => roomFor(io, io.budget.items, size);

/** A list that is complete; a short one without the room for 17 that V8 makes when the first element is pushed. */
export function fitted<T>(list: T[]): T[] {
  return list.length < 17 ? list.slice() : list;
}
