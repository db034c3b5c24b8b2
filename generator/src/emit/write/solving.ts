/** Code for the value of a field, out of that of the expression which it stands in. */
import type { ClassSpec } from '../../spec/model.js';
import {
  THIS,
  array,
  at,
  call,
  conjunction,
  decimal,
  infix,
  isDefined,
  member,
  method,
  own,
  string,
} from '../code/expressions.js';
import type { Code, Statement } from '../code/nodes.js';
import { block, constant, set, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, MATH, SIZE } from '../context/locals.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import type { Derivation, Hop } from '../layout/equation.js';
import type { Step } from '../layout/solve.js';
import { holdsBig } from '../read/numbers.js';
import { classOf } from '../read/structs.js';

/** `value` is a number; the result is of the field's own type. */
export function solved(context: EmitContext, derivation: Derivation, value: Code): Code {
  const { owner, field, holder, steps, spelling } = derivation;
  const number = steps.reduce((code, step) => undone(context, owner, step, code), value);
  if (spelling !== undefined) return spelledAs(context, derivation, spelling, number);
  return holdsBig(context, field, holder) ? call(BIG_INT, number) : number;
}

/** The structure that says `value`: what is there, if it does. */
function spelledAs(
  context: EmitContext,
  derivation: Derivation,
  { spec, list, group, more, digit, bits, number }: NonNullable<Derivation['spelling']>,
  value: Code,
): Code {
  const { names, imports } = context;
  const { field, owner } = derivation;
  const form = [names.member(spec, list), names.member(group, more), names.member(group, digit)].map(string);
  const { type } = field;
  if (type.kind !== 'user') throw new TypeError('a number is spelled by a structure');
  return call(
    imports.support('spelled'),
    THIS,
    string(field.id ?? ''),
    classOf(context, owner, type),
    own(propertyOf(context, derivation)),
    value,
    string(names.member(spec, number)),
    array([...form, decimal(bits)]),
  );
}

/** The structure that has the field of a derivation. */
export function holderOf(context: EmitContext, { owner, within, around }: Derivation): Code {
  if (around !== undefined) return emitSure(context, around, { owner });
  return within === undefined ? THIS : own(context.names.member(owner, within));
}

/** How many elements or bytes the owner has at the end of `hops`; nothing where that is not there. */
export function lengthWithin({ names }: EmitContext, hops: readonly Hop[]): Code {
  let code: Code = THIS;
  const step = (property: string): Code => ({
    kind: 'member',
    object: code,
    name: property,
    ...(code === THIS ? {} : { isOptional: true }),
  });
  for (const { owner, id, isList } of hops) {
    code = step(names.member(owner, id));
    if (isList) code = at(code, decimal(0));
  }
  return step('length');
}

/** The statement that sets a field to what the structures that are around each other count, if they are there. */
export function setAround(context: EmitContext, derivation: Derivation, hops: readonly Hop[], given?: Code): Statement {
  const target = member(holderOf(context, derivation), propertyOf(context, derivation));
  const value = solved(context, derivation, SIZE);
  const id = string(derivation.field.id ?? '');
  const agreed = given === undefined ? value : call(context.imports.support('agreed'), THIS, id, given, value);
  const isMore = mayBeBelowZero(derivation)
    ? [infix(infix(SIZE, '>', decimal(0)), '||', infix(target, '>', value))]
    : [];
  const isTold = conjunction([isDefined(SIZE), ...isMore]);
  return block([constant(SIZE, lengthWithin(context, hops)), when(isTold, [set(target, agreed)])]);
}

/** Whether an empty list may have another count than zero. */
function mayBeBelowZero({ kind, field, steps }: Derivation): boolean {
  return kind === 'count' && (steps.length > 0 || (field.type.kind === 'int' && field.type.signed));
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
