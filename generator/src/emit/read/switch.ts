/** `switch-on`: what is done for each value. */
import type { ClassSpec, ExprSpec } from '../../spec/model.js';
import type { ValueType } from '../../types/value-type.js';
import { call, callOf } from '../code/expressions.js';
import type { Statement, Statements } from '../code/nodes.js';
import { BREAK, constant, scoped, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { ON } from '../context/locals.js';
import { typeOf } from '../context/types.js';
import { emitAs, emitSure } from '../expression/expression.js';
import type { Place } from '../expression/forms.js';
import { hasLiteralType } from '../expression/narrowing.js';

export interface Arm {
  /** Undefined for what is done where nothing matches. */
  readonly match: ExprSpec | undefined;
  readonly body: Statements;
}

/** `switch` for what JavaScript compares with `===`, a chain of `if` for byte arrays. */
export function switchLines(
  context: EmitContext,
  on: ExprSpec,
  type: ValueType,
  owner: ClassSpec,
  arms: readonly Arm[],
): Statements {
  const { imports, narrowing } = context;
  const place: Place = { owner };
  const fallback = arms.find((arm) => arm.match === undefined)?.body;
  const matched = arms.flatMap(({ match, body }) => (match === undefined ? [] : [{ match, body }]));
  const value = emitSure(context, on.expr, place);
  const head =
    hasLiteralType(on.expr) || narrowing.isKnown(value)
      ? callOf(imports.support('as'), typeOf(context, type), value)
      : value;
  if (matched.length === 0) return scoped(fallback ?? []);
  if (type.kind === 'bytes') {
    const equal = imports.support('equalBytes');
    const chain = matched.reduceRight<Statements | undefined>(
      (otherwise, { match, body }) => [when(call(equal, ON, emitSure(context, match.expr, place)), body, otherwise)],
      fallback,
    );
    return scoped([constant(ON, head), ...(chain ?? [])]);
  }
  const cases = matched.map(({ match, body }) => ({
    match: emitAs(context, match.expr, type, place),
    body: [...body, BREAK],
  }));
  const rest = fallback === undefined ? [] : [{ match: undefined, body: fallback }];
  const statement: Statement = { kind: 'switch', on: head, cases: [...cases, ...rest] };
  return [statement];
}
