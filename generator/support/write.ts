/** The base class of structures that can be written. */
import { bytesStripRight, bytesTerminate, equalBytes, trimBytes } from './bytes.js';
import { describeConstraint, type ConstraintKind } from './constraints.js';
import { holdsFreeOffset } from './free-offsets.js';
import { rawOf } from './raw.js';
import { show } from './show.js';
import { KaitaiStruct, idOf, joinPath, pathOf, type AnyStruct, type TypesOf } from './struct.js';
import { WriteError, type WriteOptions } from './write-error.js';
import type { KaitaiWriter } from './writer.js';

/** Parameters of a type are given with its fields. */
type WritableClass<T> = new (...args: never[]) => T;

/** What `create` takes; nothing, where all of it may be left out. */
type Given<T> =
  TypesOf<T> extends { readonly init: infer Init } ? (object extends Init ? [init?: Init] : [init: Init]) : [];

/** Base of generated classes that can be written. */
export abstract class WritableStruct<
  Root extends AnyStruct = AnyStruct,
  Parent extends AnyStruct = AnyStruct,
  Types = unknown,
> extends KaitaiStruct<Root, Parent, Types> {
  declare protected _out: KaitaiWriter | undefined;

  /**
   * A new one: what the schema determines is filled in.
   *
   * @throws {WriteError} where values that are given contradict each other
   */
  static create<T extends WritableStruct>(this: WritableClass<T>, ...[init]: Given<T>): T {
    return filled(new (this as new () => T)(), (init as object | undefined) ?? {});
  }

  /** Sets the fields to what `create` was given, and to what follows from that. */
  protected abstract _fill(init: never): void;

  /** Appends the structure to `out`. */
  abstract _write(out: KaitaiWriter): void;

  /**
   * Finds out whether the structure can be written.
   *
   * @throws {WriteError} where a value does not fit its field, or fields contradict each other
   */
  abstract _check(options?: WriteOptions): void;

  /**
   * The structure as bytes; contents, counts, sizes and checksums are filled in. Of one that was read, what no field
   * describes is as it was, to the end of what was read.
   *
   * @throws {WriteError} as `_check`
   */
  abstract toBytes(options?: WriteOptions): Uint8Array;

  /**
   * Writes the structure at `offset` of `bytes`, or nothing at all. What stands behind the structure stays as it is there.
   *
   * @throws {WriteError} as `_check`
   * @throws {RangeError} where it does not fit into `bytes`
   */
  abstract writeTo(bytes: Uint8Array, offset?: number, options?: WriteOptions): void;

  /** Makes `child` a part of this structure: what `_parent` and `_root` are in its expressions, as reading sets them. */
  protected _adopt(child: KaitaiStruct, parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined): void {
    child._parent = parent;
    if (child._root !== root) child['_top'] = root;
    if (parent !== this || child['_holder'] !== undefined) child['_holder'] = this;
  }

  /** Writes `child` as a part of this structure. */
  protected _append(child: WritableStruct, out: KaitaiWriter): void {
    this._adopt(child, this, this._root);
    child._write(out);
  }

  protected _appendAll(children: readonly WritableStruct[], out: KaitaiWriter): void {
    for (const child of children) this._append(child, out);
  }

  /** `value`, which must be an unsigned integer of `bits` bits, at most 53. */
  protected _uint(id: string, value: number, bits: number): number {
    return this._int(id, value, 0, 2 ** bits - 1);
  }

  /** `value`, which must be an integer from `lo` to `hi`, both inclusive. */
  protected _int(id: string, value: number, lo: number, hi: number): number {
    if (!(value >= lo && value <= hi && Number.isInteger(value)))
      this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    return value;
  }

  protected _bigInt(id: string, value: bigint, lo: bigint, hi: bigint): bigint {
    if (!(value >= lo && value <= hi)) this._refuse(id, `an integer from ${lo} to ${hi}`, value);
    return value;
  }

  /** `value`, which must be an unsigned integer of 64 bits. */
  protected _uint64(id: string, value: bigint): bigint {
    if (BigInt.asUintN(64, value) !== value) this._refuse(id, 'an unsigned integer of 64 bits', value);
    return value;
  }

  /** `value`, which must be an unsigned integer of `count` bits, of which there may be many. */
  protected _bits(id: string, value: bigint, count: number): bigint {
    if (BigInt.asUintN(count, value) !== value) this._refuse(id, `an unsigned integer of ${count} bits`, value);
    return value;
  }

  /** A value of four bytes: rounded to the nearest one, but never to infinity. */
  protected _float(id: string, value: number): number {
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) this._refuse(id, 'a 32-bit float', value);
    return value;
  }

  /** A constraint does not hold: the value is refused where none are collected. */
  protected _invalid(
    id: string,
    constraint: ConstraintKind,
    expected: unknown,
    actual: unknown,
    options: WriteOptions | undefined,
  ): void {
    const path = joinPath(pathOf(this), id);
    const described = describeConstraint(constraint, expected);
    const { onViolation } = options ?? {};
    if (onViolation !== undefined) {
      const message = `${path}: ${described}, is ${show(actual)}`;
      const violation = { path, constraint, expected, actual, message };
      if (this._out?.isOpen === true) this._out.verdict.violate(violation);
      else onViolation(violation);
    } else if (!this._isEstimate) {
      const wanted = described.replace(/^must be /, '').replace(/^must satisfy/, 'such that');
      const error = new WriteError(path, wanted, actual);
      // What the offset is to be shows when everything else is written.
      if (this._out?.isOpen !== true || !holdsFreeOffset(this)) throw error;
      this._out.verdict.doubt(error);
    }
  }

  /** Fixed contents as they are held: others were read where somebody collected what is broken. */
  protected _contents(
    id: string,
    value: Uint8Array | undefined,
    expected: Uint8Array,
    isError: boolean,
    options: WriteOptions | undefined,
    index?: number,
  ): Uint8Array {
    if (value === undefined || equalBytes(value, expected)) return expected;
    const element = index === undefined ? id : `${id}[${index}]`;
    if (value.length !== expected.length) this._refuse(element, `${expected.length} bytes`, `${value.length} bytes`);
    if (isError) this._invalid(element, 'contents', expected, value, options);
    return value;
  }

  protected _checkFit(
    id: string,
    bytes: Uint8Array,
    size: number,
    pad?: number,
    terminator?: Uint8Array,
    include = false,
  ): void {
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

  /** Whether what is being written is a guess at a size, so that contradictions do not count yet. */
  protected get _isEstimate(): boolean {
    return this._out?.forgive() === true;
  }

  protected _refuse(id: string, expected: string, actual: unknown): never {
    throw new WriteError(joinPath(pathOf(this), id), expected, actual);
  }
}

