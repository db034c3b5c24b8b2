/** What every emitter of one output file shares. */
import type { ClassSpec } from '../../spec/model.js';
import type { Inference } from '../../types/infer.js';
import { THIS } from '../code/expressions.js';
import { isSameCode, mentions } from '../code/inspect.js';
import type { Code, Imported, Statements } from '../code/nodes.js';
import { constant } from '../code/statements.js';
import { reference } from '../code/types.js';
import type { Imports } from './imports.js';
import { SELF } from './locals.js';
import { pascalCase, type Names } from './names.js';

/** What the caller wants of the output. */
export interface EmitOptions {
  /** Record where every field was read (also for types with `meta/ks-debug`). */
  readonly positions: boolean;
  /** Readers only: nothing can be changed or written. */
  readonly readOnly: boolean;
}

export interface EmitContext {
  readonly options: EmitOptions;
  readonly inference: Inference;
  readonly names: Names;
  readonly imports: Imports;
  readonly narrowing: Narrowing;
}

/**
 * Code that may be known to equal a constant where the next code goes: TypeScript then refuses to compare it with another
 * constant.
 */
export class Narrowing {
  #known: readonly Code[] = [];

  /** What is known now; another array wherever something else is. */
  get known(): readonly Code[] {
    return this.#known;
  }

  isKnown(code: Code): boolean {
    return this.#known.some((known) => isSameCode(known, code));
  }

  /** What `make` returns, made where each of `codes` is known to equal a constant. */
  within<T>(codes: readonly Code[], make: () => T): T {
    const before = this.#known;
    if (codes.length > 0) this.#known = [...before, ...codes];
    try {
      return make();
    } finally {
      this.#known = before;
    }
  }
}

/** Whether objects of the type know where each field was read. */
export function hasPositions({ options }: EmitContext, spec: ClassSpec): boolean {
  return options.positions || spec.meta.debug;
}

/** The object that a method of a class fills: its fields are read-only to others where nothing is written. */
export function filled({ options }: EmitContext): Code {
  return options.readOnly ? SELF : THIS;
}

/** `body`, behind the statement that `filled` needs in it; none where it is `this` or nothing is filled. */
export function filling({ imports }: EmitContext, spec: ClassSpec, body: Statements): Statements {
  if (!mentions(body, SELF)) return body;
  const type = reference(imports.support('Mutable'), reference(imports.class(spec)));
  return [constant(SELF, THIS, type), ...body];
}

/** The id of a field, with which writing refuses a value; of an element's array, it is put into a path. */
export const fieldName = (id: string): Code => ({ kind: 'string', value: id, role: 'field' });

/** Whether code is what `fieldName` makes. */
export const isFieldName = (code: Code): boolean => code.kind === 'string' && code.role === 'field';

/** A class of the user's own, in a module that is called as the schema calls the class: `nested/deeply/custom_fx.js`. */
export function opaqueClass({ imports }: EmitContext, path: readonly string[]): Imported {
  return imports.external(pascalCase(path.at(-1) ?? ''), path.join('/'));
}

/** The bit and byte order a type's own numbers are read in. */
export function hasCalculatedEndian(spec: ClassSpec): boolean {
  return typeof spec.meta.endian === 'object';
}
