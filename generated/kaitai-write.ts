/** The base class of structures that can be written. */
import {
  KaitaiStruct,
  bytesStripRight,
  bytesTerminate,
  describeConstraint,
  equalBytes,
  indexOfTerminator,
  joinPath,
  pathOf,
  show,
  type ConstraintKind,
} from './kaitai.js';
import { encodeString, type Decode } from './kaitai-encode.js';
import { WriteError, type WriteOptions } from './kaitai-write-error.js';
import { KaitaiWriter, writeMeasured, type Writable } from './kaitai-writer.js';

/** Base of generated classes that can be written. */
export abstract class WritableStruct extends KaitaiStruct {
  declare _out: KaitaiWriter | undefined;

  /** Appends the structure to `out`. */
  abstract _write(out: KaitaiWriter): void;

  /** Reads the instances that nobody has asked for yet: they are written too. */
  _fetch(_seen: Fetched): void {
    // Most types have none.
  }

  /**
   * Finds out whether the structure can be written.
   *
   * @throws {WriteError} where a value does not fit its field, or fields contradict each other
   */
  _check(options?: WriteOptions): void {
    this._written(options);
  }

  /**
   * The structure as bytes; contents, counts, sizes and checksums are filled in.
   *
   * @throws {WriteError} as `_check`
   */
  toBytes(options?: WriteOptions): Uint8Array {
    return this._written(options);
  }

  /**
   * Writes the structure at `offset` of `bytes`, or nothing at all.
   *
   * @throws {WriteError} as `_check`
   * @throws {RangeError} where it does not fit into `bytes`
   */
  writeTo(bytes: Uint8Array, offset = 0, options?: WriteOptions): void {
    bytes.set(this._written(options), offset);
  }

  _written(options: WriteOptions | undefined): Uint8Array {
    this._fetch(new Fetched());
    return writeMeasured(this, (size, isFinal) => new KaitaiWriter(options, { size, isFinal })).finish();
  }

  /** Whether the structure was read, so that there are bytes to read its instances from. */
  get _wasRead(): boolean {
    return this._source !== undefined;
  }

  /** Makes `child` a part of this structure: what `_parent` and `_root` are in its expressions, as reading sets them. */
  _adopt(child: KaitaiStruct, parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined): void {
    child._parent = parent;
    child._root = root;
    if (parent !== this || child._holder !== undefined) child._holder = this;
  }

  /** Whether an instance that was read at `position` cannot have been changed since. */
  _yields(position: number | undefined, value: unknown): boolean {
    return (position ?? -1) >= 0 && (typeof value !== 'object' || value === null || unasked.has(value));
  }

  /** Evaluates with the stream where it stood when an instance was read: its expressions may depend on that. */
  _asRead<T>(position: number | undefined, evaluate: () => T): T {
    return position === undefined || this._out === undefined ? evaluate() : this._out.standingAt(position, evaluate);
  }

  /** `value`, which must be an integer from `lo` to `hi`, both inclusive. */
  _int(id: string, value: number, lo: number, hi: number): number {
    if (!(value >= lo && value <= hi && Number.isInteger(value)))
      this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    return value;
  }

  _bigInt(id: string, value: bigint, lo: bigint, hi: bigint): bigint {
    if (!(value >= lo && value <= hi)) this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    return value;
  }

  /** `value`, which must be an unsigned integer of 64 bits. */
  _uint64(id: string, value: bigint): bigint {
    if (BigInt.asUintN(64, value) !== value) this._refuse(id, 'an unsigned integer of 64 bits', value);
    return value;
  }

  /** `value`, which must be an unsigned integer of `count` bits, of which there may be many. */
  _bits(id: string, value: bigint, count: number): bigint {
    if (BigInt.asUintN(count, value) !== value) this._refuse(id, `an unsigned integer of ${count} bits`, value);
    return value;
  }

