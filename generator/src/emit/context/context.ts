/** What every emitter of one output file shares. */
import type { ClassSpec } from '../../spec/model.js';
import type { Inference } from '../../types/infer.js';
import { isSafe } from '../../types/int-range.js';
import type { MaybeType, ValueType } from '../../types/value-type.js';
import { quote } from '../code/text.js';
import type { Imports } from './imports.js';
import { pascalCase, type Names } from './names.js';
import type { Uses } from '../code/uses.js';

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
  /** Local names that the code being made refers to. */
  readonly uses: Uses;
  /**
   * Code that may be known to equal a constant where the next code goes: TypeScript then refuses to compare it with another
   * constant.
   */
  readonly narrowed: string[];
}

/** What `make` returns, made where each of `codes` is known to equal a constant. */
export function whereNarrowed<T>({ narrowed }: EmitContext, codes: readonly string[], make: () => T): T {
  narrowed.push(...codes);
  const made = make();
  narrowed.length -= codes.length;
  return made;
}

/** Whether objects of the type know where each field was read. */
export function hasPositions({ options }: EmitContext, spec: ClassSpec): boolean {
  return options.positions || spec.meta.debug;
}

/** Code for the object that a method of `spec` fills: its fields are read-only to others where nothing is written. */
export function filled({ options }: EmitContext): 'this' | 'self' {
  return options.readOnly ? 'self' : 'this';
}

/** The statement that `filled` needs; none where it is `this`. */
export function filledLines({ options, imports, names }: EmitContext, spec: ClassSpec): string[] {
  if (!options.readOnly) return [];
  return [`const self = ${imports.support('as')}<${imports.supportType('Mutable')}<${names.class(spec)}>>(this);`];
}

/** The literal of a field's id, with which writing refuses a value; of an element's array, it is put into a path. */
export function fieldName({ uses }: EmitContext, id: string): string {
  uses.note(FIELD_NAME);
  return quote(id);
}

/** What `fieldName` notes. */
export const FIELD_NAME = 'field name';

/** Whether values of the type are held as bigint. */
export function isBig({ inference }: Pick<EmitContext, 'inference'>, type: ValueType): boolean {
  if (type.kind === 'int') return !isSafe(type.range);
  if (type.kind === 'union') return type.members.some((member) => isBig({ inference }, member));
  return type.kind === 'enum' && inference.isBigEnum(type.spec);
}

/** A type as TypeScript writes it. */
export function typeText(context: EmitContext, type: ValueType): string {
  const { imports } = context;
  switch (type.kind) {
    case 'int':
      return isBig(context, type) ? 'bigint' : 'number';
    case 'float':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'str':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'io':
      return imports.supportType('KaitaiStream');
    case 'enum':
      return imports.enumType(type.spec);
    case 'struct':
      return imports.classType(type.spec);
    case 'opaque':
      return opaqueClass(context, [type.name]);
    case 'any-struct':
      return imports.supportType('KaitaiStruct');
    case 'array': {
      const item = typeText(context, type.item);
      return type.item.kind === 'union' ? `(${item})[]` : `${item}[]`;
    }
    case 'union':
      return [...new Set(type.members.map((member) => typeText(context, member)))].join(' | ');
    case 'any':
    case 'never':
      return 'unknown';
  }
}

/** As `typeText`, with `undefined` where the value may be absent. */
export function maybeText(context: EmitContext, { type, optional }: MaybeType): string {
  return `${typeText(context, type)}${optional ? ' | undefined' : ''}`;
}

/** A class of the user's own, in a module that is called as the schema calls the class: `nested/deeply/custom_fx.js`. */
export function opaqueClass({ imports }: EmitContext, path: readonly string[]): string {
  return imports.external(pascalCase(path.at(-1) ?? ''), path.join('/'));
}

/** The bit and byte order a type's own numbers are read in. */
export function hasCalculatedEndian(spec: ClassSpec): boolean {
  return typeof spec.meta.endian === 'object';
}
