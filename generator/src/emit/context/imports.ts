/** What one output file refers to beyond itself, as names that bring their imports along. */
import type { ClassSpec, EnumSpec } from '../../spec/model.js';
import { topType } from '../../types/program.js';
import { name } from '../code/expressions.js';
import type { Imported, Name } from '../code/nodes.js';
import { identifier } from '../code/text.js';
import type { Linking, Part } from './linking.js';
import type { Names } from './names.js';

/** Encodings that TextDecoder does not know, or not as they are meant. */
const NEEDS_TABLES = /^(?:UTF-32[BL]E|ISO-8859-\d+|IBM437|windows-1252)$/;

export class Imports {
  readonly #names: Names;
  readonly #linking: Linking;
  /** By what they are called in this file. */
  readonly #known = new Map<string, Name | Imported>();

  constructor(names: Names, linking: Linking) {
    this.#names = names;
    this.#linking = linking;
  }

  /** What a support module exports. */
  support(exported: string): Imported {
    return this.#import(this.#linking.support(exported), exported);
  }

  /** The function that decodes text; `encoding` is its canonical name. */
  decoder(encoding: string): Imported {
    return this.support(needsTables(encoding) ? 'decodeText' : 'decodeString');
  }

  class(spec: ClassSpec): Name | Imported {
    return this.#generated(spec, 'classes', (names) => names.class(spec));
  }

  enum(spec: EnumSpec): Name | Imported {
    return this.#generated(spec.owner, 'classes', (names) => names.enum(spec));
  }

  /** What the schema says of a type or an enum. */
  schema(spec: ClassSpec | EnumSpec): Name | Imported {
    return this.#generated('owner' in spec ? spec.owner : spec, 'schemas', (names) => names.schema(spec));
  }

  /** A class of the user's own, for an opaque type or a custom process; `module` is its path without extension. */
  external(exported: string, module: string): Imported {
    const path = this.#linking.external(module);
    let local = identifier(exported);
    // Two routines may be called alike, and a generated class like one of them.
    while (this.#names.isClassName(local) || this.#isTaken(local, path)) local += '_';
    return this.#import(path, exported, local);
  }

  #isTaken(local: string, module: string): boolean {
    const known = this.#known.get(local);
    return known !== undefined && (known.kind !== 'imported' || known.module !== module);
  }

  #generated(owner: ClassSpec, part: Part, nameIn: (names: Names) => string): Name | Imported {
    const top = topType(owner);
    const called = nameIn(this.#names);
    const module = this.#linking.schema(top, part);
    if (module !== undefined) return this.#import(module, nameIn(this.#linking.namesOf?.(top) ?? this.#names), called);
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
