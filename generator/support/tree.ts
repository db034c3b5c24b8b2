/**
 * Structures as a tree, from what their schema says (`ksy-ts --reflection`): everything in a file with its place, its
 * bytes and its value. Places are those that were recorded (`--positions`); without that they follow from the layout, as
 * far as sizes are known by the schema and the values.
 */
import type { FieldPosition, Positions } from './positions.js';
import { enumValueOf, schemaOf, type FieldSchema, type StructSchema } from './reflect.js';
import type { KaitaiStream } from './stream.js';
import { KaitaiStruct, pathOf } from './struct.js';
import { PathSelection, type TreeSelection } from './tree-path.js';

/** Why something could not be read. */
export interface TreeFault {
  readonly path: string;
  /** In bytes from the start of the outermost stream. */
  readonly offset: number | undefined;
  /** The error's class: `EofError`. */
  readonly kind: string;
  readonly expected: string | undefined;
  readonly message: string;
}

/** A structure, a list of values, a value, or what stands for the rest of a list. */
export interface SchemaNode {
  readonly path: string;
  /** The last part of the path: `chunks`, `[3]`. */
  readonly label: string;
  /** How many structures and lists it is in. */
  readonly depth: number;
  /** `value`: computed. `more`: elements of a list that are not listed. */
  readonly kind: 'structure' | 'list' | 'field' | 'value' | 'more';
  /** As the schema writes it. */
  readonly type: string;
  /** What the schema says of it, or of the list that it is an element of. */
  readonly field: FieldSchema;
  /** In bytes from the start of the outermost stream; of processed bytes, from where those stood. Undefined where unknown. */
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  readonly bytes?: Uint8Array | undefined;
  /** True where the bytes are the outcome of a process, so that the offset does not lead to them. */
  readonly isProcessed?: boolean;
  /** Of a field or a value; undefined where it cannot be had, and for an object of a class of the user's own. */
  readonly value?: unknown;
  /** The schema's name of an enum's value. */
  readonly enumName?: string | undefined;
  /** Elements of a list; of `more`, those that are not listed. */
  readonly count?: number;
  /** Where a structure that several instances lead to has been listed. */
  readonly sameAs?: string;
  readonly fault?: TreeFault | undefined;
}

export interface TreeOptions {
  /** The part that is asked for: a path, or whatever tells it; everything unless given. */
  readonly select?: string | TreeSelection;
  /** What the paths begin with; empty unless given. */
  readonly path?: string;
  /** Where the structure begins in its stream, in bytes: 0 unless given. */
  readonly start?: number;
  /**
   * False for fields alone; instances are read and computed unless given. Structures that an instance reads are shown
   * with what is in them where places were recorded.
   */
  readonly instances?: boolean;
  /** Elements of the list at `path` that are listed where it does not say which; all unless given. */
  readonly mostItems?: (path: string) => number;
  /** Structures that are shown as a value. */
  readonly isLeaf?: (struct: KaitaiStruct) => boolean;
  /** What ended the reading of the structure. */
  readonly fault?: TreeFault | undefined;
}

/** Structures in structures. */
const MAX_DEPTH = 200;

/** What is in a structure, in the order of its schema; each structure and list before what is in it. */
export function* schemaTree<T extends KaitaiStruct>(
  schema: StructSchema<T>,
  struct: T,
  options: TreeOptions = {},
): Generator<SchemaNode> {
  const { path = '', start = 0 } = options;
  yield* new Walker(struct, options).members(struct, schema, path, start, 0);
}

/** The error that reading or asking for a value ended with, as a node has it; `path` where the error does not say it. */
export function faultOf(error: unknown, path: string): TreeFault {
  if (!(error instanceof Error))
    return { path, offset: undefined, kind: 'Error', expected: undefined, message: String(error) };
  const { name, message } = error;
  const [ownPath, offset, expected] = ['path', 'offset', 'expected'].map((key): unknown => Reflect.get(error, key));
  return {
    path: typeof ownPath === 'string' ? ownPath : path,
    offset: typeof offset === 'number' ? offset : undefined,
    kind: name,
    expected: typeof expected === 'string' ? expected : undefined,
    message,
  };
}

