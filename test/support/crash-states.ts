import { LayeredFile, PAGE, type Piece, piecesOf } from './layered-file.js';
import { Random } from './random.js';
import { applyChange, type Change, type Timed } from './recording-target.js';

/** The unit that a disk writes whole, or leaves as it is; only the one under its head when the power goes is damaged. */
export const ATOM = 512;

export interface CrashOptions {
  /** Up to so many changes that are not flushed every subset of them is made; of more, `samples`. */
  readonly exhaustive: number;
  /** How many subsets, and how many mixtures of changes that are there, torn or missing. */
  readonly samples: number;
  readonly seed: number;
  /** In how many parts at most a write is torn; at each of its atoms if left out. */
  readonly tears?: number;
  /** Whether an atom of a write may be damaged, neither old nor new; all if left out. */
  readonly mayDamage?: (position: number) => boolean;
}

/** What has become of an atom of a write: what was there before, what is written, or something else. */
const OLD = 0;
const NEW = 1;
const DAMAGED = 2;

/** What has become of a change: nothing, all of it, or for each atom of a write one of the above. */
export type Fate = 'none' | 'all' | Uint8Array;

/** A change that may or may not be on the disk, and what its states are made of. */
class Candidate {
  readonly timed: Timed<Change>;
  /** Number among all changes of the recording. */
  readonly number: number;
  readonly atoms: number;
  readonly #pieces: readonly Piece[];

  constructor(timed: Timed<Change>, number: number) {
    this.timed = timed;
    this.number = number;
    const { operation } = timed;
    this.atoms = operation.kind === 'write' ? operation.bytes.length / ATOM : 0;
    this.#pieces = operation.kind === 'write' ? piecesOf(operation.bytes, operation.position) : [];
  }

  apply(file: LayeredFile, fate: Fate): void {
    if (fate === 'none') return;
    if (fate === 'all') {
      if (this.timed.operation.kind === 'truncate') applyChange(file, this.timed.operation);
      for (const piece of this.#pieces) file.put(piece);
      return;
    }
    let atom = 0;
    for (const piece of this.#pieces) {
      const end = atom + piece.page.bytes.length / ATOM;
      putTorn(file, piece, fate.subarray(atom, end));
      atom = end;
    }
  }
}

/** Puts the atoms of a piece that their fates say are there. */
function putTorn(file: LayeredFile, { number, from, page }: Piece, fates: Uint8Array): void {
  if (fates.every((fate) => fate === NEW)) {
    file.put({ number, from, page });
    return;
  }
  if (fates.every((fate) => fate === OLD)) return;
  const bytes = file.bytes(number * PAGE + from, page.bytes.length);
  let last = 0;
  for (const [atom, fate] of fates.entries()) {
    if (fate === OLD) continue;
    const [start, end] = [atom * ATOM, (atom + 1) * ATOM];
    const part = page.bytes.subarray(start, end);
    bytes.set(fate === NEW ? part : part.map((byte) => byte ^ 0x55), start);
    last = end;
  }
  // No longer than what is there: a write past the end of the file may be cut off.
  file.put({ number, from, page: { bytes: bytes.subarray(0, last) } });
}

/** What lies between two flushes: what has been flushed is there, the rest may be. */
export interface Window {
  readonly number: number;
  /** The moment at which the flush before it was done. */
  readonly begin: number;
  /** The moment at which the flush behind it was done; Infinity if there is none. */
  readonly end: number;
  readonly candidates: readonly Candidate[];
  /** The file with what has been flushed. */
  readonly flushed: LayeredFile;
}

/** A state in which a crash can leave a file. */
export class CrashState {
  readonly window: Window;
  /** Of each candidate of the window. */
  readonly fates: readonly Fate[];
  readonly file: LayeredFile;
  /** The first moment at which a crash can leave the file like this; until the end of the window it still can. */
  readonly earliest: number;

  constructor(window: Window, fates: readonly Fate[]) {
    this.window = window;
    this.fates = fates;
    this.file = window.flushed.copy();
    let earliest = window.begin;
    for (const [index, fate] of fates.entries()) {
      const candidate = window.candidates[index];
      if (candidate === undefined || fate === 'none') continue;
      candidate.apply(this.file, fate);
      earliest = Math.max(earliest, candidate.timed.begin);
    }
    this.earliest = earliest;
  }

