/**
 * What generated code stands on: the base class of structures and, from the modules beside this one, the stream, the
 * errors, and what expressions need.
 */
import { describeConstraint, type Constraint, type ReadOptions, type Violation } from './constraints.js';
import { ExpressionError, LimitError, ProcessError, ReadError, UnreadError, ValidationError } from './errors.js';
import { shownByFields } from './inspect.js';
import { hex, show } from './show.js';
import { KaitaiStream, sliceOf } from './stream.js';
import { need } from './values.js';

/** One field of a structure, as the schema lays it out. */
export interface FieldLayout {
  /** The field's id in the schema. */
  readonly id: string;
  /** The property that holds it. */
  readonly name: string;
  /** Bytes from the structure's start; undefined behind a field of variable size. */
  readonly offset?: number;
  /** Bytes; of a bit field, of its whole byte-aligned group. Undefined where it varies. */
  readonly size?: number;
  /** First bit within the group, counted from the least significant one (little-endian) or most significant one. */
  readonly bitOffset?: number;
  readonly bits?: number;
  /** The type as the schema writes it. */
  readonly type: string;
}

/** What a structure has by those around it, where it has no slot of its own: there may be millions of it. */
class Within {
  declare _parent: KaitaiStruct | undefined;
  declare protected _top: KaitaiStruct | undefined;
  declare protected _from: KaitaiStream | DataView | null | undefined;

  protected get _source(): KaitaiStream | DataView | undefined {
    const from = this._from;
    return from === undefined ? this._parent?.['_source'] : (from ?? undefined);
  }

  /** For hand-written classes; generated ones set their slot, which is faster. */
  protected set _source(value: KaitaiStream | DataView | undefined) {
    this._from = value ?? null;
  }

  get _root(): KaitaiStruct | undefined {
    // No chain without it is longer than reading is deep: what instances may link to any length keeps its own.
    return this._top ?? this._parent?._root;
  }

  set _root(value: KaitaiStruct | undefined) {
    if (value !== undefined && value !== this._root) this._top = value;
  }
}

/** Generated classes declare what `_root` is to them, which TypeScript does not let them do with an accessor. */
const Base: abstract new () => object = Within;

/**
 * Base of every generated class; `Types` is what it says in types alone. Generated classes set the fields themselves: an
 * object of one class has one shape, which is faster. Without a constructor here or between, V8 makes an object within a
 * `try` in a third of the time.
 */
export abstract class KaitaiStruct<Types = unknown> extends Base {
  declare protected readonly _types: Types | undefined;
  /** What the structure was read from: its stream or, of one that needed none, memory. */
  declare protected _source: KaitaiStream | DataView | undefined;
  /** The same, where the structure keeps it; null of one that was not read. */
  declare protected _from: KaitaiStream | DataView | null | undefined;
  /** The structure around this one, as its schema sees it: none where another schema uses the type. */
  declare _parent: KaitaiStruct | undefined;
  /** The structure of the schema's top type; undefined for a nested type that another schema uses, or read on its own. */
  declare _root: KaitaiStruct | undefined;
  /** `_root`, of those whose expressions ask for it and of those whose parent does not tell it. */
  declare protected _top?: KaitaiStruct | undefined;
  /** The structure whose field this one is, where that is not `_parent`. */
  declare protected _holder?: KaitaiStruct;
  /** Where the structure begins in `_source`, in bytes; kept by those that look back at it. */
  declare protected _start?: number;
  /** The array whose elements are being read, until it is complete: the one that is, is not in it yet. */
  declare protected _filling?: readonly unknown[] | undefined;
  /** Bytes that its values do not tell, by field. */
  declare protected _raws?: Map<string, Uint8Array> | undefined;
  /** What this structure was last written to. */
  declare protected _out: { readonly isOpen: boolean; readonly stream: KaitaiStream } | undefined;

  /** The stream that this structure is read from or, while it is written, the one it is written to. */
  get _io(): KaitaiStream {
    if (this._out?.isOpen === true) return this._out.stream;
    const source = this._source;
    return source instanceof KaitaiStream ? source : this._streamBehind();
  }

  /** The bytes of the stream that this structure was read from. */
  protected get _bytes(): Uint8Array | undefined {
    const source = this._source;
    if (!(source instanceof DataView)) return source?.bytes;
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }

