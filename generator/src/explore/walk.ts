/** Everything in a file, as its schema describes it: fields, lists, structures, values, and what is wrong with them. */
import { attrId } from '../emit/context/names.js';
import type { TypeName } from '../expr/ast.js';
import { typeLabel } from '../emit/layout/table.js';
import type { AttrSpec, ClassSpec, DocSpec, InstanceSpec } from '../spec/model.js';
import { isBits } from '../types/sizes.js';
import type { LoadedSchema } from './load.js';
import type { AnyStruct, Limits, Position, Violation } from './runtime.js';
import { Selection } from './selection.js';

/** Why something could not be read. */
export interface Fault {
  readonly path: string;
  /** In bytes from the start of the file. */
  readonly offset: number | undefined;
  /** The error's class: `EofError`. */
  readonly kind: string;
  readonly expected: string | undefined;
  readonly message: string;
}

export interface TreeNode {
  readonly path: string;
  /** The last part of the path: `chunks`, `[3]`. */
  readonly label: string;
  readonly depth: number;
  readonly kind: 'structure' | 'list' | 'field' | 'value' | 'more';
  /** As the schema writes it. */
  readonly type: string;
  /** In bytes from the start of the file; of processed bytes, from where those stood. Undefined for what is computed. */
  readonly offset?: number | undefined;
  readonly length?: number | undefined;
  /** True where the bytes are the outcome of a process, so that the offset does not lead to them. */
  readonly isProcessed?: boolean;
  readonly bytes?: Uint8Array | undefined;
  readonly value?: unknown;
  /** The schema's name of an enum's value. */
  readonly enumName?: string | undefined;
  readonly doc: DocSpec;
  /** Elements of a list; of `more`, those that are not listed. */
  readonly count?: number;
  /** Where a structure that several instances lead to has been listed. */
  readonly sameAs?: string;
  readonly fault?: Fault | undefined;
}

export interface WalkOptions {
  /** The part that is asked for. */
  readonly path?: string;
  readonly params?: readonly unknown[];
  readonly limits?: Limits;
  /** Elements of a list that are listed where the list is not asked for by its path. */
  readonly mostItems?: number;
  /** Takes the violations that reading finds, before the nodes they are about. */
  readonly onViolation?: (violation: Violation) => void;
}

/** Structures in structures. */
const MAX_DEPTH = 200;
const NO_DOC: DocSpec = { summary: undefined, refs: [], origId: undefined };

/** What was read of `bytes`, as far as it can be; `fault` ended it. */
export interface Reading {
  readonly struct: AnyStruct;
  readonly fault: Fault | undefined;
}

export function readFile(schema: LoadedSchema, bytes: Uint8Array, options: WalkOptions): Reading {
  const { onViolation = () => undefined, limits, params = [] } = options;
  const io = new schema.Stream(bytes, { onViolation, limits });
  const struct = new (schema.classOf(schema.root))(io, undefined, undefined, ...params);
  try {
    struct._read(io);
    return { struct, fault: undefined };
  } catch (error) {
    return { struct, fault: faultOf(error, '') };
  }
}

