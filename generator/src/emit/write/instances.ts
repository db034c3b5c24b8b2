/** Instances that are read: they are written at their places, once the stream they stand in is complete. */
import type { Expr } from '../../expr/ast.js';
import type { ClassSpec, ParseInstanceSpec } from '../../spec/model.js';
import { usedTypes } from '../../types/program.js';
import type { Method } from '../code/declarations.js';
import {
  THIS,
  arrow,
  call,
  conjunction,
  decimal,
  equals,
  infix,
  isDefined,
  isUndefined,
  method,
  own,
  ownMethod,
  string,
} from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { constant, placed, run, when } from '../code/statements.js';
import { VOID, reference } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { END, OUT, SEEN } from '../context/locals.js';
import { attrId, cacheOf, localName } from '../context/names.js';
import { emitNumber, emitSure } from '../expression/expression.js';
import { derivedBy } from '../layout/derived.js';
import { hasInstances, parseInstances } from '../layout/reasons.js';
import { dependsOnPosition, placeOf, stoodOf } from '../read/instance-places.js';
import { writeField } from './field.js';
import { holderOf, propertyOf, solved } from './solving.js';

/** Statements at the end of `_write`. */
export function placeLines(context: EmitContext, owner: ClassSpec): Statements {
  return parseInstances(context.inference.program, owner).flatMap((instance) =>
    placeInstance(context, owner, instance),
  );
}

function placeInstance(context: EmitContext, owner: ClassSpec, instance: ParseInstanceSpec): Statements {
  const { attr, id, io, pos } = instance;
  const property = context.names.member(owner, id);
  const value = localName(property, 'Value');
  const cache = own(cacheOf(property));
  const place = own(placeOf(property));
  const depends = dependsOnPosition(owner, instance);
  const stood = own(stoodOf(property));
  const asRead = (code: Code): Code => (depends ? ownMethod('_asRead', stood, arrow([], code)) : code);
  const body = writeField(context, owner, { ...attr, if: undefined }, id, value, cache);
  const condition =
    attr.if === undefined
      ? []
      : [ownMethod('_given', string(id), asRead(emitSure(context, attr.if.expr, { owner })), value)];
  const args = [
    THIS,
    string(id),
    arrow(
      [],
      pos === undefined ? ownMethod('_placeOf', string(id), place) : asRead(emitNumber(context, pos.expr, { owner })),
    ),
    arrow([OUT], depends && io !== undefined ? [run(ownMethod('_asRead', stood, arrow([], body), OUT))] : body),
    ownMethod('_yields', place, value),
    ...(pos === undefined ? [] : freePlace(context, pos.expr)),
  ];
  const writing =
    io === undefined
      ? method(OUT, 'place', ...args)
      : method(OUT, 'placeIn', arrow([], asRead(emitSure(context, io.expr, { owner }))), ...args);
  return placed(instance.at, [
    constant(value, cache),
    when(conjunction([isDefined(value), ...condition]), [run(writing)]),
    // Set by hand, to nothing: its bytes are not wanted any more.
    when(infix(isUndefined(value), '&&', equals(place, decimal(-1))), run(method(OUT, 'forget'))),
  ]);
}

/** The argument that sets the offset which the position decides, if nobody gave it. */
function freePlace(context: EmitContext, pos: Expr): Code[] {
  const derivation = derivedBy(context.inference.program, pos);
  if (derivation === undefined) return [];
  const property = string(propertyOf(context, derivation));
  const valueAt = arrow([END], solved(context, derivation, END));
  return [call(context.imports.support('offsetSetter'), holderOf(context, derivation), property, valueAt)];
}

/** `_fetch`, where a type or what it holds has instances. */
export function fetchMethod(context: EmitContext, owner: ClassSpec): Method[] {
  const { inference, names, imports } = context;
  if (!hasInstances(inference.program, owner)) return [];
  const holds = owner.seq.flatMap((attr, index) => {
    const used = usedTypes(inference.program, attr, owner);
    return used.some((type) => hasInstances(inference.program, type))
      ? [own(names.member(owner, attrId(attr, index)))]
      : [];
  });
  const parsed = parseInstances(inference.program, owner);
  const instances = parsed.map(({ id }) => names.member(owner, id));
  // One without a position is where it is first asked for: writing does not decide that.
  const located = parsed.filter(({ pos }) => pos !== undefined).map(({ id }) => names.member(owner, id));
  const tries = located.map((name) =>
    when(isUndefined(own(placeOf(name))), run(method(SEEN, 'try', arrow([], own(name))))),
  );
  return [
    {
      name: '_fetch',
      isOverride: true,
      parameters: [{ name: SEEN.name, type: reference(imports.support('Fetched')) }],
      returnType: VOID,
      statements: [
        ...(tries.length === 0 ? [] : [when(own('_wasRead'), tries)]),
        ...(holds.length === 0 ? [] : [run(method(SEEN, 'all', ...holds))]),
        ...instances.map((name) => run(method(SEEN, 'instance', own(cacheOf(name)), own(placeOf(name))))),
      ],
    },
  ];
}