  abstract _read(io?: KaitaiStream): void;

  /** What was read at once has no stream yet; one that had been read from would stand behind it. */
  protected _streamBehind(): KaitaiStream {
    const stream = new KaitaiStream(this._bytes ?? new Uint8Array(0));
    if (this._source === undefined) return stream;
    stream.pos = (this._start ?? 0) + sizeOf(this);
    return (this._from = stream);
  }

  /** Reports a broken constraint, or throws it where none are collected and its severity is `error`. */
  protected _violate(constraint: Constraint, offset: number, length: number, expected: unknown, actual: unknown): void {
    const { onViolation } = this._io;
    if (onViolation === undefined && constraint.severity !== 'error') return;
    const violation = this._violation(constraint, offset, length, expected, actual);
    if (onViolation === undefined) throw new ValidationError(violation);
    try {
      onViolation(violation);
    } catch (error) {
      if (error instanceof Error) ofCallers.add(error);
      throw error;
    }
  }

  /** `offset` counts from the start of this structure's stream. */
  protected _violation(
    constraint: Constraint,
    offset: number,
    length: number,
    expected: unknown,
    actual: unknown,
  ): Violation {
    const path = joinPath(pathOf(this), constraint.id);
    const absolute = this._io.origin + offset;
    return {
      path,
      offset: absolute,
      length,
      constraint: constraint.kind,
      rule: constraint.rule,
      severity: constraint.severity,
      section: constraint.section,
      expected,
      actual,
      message: `${path} at ${hex(absolute)}: ${describeConstraint(constraint.kind, expected)}, found ${show(actual)}`,
    };
  }
}

// Bundlers leave this out, and with it how Node shows an object: what is bundled is not read on a console.
/* @__PURE__ */ shownByFields(KaitaiStruct);

/** What a generated class says in types alone: `cases` of its tags, and `init`, which makes one. */
export type TypesOf<T> = T extends KaitaiStruct<infer Types> ? Types : unknown;

/**
 * What is thrown where `error` ended the reading of the field `id`: the error, with the field's path. The elements of a
 * list know their index while the list is read.
 */
export function located(struct: KaitaiStruct, id: string, error: unknown): unknown {
  const typed = typedFault(error);
  const isForeign = typed instanceof Error && !(typed instanceof ReadError) && !ofCallers.has(typed);
  const fault = isForeign ? new ProcessError(typed) : typed;
  if (fault instanceof ReadError && fault.path === undefined) {
    const filling = struct['_filling'];
    const field = filling === undefined ? id : `${id}[${filling.length}]`;
    fault.locate(joinPath(pathOf(struct), field), struct._io.origin + struct._io.pos);
  }
  return fault;
}

/**
 * As `located`, where `error` ended the reading of the structure itself: the fields that it did not come to are errors
 * when they are asked for, and so are the values that are computed of them.
 */
export function failedIn(struct: KaitaiStruct, field: number, error: unknown): unknown {
  const unread = layoutOf(struct).slice(field);
  const fault = located(struct, unread[0]?.id ?? '', error);
  struct['_filling'] = undefined;
  for (const each of unread) refuseUnread(struct, each, fault);
  return fault;
}

/** What is filled before a list is made, while its elements are counted. */
export const nothingYet: readonly unknown[] = [];

/** A list of `struct` that is complete; a short one without the room for 17 that V8 makes when the first element is pushed. */
export function fitted<T>(struct: KaitaiStruct, list: T[]): T[] {
  struct['_filling'] = undefined;
  return list.length < 17 ? list.slice() : list;
}

/** Until somebody sets it, the field throws what says that it was not read. */
function refuseUnread(struct: KaitaiStruct, { id, name }: FieldLayout, cause: unknown): void {
  const isThere = [name, `_m_${name}`].some((key) => Object.getOwnPropertyDescriptor(struct, key)?.value !== undefined);
  if (isThere) return;
  // What looks at an object does not ask for it.
  Object.defineProperty(struct, name, {
    configurable: true,
    enumerable: false,
    get: () => {
      throw new UnreadError(joinPath(pathOf(struct), id), struct._io, cause);
    },
    set: (value: unknown) => {
      Object.defineProperty(struct, name, { value, configurable: true, enumerable: true, writable: true });
    },
  });
}

