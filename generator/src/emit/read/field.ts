/** A field with its condition, repetition and checks. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { assign, call } from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { constant, scoped, set, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { VALUE } from '../context/locals.js';
import { emitCondition, emitNarrowed } from '../expression/expression.js';
import type { Place } from '../expression/forms.js';
import { positioned, withChecks } from './checked.js';
import { keeperOf, readItem } from './items.js';
import { isPlaced, notePlace, placedContents } from './placed.js';
import { readMany, readsStruct } from './repeat.js';

export function readField(
  context: EmitContext,
  attr: AttrSpec,
  id: string,
  owner: ClassSpec,
  target: Code,
): Statements {
  const place: Place = { owner };
  const narrowed = attr.if === undefined ? [] : emitNarrowed(context, attr.if.expr, place);
  const reading = context.narrowing.within(narrowed, () =>
    attr.repeat === undefined
      ? readOnce(context, attr, id, owner, target)
      : readMany(context, { ...attr, repeat: attr.repeat }, id, owner, target),
  );
  const body = positioned(context, owner, id, 'Field', reading);
  return attr.if === undefined ? body : [when(emitCondition(context, attr.if.expr, place), body)];
}

function readOnce(context: EmitContext, attr: AttrSpec, id: string, owner: ClassSpec, target: Code): Statements {
  const { type, optional } = context.inference.program.itemType(attr, owner);
  if (isPlaced(context, attr, owner)) {
    const condition = placedContents(context, attr, id, owner);
    return withChecks(context, attr, id, owner, type, target, notePlace(context, attr, id, owner), condition);
  }
  const value = optional ? call(context.imports.support('need'), target) : target;
  const body = readItem(context, attr, {
    owner,
    keeper: keeperOf(context, owner, id),
    put: (code) => set(target, code),
    // Known to its owner before it is read: paths in errors go through it.
    putStruct: (made, prepare, read) => {
      const known = assign(target, made);
      const prepared = prepare(VALUE);
      return prepared.length === 0 ? [read(known)] : [constant(VALUE, known), ...prepared, read(VALUE)];
    },
  });
  return withChecks(context, attr, id, owner, type, value, readsStruct(attr) ? scoped(body) : body);
}
