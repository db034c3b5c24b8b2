/** Conditions of statements. */
import type { Expr } from '../expr/ast.js';
import type { EmitContext } from './context.js';

/** `code`, of the expression `test`, as a condition: behind a constant one TypeScript calls statements unreachable. */
export function condition({ imports }: EmitContext, test: Expr, code: string): string {
  return constantOf(test) === undefined ? code : `${imports.support('as')}<boolean>(${code})`;
}

/** The value of a condition that does not depend on anything, as far as TypeScript can tell. */
function constantOf(test: Expr): boolean | undefined {
  if (test.kind === 'bool') return test.value;
  if (test.kind === 'unary') {
    const operand = constantOf(test.operand);
    return operand === undefined ? undefined : !operand;
  }
  if (test.kind !== 'binary' || (test.operator !== 'and' && test.operator !== 'or')) return undefined;
  const decisive = test.operator === 'or';
  const sides = [constantOf(test.left), constantOf(test.right)];
  if (sides.includes(decisive)) return decisive;
  return sides.includes(undefined) ? undefined : !decisive;
}
