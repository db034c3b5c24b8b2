/** Names in the output: classes, enums, properties, modules. Every clash is settled here, in order of the schema. */
import type { ClassSpec, EnumSpec, EnumValueSpec } from '../spec/model.js';
import { topType, type Program } from '../types/program.js';

/** Globals that generated code uses, and names it imports: a schema called `array` must not shadow them. */
const RESERVED_CLASSES = new Set(
  'Array BigInt Boolean DataView Error FieldLayout Float64Array KaitaiStream KaitaiStruct KaitaiWriter Map Math Number Object ReadOptions Record Set String Uint8Array'.split(
    ' ',
  ),
);
/** Members that every object or every generated class has; `then` would make a structure look like a promise. */
const RESERVED_MEMBERS = new Set(
  'constructor hasOwnProperty isPrototypeOf propertyIsEnumerable then toBytes toLocaleString toString valueOf verifyChecksum writeTo'.split(
    ' ',
  ),
);

export class Names {
  readonly #classes = new Map<ClassSpec, string>();
  readonly #enums = new Map<EnumSpec, string>();
  readonly #members = new Map<ClassSpec, Map<string, string>>();
  readonly #values = new Map<EnumSpec, Map<EnumValueSpec, string>>();

  constructor(program: Program) {
    const taken = new Set(RESERVED_CLASSES);
    for (const spec of program.classes) {
      this.#classes.set(spec, claim(spec.path.map(pascalCase).join('_'), taken));
      this.#members.set(spec, memberNames(spec));
    }
    for (const owner of program.classes) {
      for (const spec of owner.enums.values()) {
        this.#enums.set(spec, claim(spec.path.map(pascalCase).join('_'), taken));
        this.#values.set(spec, enumValueNames(spec));
      }
    }
  }

  class(spec: ClassSpec): string {
    return this.#classes.get(spec) ?? pascalCase(spec.id);
  }

  enum(spec: EnumSpec): string {
    return this.#enums.get(spec) ?? pascalCase(spec.id);
  }

  enumValue(spec: EnumSpec, value: EnumValueSpec): string {
    return this.#values.get(spec)?.get(value) ?? value.id.toUpperCase();
  }

  /** The property that holds a field, instance or parameter. */
  member(owner: ClassSpec, id: string): string {
    return this.#members.get(owner)?.get(id) ?? camelCase(id);
  }
}

/** Fields of `seq` without an id are called as Kaitai calls them. */
export function attrId(attr: { readonly id: string | undefined }, index: number): string {
  return attr.id ?? `_unnamed${index}`;
}

/** File name of a schema's output, without extension. */
export function moduleName(spec: ClassSpec): string {
  return topType(spec).id;
}

export function pascalCase(id: string): string {
  return id.split('_').map(capitalize).join('');
}

export function camelCase(id: string): string {
  if (id.startsWith('_')) return id;
  const [first = '', ...rest] = id.split('_');
  return first + rest.map(capitalize).join('');
}

function capitalize(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function memberNames(spec: ClassSpec): Map<string, string> {
  const taken = new Set(RESERVED_MEMBERS);
  const ids = [
    ...spec.params.map((param) => param.id),
    ...spec.seq.map(attrId),
    ...spec.instances.map((instance) => instance.id),
  ];
  return new Map(ids.map((id) => [id, claim(camelCase(id), taken)]));
}

function enumValueNames(spec: EnumSpec): Map<EnumValueSpec, string> {
  const taken = new Set<string>();
  return new Map(spec.values.map((value) => [value, claim(value.id.toUpperCase(), taken)]));
}

/** `name`, or `name_` where that is taken. */
function claim(name: string, taken: Set<string>): string {
  let free = name;
  while (taken.has(free)) free += '_';
  taken.add(free);
  return free;
}