function faultOf(error: unknown, path: string): Fault {
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

/** The nodes below a structure, in the order of the schema; each before what is in it. */
export function* walk(schema: LoadedSchema, reading: Reading, options: WalkOptions): Generator<TreeNode> {
  yield* new Walker(schema, reading, options).members(reading.struct, schema.root, '', 0, 0);
}

interface Member {
  readonly id: string;
  readonly type: string;
  readonly doc: DocSpec;
  /** Undefined for a value that is computed. */
  readonly attr: AttrSpec | undefined;
  readonly instance: InstanceSpec | undefined;
  readonly enumName: TypeName | undefined;
  /** Bits of the byte where the field begins that fields before it have taken. */
  readonly bitsBefore: number;
}

function membersOf(spec: ClassSpec): Member[] {
  let bits = 0;
  const fields = spec.seq.map((attr, index): Member => {
    const { doc, type } = attr;
    const bitsBefore = bits % 8;
    bits = type.kind === 'bits' && attr.repeat === undefined && attr.if === undefined ? bits + type.bits : 0;
    const common = { doc, attr, instance: undefined, enumName: attr.enum?.value, bitsBefore };
    return { id: attrId(attr, index), type: typeLabel(attr), ...common };
  });
  const instances = spec.instances.map((instance): Member => {
    const common = { id: instance.id, instance, bitsBefore: 0 };
    if (instance.kind === 'value')
      return { ...common, type: 'value', doc: instance.doc, attr: undefined, enumName: instance.enum?.value };
    const { attr } = instance;
    return { ...common, type: typeLabel(attr), doc: attr.doc, attr, enumName: attr.enum?.value };
  });
  return [...fields, ...instances];
}

/** Where a node stands: `level` counts the parts of its path, `depth` what it is in, lists included. */
interface Spot {
  readonly path: string;
  readonly label: string;
  readonly level: number;
  readonly depth: number;
}

class Walker {
  readonly #schema: LoadedSchema;
  readonly #fault: Fault | undefined;
  readonly #selection: Selection;
  readonly #mostItems: number;
  readonly #outermost: ArrayBufferLike;
  /** Paths of structures that instances lead to: several may lead to one, or in a circle. */
  readonly #listed = new Map<string, string>();
  /** Numbers of what structures are in: the file, and the outcomes of processes. */
  readonly #memories = new Map<ArrayBufferLike, number>();

  constructor(schema: LoadedSchema, { struct, fault }: Reading, { path = '', mostItems = Infinity }: WalkOptions) {
    this.#schema = schema;
    this.#fault = fault;
    this.#selection = new Selection(path);
    this.#mostItems = mostItems;
    this.#outermost = struct._io.memory.buffer;
  }

  *members(struct: AnyStruct, spec: ClassSpec, around: string, level: number, depth: number): Generator<TreeNode> {
    for (const member of membersOf(spec)) {
      const { id } = member;
      if (!this.#selection.touches(level, id)) continue;
      yield* this.#member(struct, spec, member, { path: joined(around, id), label: id, level, depth });
    }
  }

  *#member(struct: AnyStruct, spec: ClassSpec, member: Member, spot: Spot): Generator<TreeNode> {
    const { type, doc, instance } = member;
    const { path, label, level, depth } = spot;
    const isWanted = this.#selection.includes(level);
    const property = this.#schema.property(spec, member.id);
    let value: unknown;
    let fault = this.#fault?.path === path ? this.#fault : undefined;
    try {
      value = Reflect.get(struct, property);
    } catch (error) {
      const found = faultOf(error, path);
      // That a field was not read follows from the fault that ended the reading.
      if (found.kind !== 'UnreadError') fault = found;
    }
    const position = struct._debug?.[property];
    const place = this.#placeOf(struct, member, position, value);
    const kind = instance?.kind === 'value' ? 'value' : 'field';
    if (value === undefined) {
      if (fault !== undefined && isWanted) yield { path, label, depth, kind, type, doc, offset: fault.offset, fault };
      return;
    }
    if (!Array.isArray(value)) {
      yield* this.#value(value, spec, member, spot, { ...place, fault });
      return;
    }
    const range = this.#selection.range(level);
    if (isWanted && range === undefined)
      yield { path, label, depth, kind: 'list', type, doc, ...place, count: value.length, fault };
    const most = range === undefined ? (this.#selection.isTarget(level) ? Infinity : this.#mostItems) : range.last + 1;
    const end = Math.min(value.length, most);
    for (let index = range?.first ?? 0; index < end; index++) {
      const item = { path: `${path}[${index}]`, label: `[${index}]`, level, depth: depth + 1 };
      const element: unknown = value[index];
      yield* this.#value(element, spec, member, item, this.#placeOf(struct, member, position?.arr?.[index], element));
    }
    const left = value.length - end;
    if (range === undefined && left > 0) {
      const rest = { path: `${path}[${end}..${value.length - 1}]`, label: '…', depth: depth + 1, type, doc: NO_DOC };
      yield { ...rest, kind: 'more', count: left };
    }
    const broken = this.#fault;
    // An element that could not be read did not join its list.
    if (isWanted && broken?.path === `${path}[${value.length}]`) {
      const rest = { path: broken.path, label: `[${value.length}]`, depth: depth + 1, type: itemType(type), doc };
      yield { ...rest, kind: 'field', offset: broken.offset, fault: broken };
    }
  }

  *#value(value: unknown, owner: ClassSpec, member: Member, spot: Spot, place: Partial<TreeNode>): Generator<TreeNode> {
    const { path, label, level, depth } = spot;
    const isWanted = this.#selection.includes(level);
    const about = { path, label, depth, doc: member.doc, ...place };
    if (!this.#schema.isStruct(value)) {
      const { enumName: name } = member;
      const declared = name === undefined ? undefined : this.#schema.program.findEnum(name, owner);
      const enumName = declared === undefined ? undefined : this.#schema.enumLabel(declared, value);
      const kind = member.attr === undefined ? 'value' : 'field';
      // An object is of a class of the user's own: the schema says nothing of it.
      const shown = typeof value === 'object' && !(value instanceof Uint8Array) ? {} : { value, enumName };
      if (isWanted) yield { ...about, kind, type: itemType(member.type), ...shown };
      return;
    }
    const spec = this.#schema.specOf(value);
    const sameAs = this.#shownAt(value, spec, member, path, place);
    const type = spec.path.join('::');
    if (isWanted) yield { ...about, kind: 'structure', type, ...(sameAs === undefined ? {} : { sameAs }) };
    if (sameAs === undefined && depth < MAX_DEPTH) yield* this.members(value, spec, path, level + 1, depth + 1);
  }

  /** Where a structure that fields or other instances lead to is listed. */
  #shownAt(
    struct: AnyStruct,
    spec: ClassSpec,
    { attr, instance }: Member,
    path: string,
    { offset }: Partial<TreeNode>,
  ): string | undefined {
    if (attr === undefined) return this.#schema.pathOf(struct);
    if (instance === undefined || offset === undefined) return undefined;
    const { memory, length, base } = struct._io;
    const number = this.#memories.get(memory.buffer) ?? this.#memories.size;
    this.#memories.set(memory.buffer, number);
    const key = [spec.path.join('::'), number, offset, base, length].join(' ');
    const before = this.#listed.get(key);
    if (before === undefined) this.#listed.set(key, path);
    return before;
  }

  #placeOf(
    { _io: io }: AnyStruct,
    { attr, instance, bitsBefore }: Member,
    position: Position | undefined,
    value: unknown,
  ): Partial<TreeNode> {
    if (position === undefined || attr === undefined) return {};
    const { ioOffset, end } = position;
    // A bit field that goes on in a byte that another one began.
    const start = isBits(attr) && bitsBefore > 0 && attr.repeat === undefined ? position.start - 1 : position.start;
    const offset = ioOffset + start;
    if (end === undefined) return { offset };
    const length = end - start;
    const isElsewhere = instance?.kind === 'parse' && instance.io !== undefined;
    if (isElsewhere) return { offset, length, bytes: value instanceof Uint8Array ? value : undefined };
    const isProcessed = io.memory.buffer !== this.#outermost;
    return { offset, length, bytes: io.slice(start, length), ...(isProcessed ? { isProcessed } : {}) };
  }
}

const joined = (path: string, id: string): string => (path === '' ? id : `${path}.${id}`);

const itemType = (type: string): string => type.replace(/\[\]$/, '');
