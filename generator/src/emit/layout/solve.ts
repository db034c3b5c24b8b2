/** Sizes, counts and positions as equations of one field: what it must be for the expression to have a value. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { ClassSpec } from '../../spec/model.js';
import { findInstance } from '../../types/program.js';
import { isCached } from '../read/cheap-instances.js';

/** What is done to the value of an expression, one after the other, to get that of the field in it. */
export type Step =
  /** `value - by` */
  | { readonly kind: 'subtract'; readonly by: Expr }
  /** `value + by` */
  | { readonly kind: 'add'; readonly by: Expr }
  /** `from - value` */
  | { readonly kind: 'subtract-from'; readonly from: Expr }
  /** `value / by`, rounded up: where it leaves a remainder, the field cannot say the value. */
  | { readonly kind: 'divide'; readonly by: Expr }
  /** `value * by`: the least of the fields that the expression rounds down to it. */
  | { readonly kind: 'multiply'; readonly by: Expr };

/** The type's own names in an expression: fields, and those that its computed instances of few operators are made of. */
export function namesBehind(owner: ClassSpec, expr: Expr): string[] {
  return nodesOf(expr).flatMap((node) => {
    if (node.kind !== 'name') return [];
    const behind = inlined(owner, node.name);
    return behind === undefined ? [node.name] : namesBehind(owner, behind);
  });
}

/** The expression of an instance that is computed anew wherever it stands. */
function inlined(owner: ClassSpec, id: string): Expr | undefined {
  const instance = findInstance(owner, id);
  const isInlined = instance?.kind === 'value' && instance.if === undefined && !isCached(owner, instance);
  return isInlined ? instance.value.expr : undefined;
}

/** How the value of the field `id` follows from that of `expr`; undefined where it does not, or the field is named twice. */
export function stepsTo(owner: ClassSpec, expr: Expr, id: string): Step[] | undefined {
  if (namesBehind(owner, expr).filter((name) => name === id).length !== 1) return undefined;
  return steps(owner, expr, id);
}

function steps(owner: ClassSpec, expr: Expr, id: string): Step[] | undefined {
  if (expr.kind === 'name') {
    if (expr.name === id) return [];
    const behind = inlined(owner, expr.name);
    return behind === undefined ? undefined : steps(owner, behind, id);
  }
  if (expr.kind === 'unary' && expr.operator === '+') return steps(owner, expr.operand, id);
  if (expr.kind !== 'binary') return undefined;
  const isLeft = namesBehind(owner, expr.left).includes(id);
  const [inner, other] = isLeft ? [expr.left, expr.right] : [expr.right, expr.left];
  const step = undoing(expr.operator, isLeft, other);
  const rest = step === undefined ? undefined : steps(owner, inner, id);
  return step === undefined || rest === undefined ? undefined : [step, ...rest];
}

function undoing(operator: string, isLeft: boolean, other: Expr): Step | undefined {
  switch (operator) {
    case '+':
      return { kind: 'subtract', by: other };
    case '-':
      return isLeft ? { kind: 'add', by: other } : { kind: 'subtract-from', from: other };
    case '*':
      return { kind: 'divide', by: other };
    case '/':
      return isLeft ? { kind: 'multiply', by: other } : undefined;
    case '<<':
      return isLeft ? shifted('divide', other) : undefined;
    case '>>':
      return isLeft ? shifted('multiply', other) : undefined;
    default:
      return undefined;
  }
}

/** A shift by a number of bits that the schema says. */
function shifted(kind: 'divide' | 'multiply', bits: Expr): Step | undefined {
  if (bits.kind !== 'int' || bits.value < 0n || bits.value > 32n) return undefined;
  return { kind, by: { kind: 'int', value: 1n << bits.value, offset: bits.offset } };
}