  /** How it comes about, to be read in a failure. */
  get name(): string {
    const { number, candidates } = this.window;
    const changes = candidates.map((candidate, index) => describe(candidate, this.fates[index] ?? 'none'));
    return `after flush ${number}: ${changes.length === 0 ? 'nothing under way' : changes.join('; ')}`;
  }

  /** The writes that are neither there nor missing. */
  *torn(): Generator<Extract<Change, { kind: 'write' }>> {
    for (const [index, fate] of this.fates.entries()) {
      const change = this.window.candidates[index]?.timed.operation;
      if (typeof fate === 'object' && change?.kind === 'write') yield change;
    }
  }
}

function describe({ number, timed: { operation } }: Candidate, fate: Fate): string {
  const what =
    operation.kind === 'truncate'
      ? `truncate to 0x${operation.size.toString(16)}`
      : `write of ${operation.bytes.length} at 0x${operation.position.toString(16)}`;
  const become = { none: 'missing', all: 'there' } as const;
  const state = typeof fate === 'string' ? become[fate] : `with the atoms ${runs(fate)}`;
  return `change ${number} (${what}) ${state}`;
}

/** Fates of atoms, equal ones together: `3 old, 1 damaged, 4 new`. */
function runs(fates: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < fates.length;) {
    let end = at;
    while (end < fates.length && fates[end] === fates[at]) end += 1;
    parts.push(`${end - at} ${['old', 'new', 'damaged'][fates[at] ?? OLD]}`);
    at = end;
  }
  return parts.join(', ');
}

/** The moment from which on a change is sure to be on the disk: a flush that began when it was done is done too. */
function durableFrom({ end }: Timed, flushes: readonly Timed[]): number {
  let from = Infinity;
  for (const flush of flushes) if (flush.begin > end && flush.end < from) from = flush.end;
  return from;
}

/** Every window of a recording, in their order. The file of a window does not change any more. */
export function* windowsOf(base: LayeredFile, recording: readonly Timed[]): Generator<Window> {
  const isFlush = ({ operation }: Timed): boolean => operation.kind === 'flush';
  const flushes = recording.filter((timed) => isFlush(timed) && timed.end !== Infinity);
  // Of two writes of the same bytes that which was done last counts.
  const changes = recording
    .flatMap(({ operation, begin, end }, index) =>
      operation.kind === 'flush' ? [] : [new Candidate({ operation, begin, end }, index)],
    )
    .toSorted(({ timed: one }, { timed: other }) =>
      one.end === other.end ? one.begin - other.begin : one.end - other.end,
    );
  const durable = changes.map(({ timed }) => durableFrom(timed, flushes));
  const bounds = [-1, ...flushes.map(({ end }) => end).toSorted((one, other) => one - other), Infinity];
  // One file for all windows: none of them is used when the next one is asked for.
  const flushed = base.copy();
  const applied = new Set<Candidate>();
  for (const [number, begin] of bounds.slice(0, -1).entries()) {
    const end = bounds[number + 1] ?? Infinity;
    for (const [index, change] of changes.entries()) {
      if ((durable[index] ?? Infinity) > begin || applied.has(change)) continue;
      change.apply(flushed, 'all');
      applied.add(change);
    }
    const candidates = changes.filter((change) => !applied.has(change) && change.timed.begin < end);
    yield { number, begin, end, candidates, flushed };
  }
}

/** Which of `count` changes got to the disk. */
function* subsets(count: number, { exhaustive, samples }: CrashOptions, random: Random): Generator<Fate[]> {
  const some = (isThere: (index: number) => boolean): Fate[] =>
    Array.from({ length: count }, (_, index) => (isThere(index) ? 'all' : 'none'));
  if (count <= exhaustive) {
    for (let mask = 0; mask < 2 ** count; mask += 1) yield some((index) => (mask >> index) % 2 === 1);
    return;
  }
  for (let length = 0; length <= count; length += 1) yield some((index) => index < length);
  for (let one = 0; one < count; one += 1) {
    yield some((index) => index === one);
    yield some((index) => index !== one);
  }
  for (let sample = 0; sample < samples; sample += 1) yield some(() => random.oneIn(2));
}