/** What was being made of which object when an error was thrown. */
const culprits = new WeakMap<WriteError, object>();

/** `struct`, its fields set to what `init` says. @throws {WriteError} with the path from the outermost structure that is made */
export function filled<T extends WritableStruct>(struct: T, init: object): T {
  try {
    struct['_fill'](init as never);
    return struct;
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    const culprit = culprits.get(error);
    const step = culprit === undefined ? undefined : stepTo(struct, init, culprit);
    const whole = step === undefined ? error : new WriteError(joinPath(step, error.path), error.expected, error.actual);
    culprits.set(whole, init);
    throw whole;
  }
}

/** The field that `init` gives as `wanted`, with its index in a list. */
function stepTo(struct: KaitaiStruct, init: object, wanted: object): string | undefined {
  for (const [name, value] of Object.entries(init)) {
    const index = Array.isArray(value) ? value.indexOf(wanted) : -1;
    if (value === wanted || index !== -1) return `${idOf(struct, name)}${index === -1 ? '' : `[${index}]`}`;
  }
  return undefined;
}

/** `bytes`, terminated and padded to `size`, so that reading finds them again; as they were read, if they are the same. */
export function fitBytes(
  owner: WritableStruct,
  id: string,
  bytes: Uint8Array,
  size: number,
  pad?: number,
  terminator?: Uint8Array,
  include = false,
  index?: number,
): Uint8Array {
  if (bytes.length > size && owner['_isEstimate']) return bytes;
  owner['_checkFit'](id, bytes, size, pad, terminator, include);
  if (bytes.length === size) return bytes;
  const fitted = new Uint8Array(size);
  const tail = rawOf(owner, 'tail', id, index);
  if (tail?.length === size - bytes.length) {
    fitted.set(bytes);
    fitted.set(tail, bytes.length);
    if (equalBytes(trimBytes(fitted, pad, terminator, include), bytes)) return fitted;
  }
  storeBytes(fitted, 0, size, bytes, pad, include ? undefined : terminator);
  return fitted;
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
  if (value.length > 0) bytes.set(value, at);
  if (value.length === size) return;
  bytes.fill(pad, at + value.length, at + size);
  if (terminator !== undefined) bytes.set(terminator.subarray(0, size - value.length), at + value.length);
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
