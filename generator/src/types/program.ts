/** All schemas of one compilation: finds types and enums by name, and tells the type of every field. */
import type { TypeName } from '../expr/ast.js';
import type {
  AttrSpec,
  ClassSpec,
  EnumSpec,
  EnumValueSpec,
  InstanceSpec,
  ParamSpec,
  SchemaFile,
  SimpleTypeSpec,
} from '../spec/model.js';
import { signed, unsigned } from './int-range.js';
import {
  ANY,
  ANY_STRUCT,
  BOOL,
  BYTES,
  FLOAT,
  IO,
  STR,
  arrayOf,
  intType,
  unionOf,
  type MaybeType,
  type ValueType,
} from './value-type.js';

export class Program {
  /** Every file, each once, the root files first. */
  readonly files: readonly SchemaFile[];
  /** Every type of every file, outer before inner. */
  readonly classes: readonly ClassSpec[];
  /** By top type: the top types that can be named in its file. */
  readonly #visible: ReadonlyMap<ClassSpec, ReadonlyMap<string, ClassSpec>>;
  readonly #itemTypes = new WeakMap<AttrSpec, MaybeType>();

  constructor(rootFiles: readonly SchemaFile[]) {
    this.files = closure(rootFiles);
    this.classes = this.files.flatMap((file) => withNested(file.root));
    this.#visible = visibleTypes(this.files);
  }

  /**
   * The type called `name` where it is used in `from`. Each segment is looked up where the one before it was found, then
   * outward, then among other files' top types; a type that leads nowhere is passed over.
   */
  findType(name: TypeName, from: ClassSpec): ClassSpec | undefined {
    return this.#resolve(name.names, name.absolute ? topType(from) : from, new Map());
  }