/** Where something stands in the stream of the structure that it is in. */
interface Span {
  readonly start: number | undefined;
  readonly length: number | undefined;
}

type Place = Pick<SchemaNode, 'offset' | 'length' | 'bytes' | 'isProcessed'>;

/** A member of a structure, and the structure. */
interface Member {
  readonly struct: KaitaiStruct;
  readonly field: FieldSchema;
}

/** Where a node stands in the tree. */
interface Spot {
  readonly path: string;
  readonly label: string;
  readonly depth: number;
}

class Walker {
  readonly #options: TreeOptions;
  readonly #selection: TreeSelection;
  readonly #outermost: ArrayBufferLike;
  /** Paths of structures that instances lead to: several may lead to one, or in a circle. */
  readonly #listed = new Map<string, string>();
  /** Numbers of what structures are in: the file, and the outcomes of processes. */
  readonly #memories = new Map<ArrayBufferLike, number>();

  constructor(struct: KaitaiStruct, options: TreeOptions) {
    const { select = '' } = options;
    this.#options = options;
    this.#selection = typeof select === 'string' ? new PathSelection(select) : select;
    this.#outermost = struct._io.store;
  }

  *members(
    struct: KaitaiStruct,
    schema: StructSchema,
    around: string,
    begin: number | undefined,
    depth: number,
  ): Generator<SchemaNode> {
    let end = begin;
    for (const field of schema.fields) {
      if (field.kind === 'param' || (field.kind !== 'field' && this.#options.instances === false)) continue;
      const path = around === '' ? field.id : `${around}.${field.id}`;
      const isWanted = this.#selection.touches(path);
      // What is not asked for tells where the rest stands, where the layout does not.
      if (!isWanted && (field.kind !== 'field' || recordOf(struct) !== undefined)) continue;
      const { value, fault } = this.#valueOf(struct, field, path);
      const span = field.kind === 'field' ? spanOf(field, value, begin, end) : { start: undefined, length: undefined };
      if (field.kind === 'field') end = endOf(span);
      if (isWanted && this.#covers(struct, field, span))
        yield* this.#member({ struct, field }, { path, label: field.id, depth }, value, fault, span);
    }
  }

  #valueOf(
    struct: KaitaiStruct,
    { name }: FieldSchema,
    path: string,
  ): { readonly value: unknown; readonly fault: TreeFault | undefined } {
    const known = this.#options.fault?.path === path ? this.#options.fault : undefined;
    try {
      return { value: Reflect.get(struct, name) as unknown, fault: known };
    } catch (error) {
      const fault = faultOf(error, path);
      // That a field was not read follows from the fault that ended the reading.
      return { value: undefined, fault: fault.kind === 'UnreadError' ? known : fault };
    }
  }

  /** Of bits, those bytes count that they lie in. */
  #covers(struct: KaitaiStruct, { bitOffset = 0, bits }: FieldSchema, { start, length }: Span): boolean {
    if (this.#selection.covers === undefined || start === undefined || length === undefined) return true;
    const offset = struct._io.origin + start;
    if (bits === undefined) return this.#selection.covers(offset, length);
    const first = Math.floor(bitOffset / 8);
    return this.#selection.covers(offset + first, Math.ceil((bitOffset + bits) / 8) - first);
  }

  *#member(
    member: Member,
    spot: Spot,
    value: unknown,
    fault: TreeFault | undefined,
    span: Span,
  ): Generator<SchemaNode> {
    const { struct, field } = member;
    const { path } = spot;
    const kind = field.kind === 'value' ? 'value' : 'field';
    const isWanted = this.#selection.has(path);
    if (value === undefined) {
      if (fault !== undefined && isWanted)
        yield { ...spot, kind, type: field.type, field, offset: fault.offset, fault };
      return;
    }
    const recorded = recordOf(struct)?.[field.name];
    const place = this.#placeOf(member, recorded, span, value);
    if (!Array.isArray(value)) yield* this.#value(value, member, spot, { ...place, fault }, span);
    else yield* this.#list(value, member, spot, { ...place, fault }, span, recorded?.arr);
  }

  *#list(
    list: readonly unknown[],
    member: Member,
    { path, label, depth }: Spot,
    place: Place & Pick<SchemaNode, 'fault'>,
    { start }: Span,
    recorded: readonly FieldPosition[] | undefined,
  ): Generator<SchemaNode> {
    const { struct, field } = member;
    const { type } = field;
    const range = this.#selection.rangeOf(path);
    const isWanted = this.#selection.has(path);
    if (isWanted) yield { path, label, depth, kind: 'list', type, field, ...place, count: list.length };
    const most = range === undefined ? (this.#options.mostItems?.(path) ?? Infinity) : range.last + 1;
    const end = Math.min(list.length, most);
    const first = range?.first ?? 0;
    let at = start;
    // Where places are not recorded, the elements before one tell its place.
    for (let index = recorded === undefined ? 0 : first; index < end; index++) {
      const item = list[index];
      const span = { start: at, length: sizeOfValue(item, field) };
      at = endOf(span);
      if (index < first) continue;
      const spot = { path: `${path}[${index}]`, label: `[${index}]`, depth: depth + 1 };
      if (!this.#selection.touches(spot.path) || !this.#covers(struct, field, span)) continue;
      yield* this.#value(item, member, spot, this.#placeOf(member, recorded?.[index], span, item), span);
    }
    const left = list.length - end;
    if (range === undefined && left > 0 && isWanted) {
      const [{ offset, length }, next] = [place, this.#placeOf(member, recorded?.[end], { start: at, length: 0 }, 0)];
      const rest = length === undefined || offset === undefined || next.offset === undefined;
      yield {
        path: `${path}[${end}..${list.length - 1}]`,
        label: '…',
        depth: depth + 1,
        kind: 'more',
        type,
        field,
        offset: next.offset,
        length: rest ? undefined : offset + length - next.offset,
        count: left,
      };
    }
    // An element that could not be read did not join its list.
    const { fault } = this.#options;
    const broken = `${path}[${list.length}]`;
    if (fault?.path === broken && this.#selection.has(broken)) {
      const spot = { path: broken, label: `[${list.length}]`, depth: depth + 1 };
      yield { ...spot, kind: 'field', type: itemType(type), field, offset: fault.offset, fault };
    }
  }

  *#value(
    value: unknown,
    { struct: owner, field }: Member,
    spot: Spot,
    place: Place & Pick<SchemaNode, 'fault'>,
    { start }: Span,
  ): Generator<SchemaNode> {
    const { path, depth } = spot;
    const isWanted = this.#selection.has(path);
    const schema = schemaOf(field, value);
    const about = { ...spot, field, ...place };
    if (schema === undefined || !(value instanceof KaitaiStruct) || this.#options.isLeaf?.(value) === true) {
      if (!isWanted) return;
      const declared = field.enum === undefined ? undefined : enumValueOf(field.enum(), value);
      const kind = field.kind === 'value' ? 'value' : 'field';
      // An object of a class of the user's own has nothing that a schema tells.
      const isKnown = typeof value !== 'object' || value instanceof Uint8Array || schema !== undefined;
      yield { ...about, kind, type: itemType(field.type), ...(isKnown ? { value, enumName: declared?.id } : {}) };
      return;
    }
    const sameAs = this.#shownAt(value, schema, field, path, place);
    if (isWanted) yield { ...about, kind: 'structure', type: schema.id, ...(sameAs === undefined ? {} : { sameAs }) };
    // Without a place, nothing tells whether an instance leads in a circle.
    const mayLeadBack = field.kind === 'instance' && place.offset === undefined;
    if (sameAs === undefined && !mayLeadBack && depth < MAX_DEPTH)
      yield* this.members(value, schema, path, beginOf(value, owner, start), depth + 1);
  }

  /** Where a structure that fields or other instances lead to is listed. */
  #shownAt(
    struct: KaitaiStruct,
    { id }: StructSchema,
    { kind }: FieldSchema,
    path: string,
    { offset }: Place,
  ): string | undefined {
    if (kind === 'value') return pathOf(struct);
    if (kind !== 'instance' || offset === undefined) return undefined;
    const { memory, length, base } = struct._io;
    const number = this.#memories.get(memory.buffer) ?? this.#memories.size;
    this.#memories.set(memory.buffer, number);
    const key = [id, number, offset, base, length].join(' ');
    const before = this.#listed.get(key);
    if (before === undefined) this.#listed.set(key, path);
    return before;
  }

  #placeOf({ struct, field }: Member, recorded: FieldPosition | undefined, span: Span, value: unknown): Place {
    const { _io: io } = struct;
    if (field.kind === 'value') return {};
    if (recorded === undefined) return span.start === undefined ? {} : this.#within(io, span.start, span.length);
    // A bit field that goes on in a byte that another one began.
    const start = (field.bitOffset ?? 0) % 8 > 0 ? recorded.start - 1 : recorded.start;
    const offset = recorded.ioOffset + start;
    if (recorded.end === undefined) return { offset };
    const length = recorded.end - start;
    if (field.isElsewhere === true) return { offset, length, ...(value instanceof Uint8Array ? { bytes: value } : {}) };
    return { ...this.#within(io, start, length), offset };
  }

  #within(io: KaitaiStream, start: number, length: number | undefined): Place {
    const offset = io.origin + start;
    if (length === undefined) return { offset };
    const isProcessed = io.store !== this.#outermost;
    return {
      offset,
      length,
      ...(start + length <= io.length ? { bytes: io.slice(start, length) } : {}),
      ...(isProcessed ? { isProcessed } : {}),
    };
  }
}

