/**
 * Instances that are bytes or text of a known size at a known position: taken where they stand, without moving the stream
 * there and back.
 */
import type { ClassSpec, ParseInstanceSpec } from '../../spec/model.js';
import { attrExpressions } from '../../types/expressions.js';
import { assign, call, isDefined, negation, own, string, THIS, UNDEFINED } from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { attempt, constant, fail, give, set, when } from '../code/statements.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { AT, ERROR, IO, VALUE } from '../context/locals.js';
import { emitCondition, emitNarrowed, emitNumber, emitSure } from '../expression/expression.js';
import type { Place } from '../expression/forms.js';
import { usesPosition } from '../layout/uses.js';
import { bytesAtPosition } from './bytes.js';
import { dependsOnPosition, isNoted, placeOf } from './instance-places.js';
import { keeperOf } from './items.js';

/** Whether nothing about an instance needs the stream to stand where it is read. */
export function isTakenInPlace(context: EmitContext, owner: ClassSpec, spec: ParseInstanceSpec): boolean {
  const { attr, pos } = spec;
  if (pos === undefined || attr.size === undefined || !['bytes', 'str', 'strz'].includes(attr.type.kind)) return false;
  if (attr.repeat !== undefined || attr.contents !== undefined || attr.valid !== undefined) return false;
  if (attr.process !== undefined || hasPositions(context, owner) || dependsOnPosition(owner, spec)) return false;
  return !attrExpressions(attr).some(({ expr }) => usesPosition(owner, expr));
}

export function takenInPlace(context: EmitContext, owner: ClassSpec, spec: ParseInstanceSpec, cache: Code): Statements {
  const { attr, io, pos } = spec;
  const { imports, names, narrowing } = context;
  if (pos === undefined) throw new TypeError(`${spec.id} has no position`);
  const place: Place = { owner };
  const narrowed = attr.if === undefined ? [] : emitNarrowed(context, attr.if.expr, place);
  const taken = narrowing.within(narrowed, (): Statements => {
    const stream = io === undefined ? own('_io') : emitSure(context, io.expr, place);
    const position = emitNumber(context, pos.expr, place);
    const value = (at: Code): Code =>
      bytesAtPosition(context, attr, at, { owner, keeper: keeperOf(context, owner, spec.id) });
    if (!isNoted(context, owner, spec)) return [constant(IO, stream), give(assign(cache, value(position)))];
    return [
      constant(IO, stream),
      constant(AT, position),
      constant(VALUE, value(AT)),
      // Noted is where something was read, not where nothing is.
      set(own(placeOf(names.member(owner, spec.id))), AT),
      give(assign(cache, VALUE)),
    ];
  });
  const condition =
    attr.if === undefined ? [] : [when(negation(emitCondition(context, attr.if.expr, place)), give(UNDEFINED))];
  const fault = call(imports.support('located'), THIS, string(spec.id), ERROR);
  return [
    when(isDefined(cache), give(cache)),
    attempt([...condition, ...taken], {
      caught: { error: ERROR, body: [fail(fault)] },
    }),
  ];
}
