/** Names in the output: classes, enums, properties, modules. Every clash is settled here, in order of the schema. */
import type { ClassSpec, EnumSpec, EnumValueSpec } from '../../spec/model.js';
import { SUPPORT_NAMES } from '../../support-modules.js';
import { name } from '../code/expressions.js';
import type { Name } from '../code/nodes.js';
import { identifier } from '../code/text.js';
import { topType, withNested, type Program } from '../../types/program.js';

/** Globals that generated code uses, and names it imports: a schema called `array` must not shadow them. */
const RESERVED_CLASSES: readonly string[] = [
  ...'Array BigInt Boolean DataView Error Map Math Number Object Readonly Record Set String Uint8Array'.split(' '),
  ...SUPPORT_NAMES,
];
/** Members that every object or every generated class has; `then` would make a structure look like a promise. */
const RESERVED_MEMBERS: readonly string[] =
  'constructor hasOwnProperty isPrototypeOf propertyIsEnumerable then toBytes toLocaleString toString valueOf verifyChecksum writeTo'.split(
    ' ',
  );
/** What a parameter cannot be called: words of the language, globals, what else is a parameter, and what is called where it is one. */
const RESERVED_PARAMETERS = new Set([
  ...SUPPORT_NAMES,
  ...'await break case catch class const continue debugger default delete do else enum export extends false finally for'.split(
    ' ',
  ),
  ...'function if implements import in instanceof interface let new null package private protected public return static'.split(
    ' ',
  ),
  ...'super switch this throw true try typeof undefined var void while with yield arguments eval globalThis'.split(' '),
  ...'bytes init io memory options parent root source stream value'.split(' '),
]);
/** Modules that go beside the output. */
const RESERVED_MODULES: readonly string[] = ['index'];

export class Names {
  readonly #classes = new Map<ClassSpec, string>();
  readonly #enums = new Map<EnumSpec, string>();
  readonly #members = new Map<ClassSpec, Map<string, string>>();
  readonly #values = new Map<EnumSpec, Map<EnumValueSpec, string>>();
  readonly #schemas = new Map<ClassSpec | EnumSpec, string>();

  readonly #taken = new Set(RESERVED_CLASSES);

  /**
   * The first file's names are those that it has alone; `isAlone`: also those of what the schemas say, which otherwise come
   * behind all others, so that what is generated is called alike with and without reflection.
   */
  constructor({ files }: Pick<Program, 'files'>, isAlone = false) {
    const all = files.map(({ root }) => withNested(root));
    for (const classes of all) {
      this.#claimNames(classes);
      if (isAlone) this.#claimSchemas(classes);
    }
    if (!isAlone) this.#claimSchemas(all.flat());
  }

  #claimNames(classes: readonly ClassSpec[]): void {
    const taken = this.#taken;
    for (const spec of classes) {
      this.#classes.set(spec, claim(spec.path.map(pascalCase).join('_'), taken, CLASS_SUFFIXES));
      this.#members.set(spec, memberNames(spec));
    }
    for (const owner of classes) {
      for (const spec of owner.enums.values()) {
        this.#enums.set(spec, claim(spec.path.map(pascalCase).join('_'), taken));
        this.#values.set(spec, enumValueNames(spec));
      }
    }
  }

  #claimSchemas(classes: readonly ClassSpec[]): void {
    for (const owner of classes) {
      for (const spec of [owner, ...owner.enums.values()])
        this.#schemas.set(spec, claim(`${spec.path.map(pascalCase).join('_')}Schema`, this.#taken));
    }
  }

  class(spec: ClassSpec): string {
    return this.#classes.get(spec) ?? pascalCase(spec.id);
  }

  /** Whether something generated has this name. */
  isClassName(text: string): boolean {
    return this.#taken.has(text);
  }

  enum(spec: EnumSpec): string {
    return this.#enums.get(spec) ?? pascalCase(spec.id);
  }

  enumValue(spec: EnumSpec, value: EnumValueSpec): string {
    return this.#values.get(spec)?.get(value) ?? value.id.toUpperCase();
  }

  /** The constant that holds what the schema says of a type or an enum. */
  schema(spec: ClassSpec | EnumSpec): string {
    return this.#schemas.get(spec) ?? `${pascalCase(spec.id)}Schema`;
  }

  /** The property that holds a field, instance or parameter. */
  member(owner: ClassSpec, id: string): string {
    return this.#members.get(owner)?.get(id) ?? camelCase(id);
  }

  /** The same, where it does not follow from the id: what follows need not be said in the output (`propertyOf`). */
  unlikeId(owner: ClassSpec, id: string): string | undefined {
    const property = this.member(owner, id);
    return property === camelCase(id) ? undefined : property;
  }
}

/** The member's name, as a parameter of functions. */
export function parameterName(member: string): string {
  return RESERVED_PARAMETERS.has(member) ? `${member}_` : member;
}

/** A local variable of generated code: never called as what that imports. */
export function localName(member: string, role: 'Bits' | 'Bytes' | 'Items' | 'Value'): Name {
  const local = `${member}${role}`;
  return name(SUPPORT_NAMES.has(local) ? `${local}_` : local);
}

/** The property that keeps a value which is made when it is first asked for. */
export const cacheOf = (property: string): string => `_m_${property}`;

/** Fields of `seq` without an id are called as Kaitai calls them. */
export function attrId(attr: { readonly id: string | undefined }, index: number): string {
  return attr.id ?? `_unnamed${index}`;
}

/** File name of a schema's output, without extension. */
export function moduleName(spec: ClassSpec): string {
  const { id } = topType(spec);
  return RESERVED_MODULES.includes(id) ? `${id}_` : id;
}

/** File name of what a schema says of its types, without extension. */
export const schemaModuleName = (spec: ClassSpec): string => `${moduleName(spec)}.schema`;

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

/** What else is declared for a class: what `create` takes, and the view of many. */
const CLASS_SUFFIXES = ['', 'Init', 'View'] as const;

/** `wanted`, or `wanted_` where that is taken, with or without one of the suffixes. */
function claim(wanted: string, taken: Set<string>, suffixes: readonly string[] = ['']): string {
  let free = identifier(wanted);
  while (suffixes.some((suffix) => taken.has(free + suffix))) free += '_';
  for (const suffix of suffixes) taken.add(free + suffix);
  return free;
}
