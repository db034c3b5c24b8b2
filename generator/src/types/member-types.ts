/** Types of names, members, and calls of methods. */
import type { Attribute, Call, Expr, NameRef } from '../expr/ast.js';
import type { ClassSpec } from '../spec/model.js';
import { SIZE, methodType } from './built-in.js';
import { SAFE_RANGE, UNBOUNDED, isSafe, range, single } from './int-range.js';
import { ExpressionError, type KnownTypes, type Scope } from './known-types.js';
import { findAttr, findInstance, topType } from './program.js';
import { bitSizeOfAttr, bitSizeOfClass } from './sizes.js';
import { unknownMember } from './unknown-names.js';
import { ANY_STRUCT, IO, NEVER, STR, intType, sure, typeName, type MaybeType, type ValueType } from './value-type.js';

/** Numbers of more digits have no range of their own. */
const MAX_DIGITS = 64;

export function nameType(known: KnownTypes, { name, offset }: NameRef, scope: Scope): MaybeType {
  const { owner } = scope;
  switch (name) {
    case '_root':
      return sure({ kind: 'struct', spec: topType(owner) });
    case '_parent':
      return sure(known.parents.of(owner));
    case '_io':
      return sure(IO);
    case '_index':
      return sure(SIZE);
    case '_sizeof':
      return sure(sizeOfStruct(known, owner, offset));
    case '_':
      if (scope.underscore === undefined) throw new ExpressionError(offset, "'_' means nothing here");
      return sure(scope.underscore);
    default: {
      const member = known.memberType(owner, name);
      if (member !== undefined) return member;
      throw new ExpressionError(offset, unknownMember(name, owner, owner));
    }
  }
}

function sizeOfStruct(known: KnownTypes, spec: ClassSpec, offset: number): ValueType {
  const bits = bitSizeOfClass(known.program, spec);
  if (bits === undefined) {
    throw new ExpressionError(
      offset,
      `unable to derive '_sizeof' of type ${spec.path.join('::')}: its size is not constant`,
    );
  }
  return intType(single(BigInt(Math.ceil(bits / 8))));
}

export function attributeType(known: KnownTypes, { object, name, offset }: Attribute, scope: Scope): MaybeType {
  const type = known.valueType(object, scope);
  if (name === '_sizeof') return sure(sizeOfMember(known, object, type, offset, scope));
  switch (type.kind) {
    case 'struct': {
      const special = structSpecial(known, name, type.spec);
      const member = special ?? known.memberType(type.spec, name);
      if (member !== undefined) return member;
      throw new ExpressionError(offset, unknownMember(name, type.spec, scope.owner));
    }
    case 'any-struct':
    case 'opaque':
    case 'union': {
      if (name === '_io') return sure(IO);
      if (name === '_parent' || name === '_root') return sure(ANY_STRUCT);
      break;
    }
    case 'never':
      return sure(NEVER);
    case 'any':
      if (name.startsWith('_')) return sure(name === '_io' ? IO : ANY_STRUCT);
      break;
    case 'enum':
      if (name === 'to_i') return sure(intType(known.enumRange(type.spec)));
      break;
    default: {
      const isParsed = type.kind === 'str' && name === 'to_i';
      const method = isParsed ? parsedType(known, object, undefined, scope) : methodType(type, name);
      if (method !== undefined) return sure(method);
    }
  }
  throw new ExpressionError(offset, `${typeName(type)} has no '${name}'`);
}

function structSpecial(known: KnownTypes, name: string, spec: ClassSpec): MaybeType | undefined {
  if (name === '_io') return sure(IO);
  if (name === '_root') return sure({ kind: 'struct', spec: topType(spec) });
  if (name === '_parent') return sure(known.parents.of(spec));
  return undefined;
}

function sizeOfMember(known: KnownTypes, object: Expr, type: ValueType, offset: number, scope: Scope): ValueType {
  const owner = ownerOf(known, object, scope);
  const attr = owner === undefined ? undefined : memberAttr(owner.spec, owner.id);
  if (attr !== undefined && owner !== undefined) {
    const bits = bitSizeOfAttr(known.program, attr, owner.spec);
    if (bits !== undefined) return intType(single(BigInt(Math.ceil(bits / 8))));
  } else if (type.kind === 'struct') {
    return sizeOfStruct(known, type.spec, offset);
  }
  throw new ExpressionError(offset, "unable to derive '_sizeof': the size is not constant");
}

function ownerOf(
  known: KnownTypes,
  object: Expr,
  scope: Scope,
): { readonly spec: ClassSpec; readonly id: string } | undefined {
  if (object.kind === 'name') return { spec: scope.owner, id: object.name };
  if (object.kind !== 'attribute') return undefined;
  const type = known.valueType(object.object, scope);
  return type.kind === 'struct' ? { spec: type.spec, id: object.name } : undefined;
}

export function callType(known: KnownTypes, { callee, args, offset }: Call, scope: Scope): ValueType {
  if (callee.kind !== 'attribute') throw new ExpressionError(offset, 'only methods can be called');
  const type = known.valueType(callee.object, scope);
  const kinds = args.map((arg) => known.valueType(arg, scope).kind).join(', ');
  const signature = `${type.kind}.${callee.name}(${kinds})`;
  switch (signature) {
    case 'never.to_i()':
      return NEVER;
    case 'str.to_i()':
    case 'str.to_i(int)':
      return parsedType(known, callee.object, args[0], scope);
    case 'str.substring(int, int)':
      return STR;
    case 'bytes.to_s(str)':
      if (args[0]?.kind !== 'string') {
        const hint = 'the encoding must be known when code is generated';
        throw new ExpressionError(args[0]?.offset ?? offset, `to_s: argument #0: expected string literal (${hint})`);
      }
      return STR;
    default:
      if (args.length === 0) return attributeType(known, callee, scope).type;
      throw new ExpressionError(callee.offset, `${typeName(type)} has no method ${callee.name}(${kinds})`);
  }
}

/** Integers in text are numbers, unless the text is of a size that holds greater ones. */
function parsedType(known: KnownTypes, text: Expr, radix: Expr | undefined, scope: Scope): ValueType {
  const digits = mostCharacters(known, text, scope);
  const base = radix === undefined ? 10n : radix.kind === 'int' ? radix.value : 36n;
  if (digits === undefined || base < 2n || base > 36n) return intType(SAFE_RANGE);
  if (digits > MAX_DIGITS) return intType(UNBOUNDED);
  const greatest = base ** BigInt(digits) - 1n;
  const all = range(-greatest, greatest);
  return intType(isSafe(all) ? SAFE_RANGE : all);
}

/** How long a text can be, where the schema says so. */
function mostCharacters(known: KnownTypes, text: Expr, scope: Scope): number | undefined {
  if (text.kind === 'string') return text.value.length;
  const owner = ownerOf(known, text, scope);
  const attr = owner === undefined ? undefined : memberAttr(owner.spec, owner.id);
  // No character takes less than a byte.
  return attr?.size?.expr.kind === 'int' && attr.process === undefined ? Number(attr.size.expr.value) : undefined;
}

function memberAttr(owner: ClassSpec, id: string): ReturnType<typeof findAttr> {
  const attr = findAttr(owner, id);
  if (attr !== undefined) return attr;
  const instance = findInstance(owner, id);
  return instance?.kind === 'parse' ? instance.attr : undefined;
}