/** What `--positions` has recorded. */
function recordOf(struct: KaitaiStruct): Positions | undefined {
  return (struct as { readonly _debug?: Positions })._debug;
}

/** Where a field stands by the layout of a structure that begins at `begin`, or behind the field before it. */
function spanOf(field: FieldSchema, value: unknown, begin: number | undefined, end: number | undefined): Span {
  const start = field.offset === undefined || begin === undefined ? end : begin + field.offset;
  return { start, length: field.size ?? sizeOfValue(value, field) };
}

const endOf = ({ start, length }: Span): number | undefined =>
  start === undefined || length === undefined ? undefined : start + length;

/** Where a structure that was found at `start` of its owner's stream begins in its own. */
function beginOf(struct: KaitaiStruct, owner: KaitaiStruct, start: number | undefined): number | undefined {
  const [own, outer] = [struct._io, owner._io];
  if (own === outer) return start;
  if (own.store !== outer.store) return 0;
  const distance = outer.start - own.start;
  return start === undefined ? undefined : start + distance;
}

/** Bytes that a value takes, or one element of a list; undefined where neither it nor the schema tells. */
function sizeOfValue(value: unknown, field: FieldSchema): number | undefined {
  if (value === undefined) return 0;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return sum(value.map((item: unknown) => sizeOfValue(item, field)));
  const schema = schemaOf(field, value);
  if (schema === undefined) {
    const [, size] = /^[usf]([1248])(?:[lb]e)?(?:\[\])?$/.exec(field.type) ?? [];
    return size === undefined ? undefined : Number(size);
  }
  if (schema.size !== undefined) return schema.size;
  let end: number | undefined = 0;
  for (const each of schema.fields) {
    if (each.kind !== 'field') continue;
    end = endOf(spanOf(each, propertyOf(value, each.name), 0, end));
  }
  return end;
}

function propertyOf(value: unknown, name: string): unknown {
  try {
    return Reflect.get(Object(value) as object, name) as unknown;
  } catch {
    return undefined;
  }
}

function sum(sizes: readonly (number | undefined)[]): number | undefined {
  return sizes.reduce<number | undefined>(
    (total, size) => (total === undefined || size === undefined ? undefined : total + size),
    0,
  );
}

const itemType = (type: string): string => type.replace(/\[\]$/, '');
