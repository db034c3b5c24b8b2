import { applyChange, type Change, type Operation } from './recording-target.js';
import type { SparseSource } from './sparse-source.js';

/** The unit that a disk writes whole, or leaves as it is; only the one under its head when the power goes is damaged. */
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
  /** How many subsets, and how many mixtures of changes that are there, torn or missing. */
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

/** What a write leaves of each atom: what was there before, what is written, or something else. */
type Atom = 'old' | 'new' | 'damaged';

/**
 * The ways in which a write can be torn: only its beginning is there, only its end, the atom that was being written is
 * damaged, or any atoms are there.
 */
function* tears(atoms: number, tearEvery: number, next: () => number): Generator<[string, (atom: number) => Atom]> {
  for (let cut = 0; cut < atoms; cut += tearEvery) {
    if (cut > 0) {
      yield [`its atoms before ${cut}`, (atom) => (atom < cut ? 'new' : 'old')];
      yield [`its atoms from ${cut}`, (atom) => (atom < cut ? 'old' : 'new')];
    }
    yield [`atom ${cut} damaged`, (atom) => (atom === cut ? 'damaged' : atom < cut ? 'new' : 'old')];
  }
  const some = Array.from({ length: atoms }, () => next() < 0.5);
  yield [`atoms ${some.map(Number).join('')}`, (atom) => (some[atom] === true ? 'new' : 'old')];
}

type Write = Extract<Change, { kind: 'write' }>;

function applyTorn(file: SparseSource, { position, bytes }: Write, atomAt: (atom: number) => Atom): void {
  for (let atom = 0; atom * ATOM < bytes.length; atom += 1) {
    const state = atomAt(atom);
    if (state === 'old') continue;
    const part = bytes.slice(atom * ATOM, (atom + 1) * ATOM);
    file.write(state === 'new' ? part : part.map((byte) => byte ^ 0x55), position + atom * ATOM);
  }
}

/** Each write torn, with all of the changes before it and with none. */
function* tornStates(
  flushed: SparseSource,
  changes: readonly Change[],
  { tearEvery = 1 }: CrashOptions,
  next: () => number,
): Generator<CrashState> {
  for (const [index, change] of changes.entries()) {
    if (change.kind !== 'write') continue;
    for (const [what, atomAt] of tears(change.bytes.length / ATOM, tearEvery, next)) {
      for (const before of index === 0 ? [[]] : [changes.slice(0, index), []]) {
        const file = flushed.copy();
        for (const earlier of before) applyChange(file, earlier);
        applyTorn(file, change, atomAt);
        yield { name: `with ${before.length} changes and of change ${index} ${what}`, file };
      }
    }
  }
}

/** Several writes torn at once: of each change all, nothing, or some atoms, one of them damaged. */
function* mixedStates(
  flushed: SparseSource,
  changes: readonly Change[],
  { samples }: CrashOptions,
  next: () => number,
): Generator<CrashState> {
  for (let sample = 0; changes.length > 1 && sample < samples; sample += 1) {
    const file = flushed.copy();
    for (const change of changes) {
      const fate = next();
      if (fate < 1 / 3) continue;
      if (fate < 2 / 3 || change.kind !== 'write') {
        applyChange(file, change);
        continue;
      }
      const damaged = Math.floor((next() * change.bytes.length) / ATOM);
      applyTorn(file, change, (atom) => (atom === damaged ? 'damaged' : next() < 0.5 ? 'new' : 'old'));
    }
    yield { name: `with mixture ${sample}`, file };
  }
}

/**
 * Every state in which a crash during `operations` can leave the file, which is `base` before them: what was flushed is
 * there; of the changes since then any subset, in their order; each write torn at each of its atoms; and mixtures of
 * these. Beyond the bounds of `options` some of them, by its seed.
 */
export function* crashStates(
  base: SparseSource,
  operations: readonly Operation[],
  options: CrashOptions,
): Generator<CrashState> {
  const next = random(options.seed);
  const flushed = base.copy();
  for (const [epoch, changes] of epochsOf(operations).entries()) {
    const named = ({ name, file }: CrashState): CrashState => ({ name: `after flush ${epoch}, ${name}`, file });
    for (const subset of subsets(changes.length, options, next)) {
      const file = flushed.copy();
      for (const [index, change] of changes.entries()) if (subset[index] === true) applyChange(file, change);
      yield named({ name: `with changes ${subset.map(Number).join('')}`, file });
    }
    for (const state of tornStates(flushed, changes, options, next)) yield named(state);
    for (const state of mixedStates(flushed, changes, options, next)) yield named(state);
    for (const change of changes) applyChange(flushed, change);
  }
}
