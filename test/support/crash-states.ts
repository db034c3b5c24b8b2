import { applyChange, type Change, type Operation } from './recording-target.js';
import type { SparseSource } from './sparse-source.js';

/** The unit that a disk writes whole or not at all. */
const ATOM = 512;

/** A state in which a crash can leave a file. */
export interface CrashState {
  /** How it comes about, to be read in a failure. */
  readonly name: string;
  readonly file: SparseSource;
}

export interface CrashOptions {
  /** Up to so many changes between two flushes every subset of them is made; of more, `samples`. */
  readonly exhaustive: number;
  readonly samples: number;
  readonly seed: number;
  /** Least distance of the places where a write is torn, in atoms. */
  readonly tearEvery?: number;
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The changes between two flushes: until the second none of them is sure to be on the disk. */
function epochsOf(operations: readonly Operation[]): Change[][] {
  const epochs: Change[][] = [[]];
  for (const operation of operations) {
    if (operation.kind === 'flush') epochs.push([]);
    else epochs.at(-1)?.push(operation);
  }
  return epochs;
}

/** Which of `count` changes got to the disk. */
function* subsets(count: number, { exhaustive, samples }: CrashOptions, next: () => number): Generator<boolean[]> {
  if (count <= exhaustive) {
    for (let mask = 0; mask < 2 ** count; mask += 1)
      yield Array.from({ length: count }, (_, bit) => (mask >> bit) % 2 === 1);
    return;
  }
  for (let length = 0; length <= count; length += 1) yield Array.from({ length: count }, (_, index) => index < length);
  for (let sample = 0; sample < samples; sample += 1) yield Array.from({ length: count }, () => next() < 0.5);
}

/** The parts of a torn write: its beginning, its end, and any atoms of it. */
function* tornParts(
  bytes: Uint8Array,
  tearEvery: number,
  next: () => number,
): Generator<[string, (atom: number) => boolean]> {
  const atoms = bytes.length / ATOM;
  for (let cut = tearEvery; cut < atoms; cut += tearEvery) {
    yield [`before atom ${cut}`, (atom) => atom < cut];
    yield [`from atom ${cut}`, (atom) => atom >= cut];
  }
  const some = Array.from({ length: atoms }, () => next() < 0.5);
  yield [`at random, ${some.map(Number).join('')}`, (atom) => some[atom] === true];
}

/**
 * Every state in which a crash during `operations` can leave the file, which is `base` before them: what was flushed is
 * there; of the changes since then any subset, in their order; and each write torn between any two atoms, with all of
 * the changes before it and with none. Beyond the bounds of `options` some of them, by its seed.
 */
export function* crashStates(
  base: SparseSource,
  operations: readonly Operation[],
  options: CrashOptions,
): Generator<CrashState> {
  const next = random(options.seed);
  const flushed = base.copy();
  for (const [epoch, changes] of epochsOf(operations).entries()) {
    for (const subset of subsets(changes.length, options, next)) {
      const file = flushed.copy();
      for (const [index, change] of changes.entries()) if (subset[index] === true) applyChange(file, change);
      yield { name: `after flush ${epoch}, with the changes ${subset.map(Number).join('')}`, file };
    }
    for (const [index, change] of changes.entries()) {
      if (change.kind !== 'write') continue;
      for (const [part, has] of tornParts(change.bytes, options.tearEvery ?? 1, next)) {
        for (const before of [changes.slice(0, index), []]) {
          const file = flushed.copy();
          for (const earlier of before) applyChange(file, earlier);
          for (let atom = 0; atom * ATOM < change.bytes.length; atom += 1) {
            const bytes = change.bytes.subarray(atom * ATOM, (atom + 1) * ATOM);
            if (has(atom)) applyChange(file, { ...change, position: change.position + atom * ATOM, bytes });
          }
          yield { name: `after flush ${epoch} and ${before.length} changes, change ${index} torn ${part}`, file };
        }
      }
    }
    for (const change of changes) applyChange(flushed, change);
  }
}
