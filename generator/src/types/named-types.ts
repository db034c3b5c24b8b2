/** Types, sizes and enums that an expression names. */
import type { TypeName } from '../expr/ast.js';
import { ID_PATTERN } from '../spec/context.js';
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import { builtinType } from '../spec/type-names.js';
import { ExpressionError, type KnownTypes, type Scope } from './known-types.js';
import { findEnumValue, topType } from './program.js';
import { bitSizeOfClass, bitSizeOfType } from './sizes.js';
import { unknownEnum, unknownType } from './unknown-names.js';
import { ANY, ANY_STRUCT, BOOL, BYTES, IO, arrayOf, type ValueType } from './value-type.js';

/** Values of an enum that a message names. */
const MAX_LISTED = 20;
/** Types that are never read from a stream. */
const CALCULATED_TYPES: ReadonlyMap<string, ValueType> = new Map([
  ['bytes', BYTES],
  ['bool', BOOL],
  ['io', IO],
  ['struct', ANY_STRUCT],
  ['any', ANY],
]);

/** A type as `.as<…>` writes it. @throws {ExpressionError} for an unknown one. */
export function namedType(known: KnownTypes, name: TypeName, owner: ClassSpec): ValueType {
  if (name.isArray) return arrayOf(namedType(known, { ...name, isArray: false }, owner));
  const [first = ''] = name.names;
  if (name.names.length === 1 && !name.absolute) {
    const builtin = CALCULATED_TYPES.get(first) ?? builtInType(known, first, owner);
    if (builtin !== undefined) return builtin;
  }
  const spec = known.program.findType(name, owner);
  if (spec !== undefined) return { kind: 'struct', spec };
  if (topType(owner).meta.opaqueTypes && ID_PATTERN.test(first)) return { kind: 'opaque', name: first };
  const hint = known.program.findEnum(name, owner) === undefined ? '' : '; it is an enum, and a cast takes types only';
  throw new ExpressionError(name.offset, `${unknownType(known.program, name, owner)}${hint}`);
}

function builtInType(known: KnownTypes, name: string, owner: ClassSpec): ValueType | undefined {
  const builtin = builtinType(name);
  return builtin === undefined ? undefined : known.program.simpleType(builtin, owner);
}

/** `sizeof<…>` in bytes or bits. @throws {ExpressionError} where the size is not constant. */
export function sizeOfNamed(known: KnownTypes, name: TypeName, inBits: boolean, owner: ClassSpec): number {
  const text = name.names.join('::');
  const builtin = name.names.length === 1 ? builtinType(text) : undefined;
  const spec = known.program.findType(name, owner);
  const bits =
    builtin !== undefined
      ? bitSizeOfType(known.program, builtin, owner)
      : spec === undefined
        ? undefined
        : bitSizeOfClass(known.program, spec);
  if (bits === undefined) throw new ExpressionError(name.offset, `the size of '${text}' is not constant or not known`);
  return inBits ? bits : Math.ceil(bits / 8);
}

export function enumOf(known: KnownTypes, name: TypeName, value: string, offset: number, { owner }: Scope): EnumSpec {
  const spec = known.program.findEnum(name, owner);
  const text = name.names.join('::');
  if (spec === undefined) throw new ExpressionError(offset, unknownEnum(name, owner));
  if (findEnumValue(spec, value) === undefined) {
    const listed = spec.values.slice(0, MAX_LISTED).map(({ id }) => id);
    const more = spec.values.length > MAX_LISTED ? ', …' : '';
    throw new ExpressionError(offset, `enum '${text}' has no value '${value}'; it has: ${listed.join(', ')}${more}`);
  }
  return spec;
}
