/** The type of each kind of expression, given the types of what it refers to. */
import type { Attribute, Binary, Call, Expr, NameRef, TypeName } from '../expr/ast.js';
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import { ID_PATTERN } from '../spec/context.js';
import { builtinType } from '../spec/type-names.js';
import { BYTE, SIZE, methodType } from './built-in.js';
import type { ParentTypes } from './parents.js';
import {
  SAFE_RANGE,
  UNBOUNDED,
  add,
  bitAnd,
  bitOr,
  divide,
  invert,
  isSafe,
  modulo,
  multiply,
  negate,
  range,
  shiftLeft,
  shiftRight,
  single,
  subtract,
  type IntRange,
} from './int-range.js';
import { findAttr, findEnumValue, findInstance, type Program, topType } from './program.js';
import { bitSizeOfAttr, bitSizeOfClass, bitSizeOfType } from './sizes.js';
import {
  ANY,
  ANY_STRUCT,
  BOOL,
  BYTES,
  FLOAT,
  IO,
  NEVER,
  STR,
  arrayOf,
  combine,
  intType,
  isNumeric,
  isStruct,
  sameType,
  typeName,
  type MaybeType,
  type ValueType,
} from './value-type.js';

/** Where an expression stands: its type, and what `_` is there. */
export interface Scope {
  readonly owner: ClassSpec;
  readonly underscore?: ValueType;
}

/** An expression that makes no sense; `offset` is within its text. */
export class ExpressionError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = 'ExpressionError';
    this.offset = offset;
  }
}

/** So many values of an enum are named in a message. */
const MAX_LISTED = 20;
/** Numbers of more digits have no range of their own. */
const MAX_DIGITS = 64;

/** Types that are never read from a stream. */
const CALCULATED_TYPES: ReadonlyMap<string, ValueType> = new Map([
  ['bytes', BYTES],
  ['bool', BOOL],
  ['io', IO],
  ['struct', ANY_STRUCT],
  ['any', ANY],
]);

const sure = (type: ValueType): MaybeType => ({ type, optional: false });

/** What has to be known of everything else to type one expression. */
export interface KnownTypes {
  readonly program: Program;
  readonly parents: ParentTypes;
  /** As `ExpressionTypes.compute`, of a part; remembers what it found. */
  typeOf(expr: Expr, scope: Scope): MaybeType;
  /** As `typeOf`, for an operand: whether it may be missing is not asked. */
  valueType(expr: Expr, scope: Scope): ValueType;
  /** The type of the member `id` of `owner`; `undefined` if it has none of that name. */
  memberType(owner: ClassSpec, id: string): MaybeType | undefined;
  enumRange(spec: EnumSpec): IntRange;
}

/** The types of expressions, one at a time. */
export class ExpressionTypes {
  readonly #known: KnownTypes;

  constructor(known: KnownTypes) {
    this.#known = known;
  }

