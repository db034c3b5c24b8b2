/** Types of values as TypeScript has them. */
import { isSafe } from '../../types/int-range.js';
import type { MaybeType, ValueType } from '../../types/value-type.js';
import type { Type } from '../code/nodes.js';
import {
  BIGINT,
  BOOLEAN,
  BYTE_ARRAY,
  NUMBER,
  STRING,
  UNKNOWN,
  arrayOf,
  maybe,
  reference,
  unionOf,
} from '../code/types.js';
import { opaqueClass, type EmitContext } from './context.js';

/** Whether values of the type are held as bigint. */
export function isBig({ inference }: Pick<EmitContext, 'inference'>, type: ValueType): boolean {
  if (type.kind === 'int') return !isSafe(type.range);
  if (type.kind === 'union') return type.members.some((member) => isBig({ inference }, member));
  return type.kind === 'enum' && inference.isBigEnum(type.spec);
}

/** Whether values of the type are integers held as bigint, or numbers: a switch has wide integers and floats. */
export function isMixed(context: Pick<EmitContext, 'inference'>, type: ValueType): boolean {
  return type.kind === 'union' && isBig(context, type) && type.members.some((member) => !isBig(context, member));
}

export function typeOf(context: EmitContext, type: ValueType): Type {
  const { imports } = context;
  switch (type.kind) {
    case 'int':
      return isBig(context, type) ? BIGINT : NUMBER;
    case 'float':
      return NUMBER;
    case 'bool':
      return BOOLEAN;
    case 'str':
      return STRING;
    case 'bytes':
      return BYTE_ARRAY;
    case 'io':
      return reference(imports.support('KaitaiStream'));
    case 'enum':
      return reference(imports.enum(type.spec));
    case 'struct':
      return reference(imports.class(type.spec));
    case 'opaque':
      return reference(opaqueClass(context, [type.name]));
    case 'any-struct':
      return reference(imports.support('KaitaiStruct'));
    case 'array':
      return arrayOf(typeOf(context, type.item));
    case 'union':
      return unionOf(type.members.map((member) => typeOf(context, member)));
    case 'any':
    case 'never':
      return UNKNOWN;
  }
}

/** As `typeOf`, with `undefined` where the value may be absent. */
export function maybeTypeOf(context: EmitContext, { type, optional }: MaybeType): Type {
  const made = typeOf(context, type);
  return optional ? maybe(made) : made;
}
