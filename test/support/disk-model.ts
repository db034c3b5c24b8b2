/**
 * What each 512-byte atom of a virtual disk may hold. Contents are stamps, which say which write they are of and which
 * atom they were written to, so that whatever is read tells where it comes from.
 */
import type { Clock } from './recording-target.js';

/** Bytes of an atom: what a disk writes whole. */
const ATOM = 512;
const WORDS = ATOM / 4;

/** Where the contents of an atom come from: one of these, or the number of a write from `FIRST_WRITE` on. */
export const ZEROS = 0;
/** What the disk held at first. */
export const INITIAL = 1;
export const PARENT = 2;
/** What lies in space that no block has. */
export const GARBAGE = 3;
/** Bytes that are no stamp of this place. */
export const ALIEN = -1;
export const FIRST_WRITE = 16;

/** Fills `into` (whole atoms) with what write `value` leaves from byte `position` of the disk on. */
export function stamp(into: Uint8Array, position: number, value: number): Uint8Array {
  if (value === ZEROS) return into.fill(0);
  const words = new Int32Array(into.buffer, into.byteOffset, into.length / 4);
  for (let word = 0; word < words.length; word += 2) {
    words[word] = value;
    words[word + 1] = (position / ATOM + Math.floor(word / WORDS)) | 0;
  }
  return into;
}

/** The stamps of `bytes` (whole atoms, of a buffer of their own or at a multiple of four): of each atom value and place. */
export function stampsOf(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const stamps = new Int32Array((2 * bytes.length) / ATOM);
  for (let at = 0; at < stamps.length; at += 2) {
    const first = (at / 2) * WORDS;
    const [value = 0, place = 0] = [words[first], words[first + 1]];
    let word = first + 2;
    while (word < first + WORDS && words[word] === value && words[word + 1] === place) word += 2;
    const isStamp = word === first + WORDS && (value !== ZEROS || place === 0);
    stamps[at] = isStamp ? value : ALIEN;
    stamps[at + 1] = place;
  }
  return stamps;
}

/** A write or discard of a range of atoms. */
export interface DiskChange {
  /** What it leaves: a number of its own, or ZEROS. */
  readonly value: number;
  /** First atom. */
  readonly start: number;
  /** First atom behind it. */
  readonly end: number;
  /** The moment at which it was asked for. */
  readonly begun: number;
  /** The moment at which it was done; Infinity until then. */
  done: number;
}

/** Values that the atoms from `start` to before `end` may have. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly values: readonly number[];
  /** Whether what the atoms held before all changes is another one. */
  readonly initial: boolean;
}

interface Flush {
  readonly begun: number;
  readonly done: number;
}

/** A disk that is written, read and flushed by any number at once. */
export class DiskModel {
  /** Bytes. */
  readonly size: number;
  /** What each atom held at first. */
  readonly initial: Int32Array;
  readonly changes: DiskChange[] = [];
  readonly flushes: Flush[] = [];
  readonly clock: Clock;
  /** How many atoms before each one were not zeros at first. */
  readonly #nonzero: Int32Array;
  #next: number;

  /** `next`: the value of the first write; greater than all that the disk holds already. */
  constructor(
    size: number,
    clock: Clock,
    initial: Int32Array = new Int32Array(size / ATOM),
    next: number = FIRST_WRITE,
  ) {
    this.size = size;
    this.clock = clock;
    this.initial = initial;
    this.#nonzero = new Int32Array(initial.length + 1);
    for (const [atom, value] of initial.entries())
      this.#nonzero[atom + 1] = (this.#nonzero[atom] ?? 0) + (value === ZEROS ? 0 : 1);
    this.#next = next;
  }

  /** Begins a change of `[position, position + length)`, to be given to `end`. A write's `value` is a new one. */
  begin(kind: 'write' | 'discard', position: number, length: number, value: number = this.#next): DiskChange {
    const change: DiskChange = {
      value: kind === 'write' ? value : ZEROS,
      start: position / ATOM,
      end: (position + length) / ATOM,
      begun: this.clock.tick(),
      done: Infinity,
    };
    this.#next += 1;
    this.changes.push(change);
    return change;
  }

