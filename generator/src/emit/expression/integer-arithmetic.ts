/** Arithmetic on integers, rounding as the expression language does. */
import type { Binary } from '../../expr/ast.js';
import { fitsInt32, fitsUint32, isBounded, isNonNegative, isSafe, type IntRange } from '../../types/int-range.js';
import { call, infix, integer, member } from '../code/expressions.js';
import type { Code, InfixOperator } from '../code/nodes.js';
import { MATH, NUMBER } from '../context/locals.js';
import type { Forms } from './forms.js';

/** Ranges of the left operand, the right one, and the result. */
interface Ranges {
  readonly a: IntRange;
  readonly b: IntRange;
  readonly result: IntRange;
}

function rangesOf(forms: Forms, expr: Binary): Ranges | undefined {
  const [a, b, result] = [forms.typeOf(expr.left), forms.typeOf(expr.right), forms.typeOf(expr)];
  if (a.kind !== 'int' || b.kind !== 'int' || result.kind !== 'int') return undefined;
  return { a: a.range, b: b.range, result: result.range };
}

/**
 * In doubles where every operand and result is exact in one, otherwise in bigint; undefined where the operands are no
 * integers.
 */
export function integerArithmetic(forms: Forms, expr: Binary): Code | undefined {
  const ranges = rangesOf(forms, expr);
  if (ranges === undefined) return undefined;
  const small = smallInteger(forms, expr, ranges);
  if (small !== undefined) return small;
  const code = bigInteger(forms, expr, ranges);
  return isSafe(ranges.result) ? call(NUMBER, code) : code;
}

/** The same in bigint alone; undefined where it is done in doubles. */
export function bigArithmetic(forms: Forms, expr: Binary): Code | undefined {
  const ranges = rangesOf(forms, expr);
  if (ranges === undefined || smallInteger(forms, expr, ranges) !== undefined) return undefined;
  return bigInteger(forms, expr, ranges);
}

/** In doubles; undefined where that is not exact. */
function smallInteger(forms: Forms, expr: Binary, ranges: Ranges): Code | undefined {
  const low = lowBits(forms, expr);
  if (low !== undefined) return low;
  const { a, b, result } = ranges;
  if (!isSafe(a) || !isSafe(b) || !isSafe(result)) return undefined;
  const { operator } = expr;
  const x = forms.number(expr.left);
  const y = forms.number(expr.right);
  switch (operator) {
    case '+':
    case '-':
    case '*':
      return infix(x, operator, y);
    case '/':
      if (b.lo === b.hi && b.lo !== 0n) return floor(infix(x, '/', y));
      return call(forms.support('floorDiv'), x, y);
    case '%':
      if (isNonNegative(a) && b.lo > 0n) return infix(x, '%', y);
      return call(forms.support('floorMod'), x, y);
    case '&':
    case '|':
    case '^':
      return smallBitwise(operator, x, y, ranges);
    case '<<':
      if (b.lo !== b.hi || b.lo < 0n) return call(forms.support('shiftLeft'), x, y);
      if (fitsInt32(a) && fitsInt32(result)) return infix(x, '<<', y);
      return infix(x, '*', integer(1n << b.lo));
    case '>>':
      if (b.lo !== b.hi || b.lo < 0n) return call(forms.support('shiftRight'), x, y);
      if (b.lo < 32n && fitsInt32(a)) return infix(x, '>>', y);
      if (b.lo < 32n && fitsUint32(a)) return infix(x, '>>>', y);
      return floor(infix(x, '/', integer(1n << b.lo)));
    default:
      return undefined;
  }
}

const floor = (code: Code): Code => call(member(MATH, 'floor'), code);

/** `x % 2^n` and `x & mask` of a 64-bit field whose low word is at hand. */
function lowBits({ place }: Forms, { operator, left, right }: Binary): Code | undefined {
  const low = left.kind === 'name' ? place.lowWord?.(left.name) : undefined;
  if (low === undefined || right.kind !== 'int' || right.value <= 0n) return undefined;
  const isPower = (right.value & (right.value - 1n)) === 0n;
  const mask = operator === '%' && isPower ? right.value - 1n : operator === '&' ? right.value : -1n;
  if (mask < 0n || mask >= 1n << 31n) return undefined;
  return infix(low, '&', integer(mask));
}

/** JavaScript's operators work on 32 bits: wider operands are cut, which only `&` with a narrow mask survives. */
function smallBitwise(operator: '&' | '|' | '^', x: Code, y: Code, { a, b, result }: Ranges): Code | undefined {
  const code = infix(x, operator, y);
  const masked = operator === '&' && (fitsUint32(a) || fitsUint32(b));
  const narrow = [a, b].every((side) => fitsInt32(side) || fitsUint32(side));
  if (!masked && !narrow) return undefined;
  if (fitsInt32(a) && fitsInt32(b)) return code;
  if (operator === '&' && (isInt31(a) || isInt31(b))) return code;
  return fitsUint32(result) ? infix(code, '>>>', integer(0)) : undefined;
}

const isInt31 = ({ lo, hi }: IntRange): boolean => lo >= 0n && hi < 1n << 31n;

/** In bigint; a result that may be of any size is checked. */
function bigInteger(forms: Forms, expr: Binary, ranges: Ranges): Code {
  const { operator, left, right } = expr;
  const isShift = operator === '<<' || operator === '>>';
  // What is refused is refused before the number is made.
  if (isShift && !(isNonNegative(ranges.b) && isBounded(ranges.result))) {
    const name = operator === '<<' ? 'shiftLeftBigInt' : 'shiftRightBigInt';
    return call(forms.support(name), forms.big(left), forms.big(right));
  }
  const code = unchecked(forms, expr, ranges);
  return isBounded(ranges.result) ? code : call(forms.support('boundedInteger'), code);
}

function unchecked(forms: Forms, { operator, left, right }: Binary, { a, b }: Ranges): Code {
  const x = forms.big(left);
  const y = forms.big(right);
  // The engine's own operators round towards zero, and throw an untyped error for a divisor of zero.
  const isPlain = isNonNegative(a) && b.lo > 0n;
  if (operator === '/' && !isPlain) return call(forms.support('floorDivBigInt'), x, y);
  if (operator === '%' && !isPlain) return call(forms.support('floorModBigInt'), x, y);
  return infix(x, sameOperator(operator), y);
}

type Arithmetic = Extract<InfixOperator, Binary['operator']>;

/** The operators that are written alike. @throws {TypeError} for those that are not arithmetic */
export function sameOperator(operator: Binary['operator']): Arithmetic {
  if (operator === 'and' || operator === 'or' || operator === '==' || operator === '!=')
    throw new TypeError(`${operator} is no arithmetic`);
  return operator;
}
