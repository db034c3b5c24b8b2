/** Types of values: of fields, parameters, instances and expressions. */
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import { sameRange, union, type IntRange } from './int-range.js';

export type ValueType =
  | { readonly kind: 'int'; readonly range: IntRange }
  | { readonly kind: 'float' | 'bool' | 'str' | 'bytes' | 'io' }
  | { readonly kind: 'enum'; readonly spec: EnumSpec }
  | { readonly kind: 'array'; readonly item: ValueType }
  | { readonly kind: 'struct'; readonly spec: ClassSpec }
  /** A user type that no schema describes: a class of the user's own, imported from `./name.js`. */
  | { readonly kind: 'opaque'; readonly name: string }
  /** Any structure (`struct`, or a parent that is not of one type). */
  | { readonly kind: 'any-struct' }
  | { readonly kind: 'union'; readonly members: readonly ValueType[] }
  | { readonly kind: 'any' }
  /** Not known yet: a value instance that refers to itself, before its first estimate. */
  | { readonly kind: 'never' };

/** A value's type and whether it may be absent (`if`). */
export interface MaybeType {
  readonly type: ValueType;
  readonly optional: boolean;
}

export const intType = (range: IntRange): ValueType => ({ kind: 'int', range });
export const FLOAT: ValueType = { kind: 'float' };
export const BOOL: ValueType = { kind: 'bool' };
export const STR: ValueType = { kind: 'str' };
export const BYTES: ValueType = { kind: 'bytes' };
export const IO: ValueType = { kind: 'io' };
export const ANY: ValueType = { kind: 'any' };
export const NEVER: ValueType = { kind: 'never' };
export const ANY_STRUCT: ValueType = { kind: 'any-struct' };
export const arrayOf = (item: ValueType): ValueType => ({ kind: 'array', item });

export function sameType(a: ValueType, b: ValueType): boolean {
  switch (a.kind) {
    case 'int':
      return b.kind === 'int' && sameRange(a.range, b.range);
    case 'enum':
      return b.kind === 'enum' && a.spec === b.spec;
    case 'struct':
      return b.kind === 'struct' && a.spec === b.spec;
    case 'opaque':
      return b.kind === 'opaque' && a.name === b.name;
    case 'array':
      return b.kind === 'array' && sameType(a.item, b.item);
    case 'union':
      return (
        b.kind === 'union' &&
        a.members.length === b.members.length &&
        a.members.every((member, index) => sameType(member, b.members[index] ?? ANY))
      );
    default:
      return a.kind === b.kind;
  }
}

/** The type of a value that is either of `a` or of `b`; `any` where they have nothing in common but being values. */
export function combine(a: ValueType, b: ValueType): ValueType {
  if (sameType(a, b) || b.kind === 'never') return a;
  if (a.kind === 'never') return b;
  if (a.kind === 'int' && b.kind === 'int') return { kind: 'int', range: union(a.range, b.range) };
  if ((a.kind === 'int' || a.kind === 'float') && (b.kind === 'int' || b.kind === 'float')) return FLOAT;
  if (a.kind === 'array' && b.kind === 'array') return arrayOf(combine(a.item, b.item));
  if (a.kind === 'any' || b.kind === 'any') return ANY;
  if (isStruct(a) && isStruct(b) && (a.kind === 'any-struct' || b.kind === 'any-struct')) return ANY_STRUCT;
  return unionOf([a, b]);
}

/** Members side by side, each once; integers merged into one range. */
export function unionOf(types: readonly ValueType[]): ValueType {
  const members: ValueType[] = [];
  const specs = new Set<ClassSpec | EnumSpec>();
  for (const type of types.flatMap((t) => (t.kind === 'union' ? t.members : [t]))) {
    if (type.kind === 'any') return ANY;
    if (type.kind === 'never') continue;
    if (type.kind === 'struct' || type.kind === 'enum') {
      if (!specs.has(type.spec)) members.push(type);
      specs.add(type.spec);
      continue;
    }
    const twin = members.findIndex((m) => sameType(m, type) || (m.kind === 'int' && type.kind === 'int'));
    const known = members[twin];
    if (known === undefined) members.push(type);
    else if (known.kind === 'int' && type.kind === 'int') members[twin] = combine(known, type);
  }
  const [only] = members;
  return members.length === 1 && only !== undefined ? only : { kind: 'union', members };
}

export function isStruct(type: ValueType): boolean {
  return type.kind === 'struct' || type.kind === 'any-struct' || type.kind === 'opaque';
}

/** Integers, floats, and what is one or the other. */
export function isNumeric(type: ValueType): boolean {
  return type.kind === 'int' || type.kind === 'float' || (type.kind === 'union' && type.members.every(isNumeric));
}

/** How a type is called in a diagnostic. */
export function typeName(type: ValueType): string {
  switch (type.kind) {
    case 'int':
      return 'an integer';
    case 'float':
      return 'a float';
    case 'bool':
      return 'a boolean';
    case 'str':
      return 'a string';
    case 'bytes':
      return 'a byte array';
    case 'io':
      return 'a stream';
    case 'enum':
      return `enum ${type.spec.path.join('::')}`;
    case 'array':
      return `an array of ${typeName(type.item)}`;
    case 'struct':
      return `type ${type.spec.path.join('::')}`;
    case 'opaque':
      return `type ${type.name}`;
    case 'any-struct':
      return 'a structure';
    case 'union':
      return type.members.map(typeName).join(' or ');
    case 'any':
    case 'never':
      return 'a value of unknown type';
  }
}

/** A value that is there. */
export const sure = (type: ValueType): MaybeType => ({ type, optional: false });