/** Errors that callers themselves threw, where they were told of a violation: they are theirs. */
const ofCallers = new WeakSet<Error>();

/** `error`, or the error of reading that it stands for: of a file, an expression may ask for whatever is not there. */
export function typedFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ReadError || ofCallers.has(error)) return error;
  const options = { cause: error };
  // No regular expression: V8 ends the process where it has to compile one at the end of the stack.
  const says = (...words: readonly string[]): boolean => words.some((word) => error.message.includes(word));
  // V8 and JavaScriptCore throw a RangeError, SpiderMonkey an InternalError.
  if (says('call stack', 'too much recursion')) return new LimitError('so deep a recursion', undefined, options);
  if (says('array length', 'string length', 'allocation', 'ut of memory'))
    return new LimitError('so much data', undefined, options);
  const isNative = error instanceof TypeError || error instanceof RangeError;
  return isNative ? new ExpressionError(`an expression has no value (${error.message})`, 'a value', options) : error;
}

/** Makes `holder` known to a structure that has another `_parent`, or none: paths in errors go through it. */
export function heldBy<T extends KaitaiStruct>(holder: KaitaiStruct, struct: T): T {
  struct['_holder'] = holder;
  return struct;
}

/** The structure whose field this one is; undefined for one that is read, or made, on its own. */
export function holderOf(struct: KaitaiStruct): KaitaiStruct | undefined {
  return struct['_holder'] ?? struct._parent;
}

/** `_root` of a nested type. @throws {ExpressionError} where it has none */
export function rootOf<T>(struct: { readonly _root: T | undefined }): T {
  return struct._root ?? hasNone(struct, '_root');
}

/** @throws {ExpressionError} where there is no parent */
export function parentOf<T>(struct: { readonly _parent: T | undefined }): T {
  return struct._parent ?? hasNone(struct, '_parent');
}

function hasNone(struct: object, name: string): never {
  throw new ExpressionError(
    `an expression uses ${name} of ${struct.constructor.name}, which has none: it was read on its own, or as a field of another schema`,
    `a structure with ${name}`,
  );
}

/** Reads a structure that was just made from its stream. */
export function readStruct<T extends KaitaiStruct>(struct: T, options: ReadOptions | undefined): T {
  const io = struct._io;
  if (options?.onViolation !== undefined) io.onViolation = options.onViolation;
  io.budget.renew(options?.limits);
  struct._read(io);
  return struct;
}

/** Reads an object of a class that no schema describes. One written for Kaitai's JavaScript reads itself when it is made. */
export function readOpaque(value: object): void {
  if (!(value instanceof KaitaiStruct)) return;
  try {
    value._read();
  } catch (error) {
    throw error instanceof ReadError ? error : new ProcessError(error);
  }
}

/** Classes of fixed layout, which are read at once. */
interface FixedStruct {
  _readFixed(view: DataView, at: number): boolean;
}

/** Whether a structure of `size` bytes can be read at once: no violations are collected, and it is all there. */
export function canReadFixed(io: KaitaiStream, size: number): boolean {
  return io.onViolation === undefined && io.bitsLeft === 0 && io.available >= size;
}

/** A fixed structure at `offset` of `struct`, read when it is first asked for; `isForeign`: of another schema. */
export function childOf<T extends KaitaiStruct>(
  struct: KaitaiStruct,
  type: new (source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) => T,
  offset: number,
  isForeign = false,
): T {
  const source = need(struct['_source']);
  const child = isForeign ? heldBy(struct, new type(source)) : new type(source, struct, struct['_top']);
  const start = (child['_start'] = (struct['_start'] ?? 0) + offset);
  const fixed = child as unknown as FixedStruct;
  if (source instanceof KaitaiStream) fixed._readFixed(source.memory, source.base + start);
  else fixed._readFixed(source, start);
  return child;
}

/** `length` bytes at `offset` of `struct`: what a lazily read field is made of. */
export function bytesIn(struct: KaitaiStruct, offset: number, length: number): Uint8Array {
  const source = need(struct['_source']);
  const start = (struct['_start'] ?? 0) + offset;
  return source instanceof KaitaiStream ? source.slice(start, length) : sliceOf(source, start, length);
}

