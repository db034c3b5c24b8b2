/** Sizes, counts and positions as equations of one field: what it must be for the expression to have a value. */
import type { Expr } from '../../expr/ast.js';
import { childExpressions } from '../../expr/names.js';
import type { ClassSpec } from '../../spec/model.js';
import { findInstance } from '../../types/program.js';
import { isCached } from './cheap-instances.js';

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

/**
 * What an expression is made of, with what stands behind the type's own computed instances of few operators: fields by their
 * ids, fields of fields as `header.count`. The size of a field is a constant.
 */
export function atomsOf(owner: ClassSpec, expr: Expr): string[] {
  const atom = atomOf(expr);
  if (atom !== undefined) {
    const behind = inlined(owner, atom);
    return behind === undefined ? [atom] : atomsOf(owner, behind);
  }
  if (expr.kind === 'attribute' && expr.name === '_sizeof') return [];
  return childExpressions(expr).flatMap((child) => atomsOf(owner, child));
}

/** The field that an expression is and nothing else: of the type itself, of one of its fields, or of what is around it. */
export function atomOf(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name;
  const around = aroundOf(expr);
  if (around !== undefined) return around;
  if (expr.kind !== 'attribute' || expr.object.kind !== 'name' || expr.name === '_sizeof') return undefined;
  return `${expr.object.name}.${expr.name}`;
}

/** `_root.header.count`. */
function aroundOf(expr: Expr): string | undefined {
  if (expr.kind === 'name') return expr.name === '_parent' || expr.name === '_root' ? expr.name : undefined;
  if (expr.kind !== 'attribute' || expr.name.startsWith('_')) return undefined;
  const object = aroundOf(expr.object);
  return object === undefined ? undefined : `${object}.${expr.name}`;
}

/** The expression of an instance that is computed anew wherever it stands. */
function inlined(owner: ClassSpec, id: string): Expr | undefined {
  const instance = findInstance(owner, id);
  const isInlined = instance?.kind === 'value' && instance.if === undefined && !isCached(owner, instance);
  return isInlined ? instance.value.expr : undefined;
}

/** How the value of the field `wanted` follows from that of `expr`; undefined where it does not, or the field occurs twice. */
export function stepsTo(owner: ClassSpec, expr: Expr, wanted: string): Step[] | undefined {
  if (atomsOf(owner, expr).filter((atom) => atom === wanted).length !== 1) return undefined;
  return steps(owner, expr, wanted);
}

function steps(owner: ClassSpec, expr: Expr, wanted: string): Step[] | undefined {
  const atom = atomOf(expr);
  if (atom !== undefined) {
    if (atom === wanted) return [];
    const behind = inlined(owner, atom);
    return behind === undefined ? undefined : steps(owner, behind, wanted);
  }
  if (expr.kind === 'unary' && expr.operator === '+') return steps(owner, expr.operand, wanted);
  if (expr.kind !== 'binary') return undefined;
  const isLeft = atomsOf(owner, expr.left).includes(wanted);
  const [inner, other] = isLeft ? [expr.left, expr.right] : [expr.right, expr.left];
  const step = undoing(expr.operator, isLeft, other);
  const rest = step === undefined ? undefined : steps(owner, inner, wanted);
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