  /** A value of four bytes: rounded to the nearest one, but never to infinity. */
  _float(id: string, value: number): number {
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) this._refuse(id, 'a 32-bit float', value);
    return value;
  }

  /** `value` as the class that the switch asks for. */
  _of<T>(id: string, value: unknown, type: abstract new (...args: never[]) => T): T {
    if (!(value instanceof type))
      this._refuse(id, `a ${type.name}`, value instanceof Object ? value.constructor.name : value);
    return value;
  }

  _number(id: string, value: unknown): number {
    if (typeof value !== 'number') this._refuse(id, 'a number', value);
    return value;
  }

  _big(id: string, value: unknown): bigint {
    if (typeof value !== 'bigint') this._refuse(id, 'a bigint', value);
    return value;
  }

  _text(id: string, value: unknown): string {
    if (typeof value !== 'string') this._refuse(id, 'a string', value);
    return value;
  }

  _flag(id: string, value: unknown): boolean {
    if (typeof value !== 'boolean') this._refuse(id, 'a boolean', value);
    return value;
  }

  /** An opaque type, which must bring its own `_write`. */
  _writable(id: string, value: unknown): Writable {
    if (!isWritable(value))
      this._refuse(id, 'a structure with a method `_write`', value instanceof Object ? value.constructor.name : value);
    return value;
  }

  /** Whether an optional field is given, which must be so where and only where its `if` holds. */
  _given<T>(id: string, condition: boolean, value: T | undefined): value is T {
    const isGiven = value !== undefined;
    if (condition !== isGiven && !this._isEstimate)
      this._refuse(id, condition ? 'given, since its `if` holds' : 'undefined, since its `if` does not hold', value);
    return isGiven;
  }

  /** Whether the constraint holds is `met`; refused where it does not and nobody collects. */
  _expectValid(
    met: boolean,
    id: string,
    constraint: ConstraintKind,
    expected: unknown,
    actual: unknown,
    options: WriteOptions | undefined,
  ): void {
    if (met) return;
    const path = joinPath(pathOf(this), id);
    const described = describeConstraint(constraint, expected);
    const { onViolation } = options ?? {};
    if (onViolation !== undefined) {
      onViolation({ path, constraint, expected, actual, message: `${path}: ${described}, is ${show(actual)}` });
    } else if (!this._isEstimate) {
      throw new WriteError(path, described.replace(/^must (be )?/, ''), actual);
    }
  }

  /** Refuses to write fields that contradict each other. */
  _expect(id: string, expected: number, actual: number): void {
    if (expected !== actual && !this._isEstimate) this._refuse(id, String(expected), actual);
  }

  /** `repeat-until` must hold for the last element, and for no other one. */
  _until(id: string, index: number, count: number, holds: boolean): void {
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
  _ofElement(id: string, index: number, error: unknown): unknown {
    const path = joinPath(pathOf(this), id);
    if (!(error instanceof WriteError) || error.path !== path) return error;
    return new WriteError(`${path}[${index}]`, error.expected, error.actual);
  }

  /** `text` in an encoding. */
  _encode(id: string, text: string, encoding: string, decode?: Decode): Uint8Array {
    try {
      return encodeString(text, encoding, decode);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this._refuse(id, `text in ${encoding}`, text);
    }
  }

  /** Length of a size field that holds at least `needed` bytes: a larger one that was given stays. */
  _size(given: number | bigint | undefined, needed: number): number {
    const size = Number(given ?? 0);
    return size >= needed ? size : needed;
  }

  /** `bytes` of a structure that may be shorter than its size: the rest is zero. */
  _room(id: string, bytes: Uint8Array, size: number): Uint8Array {
    if (bytes.length === size) return bytes;
    if (bytes.length > size) {
      if (this._isEstimate) return bytes;
      this._refuse(id, `at most ${size} bytes`, `${bytes.length} bytes`);
    }
    const all = new Uint8Array(size);
    all.set(bytes);
    return all;
  }

  /** `bytes`, terminated and padded to `size`, so that reading finds them again. */
  _fit(
    id: string,
    bytes: Uint8Array,
    size: number,
    pad?: number,
    terminator?: Uint8Array,
    include = false,
  ): Uint8Array {
    if (bytes.length > size && this._isEstimate) return bytes;
    this._checkFit(id, bytes, size, pad, terminator, include);
    if (bytes.length === size) return bytes;
    const fitted = new Uint8Array(size);
    storeBytes(fitted, 0, size, bytes, pad, include ? undefined : terminator);
    return fitted;
  }

  _checkFit(id: string, bytes: Uint8Array, size: number, pad?: number, terminator?: Uint8Array, include = false): void {
    if (pad === undefined && terminator === undefined) {
      if (bytes.length !== size && !this._isEstimate) this._refuse(id, `${size} bytes`, `${bytes.length} bytes`);
    } else if (bytes.length > size) {
      this._refuse(id, `at most ${size} bytes`, `${bytes.length} bytes`);
    } else if (terminator === undefined) {
      if (bytes.length > 0 && bytes[bytes.length - 1] === pad)
        this._refuse(id, `bytes that do not end with the padding ${show(pad)}`, bytes);
    } else {
      const fitted = new Uint8Array(size);
      storeBytes(fitted, 0, size, bytes, pad, include ? undefined : terminator);
      const stripped = pad === undefined || pad === terminator.at(-1) ? fitted : bytesStripRight(fitted, pad);
      if (equalBytes(bytesTerminate(stripped, terminator, include), bytes)) return;
      this._refuse(
        id,
        `bytes that are found again before terminator ${show(terminator)} and padding ${show(pad ?? 0)}`,
        bytes,
      );
    }
  }

  /** Bytes that reach to the end of the stream, whose size is asked for only where there may be something behind them. */
  _fitEos(
    out: KaitaiWriter,
    id: string,
    bytes: Uint8Array,
    pad?: number,
    terminator?: Uint8Array,
    include = false,
  ): Uint8Array {
    if (pad === undefined && terminator === undefined) return bytes;
    return this._fit(id, bytes, out.size - out.streamPos, pad, terminator, include);
  }

  /** `bytes` and what ends them. */
  _terminated(
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
    const reachesEnd = (): boolean => !eosError && out.size === out.streamPos + bytes.length;
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

  /** Whether what is being written is a guess at a size, so that contradictions do not count yet. */
  get _isEstimate(): boolean {
    return this._out?.forgive() === true;
  }

  _refuse(id: string, expected: string, actual: unknown): never {
    throw new WriteError(joinPath(pathOf(this), id), expected, actual);
  }
}

function isWritable(value: unknown): value is Writable {
  return typeof value === 'object' && value !== null && '_write' in value && typeof value._write === 'function';
}

/** Puts `value` at `at` of `bytes`, its terminator and padding behind it. */
export function storeBytes(
  bytes: Uint8Array,
  at: number,
  size: number,
  value: Uint8Array,
  pad = 0,
  terminator?: Uint8Array,
): void {
  bytes.set(value, at);
  if (value.length === size) return;
  bytes.fill(pad, at + value.length, at + size);
  if (terminator !== undefined) bytes.set(terminator.subarray(0, size - value.length), at + value.length);
}

/** Values of instances that only writing has asked for. */
const unasked = new WeakSet<object>();

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
      else if (value instanceof WritableStruct) value._fetch(this);
    }
  }

  /** Goes on with the value of an instance that was read at `position`. */
  instance(value: unknown, position: number | undefined): void {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (!(first instanceof WritableStruct)) return;
    const { _bytes: bytes } = first;
    if (bytes !== undefined && position !== undefined) {
      const seen = this.#seen.get(bytes.buffer) ?? new Set();
      const key = `${first.constructor.name} ${bytes.byteOffset} ${position}`;
      if (seen.has(key)) return;
      this.#seen.set(bytes.buffer, seen.add(key));
    }
    this.all(value);
  }
}

/** A view of all of `bytes`. @throws {RangeError} where `size` bytes do not fit at `offset` */
export function viewOf(bytes: Uint8Array, offset: number, size: number): DataView {
  if (!(offset >= 0 && offset + size <= bytes.length)) {
    throw new RangeError(`${size} bytes do not fit at ${offset} of ${bytes.length} bytes`);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** As in a structure's fields, for views, which have no path. */
export function intInRange(id: string, value: number, lo: number, hi: number): number {
  if (value >= lo && value <= hi && Number.isInteger(value)) return value;
  throw new WriteError(id, `an integer from ${lo} to ${hi}`, value);
}

export function bigIntInRange(id: string, value: bigint, lo: bigint, hi: bigint): bigint {
  if (value >= lo && value <= hi) return value;
  throw new WriteError(id, `an integer from ${lo} to ${hi}`, value);
}
