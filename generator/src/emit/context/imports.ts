/** What one output file imports, collected while its code is made and printed at the end. */
import { compareText } from '../../diagnostics.js';
import type { ClassSpec, EnumSpec } from '../../spec/model.js';
import { topType } from '../../types/program.js';
import { identifier, moduleSpecifier } from '../code/text.js';
import type { ImportDeclaration } from '../code/declarations.js';
import { supportModule } from '../../support-modules.js';
import { moduleName, type Names } from './names.js';

/** Encodings that TextDecoder does not know, or not as they are meant. */
const NEEDS_TABLES = /^(?:UTF-32[BL]E|ISO-8859-\d+|IBM437|windows-1252)$/;

export class Imports {
  readonly #names: Names;
  readonly #top: ClassSpec;
  readonly #values = new Map<string, Set<string>>();
  readonly #types = new Map<string, Set<string>>();
  /** Module of each class of the user's own, by local name. */
  readonly #externals = new Map<string, string>();

  constructor(names: Names, top: ClassSpec) {
    this.#names = names;
    this.#top = top;
  }

  /** A function or class of the support module. */
  support(name: string): string {
    return this.#add(this.#values, supportModule(name), name);
  }

  /** The function that decodes text; `encoding` is its canonical name. */
  decoder(encoding: string): string {
    return this.support(NEEDS_TABLES.test(encoding) ? 'decodeText' : 'decodeString');
  }

  supportType(name: string): string {
    return this.#add(this.#types, supportModule(name), name);
  }

  class(spec: ClassSpec): string {
    return this.#own(spec)
      ? this.#names.class(spec)
      : this.#add(this.#values, modulePath(spec), this.#names.class(spec));
  }

  classType(spec: ClassSpec): string {
    return this.#own(spec)
      ? this.#names.class(spec)
      : this.#add(this.#types, modulePath(spec), this.#names.class(spec));
  }

  enum(spec: EnumSpec): string {
    const name = this.#names.enum(spec);
    return this.#own(spec.owner) ? name : this.#add(this.#values, modulePath(spec.owner), name);
  }

  enumType(spec: EnumSpec): string {
    const name = this.#names.enum(spec);
    return this.#own(spec.owner) ? name : this.#add(this.#types, modulePath(spec.owner), name);
  }

  /** A class of the user's own, for an opaque type or a custom process; `module` is its path without extension. */
  external(name: string, module: string): string {
    const path = moduleSpecifier(module);
    let local = identifier(name);
    // Two routines may be called alike, and a generated class like one of them.
    while (this.#names.isClassName(local) || (this.#externals.get(local) ?? path) !== path) local += '_';
    this.#externals.set(local, path);
    this.#add(this.#values, path, local === name ? name : `${name} as ${local}`);
    return local;
  }

  /**
   * Import declarations for what code uses that refers to `names`, sorted: not all code that asked for a name was kept. A
   * name imported as a value is not imported as a type again.
   */
  declarations(names: ReadonlySet<string>): ImportDeclaration[] {
    const used = (name: string): boolean => names.has(name.replace(/^.* as /, ''));
    const modules = [...new Set([...this.#values.keys(), ...this.#types.keys()])].toSorted(compareText);
    return modules.flatMap((module) => {
      const values = [...(this.#values.get(module) ?? [])].filter(used);
      const types = [...(this.#types.get(module) ?? [])].filter((name) => used(name) && !values.includes(name));
      if (values.length + types.length === 0) return [];
      return [{ module, values: values.toSorted(compareText), types: types.toSorted(compareText) }];
    });
  }

  #own(spec: ClassSpec): boolean {
    return topType(spec) === this.#top;
  }

  #add(group: Map<string, Set<string>>, module: string, name: string): string {
    const names = group.get(module) ?? new Set();
    group.set(module, names.add(name));
    return name;
  }
}

function modulePath(spec: ClassSpec): string {
  return moduleSpecifier(moduleName(spec));
}
