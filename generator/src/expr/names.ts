/** Names within an expression, without knowing what they stand for. */
import type { Expr } from './ast.js';

const NAME_PATTERN = /^(?:[a-z][a-z0-9_]*|_[a-z0-9_]*)$/;

/** The expressions directly within `expr`, in order. */
export function childExpressions(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'fstring':
      return expr.parts.filter((part) => typeof part !== 'string');
    case 'array':
      return expr.items;
    case 'attribute':
    case 'cast':
      return [expr.object];
    case 'call':
      return [expr.callee, ...expr.args];
    case 'subscript':
      return [expr.object, expr.index];
    case 'unary':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'conditional':
      return [expr.condition, expr.whenTrue, expr.whenFalse];
    case 'int':
    case 'float':
    case 'string':
    case 'bool':
    case 'enum':
    case 'name':
    case 'sizeof':
      break;
  }
  return [];
}

/** All nodes of an expression. */
export function nodesOf(expr: Expr): Expr[] {
  return [expr, ...childExpressions(expr).flatMap(nodesOf)];
}

/** The first name that can be no id in any schema: `FOO` is most often a constant whose quotes were forgotten. */
export function findBadName(expr: Expr): { readonly name: string; readonly offset: number } | undefined {
  const name = ownName(expr);
  if (name !== undefined && !NAME_PATTERN.test(name)) return { name, offset: expr.offset };
  for (const child of childExpressions(expr)) {
    const bad = findBadName(child);
    if (bad !== undefined) return bad;
  }
  return undefined;
}

/** Whether a name occurs anywhere in the expression, as a name of its own or behind a dot. */
export function mentions(expr: Expr, name: string): boolean {
  const own = (expr.kind === 'name' || expr.kind === 'attribute') && expr.name === name;
  return own || childExpressions(expr).some((child) => mentions(child, name));
}

function ownName(expr: Expr): string | undefined {
  if (expr.kind === 'name' || expr.kind === 'attribute') return expr.name;
  return expr.kind === 'enum' ? expr.value : undefined;
}
