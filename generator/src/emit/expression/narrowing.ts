/** What TypeScript concludes from conditions and literals, which it holds against later comparisons. */
import type { Expr } from '../../expr/ast.js';
import type { Forms } from './forms.js';
import type { Code } from '../code/nodes.js';

/** Code that may be known to equal a constant where it is known whether `expr` holds. */
export function narrowedBy(forms: Forms, expr: Expr): Code[] {
  switch (expr.kind) {
    case 'unary':
      return narrowedBy(forms, expr.operand);
    case 'name':
    case 'attribute':
      return forms.typeOf(expr).kind === 'bool' ? [forms.maybe(expr)] : [];
    case 'binary':
      break;
    default:
      return [];
  }
  const { operator, left, right } = expr;
  if (operator === 'and' || operator === 'or') return [...narrowedBy(forms, left), ...narrowedBy(forms, right)];
  if (operator !== '==' && operator !== '!=') return [];
  return [...(hasLiteralType(right) ? [left] : []), ...(hasLiteralType(left) ? [right] : [])].map((side) =>
    forms.maybe(side),
  );
}

/** Whether TypeScript gives the expression's code the type of a single value. */
export function hasLiteralType(expr: Expr): boolean {
  switch (expr.kind) {
    case 'int':
    case 'float':
    case 'string':
    case 'bool':
    case 'enum':
      return true;
    case 'fstring':
      return expr.parts.every((part) => typeof part === 'string' || hasLiteralType(part));
    case 'unary':
    case 'cast':
      return hasLiteralType(expr.kind === 'cast' ? expr.object : expr.operand);
    case 'attribute':
      return expr.name === 'to_i' && hasLiteralType(expr.object);
    case 'conditional':
      return hasLiteralType(expr.whenTrue) && hasLiteralType(expr.whenFalse);
    default:
      return false;
  }
}
