import type { ByteTarget } from '../../runtime/io/byte-target.js';
import type { SparseSource } from './sparse-source.js';

/** A change of a file, as it is asked for. */
export type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  /** `cuts`: it makes the file shorter. */
  | { readonly kind: 'truncate'; readonly size: number; readonly cuts?: true };

export type Operation = Change | { readonly kind: 'flush' };

/** An operation, and when it was under way: from `begin` to `end`, in ticks of a clock; `end` is Infinity until then. */
export interface Timed<Of extends Operation = Operation> {
  readonly operation: Of;
  readonly begin: number;
  end: number;
}

/** Tells the order of what happens: every moment that counts is a tick of its own. */
export class Clock {
  now = 0;

  tick(): number {
    this.now += 1;
    return this.now;
  }
}

/** How long operations take: until what `wait` returns is settled. */
export interface Pace {
  readonly clock: Clock;
  wait(operation: Operation): Promise<void>;
  /** Lets writes of the same bytes be under way at once; which of them is done last counts. */
  readonly mayOverlap?: boolean | undefined;
}

/** A file in memory that can be changed. */
export interface EditableFile extends Pick<ByteTarget, 'read'> {
  size: number;
  /** Writes `bytes`; the file becomes longer if it has to. */
  write(bytes: Uint8Array, position: number): void;
  /** Makes the file shorter; what is cut off is zeros if it becomes longer again. */
  cut(size: number): void;
}

/** Does what an operation asks for. */
export function applyChange(file: EditableFile, change: Change): void {
  if (change.kind === 'write') file.write(change.bytes, change.position);
  else if (change.cuts === true) {
    if (change.size < file.size) file.cut(change.size);
  } else file.size = Math.max(file.size, change.size);
}

/** Operations one after the other, with the times that they have if none of them overlaps another one. */
export function inTurn(operations: readonly Operation[]): Timed[] {
  return operations.map((operation, index) => ({ operation, begin: 2 * index, end: 2 * index + 1 }));
}

/** A target that keeps a list of what is done to it. */
export class RecordingTarget<File extends EditableFile = SparseSource> implements ByteTarget {
  readonly file: File;
  /** In the order in which they began. */
  readonly timed: Timed[] = [];
  /** Called before each operation; may throw, to be a host that fails. */
  readonly #before: (operation: Operation) => void;
  readonly #pace: Pace | undefined;
  readonly #clock: Clock;

  /** Without `pace` every operation is done before another one can begin. */
  constructor(file: File, before: (operation: Operation) => void = () => undefined, pace?: Pace) {
    this.file = file;
    this.#before = before;
    this.#pace = pace;
    this.#clock = pace?.clock ?? new Clock();
  }

  get operations(): Operation[] {
    return this.timed.map(({ operation }) => operation);
  }

  get size(): number {
    return this.file.size;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.file.read(into, position);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    const written = Uint8Array.from(bytes);
    await this.#run({ kind: 'write', position, bytes: written });
    if (Buffer.compare(written, bytes) !== 0) throw new Error('the bytes were changed before their write was done');
  }

  async truncate(size: number): Promise<void> {
    await this.#run(size < this.size ? { kind: 'truncate', size, cuts: true } : { kind: 'truncate', size });
  }

  async flush(): Promise<void> {
    await this.#run({ kind: 'flush' });
  }

  /** A hole is zeros; of no bytes, it is none. */
  async discard(position: number, length: number): Promise<void> {
    const end = Math.min(position + length, this.size);
    if (end > position) await this.#run({ kind: 'write', position, bytes: new Uint8Array(end - position) });
  }

  async #run(operation: Operation): Promise<void> {
    this.#before(operation);
    if (operation.kind !== 'flush') this.#requireApart(operation);
    const timed: Timed = { operation, begin: this.#clock.tick(), end: Infinity };
    this.timed.push(timed);
    await this.#pace?.wait(operation);
    if (operation.kind === 'truncate' && operation.cuts !== true && operation.size < this.size)
      throw new Error('what was to make the file longer made it shorter');
    if (operation.kind !== 'flush') applyChange(this.file, operation);
    timed.end = this.#clock.tick();
  }

  /** Nobody knows what comes of two operations on the same bytes that are under way at once. */
  #requireApart(change: Change): void {
    for (const { operation, end } of this.timed) {
      if (end !== Infinity || operation.kind === 'flush' || areApart(operation, change)) continue;
      if (this.#pace?.mayOverlap === true && operation.kind === 'write' && change.kind === 'write') continue;
      throw new Error(`a ${change.kind} began before a ${operation.kind} of the same bytes was done`);
    }
  }
}

/** True if it does not matter which of two changes is made first. What makes a file longer changes all that is behind. */
function areApart(one: Change, other: Change): boolean {
  if (one.kind === 'truncate') return other.kind === 'write' && other.position + other.bytes.length <= one.size;
  if (other.kind === 'truncate') return areApart(other, one);
  return one.position + one.bytes.length <= other.position || other.position + other.bytes.length <= one.position;
}
