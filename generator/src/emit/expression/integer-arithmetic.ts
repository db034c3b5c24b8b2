/** Arithmetic on integers, rounding as the expression language does. */
import type { Binary, Expr } from '../../expr/ast.js';
import { fitsInt32, fitsUint32, isBounded, isNonNegative, type IntRange } from '../../types/int-range.js';
import { BIG_PRECEDENCE, P, call, infix, literal, smallBitwise, type Code } from '../code/operators.js';

/** What the operands become. */
export interface Operands {
  /** As a `number`. */
  number(expr: Expr): Code;
  /** As a `bigint`. */
  big(expr: Expr): Code;
  /** A function of the support modules. */
  support(name: string): string;
}

/** In doubles, where operands and result are exact in one; undefined for an operator that has no such form. */
export function smallInteger(
  { operator, left, right }: Binary,
  a: IntRange,
  b: IntRange,
  result: IntRange,
  operands: Operands,
): Code | undefined {
  const x = operands.number(left);
  const y = operands.number(right);
  switch (operator) {
    case '+':
    case '-':
      return infix(x, operator, y, P.sum);
    case '*':
      return infix(x, '*', y, P.product);
    case '/':
      if (b.lo === b.hi && b.lo !== 0n) return call('Math.floor', infix(x, '/', y, P.product).text);
      return call(operands.support('floorDiv'), x.text, y.text);
    case '%':
      if (isNonNegative(a) && b.lo > 0n) return infix(x, '%', y, P.product);
      return call(operands.support('floorMod'), x.text, y.text);
    case '&':
    case '|':
    case '^':
      return smallBitwise(operator, x, y, a, b, result);
    case '<<':
      if (b.lo !== b.hi || b.lo < 0n) return call(operands.support('shiftLeft'), x.text, y.text);
      if (fitsInt32(a) && fitsInt32(result)) return infix(x, '<<', y, P.shift);
      return infix(x, '*', literal(1n << b.lo, false), P.product);
    case '>>':
      if (b.lo !== b.hi || b.lo < 0n) return call(operands.support('shiftRight'), x.text, y.text);
      if (b.lo < 32n && fitsInt32(a)) return infix(x, '>>', y, P.shift);
      if (b.lo < 32n && fitsUint32(a)) return infix(x, '>>>', y, P.shift);
      return call('Math.floor', infix(x, '/', literal(1n << b.lo, false), P.product).text);
    default:
      return undefined;
  }
}

/** In bigint; a result that may be of any size is checked. */
export function bigInteger(expr: Binary, a: IntRange, b: IntRange, result: IntRange, operands: Operands): Code {
  const { operator, left, right } = expr;
  const isShift = operator === '<<' || operator === '>>';
  // What is refused is refused before the number is made.
  if (isShift && !(isNonNegative(b) && isBounded(result))) {
    const name = operator === '<<' ? 'shiftLeftBigInt' : 'shiftRightBigInt';
    return call(operands.support(name), operands.big(left).text, operands.big(right).text);
  }
  const code = unchecked(expr, a, b, operands);
  return isBounded(result) ? code : call(operands.support('boundedInteger'), code.text);
}

function unchecked({ operator, left, right }: Binary, a: IntRange, b: IntRange, operands: Operands): Code {
  const x = operands.big(left);
  const y = operands.big(right);
  if (operator === '/' && !(isNonNegative(a) && isNonNegative(b))) {
    return call(operands.support('floorDivBigInt'), x.text, y.text);
  }
  if (operator === '%' && !(isNonNegative(a) && isNonNegative(b))) {
    return call(operands.support('floorModBigInt'), x.text, y.text);
  }
  return infix(x, operator, y, BIG_PRECEDENCE[operator] ?? P.product);
}
