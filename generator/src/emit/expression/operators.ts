/** Operators of the expression language. */
import type { Binary, Expr, Unary } from '../../expr/ast.js';
import { isComparison } from '../../types/operator-types.js';
import { WIDEST, fitsInt32 } from '../../types/int-range.js';
import { FLOAT, intType, isNumeric } from '../../types/value-type.js';
import { call, callOf, decimal, equals, differs, infix, integer, negation, prefix } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { NUMBER } from '../context/locals.js';
import { isBig, typeOf } from '../context/types.js';
import type { Forms } from './forms.js';
import { integerArithmetic, sameOperator } from './integer-arithmetic.js';
import { hasLiteralType, narrowedBy } from './narrowing.js';

export function unaryCode(forms: Forms, expr: Unary): Code {
  const { operator, operand } = expr;
  if (operator === 'not') return negation(forms.condition(operand));
  if (operator === '+') return forms.sure(operand);
  const type = forms.typeOf(expr);
  if (type.kind !== 'int') return prefix('-', forms.sure(operand));
  const isWide = isBig(forms.context, type);
  if (forms.isBig(operand) || isWide) {
    const code = prefix(operator, forms.big(operand));
    return isWide ? code : call(NUMBER, code);
  }
  if (operand.kind === 'int') return integer(type.range.lo);
  const code = forms.sure(operand);
  if (operator === '~') {
    const operandType = forms.typeOf(operand);
    const isSmall = operandType.kind === 'int' && fitsInt32(operandType.range);
    return isSmall ? prefix('~', code) : infix(decimal(-1), '-', code);
  }
  // `0 - x`, because `-x` of zero is minus zero.
  return infix(decimal(0), '-', code);
}

export function binaryCode(forms: Forms, expr: Binary): Code {
  const { operator, left, right } = expr;
  if (operator === 'and' || operator === 'or') {
    const known = narrowedBy(forms, left);
    const then = forms.context.narrowing.within(known, () => forms.condition(right));
    return infix(forms.condition(left), operator === 'and' ? '&&' : '||', then);
  }
  if (isComparison(operator)) return comparison(forms, expr);
  const integers = integerArithmetic(forms, expr);
  if (integers !== undefined) return integers;
  const result = forms.typeOf(expr);
  const operand = (side: Expr): Code => (result.kind === 'float' ? forms.float(side) : forms.sure(side));
  const code = infix(operand(left), sameOperator(operator), operand(right));
  return result.kind === 'str' ? boundedText(forms, code) : code;
}

/** Text that is put together, which must not grow without end. */
export function boundedText(forms: Forms, code: Code): Code {
  return call(forms.support('boundedText'), code);
}

function comparison(forms: Forms, { operator, left, right }: Binary): Code {
  const a = forms.typeOf(left);
  const b = forms.typeOf(right);
  const isEquality = operator === '==' || operator === '!=';
  if (a.kind === 'bytes' && b.kind === 'bytes') {
    const [x, y] = [forms.sure(left), forms.sure(right)];
    if (!isEquality) return infix(call(forms.support('compareBytes'), x, y), sameOperator(operator), decimal(0));
    const equal = call(forms.support('equalBytes'), x, y);
    return operator === '==' ? equal : negation(equal);
  }
  const isWide = (side: Expr): boolean => forms.isBig(side) || forms.computedBig(side) !== undefined;
  const big = a.kind === 'int' && b.kind === 'int' && (isWide(left) || isWide(right));
  const numeric = isNumeric(a) && isNumeric(b) && (a.kind !== 'int' || b.kind !== 'int');
  const code = (side: Expr): Code => {
    // What is absent equals nothing.
    if (isEquality && forms.isOptional(side))
      return forms.maybeAs(side, big ? intType(WIDEST) : numeric ? FLOAT : forms.typeOf(side));
    return big ? forms.big(side) : numeric ? forms.float(side) : forms.sure(side);
  };
  const [x, y] = [code(left), code(right)];
  // TypeScript refuses to compare literals that differ, and what it knows to equal one.
  const isKnown = (side: Expr, made: Code): boolean => hasLiteralType(side) || forms.context.narrowing.isKnown(made);
  const widened = isKnown(left, x) && isKnown(right, y) ? callOf(forms.support('as'), typeOf(forms.context, a), x) : x;
  if (operator === '==') return equals(widened, y);
  return operator === '!=' ? differs(widened, y) : infix(widened, sameOperator(operator), y);
}
