/** What one output file imports, collected while its code is made and printed at the end. */
import { compareText } from '../diagnostics.js';
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import { topType } from '../types/program.js';
import type { ImportDeclaration } from './declarations.js';
import { moduleName, type Names } from './names.js';

export const SUPPORT_MODULE = './kaitai.js';
export const ENCODINGS_MODULE = './kaitai-encodings.js';

/** Encodings that TextDecoder does not know, or not as they are meant. */
const NEEDS_TABLES = /^(?:UTF-32[BL]E|ISO-8859-\d+|IBM437|windows-1252)$/;


export class Imports {
  readonly #names: Names;
  readonly #top: ClassSpec;
  readonly #values = new Map<string, Set<string>>();
  readonly #types = new Map<string, Set<string>>();

  constructor(names: Names, top: ClassSpec) {
    this.#names = names;
    this.#top = top;
  }

  /** A function or class of the support module. */
  support(name: string): string {
    return this.#add(this.#values, SUPPORT_MODULE, name);
  }

  /** The function that decodes text; `encoding` is its canonical name. */
  decoder(encoding: string): string {
    return NEEDS_TABLES.test(encoding) ? this.#add(this.#values, ENCODINGS_MODULE, 'decodeText') : this.support('decodeString');
  }

  supportType(name: string): string {
    return this.#add(this.#types, SUPPORT_MODULE, name);
  }

  class(spec: ClassSpec): string {
    return this.#own(spec) ? this.#names.class(spec) : this.#add(this.#values, modulePath(spec), this.#names.class(spec));
  }

  classType(spec: ClassSpec): string {
    return this.#own(spec) ? this.#names.class(spec) : this.#add(this.#types, modulePath(spec), this.#names.class(spec));
  }

  enum(spec: EnumSpec): string {
    const name = this.#names.enum(spec);
    return this.#own(spec.owner) ? name : this.#add(this.#values, modulePath(spec.owner), name);
  }

  enumType(spec: EnumSpec): string {
    const name = this.#names.enum(spec);
    return this.#own(spec.owner) ? name : this.#add(this.#types, modulePath(spec.owner), name);
  }

  /** A class of the user's own, for an opaque type or a custom process. */
  external(name: string, module: string): string {
    return this.#add(this.#values, `./${module}.js`, name);
  }

  /**
   * Import declarations for what `body` uses, sorted: not all code that asked for a name was kept. A name imported as a
   * value is not imported as a type again.
   */
  declarations(body: string): ImportDeclaration[] {
    const isUsed = (name: string): boolean => usePattern(name).test(body);
    const modules = [...new Set([...this.#values.keys(), ...this.#types.keys()])].toSorted(compareText);
    return modules.flatMap((module) => {
      const values = [...(this.#values.get(module) ?? [])].filter((name) => isUsed(name));
      const types = [...(this.#types.get(module) ?? [])].filter((name) => isUsed(name) && !values.includes(name));
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

/** The name as a word of code: not in a comment, and not the quoted id of a field. */
function usePattern(name: string): RegExp {
  return new RegExp(`^(?! *(?:/\\*\\*|\\* )).*\\b(?<!')${name}\\b(?!')`, 'm');
}

function modulePath(spec: ClassSpec): string {
  return `./${moduleName(spec)}.js`;
}
