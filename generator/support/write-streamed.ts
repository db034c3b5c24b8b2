/** Structures that are written piece by piece, since the places of their fields are not known before. */
import { equalBytes, indexOfTerminator } from './bytes.js';
import { rawOf } from './raw.js';
import { show } from './show.js';
import { joinPath, pathOf, typedFault, type AnyStruct } from './struct.js';
import { WritableStruct, fitBytes } from './write.js';
import { WriteError, type WriteOptions } from './write-error.js';
import { writeRoot, type KaitaiWriter, type Writable } from './writer.js';

/** Base of generated classes that can be written and have no fixed layout. */
export abstract class StreamedStruct<
  Root extends AnyStruct = AnyStruct,
  Parent extends AnyStruct = AnyStruct,
  Types = unknown,
> extends WritableStruct<Root, Parent, Types> {
  /** Reads the instances that have not been read yet: they are written too. */
  protected _fetch(_seen: Fetched): void {
    // Most types have none.
  }

  override _check(options?: WriteOptions): void {
    this._written(options);
  }

  override toBytes(options?: WriteOptions): Uint8Array {
    return this._written(options).finish();
  }

  override writeTo(bytes: Uint8Array, offset = 0, options?: WriteOptions): void {
    bytes.set(this._written(options).described, offset);
  }

  protected _written(options: WriteOptions | undefined): KaitaiWriter {
    try {
      this._fetch(new Fetched());
      return writeRoot(this, options);
    } catch (error) {
      throw typedFault(error);
    }
  }

  /** Whether the structure was read, so that there are bytes to read its instances from. */
  protected get _wasRead(): boolean {
    return this._source !== undefined;
  }

  /** Whether an instance that was read at `position` cannot have been changed since. */
  protected _yields(position: number | undefined, value: unknown): boolean {
    return (position ?? -1) >= 0 && (typeof value !== 'object' || value === null || unasked.has(value));
  }

  /**
   * Evaluates with the stream where it stood when an instance was read: its expressions may depend on that. What is
   * written to `out` meanwhile moves this stream, if it is the same.
   */
  protected _asRead<T>(position: number | undefined, evaluate: () => T, out?: KaitaiWriter): T {
    if (position === undefined || this._out === undefined) return evaluate();
    return this._out.standingAt(position, evaluate, out);
  }

  /** Where an instance without a position was read. */
  protected _placeOf(id: string, position: number | undefined): number {
    if (position === undefined || position < 0)
      this._refuse(id, 'read from a file: the schema gives it no `pos`', undefined);
    return position;
  }

  /** `value` as the class that the switch asks for. */
  protected _of<T>(id: string, value: unknown, type: abstract new (...args: never[]) => T): T {
    if (!(value instanceof type))
      this._refuse(id, `a ${type.name}`, value instanceof Object ? value.constructor.name : value);
    return value;
  }

  protected _number(id: string, value: unknown): number {
    if (typeof value !== 'number') this._refuse(id, 'a number', value);
    return value;
  }

  protected _big(id: string, value: unknown): bigint {
    if (typeof value !== 'bigint') this._refuse(id, 'a bigint', value);
    return value;
  }

  protected _text(id: string, value: unknown): string {
    if (typeof value !== 'string') this._refuse(id, 'a string', value);
    return value;
  }

  protected _flag(id: string, value: unknown): boolean {
    if (typeof value !== 'boolean') this._refuse(id, 'a boolean', value);
    return value;
  }

  /** An opaque type, which must bring its own `_write`. */
  protected _writable(id: string, value: unknown): Writable {
    if (!isWritable(value))
      this._refuse(id, 'a structure with a method `_write`', value instanceof Object ? value.constructor.name : value);
    return value;
  }

  /** Whether an optional field is given, which must be so where and only where its `if` holds. */
  protected _given<T>(id: string, condition: boolean, value: T | undefined): value is T {
    const isGiven = value !== undefined;
    if (condition !== isGiven && !this._isEstimate)
      this._refuse(id, condition ? 'given, since its `if` holds' : 'undefined, since its `if` does not hold', value);
    return isGiven;
  }

  /** As `_given`, of a field whose switch may have no type for it: then it is absent, though its `if` holds. */
  protected _asked(id: string, condition: boolean, value: unknown): boolean {
    return value === undefined ? condition && !this._isEstimate : this._given(id, condition, value);
  }

  /** Refuses to write fields that contradict each other; a list of fewer than zero elements has none. */
  protected _expect(id: string, expected: number, actual: number): void {
    if (Math.max(0, expected) !== actual && !this._isEstimate) this._refuse(id, String(expected), actual);
  }

  /** `repeat-until` must hold for the last element, and for no other one. */
  protected _until(id: string, index: number, count: number, holds: boolean): void {
    const isLast = index === count - 1;
    if (holds === isLast || this._isEstimate) return;
    this._refuse(
      `${id}[${index}]`,
      isLast
        ? 'an element that ends the array (`repeat-until`)'
        : 'the last element, since it ends the array (`repeat-until`)',
      `element ${index} of ${count}`,
    );
  }

  /** An error of writing the array `id`, as one of the element it concerns. */
  protected _ofElement(id: string, index: number, error: unknown): unknown {
    const path = joinPath(pathOf(this), id);
    if (!(error instanceof WriteError) || error.path !== path) return error;
    return new WriteError(`${path}[${index}]`, error.expected, error.actual);
  }

  /** `bytes` before `process`: what they were made of when they were read, if that still gives them. */
  protected _reprocess(id: string, bytes: Uint8Array, process: Process, undo: Process, index?: number): Uint8Array {
    const raw = rawOf(this, 'process', id, index);
    return raw !== undefined && equalBytes(process(raw), bytes) ? raw : undo(bytes);
  }

  /**
   * What a size field says of `length` bytes and a terminator: a larger size that was given stays, and so does one that
   * was read without room for the terminator.
   */
  protected _size(given: number | bigint | undefined, length: number, terminator = 0): number {
    const size = Number(given ?? 0);
    if (size >= length + terminator || (size === length && this._wasRead)) return size;
    return length + terminator;
  }

  /** `bytes` of a structure that may be shorter than its size: the rest is zero. */
  protected _room(id: string, bytes: Uint8Array, size: number): Uint8Array {
    if (bytes.length === size) return bytes;
    if (bytes.length > size) {
      if (this._isEstimate) return bytes;
      this._refuse(id, `at most ${size} bytes`, `${bytes.length} bytes`);
    }
    const all = new Uint8Array(size);
    all.set(bytes);
    return all;
  }

  /** `bytes` with terminator and padding, as long as `size`. */
  protected _fit(
    id: string,
    bytes: Uint8Array,
    size: number,
    pad?: number,
    terminator?: Uint8Array,
    include?: boolean,
    index?: number,
  ): Uint8Array {
    return fitBytes(this, id, bytes, size, pad, terminator, include, index);
  }

  /** Bytes that reach to the end of the stream, whose size is asked for only where there may be something behind them. */
  protected _fitEos(
    out: KaitaiWriter,
    id: string,
    bytes: Uint8Array,
    pad?: number,
    terminator?: Uint8Array,
    include = false,
    index?: number,
  ): Uint8Array {
    if (pad === undefined && terminator === undefined) return bytes;
    return this._fit(id, bytes, Math.max(0, out.size - out.streamPos), pad, terminator, include, index);
  }

  /** `bytes` and what ends them. */
  protected _terminated(
    out: KaitaiWriter,
    id: string,
    bytes: Uint8Array,
    terminator: Uint8Array,
    include: boolean,
    consume: boolean,
    eosError: boolean,
  ): Uint8Array {
    const unit = terminator.length;
    const end = indexOfTerminator(bytes, 0, terminator);
    // Nothing is read from behind the end, and nothing is written there.
    const reachesEnd = (): boolean =>
      !eosError && (bytes.length === 0 ? out.streamPos >= out.size : out.size === out.streamPos + bytes.length);
    if (include) {
      if (end === -1 && reachesEnd()) return bytes;
      if (end !== bytes.length - unit || end === -1)
        this._refuse(id, `bytes that end with the terminator ${show(terminator)}, which occurs only there`, bytes);
    } else {
      if (end !== -1) this._refuse(id, `bytes without the terminator ${show(terminator)}`, bytes);
      if (reachesEnd()) return bytes;
      if (bytes.length % unit !== 0) this._refuse(id, `a multiple of ${unit} bytes`, `${bytes.length} bytes`);
    }
    const value = include ? bytes.subarray(0, end) : bytes;
    if (!consume) {
      out.follow(() => joinPath(pathOf(this), id), value.length, terminator, eosError);
      return value;
    }
    const all = new Uint8Array(value.length + unit);
    all.set(value);
    all.set(terminator, value.length);
    return all;
  }
}