  end(change: DiskChange): void {
    change.done = this.clock.tick();
  }

  /** Notes a flush that has returned, and was asked for at `begun`. */
  flushed(begun: number): void {
    this.flushes.push({ begun, done: this.clock.tick() });
  }

  /** What may be read after a crash at a moment: all that was flushed by then, or anything that began since. */
  afterCrash(moment: number): Segment[] {
    let since = -1;
    for (const { begun, done } of this.flushes) if (done <= moment && begun > since) since = begun;
    return this.#segments(this.changes, 0, this.size / ATOM, since, moment);
  }

  /**
   * The first atom in which what a read of `[position, position + bytes.length)` gave is not explained by any order of
   * the changes that were done before it and those that were under way during it; in words.
   */
  judgeRead(bytes: Uint8Array, position: number, begun: number): string | undefined {
    const done = this.clock.tick();
    const [start, end] = [position / ATOM, (position + bytes.length) / ATOM];
    const touching = this.changes.filter((change) => change.start < end && start < change.end);
    const stamps = stampsOf(bytes);
    for (const segment of this.#segments(touching, start, end, begun, done)) {
      const fault = this.judge(segment, (atom) => [
        stamps[2 * (atom - start)] ?? ALIEN,
        stamps[2 * (atom - start) + 1] ?? 0,
      ]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** The first atom of a segment that holds something else; in words. */
  judge(segment: Segment, stampOf: (atom: number) => readonly [value: number, place: number]): string | undefined {
    for (let atom = segment.start; atom < segment.end; atom += 1) {
      const [value, place] = stampOf(atom);
      if (this.isAllowed(segment, atom, value, place)) continue;
      return this.explain(segment, atom, value, place);
    }
    return undefined;
  }

  isAllowed({ values, initial }: Segment, atom: number, value: number, place: number): boolean {
    if (value !== ZEROS && place !== atom) return false;
    return (initial && value === this.initial[atom]) || values.includes(value);
  }

  /** Whether all atoms of a part of a segment may be zeros. */
  mayBeZeros({ values, initial }: Segment, start: number, end: number): boolean {
    return values.includes(ZEROS) || (initial && this.#nonzero[start] === this.#nonzero[end]);
  }

  explain({ values, initial }: Segment, atom: number, value: number, place: number): string {
    const expected = [...(initial ? [this.initial[atom] ?? ZEROS] : []), ...values].map(nameOf).join(' or ');
    const found = value <= ZEROS || place === atom ? nameOf(value) : `${nameOf(value)} of atom ${place}`;
    return `atom ${atom} holds ${found}, expected ${expected}`;
  }

  /**
   * Values that one of `changes` left which began before `until`, and which no other one has replaced: one that began
   * when it was done and was itself done before `since`.
   */
  #segments(changes: readonly DiskChange[], start: number, end: number, since: number, until: number): Segment[] {
    const begun = changes.filter((change) => change.begun <= until);
    const bounds = new Set([start, end]);
    for (const change of begun) {
      bounds.add(Math.max(start, change.start));
      bounds.add(Math.min(end, change.end));
    }
    const sorted = [...bounds].toSorted((one, other) => one - other);
    const segments: Segment[] = [];
    for (const [index, from] of sorted.slice(0, -1).entries()) {
      const to = sorted[index + 1] ?? from;
      const here = begun.filter((change) => change.start <= from && to <= change.end);
      const sure = here.filter((change) => change.done < since);
      const left = here.filter((change) => !sure.some((later) => change.done < later.begun));
      const values = [...new Set(left.map(({ value }) => value))];
      segments.push({ start: from, end: to, values, initial: sure.length === 0 });
    }
    return segments;
  }
}

function nameOf(value: number): string {
  const names: Record<number, string> = {
    [ZEROS]: 'zeros',
    [INITIAL]: 'what was there at first',
    [PARENT]: "the parent's",
    [GARBAGE]: 'what lay in free space',
    [ALIEN]: 'bytes of nobody',
  };
  return names[value] ?? `write ${value - FIRST_WRITE}`;
}
