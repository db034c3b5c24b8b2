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
  const byStart = new Map(entries.map((entry) => [entry.start, entry]));
  const next = (entry: Entry): Entry | undefined => {
    const after = byStart.get((entry.start + entry.length) % logLength);
    return after?.sequenceNumber === entry.sequenceNumber + 1n ? after : undefined;
  };
  const heads = findHeads(entries, next);

  /** The tail of the valid sequence with this head, if there is one. */
  const tailOf = (head: Entry): Entry | undefined => {
    const tail = byStart.get(head.tail);
    return tail !== undefined && heads.get(tail) === head ? tail : undefined;
  };
  // Of two heads with one sequence number, which no writer leaves behind, the search of the specification keeps the
  // one that it meets first, by the lowest start from which a valid sequence leads there.
  let best: { head: Entry; tail: Entry } | undefined;
  for (const entry of entries.toSorted((one, other) => one.start - other.start)) {
    const head = heads.get(entry);
    const tail = head === undefined ? undefined : tailOf(head);
    if (head === undefined || tail === undefined || entry.sequenceNumber > tail.sequenceNumber) continue;
    if (best === undefined || head.sequenceNumber > best.head.sequenceNumber) best = { head, tail };
  }
  if (best === undefined) return undefined;
  const sequence = [best.tail];
  for (let entry = next(best.tail); entry !== undefined; entry = next(entry)) sequence.push(entry);
  return sequence;
}

/** For each entry the last one that sequence numbers lead to without a gap. */
function findHeads<Entry extends SequenceEntry>(
  entries: readonly Entry[],
  next: (entry: Entry) => Entry | undefined,
): Map<Entry, Entry> {
  const heads = new Map<Entry, Entry>();
  for (const start of entries) {
    const passed: Entry[] = [];
    let entry: Entry = start;
    let head = heads.get(entry);
    while (head === undefined) {
      passed.push(entry);
      const after = next(entry);
      // Sequence numbers only rise along the way, so it never comes back to an entry.
      if (after === undefined) head = entry;
      else {
        entry = after;
        head = heads.get(entry);
      }
    }
    for (const one of passed) heads.set(one, head);
  }
  return heads;
}
