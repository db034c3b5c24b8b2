/** Conditions that are always the same. */
import type { Expr } from '../../expr/ast.js';

/** The value of a condition that depends on nothing, as far as TypeScript knows, which calls code behind it unreachable. */
export function constantOf(condition: Expr): boolean | undefined {
  if (condition.kind === 'bool') return condition.value;
  if (condition.kind === 'unary') {
    const operand = constantOf(condition.operand);
    return operand === undefined ? undefined : !operand;
  }
  if (condition.kind !== 'binary' || (condition.operator !== 'and' && condition.operator !== 'or')) return undefined;
  const decisive = condition.operator === 'or';
  const sides = [constantOf(condition.left), constantOf(condition.right)];
  if (sides.includes(decisive)) return decisive;
  return sides.includes(undefined) ? undefined : !decisive;
}
