/** Finds the active sequence among the valid entries. [MS-VHDX] 2.3.2, 2.3.3 */
import { InternalError } from '../errors/internal-error.js';

/** What the search for the active sequence needs to know of a valid log entry. */
export interface SequenceEntry {
  /** First byte of the entry, counted from the start of the log; a multiple of 4 KiB. */
  readonly start: number;
  /** Length in bytes, a multiple of 4 KiB and at most that of the log. The entry may wrap. */
  readonly length: number;
  readonly sequenceNumber: bigint;
  /** Where, by this entry, the sequence that ends with it begins, in bytes from the start of the log. */
  readonly tail: number;
}

/**
 * The entries of the active sequence, oldest (tail) first, or `undefined` if there is none. `entries` are the valid
 * entries of the log; they do not overlap. [MS-VHDX] 2.3.3
 *
 * The specification starts a sequence at every 4 KiB and lets each grow while the sequence number goes up by one. All
 * starts that reach the same last entry (head) give the same replay, from the entry that the head's Tail names up to
 * the head. So it is enough to find for each entry the head that it leads to: a sequence with the head H is valid if
 * and only if the entry at H's Tail leads to H. That takes one pass, however the log is made, and it ends on a ring
 * that is filled exactly, where step 7 of the specification would not.
 */
export function findActiveSequence<Entry extends SequenceEntry>(
  entries: readonly Entry[],
  logLength: number,
): readonly Entry[] | undefined {
  const ring = new EntryRing(entries, logLength);
  const heads = findHeads(ring, entries.length);
  // Of two heads with one sequence number, which no writer leaves behind, the search of the specification keeps the
  // one that it meets first, by the lowest start from which a valid sequence leads there.
  let best: { head: number; tail: number; number: bigint } | undefined;
  const byStart = Uint32Array.from(entries.keys()).sort((one, other) => ring.at(one).start - ring.at(other).start);
  for (const index of byStart) {
    const head = heads[index] ?? NONE;
    const { sequenceNumber: number, tail: start } = ring.at(head);
    const tail = ring.startingAt(start);
    // The sequence with this head is valid only if its tail leads to it, and counts from there on.
    if (tail === NONE || heads[tail] !== head || ring.at(index).sequenceNumber > ring.at(tail).sequenceNumber) continue;
    if (best === undefined || number > best.number) best = { head, tail, number };
  }
  if (best === undefined) return undefined;
  const sequence: Entry[] = [];
  for (let index = best.tail; index !== NONE; index = ring.after(index)) sequence.push(ring.at(index));
  return sequence;
}

const NONE = -1;
/** Entries begin at multiples of this. [MS-VHDX] 2.3.1 */
const UNIT = 4096;

/** Entries by number and by place. There may be very many, so places are kept in one array. */
class EntryRing<Entry extends SequenceEntry> {
  readonly #entries: readonly Entry[];
  readonly #logLength: number;
  /** The number of the entry that begins in each unit of the log. */
  readonly #starts: Int32Array;

  constructor(entries: readonly Entry[], logLength: number) {
    this.#entries = entries;
    this.#logLength = logLength;
    this.#starts = new Int32Array(Math.ceil(logLength / UNIT)).fill(NONE);
    for (const [index, { start }] of entries.entries()) this.#starts[start / UNIT] = index;
  }

  at(index: number): Entry {
    const entry = this.#entries[index];
    if (entry === undefined) throw new InternalError(`there is no log entry ${index}`);
    return entry;
  }

  /** The entry that begins at `position`, or `NONE`. */
  startingAt(position: number): number {
    return this.#starts[position / UNIT] ?? NONE;
  }

  /** The entry that goes on with the sequence behind entry `index`, or `NONE`. */
  after(index: number): number {
    const { start, length, sequenceNumber } = this.at(index);
    const next = this.startingAt((start + length) % this.#logLength);
    return next !== NONE && this.at(next).sequenceNumber === sequenceNumber + 1n ? next : NONE;
  }
}

/** For each entry the last one that sequence numbers lead to without a gap. */
function findHeads(ring: EntryRing<SequenceEntry>, count: number): Int32Array {
  const heads = new Int32Array(count).fill(NONE);
  const passed: number[] = [];
  for (let start = 0; start < count; start += 1) {
    let index = start;
    let head = heads[index] ?? NONE;
    while (head === NONE) {
      passed.push(index);
      const next = ring.after(index);
      // Sequence numbers only rise along the way, so it never comes back to an entry.
      if (next === NONE) head = index;
      else {
        index = next;
        head = heads[index] ?? NONE;
      }
    }
    for (const one of passed) heads[one] = head;
    passed.length = 0;
  }
  return heads;
}
