/** Code for the value of a field, out of that of the expression which it stands in. */
import type { ClassSpec, AttrSpec } from '../../spec/model.js';
import { call, infix, method } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, MATH } from '../context/locals.js';
import { emitNumber } from '../expression/expression.js';
import type { Derivation } from '../layout/derived.js';
import type { Step } from '../layout/solve.js';
import { holdsBig } from '../read/numbers.js';

/** `value` is a number; the result is of the field's own type. */
export function solved(
  context: EmitContext,
  owner: ClassSpec,
  field: AttrSpec,
  { steps }: Derivation,
  value: Code,
): Code {
  const number = steps.reduce((code, step) => undone(context, owner, step, code), value);
  return holdsBig(context, field, owner) ? call(BIG_INT, number) : number;
}

function undone(context: EmitContext, owner: ClassSpec, step: Step, value: Code): Code {
  switch (step.kind) {
    case 'subtract':
      return infix(value, '-', emitNumber(context, step.by, { owner }));
    case 'add':
      return infix(value, '+', emitNumber(context, step.by, { owner }));
    case 'subtract-from':
      return infix(emitNumber(context, step.from, { owner }), '-', value);
    case 'divide':
      return method(MATH, 'ceil', infix(value, '/', emitNumber(context, step.by, { owner })));
    case 'multiply':
      return infix(value, '*', emitNumber(context, step.by, { owner }));
  }
}

/** Whether there is but one value of the field for each of the expression. */
export const isOneToOne = ({ steps }: Derivation): boolean =>
  steps.every(({ kind }) => kind !== 'divide' && kind !== 'multiply');
