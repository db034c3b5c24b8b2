/** Writing: the writer, the base class of structures that can be written, and the error that says what is wrong. */
import {
  KaitaiStream,
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
import { encodeString } from './kaitai-encode.js';

/** A structure that cannot be written as it is. */
export class WriteError extends Error {
  /** Schema path from the structure that is written: `entries[3].length`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: unknown;

  constructor(path: string, expected: string, actual: unknown) {
    super(`${path}: must be ${expected}, is ${show(actual)}`);
    this.name = 'WriteError';
    this.path = path;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A value that does not meet a constraint of the schema. */
export interface WriteViolation {
  readonly path: string;
  readonly constraint: ConstraintKind;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly message: string;
}

export interface WriteOptions {
  /**
   * Takes every value that breaks a constraint (`valid`) of severity `error`, and writing goes on. Without it the first
   * one is refused. Values that do not fit their fields are always refused.
   */
  readonly onViolation?: ((violation: WriteViolation) => void) | undefined;
}

/** What can append itself to a writer: generated structures, and opaque types that have `_write`. */
interface Writable {
  _write(out: KaitaiWriter): void;
}

/** More passes are not made to find the size of a stream that depends on its own size. */
const MAX_PASSES = 8;

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
    return this._bytes !== undefined;
  }

  /** Makes `child` a part of this structure: what `_parent` and `_root` are in its expressions. */
  _adopt(child: KaitaiStruct, root?: KaitaiStruct, parent: KaitaiStruct | undefined = this): void {
    child._parent = parent;
    child._root = root ?? child;
  }

  /** `value`, which must be an integer from `lo` to `hi`, both inclusive. */
  _int(id: string, value: number, lo: number, hi: number): number {
    if (!(value >= lo && value <= hi && Number.isInteger(value))) this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    return value;
  }

  _bigInt(id: string, value: bigint, lo: bigint, hi: bigint): bigint {
    if (!(value >= lo && value <= hi)) this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    return value;
  }

  /** A value of four bytes: rounded to the nearest one, but never to infinity. */
  _float(id: string, value: number): number {
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) this._refuse(id, 'a 32-bit float', value);
    return value;
  }

  /** `value` as the class that the switch asks for. */
  _of<T>(id: string, value: unknown, type: abstract new (...args: never[]) => T): T {
    if (!(value instanceof type)) this._refuse(id, `a ${type.name}`, value instanceof Object ? value.constructor.name : value);
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
    if (!isWritable(value)) this._refuse(id, 'a structure with a method `_write`', value instanceof Object ? value.constructor.name : value);
    return value;
  }

  /** Whether an optional field is given, which must be so where and only where its `if` holds. */
  _given<T>(id: string, condition: boolean, value: T | undefined): value is T {
    const isGiven = value !== undefined;
    if (condition !== isGiven && !this._isEstimate) this._refuse(id, condition ? 'given, since its `if` holds' : 'undefined, since its `if` does not hold', value);
    return isGiven;
  }

  /** Whether the constraint holds is `met`; refused where it does not and nobody collects. */
  _expectValid(met: boolean, id: string, constraint: ConstraintKind, expected: unknown, actual: unknown, options: WriteOptions | undefined): void {
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
    this._refuse(`${id}[${index}]`, isLast ? 'an element that ends the array (`repeat-until`)' : 'the last element, since it ends the array (`repeat-until`)', `element ${index} of ${count}`);
  }

  /** `text` in an encoding. */
  _encode(id: string, text: string, encoding: string): Uint8Array {
    try {
      return encodeString(text, encoding);
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
  _fit(id: string, bytes: Uint8Array, size: number, pad?: number, terminator?: Uint8Array, include = false): Uint8Array {
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
      if (bytes.length > 0 && bytes[bytes.length - 1] === pad) this._refuse(id, `bytes that do not end with the padding ${show(pad)}`, bytes);
    } else {
      const fitted = new Uint8Array(size);
      storeBytes(fitted, 0, size, bytes, pad, include ? undefined : terminator);
      const stripped = pad === undefined || pad === terminator.at(-1) ? fitted : bytesStripRight(fitted, pad);
      if (equalBytes(bytesTerminate(stripped, terminator, include), bytes)) return;
      this._refuse(id, `bytes that are found again before terminator ${show(terminator)} and padding ${show(pad ?? 0)}`, bytes);
    }
  }

  /** Bytes that reach to the end of the stream, whose size is asked for only where there may be something behind them. */
  _fitEos(out: KaitaiWriter, id: string, bytes: Uint8Array, pad?: number, terminator?: Uint8Array, include = false): Uint8Array {
    if (pad === undefined && terminator === undefined) return bytes;
    return this._fit(id, bytes, out.size - out.streamPos, pad, terminator, include);
  }

  /** `bytes` and what ends them. */
  _terminated(out: KaitaiWriter, id: string, bytes: Uint8Array, terminator: Uint8Array, include: boolean, consume: boolean, eosError: boolean): Uint8Array {
    const unit = terminator.length;
    const end = indexOfTerminator(bytes, 0, terminator);
    const reachesEnd = (): boolean => !eosError && out.size === out.streamPos + bytes.length;
    if (include) {
      if (end === -1 && reachesEnd()) return bytes;
      if (end !== bytes.length - unit || end === -1) this._refuse(id, `bytes that end with the terminator ${show(terminator)}, which occurs only there`, bytes);
    } else {
      if (end !== -1) this._refuse(id, `bytes without the terminator ${show(terminator)}`, bytes);
      if (reachesEnd()) return bytes;
      if (bytes.length % unit !== 0) this._refuse(id, `a multiple of ${unit} bytes`, `${bytes.length} bytes`);
    }
    const value = include ? bytes.subarray(0, end) : bytes;
    if (!consume) {
      out.follow(joinPath(pathOf(this), id), value.length, terminator, eosError);
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
export function storeBytes(bytes: Uint8Array, at: number, size: number, value: Uint8Array, pad = 0, terminator?: Uint8Array): void {
  bytes.set(value, at);
  if (value.length === size) return;
  bytes.fill(pad, at + value.length, at + size);
  if (terminator !== undefined) bytes.set(terminator.subarray(0, size - value.length), at + value.length);
}

/** Writes a stream whose size is not known: once, or until the size that its expressions were given is the one it has. */
function writeMeasured(struct: Writable, make: (size: number | undefined, isFinal: boolean) => KaitaiWriter): KaitaiWriter {
  let size = struct instanceof WritableStruct && struct._wasRead ? struct._bytes?.length : undefined;
  let isFinal = false;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const out = make(size, isFinal);
    let length: number;
    try {
      struct._write(out);
      length = out.finish().length;
    } finally {
      out.close();
    }
    if (!out.sizeWasAsked || (length === size && (isFinal || !out.hasForgiven))) return out;
    if (length === size) isFinal = true;
    else if (isFinal) break;
    else size = length;
  }
  throw new WriteError(struct instanceof KaitaiStruct ? pathOf(struct) : '', 'of a size that does not depend on itself', 'none');
}

/** Instances that have been read already, so that offsets which lead in a circle are followed once. */
export class Fetched {
  readonly #seen = new Map<ArrayBufferLike, Set<string>>();

  /** Reads an instance, if it can be read at all: one that cannot has nothing to be written. */
  try(read: () => unknown): void {
    try {
      read();
    } catch {
      // What does not lie in the file is not part of it.
    }
  }

  /** Goes on with what `values` hold. */
  all(...values: readonly unknown[]): void {
    for (const value of values) {
      if (Array.isArray(value)) this.all(...(value as readonly unknown[]));
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

/** What expressions see of a stream that is being written. */
class WrittenStream extends KaitaiStream {
  readonly writer: KaitaiWriter;

  constructor(writer: KaitaiWriter) {
    super(new Uint8Array(0));
    this.writer = writer;
    this.pos = writer.streamPos;
  }

  override get size(): number {
    return this.writer.size;
  }

  override isEof(): boolean {
    return this.pos >= this.writer.size;
  }

  override seek(position: number): void {
    throw new WriteError(`at ${position}`, 'given: an instance that is read from there is needed to write', undefined);
  }
}

/** How the size of a stream is found out. */
interface Sizing {
  readonly size: number | undefined;
  /** Set where `size` is what the stream must have in the end. */
  readonly isFinal: boolean;
}

/** Something to be written at a place of its own, once the stream is complete. */
interface Placement {
  readonly path: string;
  readonly position: () => number;
  readonly write: (out: KaitaiWriter) => void;
}

/** Collects what structures write; numbers come in already checked. */
export class KaitaiWriter implements WriteOptions {
  bytes: Uint8Array = new Uint8Array(256);
  view: DataView = new DataView(this.bytes.buffer);
  /** Where the next byte goes, counted from the start of `bytes`. */
  pos = 0;
  readonly onViolation: WriteOptions['onViolation'];
  readonly #sizing: Sizing | undefined;
  readonly #outer: KaitaiWriter | undefined;
  /** Where `bytes` begin in their stream. */
  readonly #origin: number;
  /** The writer of the whole stream that this one writes a piece of. */
  readonly #target: KaitaiWriter;
  #isClosed = false;
  #sizeWasAsked = false;
  #hasForgiven = false;
  #isSealed = false;
  #isExact = false;
  #finished: Uint8Array | undefined;
  /** Where nothing may follow in the stream. */
  readonly #ends: { readonly path: string; readonly at: number }[] = [];
  /** Where instances end, and what lies between the end of `seq` and there. */
  #length = 0;
  #placed: { readonly from: number; readonly to: number }[] = [];
  /** Bits of the byte being filled, and how many there are. */
  #bits = 0;
  #bitsUsed = 0;
  readonly #fixes: ((bytes: Uint8Array) => void)[] = [];
  readonly #placements: Placement[] = [];
  /** Placements in other streams, which wait until all are there. */
  readonly #elsewhere: (() => void)[] = [];
  readonly #follows: { readonly path: string; readonly at: number; readonly terminator: Uint8Array; readonly eosError: boolean }[] = [];
  /** Where the stream went, once it was complete. */
  #home: { readonly writer: KaitaiWriter; readonly at: number; readonly length: number; readonly finish: (bytes: Uint8Array) => Uint8Array } | undefined;

  constructor(options?: WriteOptions, sizing?: Sizing, outer?: KaitaiWriter, target?: KaitaiWriter, origin = 0) {
    this.onViolation = options?.onViolation;
    this.#sizing = sizing;
    this.#outer = outer;
    this.#origin = origin;
    this.#target = target ?? this;
  }

  /** Position in the stream, a byte that bits have begun counted as full. */
  get streamPos(): number {
    return this.#origin + this.pos + (this.#bitsUsed > 0 ? 1 : 0);
  }

  /** Size of the stream: given, found out before, or what there is so far, if this is the first attempt. */
  get size(): number {
    if (this.#target !== this) return this.#target.size;
    this.#sizeWasAsked = true;
    if (this.#sizing === undefined) throw new WriteError('_io.size', 'known: write with `toBytes` or `writeTo`', undefined);
    return this.#sizing.size ?? this.pos;
  }

  get sizeWasAsked(): boolean {
    return this.#sizeWasAsked;
  }

  /** What expressions see of the stream. */
  get stream(): KaitaiStream {
    return new WrittenStream(this);
  }

  /** Whether the stream is still being written, or another one that it is part of. */
  get isOpen(): boolean {
    if (this.#target !== this) return this.#target.isOpen;
    return this.#outer === undefined ? !this.#isClosed : this.#outer.isOpen;
  }

  close(): void {
    this.#isClosed = true;
  }

  get hasForgiven(): boolean {
    return this.#hasForgiven;
  }

  /** Whether a contradiction may come from a wrong guess at a size: it will be looked at again. */
  forgive(): boolean {
    if (this.#sizeWasAsked && this.#sizing?.isFinal === false) return (this.#hasForgiven = true);
    return this.#target === this ? this.#outer?.forgive() === true : this.#target.forgive();
  }

  /** Makes room for `size` bytes at the end and returns where they begin. */
  reserve(size: number): number {
    if (this.#bitsUsed > 0) this.alignToByte();
    const start = this.pos;
    this.pos = start + size;
    if (this.pos > this.bytes.length) this.#grow(this.pos);
    return start;
  }

  #grow(size: number): void {
    const grown = new Uint8Array(Math.max(size, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  /** Runs once everything is written, what was deferred last first: inner checksums before outer ones. */
  defer(fix: (bytes: Uint8Array) => void): void {
    this.#fixes.push(fix);
  }

  /** Nothing may follow in this stream: what is read here takes all there is. */
  mustEnd(struct: KaitaiStruct, id: string): void {
    this.#target.#ends.push({ path: joinPath(pathOf(struct), id), at: this.streamPos });
  }

  /** A terminator must stand `ahead` bytes from here, written by whatever comes next. */
  follow(path: string, ahead: number, terminator: Uint8Array, eosError: boolean): void {
    this.#target.#follows.push({ path, at: this.streamPos + ahead, terminator, eosError });
  }

  /** Writes an instance at `position` of this stream once the stream is complete. */
  place(struct: KaitaiStruct, id: string, position: number, write: (out: KaitaiWriter) => void): void {
    this.#target.#placements.push({ path: joinPath(pathOf(struct), id), position: () => position, write });
  }

  /** Writes an instance in the stream `io`, once all streams are there. A stream that is not written is left alone. */
  placeIn(io: () => KaitaiStream, struct: KaitaiStruct, id: string, position: () => number, write: (out: KaitaiWriter) => void): void {
    const path = joinPath(pathOf(struct), id);
    this.#target.#elsewhere.push(() => {
      const stream = io();
      if (!(stream instanceof WrittenStream)) return;
      const target = stream.writer.#target;
      target.#put({ path, position, write });
      target.#putAll();
      target.#renew();
      if (target.#outer !== undefined) this.#root.#elsewhere.push(...target.#elsewhere.splice(0));
    });
  }

  get #root(): KaitaiWriter {
    return this.#outer?.#root ?? this.#target;
  }

  /** Writes the instances that are waiting; they may bring instances of their own. */
  #putAll(): void {
    for (let next = this.#placements.shift(); next !== undefined; next = this.#placements.shift()) this.#put(next);
  }

  /** A stream of its own for `struct`; its size, where it is known before; whether the structure must fill it. */
  inner(struct: Writable, size?: number, isExact = false): KaitaiWriter {
    const make = (guess: number | undefined, isFinal: boolean): KaitaiWriter => new KaitaiWriter(this, { size: guess, isFinal }, this);
    let out: KaitaiWriter;
    if (size === undefined) {
      out = writeMeasured(struct, make);
    } else {
      out = make(size, true);
      struct._write(out);
      out.finish();
    }
    out.#isExact = isExact;
    this.#target.#elsewhere.push(...out.#elsewhere);
    return out;
  }

  /** A stream that holds `bytes` and nothing else. */
  raw(bytes: Uint8Array): KaitaiWriter {
    const out = new KaitaiWriter(this, undefined, this);
    out.writeBytes(bytes);
    out.finish();
    out.#isExact = true;
    return out;
  }

  /** Size of a field for this stream: what it needs, or what was given where it may be longer. */
  sizeWithin(given: number | bigint | undefined): number {
    const size = Number(given ?? 0);
    return !this.#isExact && size > this.length ? size : this.length;
  }

  /** Bytes written so far, instances included. */
  get length(): number {
    return Math.max(this.pos, this.#length);
  }

  /** Appends a complete stream; `finish` makes its bytes what they are here. */
  collapse(inner: KaitaiWriter, finish: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): void {
    this.alignToByte();
    const bytes = finish(inner.finish());
    inner.#home = { writer: this, at: this.pos, length: bytes.length, finish };
    this.writeBytes(bytes);
  }

  /** Carries a change of a complete stream into those around it. */
  #renew(): void {
    const home = this.#home;
    if (home === undefined) return;
    const { writer, at, length, finish } = home;
    const { pos } = writer;
    writer.pos = at;
    this.#finished = undefined;
    const bytes = finish(this.finish());
    writer.pos = pos;
    if (bytes.length !== length) throw new WriteError('', `of ${length} bytes, as before an instance was written into it`, bytes.length);
    writer.bytes.set(bytes, at);
    writer.#renew();
  }

  /** The stream's bytes, with instances, checks and checksums done. */
  finish(): Uint8Array {
    this.alignToByte();
    if (!this.#isSealed) {
      this.#isSealed = true;
      this.#putAll();
      // What is put in place may bring more of its kind.
      if (this.#outer === undefined) for (const write of this.#elsewhere) write();
      this.#checkEnds();
    }
    if (this.#finished !== undefined) return this.#finished;
    const bytes = this.bytes.subarray(0, this.length);
    for (const fix of this.#fixes.toReversed()) fix(bytes);
    return (this.#finished = bytes);
  }

  #checkEnds(): void {
    if (this.#target !== this) return;
    for (const { path, at } of this.#ends) {
      if (at === this.length || this.forgive()) continue;
      throw new WriteError(path, `the last of its stream, which goes on to ${this.length}`, `one that ends at ${at}`);
    }
    for (const { path, at, terminator, eosError } of this.#follows) {
      const found = this.bytes.subarray(at, Math.min(at + terminator.length, this.length));
      if (equalBytes(found, terminator) || (!eosError && found.length === 0)) continue;
      throw new WriteError(path, `followed by its terminator ${show(terminator)}`, found);
    }
  }

  /** Bytes that are there already must be the same: two fields may describe them, but not differ. */
  #put({ path, position, write }: Placement): void {
    const from = position();
    if (!Number.isSafeInteger(from) || from < 0) throw new WriteError(path, 'at a position within its stream', from);
    const piece = new KaitaiWriter(this, undefined, this.#outer, this, from);
    write(piece);
    const bytes = piece.finish();
    const to = from + bytes.length;
    if (to > this.bytes.length) this.#grow(to);
    for (const known of [{ from: 0, to: this.pos }, ...this.#placed]) {
      for (let at = Math.max(from, known.from); at < Math.min(to, known.to); at++) {
        if (this.bytes[at] === bytes[at - from] || this.forgive()) continue;
        throw new WriteError(path, `what another field has at ${at}: ${show(this.bytes[at])}`, bytes[at - from]);
      }
    }
    this.bytes.set(bytes, from);
    piece.#home = { writer: this, at: from, length: bytes.length, finish: (all) => all };
    if (to > this.pos) this.#placed.push({ from, to });
    this.#length = Math.max(this.#length, to);
  }

  writeBytes(bytes: Uint8Array): void {
    const start = this.reserve(bytes.length);
    this.bytes.set(bytes, start);
  }

  writeU1(value: number): void {
    const start = this.reserve(1);
    this.view.setUint8(start, value);
  }

  writeS1(value: number): void {
    this.writeU1(value);
  }

  writeU2le(value: number): void {
    const start = this.reserve(2);
    this.view.setUint16(start, value, true);
  }

  writeU2be(value: number): void {
    const start = this.reserve(2);
    this.view.setUint16(start, value);
  }

  writeS2le(value: number): void {
    this.writeU2le(value);
  }

  writeS2be(value: number): void {
    this.writeU2be(value);
  }

  writeU4le(value: number): void {
    const start = this.reserve(4);
    this.view.setUint32(start, value, true);
  }

  writeU4be(value: number): void {
    const start = this.reserve(4);
    this.view.setUint32(start, value);
  }

  writeS4le(value: number): void {
    this.writeU4le(value);
  }

  writeS4be(value: number): void {
    this.writeU4be(value);
  }

  writeU8leBigInt(value: bigint): void {
    const start = this.reserve(8);
    this.view.setBigUint64(start, value, true);
  }

  writeU8beBigInt(value: bigint): void {
    const start = this.reserve(8);
    this.view.setBigUint64(start, value);
  }

  writeS8leBigInt(value: bigint): void {
    this.writeU8leBigInt(value);
  }

  writeS8beBigInt(value: bigint): void {
    this.writeU8beBigInt(value);
  }

  writeF4le(value: number): void {
    const start = this.reserve(4);
    this.view.setFloat32(start, value, true);
  }

  writeF4be(value: number): void {
    const start = this.reserve(4);
    this.view.setFloat32(start, value);
  }

  writeF8le(value: number): void {
    const start = this.reserve(8);
    this.view.setFloat64(start, value, true);
  }

  writeF8be(value: number): void {
    const start = this.reserve(8);
    this.view.setFloat64(start, value);
  }

  /** `count` bits, up to 53, most significant first. */
  writeBitsBe(count: number, value: number): void {
    if (count > 32) this.#bitsBe(count - 32, Math.floor(value / 0x100000000));
    this.#bitsBe(Math.min(count, 32), value);
  }

  writeBitsBeBigInt(count: number, value: bigint): void {
    if (count > 32) this.#bitsBe(count - 32, Number(value >> 32n));
    this.#bitsBe(Math.min(count, 32), Number(BigInt.asUintN(32, value)));
  }

  /** `count` bits, up to 53, least significant first. */
  writeBitsLe(count: number, value: number): void {
    this.#bitsLe(Math.min(count, 32), value);
    if (count > 32) this.#bitsLe(count - 32, Math.floor(value / 0x100000000));
  }

  writeBitsLeBigInt(count: number, value: bigint): void {
    this.#bitsLe(Math.min(count, 32), Number(BigInt.asUintN(32, value)));
    if (count > 32) this.#bitsLe(count - 32, Number(value >> 32n));
  }

  #bitsBe(count: number, value: number): void {
    for (let left = count; left > 0; ) {
      const taken = Math.min(8 - this.#bitsUsed, left);
      left -= taken;
      const part = (value >>> left) & ((1 << taken) - 1);
      this.#bits |= part << (8 - this.#bitsUsed - taken);
      this.#useBits(taken);
    }
  }

  #bitsLe(count: number, value: number): void {
    for (let done = 0; done < count; ) {
      const taken = Math.min(8 - this.#bitsUsed, count - done);
      const part = (value >>> done) & ((1 << taken) - 1);
      this.#bits |= part << this.#bitsUsed;
      done += taken;
      this.#useBits(taken);
    }
  }

  #useBits(count: number): void {
    this.#bitsUsed += count;
    if (this.#bitsUsed === 8) this.alignToByte();
  }

  /** Fills the byte that bit fields have begun with zeros. */
  alignToByte(): void {
    if (this.#bitsUsed === 0) return;
    const byte = this.#bits;
    this.#bits = 0;
    this.#bitsUsed = 0;
    this.writeU1(byte);
  }
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
