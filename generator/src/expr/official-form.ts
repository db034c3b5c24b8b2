/**
 * The official compiler names a case of a switch by its expression as a Scala value (`/seq/0/type/cases/Str(foo)`).
 * Paths of diagnostics do the same, so that they can be compared.
 */
import type { BinaryOperator, Expr, TypeName, UnaryOperator } from './ast.js';
import { ExpressionError, parseExpression } from './parser.js';

const OPERATORS: Readonly<Record<Exclude<BinaryOperator, 'and' | 'or'>, string>> = {
  '+': 'Add',
  '-': 'Sub',
  '*': 'Mult',
  '/': 'Div',
  '%': 'Mod',
  '&': 'BitAnd',
  '|': 'BitOr',
  '^': 'BitXor',
  '<<': 'LShift',
  '>>': 'RShift',
  '==': 'Eq',
  '!=': 'NotEq',
  '<': 'Lt',
  '<=': 'LtE',
  '>': 'Gt',
  '>=': 'GtE',
};
const UNARY: Readonly<Record<Exclude<UnaryOperator, '+'>, string>> = { '-': 'Minus', '~': 'Invert', not: 'Not' };

/** The form of the expression in `text`; undefined where it is none. */
export function caseForm(text: string): string | undefined {
  try {
    return officialForm(parseExpression(text));
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

export function officialForm(expr: Expr): string {
  switch (expr.kind) {
    case 'int':
      return `IntNum(${expr.value})`;
    case 'float':
      return `FloatNum(${expr.value})`;
    case 'string':
      return `Str(${expr.value})`;
    case 'bool':
      return `Bool(${expr.value})`;
    case 'fstring': {
      const parts = expr.parts.map((part) => (typeof part === 'string' ? `Str(${part})` : officialForm(part)));
      return `InterpolatedStr(${list(parts)})`;
    }
    case 'enum':
      return enumForm(expr.enumName, expr.value);
    case 'array':
      return `List(${list(expr.items.map(officialForm))})`;
    case 'name':
      return `Name(${identifier(expr.name)})`;
    case 'attribute':
      return `Attribute(${officialForm(expr.object)},${identifier(expr.name)})`;
    case 'call':
      return `Call(${officialForm(expr.callee)},${list(expr.args.map(officialForm))})`;
    case 'subscript':
      return `Subscript(${officialForm(expr.object)},${officialForm(expr.index)})`;
    case 'unary':
      return expr.operator === '+'
        ? officialForm(expr.operand)
        : `UnaryOp(${UNARY[expr.operator]},${officialForm(expr.operand)})`;
    case 'binary':
      return binaryForm(expr.operator, officialForm(expr.left), officialForm(expr.right));
    case 'conditional':
      return `IfExp(${[expr.condition, expr.whenTrue, expr.whenFalse].map(officialForm).join(',')})`;
    case 'cast':
      return `CastToType(${officialForm(expr.object)},${typeForm(expr.type)})`;
    case 'sizeof':
      break;
  }
  return `${expr.inBits ? 'BitSizeOfType' : 'ByteSizeOfType'}(${typeForm(expr.type)})`;
}

function binaryForm(operator: BinaryOperator, left: string, right: string): string {
  if (operator === 'and' || operator === 'or') {
    return `BoolOp(${operator === 'and' ? 'And' : 'Or'},${list([left, right])})`;
  }
  const name = OPERATORS[operator];
  const isComparison = /^[=!<>]=?$/.test(operator);
  return `${isComparison ? 'Compare' : 'BinOp'}(${left},${name},${right})`;
}

function enumForm({ absolute, names }: TypeName, value: string): string {
  const outer = names.slice(0, -1);
  const type = `typeId(${outer.length > 0 && absolute},${list(outer)},false)`;
  return `EnumByLabel(${identifier(names.at(-1) ?? '')},${identifier(value)},${type})`;
}

function typeForm({ absolute, names, isArray }: TypeName): string {
  return `typeId(${absolute},${list(names)},${isArray})`;
}

function identifier(name: string): string {
  return `identifier(${name})`;
}

function list(items: readonly string[]): string {
  return `List(${items.join(', ')})`;
}
