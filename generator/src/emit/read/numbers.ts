/** Numbers, flags and enums that are read from the stream. */
import type { AttrSpec, BuiltinType, ClassSpec, Endian } from '../../spec/model.js';
import { call, conditional, decimal, differs } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, IO, IS_LE } from '../context/locals.js';
import { isBig } from '../context/types.js';

export type NumberType = Exclude<BuiltinType, { kind: 'str' | 'strz' }>;

export function readNumber({ imports }: EmitContext, attr: AttrSpec, type: NumberType, owner: ClassSpec): Code {
  if (type.kind === 'bits') {
    const suffix = (type.endian ?? owner.meta.bitEndian) === 'le' ? 'Le' : 'Be';
    const reader = `${type.bits <= 24 ? 'readFewBits' : 'readBits'}${suffix}${type.bits > 53 ? 'BigInt' : ''}`;
    const bits = call(imports.support(reader), IO, decimal(type.bits));
    return isFlag(attr, type) ? differs(bits, decimal(0)) : bits;
  }
  const read = (endian: string): Code => {
    const letter = type.kind === 'float' ? 'F' : type.signed ? 'S' : 'U';
    const order = type.bytes === 1 ? '' : endian;
    const kind = type.kind === 'int' && type.bytes === 8 ? 'BigInt' : '';
    return call(imports.support(`read${letter}${type.bytes}${order}${kind}`), IO);
  };
  const endian: Endian | undefined =
    type.endian ?? (typeof owner.meta.endian === 'string' ? owner.meta.endian : undefined);
  if (endian !== undefined || (type.kind === 'int' && type.bytes === 1)) return read(endian ?? 'le');
  return conditional(IS_LE, read('le'), read('be'));
}

/** Whether a field of one bit is a boolean. */
export function isFlag({ enum: named }: AttrSpec, type: AttrSpec['type']): boolean {
  return type.kind === 'bits' && type.bits === 1 && named === undefined;
}

/** A number that was read as `from`, in the representation that its field calls for. */
export function held(context: EmitContext, code: Code, from: NumberType, attr: AttrSpec, owner: ClassSpec): Code {
  const isSmall = from.kind === 'bits' ? from.bits <= 53 : from.kind === 'int' && from.bytes < 8;
  return isSmall && !isFlag(attr, from) && holdsBig(context, attr, owner) ? call(BIG_INT, code) : code;
}

/** Whether the field's integers are held as bigint: for its own sake, its enum's, or that of another case of its switch. */
export function holdsBig(context: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean {
  const { type } = context.inference.program.itemType(attr, owner);
  const integer = type.kind === 'union' ? type.members.find(({ kind }) => kind === 'int' || kind === 'enum') : type;
  return integer !== undefined && isBig(context, integer);
}