  /** @throws {ExpressionError} where operators, members or names do not fit */
  compute(expr: Expr, scope: Scope): MaybeType {
    switch (expr.kind) {
      case 'int':
        return sure(intType(single(expr.value)));
      case 'float':
        return sure(FLOAT);
      case 'string':
        return sure(STR);
      case 'fstring':
        for (const part of expr.parts) if (typeof part !== 'string') this.#expectPrintable(part, scope);
        return sure(STR);
      case 'bool':
        return sure(BOOL);
      case 'enum':
        return sure({ kind: 'enum', spec: this.#enumOf(expr.enumName, expr.value, expr.offset, scope) });
      case 'array':
        return sure(this.#arrayType(expr.items, scope));
      case 'name':
        return this.#nameType(expr, scope);
      case 'attribute':
        return this.#attributeType(expr, scope);
      case 'call':
        return sure(this.#callType(expr, scope));
      case 'subscript':
        return sure(this.#elementType(expr.object, expr.index, scope));
      case 'unary': {
        const type = this.#known.valueType(expr.operand, scope);
        if (type.kind === 'never') return sure(type);
        if (expr.operator === 'not') {
          if (type.kind !== 'bool' && type.kind !== 'any') throw operandError(expr.offset, 'not', type);
          return sure(BOOL);
        }
        if (type.kind === 'float' && expr.operator !== '~') return sure(type);
        if (type.kind !== 'int') throw operandError(expr.offset, expr.operator, type);
        if (expr.operator === '+') return sure(type);
        return sure(intType(expr.operator === '-' ? negate(type.range) : invert(type.range)));
      }
      case 'binary':
        return sure(this.#binaryType(expr, scope));
      case 'conditional': {
        const condition = this.#known.valueType(expr.condition, scope);
        if (condition.kind !== 'bool' && condition.kind !== 'any' && condition.kind !== 'never') {
          throw new ExpressionError(expr.condition.offset, `a condition must be a boolean, not ${typeName(condition)}`);
        }
        const yes = this.#known.typeOf(expr.whenTrue, scope);
        const no = this.#known.typeOf(expr.whenFalse, scope);
        const type = combine(yes.type, no.type);
        // Fields that are of one type or another go together as they are.
        if (!isOneKind(type) && yes.type.kind !== 'union' && no.type.kind !== 'union') {
          throw new ExpressionError(
            expr.offset,
            `can't combine output types: ${typeName(yes.type)} and ${typeName(no.type)}`,
          );
        }
        return { type, optional: yes.optional || no.optional };
      }
      case 'cast': {
        const { optional } = this.#known.typeOf(expr.object, scope);
        return { type: this.namedType(expr.type, scope.owner), optional };
      }
      case 'sizeof':
        return sure(intType(single(BigInt(this.sizeOfNamed(expr.type, expr.inBits, scope.owner)))));
    }
  }

  /** A type as `.as<…>` writes it. @throws {ExpressionError} for an unknown one. */
  namedType(name: TypeName, owner: ClassSpec): ValueType {
    if (name.isArray) return arrayOf(this.namedType({ ...name, isArray: false }, owner));
    const [first = ''] = name.names;
    if (name.names.length === 1 && !name.absolute) {
      const builtin = CALCULATED_TYPES.get(first) ?? this.#builtin(first, owner);
      if (builtin !== undefined) return builtin;
    }
    const spec = this.#known.program.findType(name, owner);
    if (spec !== undefined) return { kind: 'struct', spec };
    const enumSpec = this.#known.program.findEnum(name, owner);
    if (enumSpec !== undefined) return { kind: 'enum', spec: enumSpec };
    if (topType(owner).meta.opaqueTypes && ID_PATTERN.test(first)) return { kind: 'opaque', name: first };
    throw new ExpressionError(
      name.offset,
      `unable to find type '${name.names.join('::')}', searching from ${owner.path.join('::')}`,
    );
  }

  #builtin(name: string, owner: ClassSpec): ValueType | undefined {
    const builtin = builtinType(name);
    return builtin === undefined ? undefined : this.#known.program.simpleType(builtin, owner);
  }

  /** `sizeof<…>` in bytes or bits. @throws {ExpressionError} where the size is not constant. */
  sizeOfNamed(name: TypeName, inBits: boolean, owner: ClassSpec): number {
    const text = name.names.join('::');
    const builtin = name.names.length === 1 ? builtinType(text) : undefined;
    const spec = this.#known.program.findType(name, owner);
    const bits =
      builtin !== undefined
        ? bitSizeOfType(this.#known.program, builtin, owner)
        : spec === undefined
          ? undefined
          : bitSizeOfClass(this.#known.program, spec);
    if (bits === undefined)
      throw new ExpressionError(name.offset, `the size of '${text}' is not constant or not known`);
    return inBits ? bits : Math.ceil(bits / 8);
  }

  #enumOf(name: TypeName, value: string, offset: number, { owner }: Scope): EnumSpec {
    const spec = this.#known.program.findEnum(name, owner);
    const text = name.names.join('::');
    if (spec === undefined) {
      throw new ExpressionError(offset, `unable to find enum '${text}', searching from ${owner.path.join('::')}`);
    }
    if (findEnumValue(spec, value) === undefined) {
      const known = spec.values.slice(0, MAX_LISTED).map(({ id }) => id);
      const more = spec.values.length > MAX_LISTED ? ', …' : '';
      throw new ExpressionError(offset, `enum '${text}' has no value '${value}'; it has: ${known.join(', ')}${more}`);
    }
    return spec;
  }

  #arrayType(items: readonly Expr[], scope: Scope): ValueType {
    if (isByteArrayLiteral(items)) return BYTES;
    const item = items.map((element) => this.#known.valueType(element, scope)).reduce(combine, NEVER);
    if (!isOneKind(item)) {
      throw new ExpressionError(items[0]?.offset ?? 0, `can't combine types of an array: ${typeName(item)}`);
    }
    return arrayOf(item);
  }

  #nameType({ name, offset }: NameRef, scope: Scope): MaybeType {
    const { owner } = scope;
    switch (name) {
      case '_root':
        return sure({ kind: 'struct', spec: topType(owner) });
      case '_parent':
        return sure(this.#known.parents.of(owner));
      case '_io':
        return sure(IO);
      case '_index':
        return sure(SIZE);
      case '_sizeof':
        return sure(this.#sizeOfStruct(owner, offset));
      case '_':
        if (scope.underscore === undefined) throw new ExpressionError(offset, "'_' means nothing here");
        return sure(scope.underscore);
      default: {
        const member = this.#known.memberType(owner, name);
        if (member !== undefined) return member;
        throw new ExpressionError(offset, `unable to access '${name}' in ${owner.path.join('::')} context`);
      }
    }
  }

  #sizeOfStruct(spec: ClassSpec, offset: number): ValueType {
    const bits = bitSizeOfClass(this.#known.program, spec);
    if (bits === undefined) {
      throw new ExpressionError(
        offset,
        `unable to derive '_sizeof' of type ${spec.path.join('::')}: its size is not constant`,
      );
    }
    return intType(single(BigInt(Math.ceil(bits / 8))));
  }

  #attributeType({ object, name, offset }: Attribute, scope: Scope): MaybeType {
    const type = this.#known.valueType(object, scope);
    if (name === '_sizeof') return sure(this.#sizeOfMember(object, type, offset, scope));
    switch (type.kind) {
      case 'struct': {
        const special = this.#structSpecial(name, type.spec);
        const member = special ?? this.#known.memberType(type.spec, name);
        if (member !== undefined) return member;
        throw new ExpressionError(offset, `unable to access '${name}' in ${type.spec.path.join('::')} context`);
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
        if (name === 'to_i') return sure(intType(this.#known.enumRange(type.spec)));
        break;
      default: {
        const isParsed = type.kind === 'str' && name === 'to_i';
        const method = isParsed ? this.#parsedType(object, undefined, scope) : methodType(type, name);
        if (method !== undefined) return sure(method);
      }
    }
    throw new ExpressionError(offset, `${typeName(type)} has no '${name}'`);
  }

  #structSpecial(name: string, spec: ClassSpec): MaybeType | undefined {
    if (name === '_io') return sure(IO);
    if (name === '_root') return sure({ kind: 'struct', spec: topType(spec) });
    if (name === '_parent') return sure(this.#known.parents.of(spec));
    return undefined;
  }

  #sizeOfMember(object: Expr, type: ValueType, offset: number, scope: Scope): ValueType {
    const owner = this.#ownerOf(object, scope);
    const attr = owner === undefined ? undefined : memberAttr(owner.spec, owner.id);
    if (attr !== undefined && owner !== undefined) {
      const bits = bitSizeOfAttr(this.#known.program, attr, owner.spec);
      if (bits !== undefined) return intType(single(BigInt(Math.ceil(bits / 8))));
    } else if (type.kind === 'struct') {
      return this.#sizeOfStruct(type.spec, offset);
    }
    throw new ExpressionError(offset, "unable to derive '_sizeof': the size is not constant");
  }

  #ownerOf(object: Expr, scope: Scope): { readonly spec: ClassSpec; readonly id: string } | undefined {
    if (object.kind === 'name') return { spec: scope.owner, id: object.name };
    if (object.kind !== 'attribute') return undefined;
    const type = this.#known.valueType(object.object, scope);
    return type.kind === 'struct' ? { spec: type.spec, id: object.name } : undefined;
  }

  #callType({ callee, args, offset }: Call, scope: Scope): ValueType {
    if (callee.kind !== 'attribute') throw new ExpressionError(offset, 'only methods can be called');
    const type = this.#known.valueType(callee.object, scope);
    const kinds = args.map((arg) => this.#known.valueType(arg, scope).kind).join(', ');
    const signature = `${type.kind}.${callee.name}(${kinds})`;
    switch (signature) {
      case 'never.to_i()':
        return NEVER;
      case 'str.to_i()':
      case 'str.to_i(int)':
        return this.#parsedType(callee.object, args[0], scope);
      case 'str.substring(int, int)':
        return STR;
      case 'bytes.to_s(str)':
        if (args[0]?.kind !== 'string') {
          const hint = 'the encoding must be known when code is generated';
          throw new ExpressionError(args[0]?.offset ?? offset, `to_s: argument #0: expected string literal (${hint})`);
        }
        return STR;
      default:
        if (args.length === 0) return this.#attributeType(callee, scope).type;
        throw new ExpressionError(callee.offset, `${typeName(type)} has no method ${callee.name}(${kinds})`);
    }
  }

  /** Integers in text are numbers, unless the text is of a size that holds greater ones. */
  #parsedType(text: Expr, radix: Expr | undefined, scope: Scope): ValueType {
    const digits = this.#mostCharacters(text, scope);
    const base = radix === undefined ? 10n : radix.kind === 'int' ? radix.value : 36n;
    if (digits === undefined || base < 2n || base > 36n) return intType(SAFE_RANGE);
    if (digits > MAX_DIGITS) return intType(UNBOUNDED);
    const greatest = base ** BigInt(digits) - 1n;
    const all = range(-greatest, greatest);
    return intType(isSafe(all) ? SAFE_RANGE : all);
  }

  /** How long a text can be, where the schema says so. */
  #mostCharacters(text: Expr, scope: Scope): number | undefined {
    if (text.kind === 'string') return text.value.length;
    const owner = this.#ownerOf(text, scope);
    const attr = owner === undefined ? undefined : memberAttr(owner.spec, owner.id);
    // No character takes less than a byte.
    return attr?.size?.expr.kind === 'int' && attr.process === undefined ? Number(attr.size.expr.value) : undefined;
  }

  #elementType(object: Expr, index: Expr, scope: Scope): ValueType {
    const type = this.#known.valueType(object, scope);
    const at = this.#known.valueType(index, scope);
    if (at.kind !== 'int' && at.kind !== 'never') {
      throw new ExpressionError(index.offset, `an index must be an integer, not ${typeName(at)}`);
    }
    if (type.kind === 'array') return type.item;
    if (type.kind === 'bytes') return BYTE;
    if (type.kind === 'never') return type;
    throw new ExpressionError(object.offset, `${typeName(type)} cannot be indexed`);
  }

  #expectPrintable(expr: Expr, scope: Scope): void {
    const type = this.#known.valueType(expr, scope);
    if (!['int', 'str', 'float', 'bool', 'enum', 'never', 'any'].includes(type.kind)) {
      throw new ExpressionError(expr.offset, `${typeName(type)} cannot be put into a string`);
    }
  }

  #binaryType(expr: Binary, scope: Scope): ValueType {
    const a = this.#known.valueType(expr.left, scope);
    const b = this.#known.valueType(expr.right, scope);
    const { operator } = expr;
    if (operator === 'and' || operator === 'or') {
      for (const [side, type] of [
        [expr.left, a],
        [expr.right, b],
      ] as const) {
        if (!['bool', 'any', 'never'].includes(type.kind)) throw operandError(side.offset, operator, type);
      }
      return BOOL;
    }
    if (isComparison(operator)) {
      if (!comparable(a, b, operator)) {
        throw new ExpressionError(expr.offset, `cannot compare ${typeName(a)} and ${typeName(b)} with '${operator}'`);
      }
      return BOOL;
    }
    if (a.kind === 'never' || b.kind === 'never') return NEVER;
    if (a.kind === 'int' && b.kind === 'int') return intType(ARITHMETIC[operator](a.range, b.range));
    if (a.kind === 'str' && b.kind === 'str' && operator === '+') return STR;
    if (isNumeric(a) && isNumeric(b) && ['+', '-', '*', '/', '%'].includes(operator)) return FLOAT;
    throw new ExpressionError(expr.offset, `cannot apply '${operator}' to ${typeName(a)} and ${typeName(b)}`);
  }
}

const ARITHMETIC = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
  '&': bitAnd,
  '|': bitOr,
  '^': bitOr,
  '<<': shiftLeft,
  '>>': shiftRight,
} as const;

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;

export function isComparison(operator: string): operator is (typeof COMPARISONS)[number] {
  return (COMPARISONS as readonly string[]).includes(operator);
}

function comparable(a: ValueType, b: ValueType, operator: string): boolean {
  const kinds = [a.kind, b.kind];
  if (kinds.includes('never') || kinds.includes('any')) return true;
  const equality = operator === '==' || operator === '!=';
  if (isNumeric(a) && isNumeric(b)) return true;
  if (a.kind === 'enum') return equality && sameType(a, b);
  if (a.kind !== b.kind) return false;
  return a.kind === 'str' || a.kind === 'bytes' || (equality && a.kind === 'bool');
}

/** Whether all values of the type can be used alike: numbers, or structures of several types. */
function isOneKind(type: ValueType): boolean {
  return type.kind !== 'union' || isNumeric(type) || type.members.every((member) => isStruct(member));
}

/** `[0x50, 0x4b]`: an array of byte literals is a byte array. */
export function isByteArrayLiteral(items: readonly Expr[]): boolean {
  return items.every((item) => item.kind === 'int' && item.value >= 0n && item.value <= 255n);
}

function memberAttr(owner: ClassSpec, id: string): ReturnType<typeof findAttr> {
  const attr = findAttr(owner, id);
  if (attr !== undefined) return attr;
  const instance = findInstance(owner, id);
  return instance?.kind === 'parse' ? instance.attr : undefined;
}

function operandError(offset: number, operator: string, type: ValueType): ExpressionError {
  return new ExpressionError(offset, `cannot apply '${operator}' to ${typeName(type)}`);
}