/** What a process, or what undoes it, makes of bytes. */
type Process = (bytes: Uint8Array) => Uint8Array;

function isWritable(value: unknown): value is Writable {
  return typeof value === 'object' && value !== null && '_write' in value && typeof value._write === 'function';
}

/** Values of instances that only writing has asked for. */
const unasked = new WeakSet();

/** Instances that have been read already, so that offsets which lead in a circle are followed once. */
export class Fetched {
  readonly #seen = new Map<ArrayBufferLike, Set<string>>();

  /** Reads an instance, if it can be read at all: one that cannot has nothing to be written. */
  try(read: () => unknown): void {
    try {
      const value = read();
      if (typeof value === 'object' && value !== null) unasked.add(value);
    } catch {
      // What does not lie in the file is not part of it.
    }
  }

  /** Goes on with what `values` hold. */
  all(...values: readonly unknown[]): void {
    this.#each(values);
  }

  #each(values: readonly unknown[]): void {
    for (const value of values) {
      if (Array.isArray(value)) this.#each(value);
      else if (value instanceof StreamedStruct) value['_fetch'](this);
    }
  }

  /** Goes on with the value of an instance that was read at `position`. */
  instance(value: unknown, position: number | undefined): void {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (!(first instanceof StreamedStruct)) return;
    const bytes = first['_bytes'];
    if (bytes !== undefined && position !== undefined) {
      const seen = this.#seen.get(bytes.buffer) ?? new Set();
      const key = `${first.constructor.name} ${bytes.byteOffset} ${position}`;
      if (seen.has(key)) return;
      this.#seen.set(bytes.buffer, seen.add(key));
    }
    this.all(value);
  }
}
