/** What one output file refers to beyond itself, as names that bring their imports along. */
import type { ClassSpec, EnumSpec } from '../../spec/model.js';
import { supportModule } from '../../support-modules.js';
import { topType } from '../../types/program.js';
import { name } from '../code/expressions.js';
import type { Imported, Name } from '../code/nodes.js';
import { identifier, moduleSpecifier } from '../code/text.js';
import { moduleName, schemaModuleName, type Names } from './names.js';

/** Encodings that TextDecoder does not know, or not as they are meant. */
const NEEDS_TABLES = /^(?:UTF-32[BL]E|ISO-8859-\d+|IBM437|windows-1252)$/;

export class Imports {
  readonly #names: Names;
  readonly #top: ClassSpec;
  readonly #file: 'classes' | 'schemas';
  /** By what they are called in this file. */
  readonly #known = new Map<string, Name | Imported>();

  /** `file`: of the two that are made for the schema with the type `top`, the one with classes or that about them. */
  constructor(names: Names, top: ClassSpec, file: 'classes' | 'schemas' = 'classes') {
    this.#names = names;
    this.#top = top;
    this.#file = file;
  }

  /** What a support module exports. */
  support(exported: string): Imported {
    return this.#import(supportModule(exported), exported);
  }

  /** The function that decodes text; `encoding` is its canonical name. */
  decoder(encoding: string): Imported {
    return this.support(needsTables(encoding) ? 'decodeText' : 'decodeString');
  }

  class(spec: ClassSpec): Name | Imported {
    return this.#generated(spec, this.#names.class(spec), 'classes');
  }

  enum(spec: EnumSpec): Name | Imported {
    return this.#generated(spec.owner, this.#names.enum(spec), 'classes');
  }

  /** What the schema says of a type or an enum. */
  schema(spec: ClassSpec | EnumSpec): Name | Imported {
    return this.#generated('owner' in spec ? spec.owner : spec, this.#names.schema(spec), 'schemas');
  }

  /** A class of the user's own, for an opaque type or a custom process; `module` is its path without extension. */
  external(exported: string, module: string): Imported {
    const path = moduleSpecifier(module);
    let local = identifier(exported);
    // Two routines may be called alike, and a generated class like one of them.
    while (this.#names.isClassName(local) || this.#isTaken(local, path)) local += '_';
    return this.#import(path, exported, local);
  }

  #isTaken(local: string, module: string): boolean {
    const known = this.#known.get(local);
    return known !== undefined && (known.kind !== 'imported' || known.module !== module);
  }

  #generated(spec: ClassSpec, called: string, file: 'classes' | 'schemas'): Name | Imported {
    const module = file === 'classes' ? moduleName(spec) : schemaModuleName(spec);
    if (topType(spec) !== this.#top || file !== this.#file) return this.#import(moduleSpecifier(module), called);
    const known = this.#known.get(called) ?? name(called);
    this.#known.set(called, known);
    return known;
  }

  #import(module: string, exported: string, local: string = exported): Imported {
    const known = this.#known.get(local);
    if (known?.kind === 'imported') return known;
    const made: Imported = { kind: 'imported', module, name: exported, local };
    this.#known.set(local, made);
    return made;
  }
}

/** Whether an encoding is read with tables of the support modules, not by TextDecoder. */
export function needsTables(encoding: string): boolean {
  return NEEDS_TABLES.test(encoding);
}
