/** Types of what operators give. */
import type { Binary, Conditional, Expr, Unary } from '../expr/ast.js';
import {
  add,
  bitAnd,
  bitOr,
  divide,
  invert,
  modulo,
  multiply,
  negate,
  shiftLeft,
  shiftRight,
  subtract,
} from './int-range.js';
import { ExpressionError, type KnownTypes, type Scope } from './known-types.js';
import {
  BOOL,
  BYTES,
  FLOAT,
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

export function unaryType(known: KnownTypes, expr: Unary, scope: Scope): ValueType {
  const type = known.valueType(expr.operand, scope);
  if (type.kind === 'never') return type;
  if (expr.operator === 'not') {
    if (type.kind !== 'bool' && type.kind !== 'any') throw operandError(expr.offset, 'not', type);
    return BOOL;
  }
  if (type.kind === 'float' && expr.operator !== '~') return type;
  if (type.kind !== 'int') throw operandError(expr.offset, expr.operator, type);
  if (expr.operator === '+') return type;
  return intType(expr.operator === '-' ? negate(type.range) : invert(type.range));
}

export function binaryType(known: KnownTypes, expr: Binary, scope: Scope): ValueType {
  const a = known.valueType(expr.left, scope);
  const b = known.valueType(expr.right, scope);
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
      const message = `cannot compare ${typeName(a)} and ${typeName(b)} with '${operator}'`;
      throw new ExpressionError(expr.offset, `${message}${comparisonHint(a, b)}`);
    }
    return BOOL;
  }
  if (a.kind === 'never' || b.kind === 'never') return NEVER;
  if (a.kind === 'int' && b.kind === 'int') return intType(ARITHMETIC[operator](a.range, b.range));
  if (a.kind === 'str' && b.kind === 'str' && operator === '+') return STR;
  if (isNumeric(a) && isNumeric(b) && ['+', '-', '*', '/', '%'].includes(operator)) return FLOAT;
  throw new ExpressionError(expr.offset, `cannot apply '${operator}' to ${typeName(a)} and ${typeName(b)}`);
}

/** A value of one type or of another. */
export function conditionalType(known: KnownTypes, expr: Conditional, scope: Scope): MaybeType {
  const condition = known.valueType(expr.condition, scope);
  if (condition.kind !== 'bool' && condition.kind !== 'any' && condition.kind !== 'never') {
    throw new ExpressionError(expr.condition.offset, `a condition must be a boolean, not ${typeName(condition)}`);
  }
  const yes = known.typeOf(expr.whenTrue, scope);
  const no = known.typeOf(expr.whenFalse, scope);
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

export function arrayType(known: KnownTypes, items: readonly Expr[], scope: Scope): ValueType {
  if (isByteArrayLiteral(items)) return BYTES;
  const item = items.map((element) => known.valueType(element, scope)).reduce(combine, NEVER);
  if (!isOneKind(item)) {
    throw new ExpressionError(items[0]?.offset ?? 0, `can't combine types of an array: ${typeName(item)}`);
  }
  return arrayOf(item);
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

/** How to compare a value of an enum, of which nothing but equality with its own values is known. */
function comparisonHint(a: ValueType, b: ValueType): string {
  const named = a.kind === 'enum' ? a : b.kind === 'enum' ? b : undefined;
  if (named === undefined) return '';
  const first = named.spec.values[0]?.id;
  const example = first === undefined ? '' : ` with \`${named.spec.path.at(-1)}::${first}\` and the like, or`;
  return `; compare it${example} as a number: \`.to_i\``;
}

/** Whether all values of the type can be used alike: numbers, or structures of several types. */
function isOneKind(type: ValueType): boolean {
  return type.kind !== 'union' || isNumeric(type) || type.members.every((member) => isStruct(member));
}

/** `[0x50, 0x4b]`: an array of byte literals is a byte array. */
export function isByteArrayLiteral(items: readonly Expr[]): boolean {
  return items.every((item) => item.kind === 'int' && item.value >= 0n && item.value <= 255n);
}

function operandError(offset: number, operator: string, type: ValueType): ExpressionError {
  return new ExpressionError(offset, `cannot apply '${operator}' to ${typeName(type)}`);
}