  /** The enum that ends the path: looked up outward from the type that the segments before it name. */
  findEnum(name: TypeName, from: ClassSpec): EnumSpec | undefined {
    const id = name.names.at(-1) ?? '';
    const path = name.names.slice(0, -1);
    const start = path.length === 0 && !name.absolute ? from : this.findType({ ...name, names: path }, from);
    for (let scope = start; scope !== undefined; scope = scope.outer) {
      const found = scope.enums.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** `tried` are the types, by how many segments were left, that did not lead on: none is searched twice. */
  #resolve(
    [first, ...rest]: readonly string[],
    from: ClassSpec,
    tried: Map<number, Set<ClassSpec>>,
  ): ClassSpec | undefined {
    if (first === undefined) return from;
    const failed = tried.get(rest.length) ?? new Set();
    tried.set(rest.length, failed);
    for (const next of this.#candidates(first, from)) {
      if (failed.has(next)) continue;
      failed.add(next);
      const found = this.#resolve(rest, next, tried);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What `id` may name in `from`, the nearest first. */
  *#candidates(id: string, from: ClassSpec): Generator<ClassSpec> {
    for (let scope: ClassSpec | undefined = from; scope !== undefined; scope = scope.outer) {
      const nested = scope.types.get(id);
      if (nested !== undefined) yield nested;
      if (scope.id === id) yield scope;
    }
    const top = this.#visible.get(topType(from))?.get(id);
    if (top !== undefined) yield top;
  }

  /** The type of a field's value, `if` and `repeat` included. */
  attrType(attr: AttrSpec, owner: ClassSpec): MaybeType {
    const single = this.itemType(attr, owner);
    const type = attr.repeat === undefined ? single.type : arrayOf(single.type);
    return { type, optional: attr.if !== undefined || (single.optional && attr.repeat === undefined) };
  }

  /** The type of one element, before `repeat`. Optional: a switch without a matching case reads nothing. */
  itemType(attr: AttrSpec, owner: ClassSpec): MaybeType {
    const known = this.#itemTypes.get(attr) ?? this.#findItemType(attr, owner);
    this.#itemTypes.set(attr, known);
    return known;
  }

  #findItemType(attr: AttrSpec, owner: ClassSpec): MaybeType {
    if (attr.contents !== undefined) return { type: BYTES, optional: false };
    const { type } = attr;
    if (type.kind !== 'switch')
      return { type: this.#withEnum(this.simpleType(type, owner), attr, owner), optional: false };
    const members = type.cases.map((arm) => this.#withEnum(this.simpleType(arm.value, owner), attr, owner));
    const total = type.cases.some((arm) => arm.match === undefined);
    const hasBytes = isBytesElse(attr);
    return { type: unionOf(hasBytes ? [...members, BYTES] : members), optional: !total && !hasBytes };
  }

  #withEnum(type: ValueType, attr: Pick<AttrSpec, 'enum'>, owner: ClassSpec): ValueType {
    if (attr.enum === undefined || (type.kind !== 'int' && type.kind !== 'bool')) return type;
    const spec = this.findEnum(attr.enum.value, owner);
    return spec === undefined ? type : { kind: 'enum', spec };
  }

  simpleType(type: SimpleTypeSpec, owner: ClassSpec): ValueType {
    switch (type.kind) {
      case 'bytes':
        return BYTES;
      case 'int':
        return intType(type.signed ? signed(type.bytes * 8) : unsigned(type.bytes * 8));
      case 'float':
        return FLOAT;
      case 'bits':
        return type.bits === 1 ? BOOL : intType(unsigned(type.bits));
      case 'str':
      case 'strz':
        return STR;
      case 'user': {
        const spec = this.findType(type.name, owner);
        return spec === undefined ? { kind: 'opaque', name: type.name.names.at(-1) ?? '' } : { kind: 'struct', spec };
      }
    }
  }

  paramType(param: ParamSpec, owner: ClassSpec): ValueType {
    const item = this.#paramItemType(param, owner);
    return param.type.isArray ? arrayOf(item) : item;
  }

  #paramItemType({ type, ...param }: ParamSpec, owner: ClassSpec): ValueType {
    switch (type.kind) {
      case 'bool':
        return BOOL;
      case 'struct':
        return ANY_STRUCT;
      case 'io':
        return IO;
      case 'any':
        return ANY;
      case 'bytes':
        return BYTES;
      case 'simple':
        return this.#withEnum(this.simpleType(type.type, owner), param, owner);
    }
  }
}

/** Whether a field says by itself where it ends. */
export function isDelimited(attr: AttrSpec): boolean {
  return attr.size !== undefined || attr.sizeEos || attr.terminator !== undefined;
}

/** Whether a switch without a default reads bytes where no case matches: those of a size that does not depend on them. */
export function isBytesElse({ type, size, sizeEos }: AttrSpec): boolean {
  const isTotal = type.kind !== 'switch' || type.cases.some((arm) => arm.match === undefined);
  return !isTotal && (size !== undefined || sizeEos);
}

/** How those bytes are read: all of them, terminator and padding included. */
export function bytesElse(attr: AttrSpec): AttrSpec {
  return { ...attr, terminator: undefined, padRight: undefined };
}

export function topType(spec: ClassSpec): ClassSpec {
  return spec.outer === undefined ? spec : topType(spec.outer);
}

/** Whether a type of another schema is used in `owner`: to that schema's expressions, nothing is around it. */
export function isForeign(used: ClassSpec, owner: ClassSpec): boolean {
  return topType(used) !== topType(owner);
}

export function findAttr(spec: ClassSpec, id: string): AttrSpec | undefined {
  return attrIndex(spec.seq, (attr) => attr.id).get(id);
}

export function findInstance(spec: ClassSpec, id: string): InstanceSpec | undefined {
  return instanceIndex(spec.instances, (instance) => instance.id).get(id);
}

export function findEnumValue(spec: EnumSpec, id: string): EnumValueSpec | undefined {
  return enumIndex(spec.values, (value) => value.id).get(id);
}

type Index<T> = (items: readonly T[], idOf: (item: T) => string | undefined) => ReadonlyMap<string, T>;

/** Lists by id, each made once: a search for every mention would take the square of their length. */
function indexer<T>(): Index<T> {
  const known = new WeakMap<readonly T[], ReadonlyMap<string, T>>();
  return (items, idOf) => {
    const found =
      known.get(items) ??
      new Map(
        items.toReversed().flatMap((item) => {
          const id = idOf(item);
          return id === undefined ? [] : [[id, item] as const];
        }),
      );
    known.set(items, found);
    return found;
  };
}

const attrIndex = indexer<AttrSpec>();
const instanceIndex = indexer<InstanceSpec>();
const enumIndex = indexer<EnumValueSpec>();

/** All fields of a type that are read from the stream, in `seq` and in instances. */
export function attrsOf(spec: ClassSpec): AttrSpec[] {
  return [...spec.seq, ...spec.instances.flatMap((instance) => (instance.kind === 'parse' ? [instance.attr] : []))];
}

/** The types a field can have: one, or one for each case of a switch. */
export function attrTypes(attr: AttrSpec): SimpleTypeSpec[] {
  return attr.type.kind === 'switch' ? attr.type.cases.map((arm) => arm.value) : [attr.type];
}

/** The types of this program that values of a field may have. */
export function usedTypes(program: Program, attr: AttrSpec, owner: ClassSpec): ClassSpec[] {
  return attrTypes(attr).flatMap((type) => {
    const used = type.kind === 'user' ? program.findType(type.name, owner) : undefined;
    return used === undefined ? [] : [used];
  });
}

/**
 * A file sees what it imports, directly or not, and then what is imported along with it: a compilation loads all of that
 * into one space of names. Files compiled beside it do not count.
 */
function visibleTypes(files: readonly SchemaFile[]): Map<ClassSpec, Map<string, ClassSpec>> {
  const importers = new Map<SchemaFile, SchemaFile[]>(files.map((file) => [file, []]));
  for (const file of files) for (const imported of file.imports) importers.get(imported)?.push(file);
  return new Map(
    files.map((file) => {
      const together = closure(reached([file], (of) => importers.get(of) ?? []));
      return [file.root, new Map(together.map(({ root }): [string, ClassSpec] => [root.id, root]))];
    }),
  );
}

function closure(rootFiles: readonly SchemaFile[]): SchemaFile[] {
  return reached(rootFiles, ({ imports }) => imports);
}

function reached<T>(from: readonly T[], next: (item: T) => readonly T[]): T[] {
  const seen = new Set(from);
  for (const item of seen) for (const other of next(item)) seen.add(other);
  return [...seen];
}

/** A type and all that are written in it, outer before inner. */
export function withNested(spec: ClassSpec): ClassSpec[] {
  return [spec, ...[...spec.types.values()].flatMap(withNested)];
}