/** The bytes of a field, or a view of those whose place in memory is noted: what was read field by field has a stream. */
export function viewed(struct: KaitaiStruct, held: Uint8Array | number, length: number): Uint8Array {
  if (typeof held !== 'number') return held;
  const source = struct['_source'] as KaitaiStream;
  return source.slice(held - source.base, length);
}

/** Where the next `size` bytes, which are all of `struct`, begin in memory; the stream moves behind them. @throws {EofError} */
export function takeFixed(struct: KaitaiStruct, io: KaitaiStream, size: number): number {
  if (io.available < size) findEnd(struct, io);
  return io._take(size);
}

/** Throws for the field that the stream ends within, as reading field by field would. */
function findEnd(struct: KaitaiStruct, io: KaitaiStream): void {
  const { pos: start } = io;
  io.alignToByte();
  const layout = layoutOf(struct);
  for (const { id, offset = 0, size = 0 } of layout) {
    io.pos = start + offset;
    try {
      io.ensureBytesLeft(size);
    } catch (error) {
      // Nothing of it has been read.
      throw failedIn(struct, 0, located(struct, id, error));
    }
  }
}

/** Bytes of a structure of fixed size; 0 of any other. */
export function sizeOf(struct: KaitaiStruct): number {
  return (struct.constructor as StructClass).SIZE ?? 0;
}

function layoutOf(struct: KaitaiStruct): readonly FieldLayout[] {
  return (struct.constructor as StructClass).LAYOUT ?? [];
}

/** What the constructors of generated classes have in common. */
interface StructClass {
  readonly SIZE?: number;
  readonly LAYOUT?: readonly FieldLayout[];
}

/** Where long lists have what: a search for each of their items would take the square of their number. */
const places = new WeakMap<readonly unknown[], { readonly indices: Map<unknown, number>; count: number }>();

/** Index of `item` in `list`, or -1. While the list `isGrowing`, nothing in it is replaced. */
function indexIn(list: readonly unknown[], item: unknown, isGrowing: boolean): number {
  if (list.length < 64) return list.lastIndexOf(item);
  const known = places.get(list) ?? { indices: new Map<unknown, number>(), count: 0 };
  places.set(list, known);
  for (; known.count < list.length; known.count += 1) known.indices.set(list[known.count], known.count);
  const index = known.indices.get(item) ?? -1;
  return list[index] === item || isGrowing ? index : list.lastIndexOf(item);
}

/** Path of a structure from the one that was read: `entries[3]`; empty for that one itself. */
export function pathOf(struct: KaitaiStruct): string {
  const steps: string[] = [];
  // Chains of structures may be longer than the stack is deep.
  let child = struct;
  for (let holder = holderOf(child); holder !== undefined; child = holder, holder = holderOf(child)) {
    const step = stepTo(holder, child);
    if (step !== undefined) steps.push(step);
  }
  return steps.reverse().join('.');
}

/** The field of `holder` that `struct` is, with its index in a list; undefined where it is not found. */
function stepTo(holder: KaitaiStruct, struct: KaitaiStruct): string | undefined {
  const filling = holder['_filling'];
  const members = Object.entries(holder).filter(([name]) => /^(?:[^_]|_m_)/.test(name));
  const indexOf = (value: unknown): number =>
    Array.isArray(value) ? indexIn(value, struct, filling !== undefined) : -1;
  const isKnown = members.some(([, value]) => value === struct || indexOf(value) !== -1);
  for (const [name, value] of members) {
    const isBeingRead = !isKnown && value !== undefined && value === filling;
    const index = Array.isArray(value) && isBeingRead ? value.length : indexOf(value);
    if (value !== struct && index === -1) continue;
    const property = name.replace(/^_m_/, '');
    const id = idOf(holder, property);
    return index === -1 ? id : `${id}[${index}]`;
  }
  return undefined;
}

/** The schema's name of a property. */
export function idOf(struct: KaitaiStruct, property: string): string {
  return layoutOf(struct).find(({ name }) => name === property)?.id ?? property;
}

export function joinPath(path: string, id: string): string {
  return path === '' ? id : `${path}.${id}`;
}