/**
 * The ways in which a write can be torn: only its beginning is there, only its end, the atom that was being written is
 * damaged, or any atoms are there.
 */
function* tears({ atoms, timed }: Candidate, options: CrashOptions, random: Random): Generator<Uint8Array> {
  const { operation } = timed;
  if (operation.kind !== 'write' || atoms === 0) return;
  const isBreakable = options.mayDamage?.(operation.position) ?? true;
  const step = Math.max(1, Math.ceil(atoms / (options.tears ?? atoms)));
  const some = (fateOf: (atom: number) => number): Uint8Array =>
    Uint8Array.from({ length: atoms }, (_, at) => fateOf(at));
  for (let cut = 0; cut < atoms; cut += step) {
    if (cut > 0) {
      yield some((atom) => (atom < cut ? NEW : OLD));
      yield some((atom) => (atom < cut ? OLD : NEW));
    }
    if (isBreakable) yield some((atom) => (atom === cut ? DAMAGED : atom < cut ? NEW : OLD));
  }
  if (atoms > 2) yield some(() => (random.oneIn(2) ? NEW : OLD));
}

/** Each write torn, with all of the changes before it and with none. */
function* tornStates(candidates: readonly Candidate[], options: CrashOptions, random: Random): Generator<Fate[]> {
  for (const [index, candidate] of candidates.entries()) {
    for (const torn of tears(candidate, options, random)) {
      const before: readonly Fate[] = index === 0 ? ['none'] : ['all', 'none'];
      for (const fate of before)
        yield candidates.map((_, other): Fate => (other < index ? fate : other === index ? torn : 'none'));
    }
  }
}

/** Several writes torn at once: of each change all, nothing, or some atoms, one of them damaged. */
function* mixtures(candidates: readonly Candidate[], options: CrashOptions, random: Random): Generator<Fate[]> {
  for (let sample = 0; candidates.length > 1 && sample < options.samples; sample += 1) {
    yield candidates.map(({ atoms, timed: { operation } }): Fate => {
      const fate = random.below(3);
      if (fate === 0) return 'none';
      if (fate === 1 || operation.kind !== 'write' || atoms < 2) return 'all';
      const isBreakable = options.mayDamage?.(operation.position) ?? true;
      const damaged = isBreakable ? random.below(atoms) : -1;
      return Uint8Array.from({ length: atoms }, (_, atom) =>
        atom === damaged ? DAMAGED : random.oneIn(2) ? NEW : OLD,
      );
    });
  }
}

/** The states in which a crash in this window can leave the file. */
export function* statesOf(window: Window, options: CrashOptions): Generator<CrashState> {
  const random = new Random(options.seed ^ Math.imul(window.number + 1, 0x9e37_79b1));
  const { candidates } = window;
  for (const fates of subsets(candidates.length, options, random)) yield new CrashState(window, fates);
  for (const fates of tornStates(candidates, options, random)) yield new CrashState(window, fates);
  for (const fates of mixtures(candidates, options, random)) yield new CrashState(window, fates);
}

/**
 * Every state in which a crash during a recording can leave the file, which is `base` before it: what was flushed is
 * there; of the changes since then any subset, in their order; each write torn at each of its atoms; and mixtures of
 * these. Beyond the bounds of `options` some of them, by its seed. A state's file is to be used before the next state.
 */
export function* crashStates(
  base: LayeredFile,
  recording: readonly Timed[],
  options: CrashOptions,
): Generator<CrashState> {
  for (const window of windowsOf(base, recording)) yield* statesOf(window, options);
}

/** Any state of a recording, without torn writes, and a file that does not change any more. */
export function someState(base: LayeredFile, recording: readonly Timed[], seed: number): CrashState {
  const random = new Random(seed);
  const flushes = recording.filter(({ operation }) => operation.kind === 'flush').length;
  const number = random.below(flushes + 1);
  let last: Window | undefined;
  for (const window of windowsOf(base, recording)) {
    last = window;
    if (window.number === number) break;
  }
  if (last === undefined) throw new RangeError('there is no window');
  return new CrashState(
    last,
    last.candidates.map(() => (random.oneIn(2) ? 'all' : 'none')),
  );
}
