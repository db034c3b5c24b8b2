/**
 * What generated code stands on: the base class of structures and, from the modules beside this one, the stream, the
 * errors, and what expressions need.
 */
import { describeConstraint, type Constraint, type ReadOptions, type Violation } from './constraints.js';
import { ExpressionError, LimitError, ProcessError, ReadError, UnreadError, ValidationError } from './errors.js';
import { shownByFields } from './inspect.js';
import { propertyOf } from './names.js';
import { hex, show } from './show.js';
import { KaitaiStream } from './stream.js';
import { WithinOthers } from './within.js';

/** One field of a structure, as the schema lays it out. */
export interface FieldLayout {
  /** The field's id in the schema. */
  readonly id: string;
  /** The property that holds it, where that is not its id in camel case. */
  readonly name?: string;
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

/** What a structure is read from: a stream or, of one that needs none, memory. */
export type StructSource = KaitaiStream | DataView;

/** A structure of any type. */
export interface AnyStruct extends KaitaiStruct {}

/** The class of `T`, whose type has `Parameters`. */
type ReadableClass<T, Parameters extends readonly unknown[]> = new (
  source: StructSource | undefined,
  parent: KaitaiStruct | undefined,
  root: KaitaiStruct | undefined,
  ...parameters: Parameters
) => T;

/** A generated class, for functions that take one: `function load<T extends KaitaiStruct>(type: StructClass<T>): T`. */
export interface StructClass<T extends KaitaiStruct, Parameters extends readonly unknown[] = []>
  extends ReadableClass<T, Parameters>, Pick<typeof KaitaiStruct, 'fromBytes' | 'read'> {
  /** Bytes of a structure, where all have the same size. */
  readonly SIZE?: number;
  /** The fields in order. */
  readonly LAYOUT?: readonly FieldLayout[];
}

/** What reading is handed behind what it reads. */
type Rest<Parameters extends readonly unknown[]> = readonly [...parameters: Parameters, options?: ReadOptions];

/** Generated classes declare what `_root` is to them, which TypeScript does not let them do with an accessor. */
const Base: abstract new () => object = WithinOthers;

/**
 * Base of every generated class; `Types` is what it says in types alone. Generated classes set the fields themselves: an
 * object of one class has one shape, which is faster. Without a constructor here or between, V8 makes an object within a
 * `try` in a third of the time.
 */
export abstract class KaitaiStruct<
  Root extends AnyStruct = AnyStruct,
  Parent extends AnyStruct = AnyStruct,
  Types = unknown,
> extends Base {
  declare protected readonly _types: Types | undefined;
  declare protected _source: StructSource | undefined;
  /** The same, where the structure keeps it; null of one that was not read. */
  declare protected _from: StructSource | null | undefined;
  /** The structure around this one, as its schema sees it: none where another schema uses the type. */
  declare _parent: Parent | undefined;
  /** The structure of the schema's top type; undefined for a nested type that another schema uses, or read on its own. */
  declare _root: Root | undefined;
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

  /**
   * Reads `bytes`, which must not change: byte fields are views of them.
   *
   * @throws {ReadError}
   */
  static fromBytes<T extends KaitaiStruct, Parameters extends readonly unknown[]>(
    this: ReadableClass<T, Parameters>,
    bytes: Uint8Array,
    ...rest: Rest<Parameters>
  ): T {
    if (rest.length < 2 && rest[0] === undefined) {
      const struct = readAtOnce(this as unknown as FixedClass<T>, bytes);
      if (struct !== undefined) return struct;
    }
    const [parameters, options] = partsOf(this, rest);
    return readStruct(new this(new KaitaiStream(bytes, options), undefined, undefined, ...parameters), options);
  }

  /**
   * Reads from where `io` stands.
   *
   * @throws {ReadError}
   */
  static read<T extends KaitaiStruct, Parameters extends readonly unknown[]>(
    this: ReadableClass<T, Parameters>,
    io: KaitaiStream,
    ...rest: Rest<Parameters>
  ): T {
    const [parameters, options] = partsOf(this, rest);
    return readStruct(new this(io, undefined, undefined, ...parameters), options);
  }

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
export type TypesOf<T> = T extends KaitaiStruct<AnyStruct, AnyStruct, infer Types> ? Types : unknown;

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
function refuseUnread(struct: KaitaiStruct, field: FieldLayout, cause: unknown): void {
  const { id } = field;
  const name = propertyOf(field);
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

/** The parameters of a type and the options of reading; a class that extends a generated one may have no constructor. */
function partsOf<Parameters extends readonly unknown[]>(
  type: ReadableClass<unknown, Parameters>,
  rest: Rest<Parameters>,
): readonly [parameters: Parameters, options: ReadOptions | undefined] {
  if (rest.length === 0) return [[] as unknown as Parameters, undefined];
  let declared: { readonly length: number } = type;
  while (declared.length < OF_FAMILY) declared = Object.getPrototypeOf(declared) as typeof declared;
  const count = declared.length - OF_FAMILY;
  return [rest.slice(0, count) as unknown as Parameters, rest[count] as ReadOptions | undefined];
}

/** What every constructor takes: source, parent and root. */
const OF_FAMILY = 3;

/** Reads a structure that was just made from its stream. */
function readStruct<T extends KaitaiStruct>(struct: T, options: ReadOptions | undefined): T {
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

/** What classes of fixed layout have, which are read at once. */
export interface ReadFixed {
  _readFixed(view: DataView, at: number): boolean;
}

interface FixedClass<T> {
  new (source: StructSource): T & ReadFixed;
  readonly prototype: Partial<ReadFixed>;
  readonly SIZE?: number;
}

/** A structure of fixed layout, which needs no stream; undefined where it is none, or something is wrong with it. */
function readAtOnce<T>(type: FixedClass<T>, bytes: Uint8Array): T | undefined {
  const { SIZE } = type;
  if (SIZE === undefined || bytes.length < SIZE || type.prototype._readFixed === undefined) return undefined;
  const memory = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const struct = new type(memory);
  return struct._readFixed(memory, 0) ? struct : undefined;
}

/** Bytes of a structure of fixed size; 0 of any other. */
export function sizeOf(struct: KaitaiStruct): number {
  return (struct.constructor as unknown as Described).SIZE ?? 0;
}

export function layoutOf(struct: KaitaiStruct): readonly FieldLayout[] {
  return (struct.constructor as unknown as Described).LAYOUT ?? [];
}

/** What the constructors of generated classes have in common. */
interface Described {
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
  return layoutOf(struct).find((field) => propertyOf(field) === property)?.id ?? property;
}

export function joinPath(path: string, id: string): string {
  return path === '' ? id : `${path}.${id}`;
}
