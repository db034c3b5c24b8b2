/** Code for the value of a field, out of that of the expression which it stands in. */
import type { ClassSpec } from '../../spec/model.js';
import { THIS, call, infix, method, own } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, MATH } from '../context/locals.js';
import { emitNumber } from '../expression/expression.js';
import type { Derivation } from '../layout/derived.js';
import type { Step } from '../layout/solve.js';
import { holdsBig } from '../read/numbers.js';

/** `value` is a number; the result is of the field's own type. */
export function solved(context: EmitContext, { owner, field, holder, steps }: Derivation, value: Code): Code {
  const number = steps.reduce((code, step) => undone(context, owner, step, code), value);
  return holdsBig(context, field, holder) ? call(BIG_INT, number) : number;
}

/** The structure that has the field of a derivation. */
export function holderOf({ names }: EmitContext, { owner, within }: Derivation): Code {
  return within === undefined ? THIS : own(names.member(owner, within));
}

/** The property that holds the field of a derivation. */
export function propertyOf({ names }: EmitContext, { holder, field }: Derivation): string {
  return names.member(holder, field.id ?? '');
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
