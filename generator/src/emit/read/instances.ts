/** Instances: getters that compute, or that read somewhere else in the stream. */
import type { AttrSpec, ClassSpec, InstanceSpec, ParseInstanceSpec, ValueInstanceSpec } from '../../spec/model.js';
import { isBits } from '../../types/sizes.js';
import { recursiveValues } from '../../types/recursion.js';
import { ANY, type MaybeType, type ValueType } from '../../types/value-type.js';
import type { Getter } from '../code/declarations.js';
import {
  THIS,
  UNDEFINED,
  arrow,
  assign,
  call,
  conditional,
  decimal,
  isDefined,
  isUndefined,
  method,
  negation,
  own,
  string,
} from '../code/expressions.js';
import { contains, mentions } from '../code/inspect.js';
import type { Code, Name, Statements } from '../code/nodes.js';
import { attempt, constant, fail, give, run, set, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { ERROR, IO, VALUE } from '../context/locals.js';
import { cacheOf } from '../context/names.js';
import { maybeTypeOf } from '../context/types.js';
import { docs } from '../code/docs.js';
import { emitCondition, emitMaybeAs, emitNarrowed, emitNumber, emitSure } from '../expression/expression.js';
import type { Place } from '../expression/forms.js';
import { isCached } from '../layout/cheap-instances.js';
import { checksOf, reportOf } from './constraints.js';
import { readField } from './field.js';
import { notedSeek } from './instance-places.js';
import { isList, readList } from './lists.js';
import { isTakenInPlace, takenInPlace } from './in-place.js';
import { sharedLines } from './shared.js';

export function instanceValue({ inference }: EmitContext, owner: ClassSpec, spec: InstanceSpec): MaybeType {
  return inference.memberType(owner, spec.id) ?? { type: ANY, optional: false };
}

export function instanceGetter(context: EmitContext, owner: ClassSpec, spec: InstanceSpec): Getter {
  const property = context.names.member(owner, spec.id);
  const cache = own(cacheOf(property));
  return {
    name: property,
    at: spec.at,
    returnType: maybeTypeOf(context, instanceValue(context, owner, spec)),
    docs: docs(spec.kind === 'value' ? spec.doc : spec.attr.doc),
    statements:
      spec.kind === 'value' ? valueLines(context, owner, spec, cache) : parseLines(context, owner, spec, cache),
  };
}

function valueLines(context: EmitContext, owner: ClassSpec, spec: ValueInstanceSpec, cache: Code): Statements {
  const place: Place = { owner };
  const { type } = instanceValue(context, owner, spec);
  const narrowed = spec.if === undefined ? [] : emitNarrowed(context, spec.if.expr, place);
  const always = context.narrowing.within(narrowed, () => emitMaybeAs(context, spec.value.expr, type, place));
  const value =
    spec.if === undefined ? always : conditional(emitCondition(context, spec.if.expr, place), always, UNDEFINED);
  const isRecursive = recursiveValues(context.inference.program).has(spec.id);
  const lines = keptLines(context, owner, spec, cache, { value, type });
  return isRecursive || mayFail(lines) ? [attempt(lines, { caught: locating(context, spec.id) })] : lines;
}

/**
 * Whether statements call what throws where the file gives it no value: anything of the support modules does, and what is
 * asked of a value that is something else than the schema's author says (`.as<T>`).
 */
function mayFail(lines: Statements): boolean {
  const called = (code: Code): string | undefined =>
    code.kind === 'call' && code.callee.kind === 'imported' ? code.callee.name : undefined;
  return contains(lines, (code) => {
    const name = called(code);
    return (name !== undefined && name !== 'as') || (code.kind === 'member' && called(code.object) === 'as');
  });
}

/** What tells an error which instance it is of. */
function locating({ imports }: EmitContext, id: string): { readonly error: Name; readonly body: Statements } {
  return { error: ERROR, body: [fail(call(imports.support('located'), THIS, string(id), ERROR))] };
}

/** The value is computed, checked and, where that pays, kept. */
function keptLines(
  context: EmitContext,
  owner: ClassSpec,
  spec: ValueInstanceSpec,
  cache: Code,
  { value, type }: { readonly value: Code; readonly type: ValueType },
): Statements {
  if (!isCached(owner, spec) && spec.valid === undefined) return [give(value)];
  const checks = checksOf(context, spec, type, owner, VALUE);
  if (checks.length === 0) return [give(assign(cache, value, '??='))];
  const where = { offset: own('_start'), length: decimal(0), actual: VALUE };
  return [
    when(isUndefined(cache), [
      constant(VALUE, value),
      ...checks.map((check) => reportOf(check, spec.id, spec, owner, where)),
      set(cache, VALUE),
    ]),
    give(cache),
  ];
}

/** Moves the stream to where an instance is. */
function moved(position: Code | undefined, attr: AttrSpec): Statements {
  if (position !== undefined) return [run(method(IO, 'seek', position))];
  return isBits(attr) ? [] : [run(method(IO, 'alignToByte'))];
}

function parseLines(context: EmitContext, owner: ClassSpec, spec: ParseInstanceSpec, cache: Code): Statements {
  const { attr } = spec;
  if (isTakenInPlace(context, owner, spec)) return takenInPlace(context, owner, spec, cache);
  const place: Place = { owner };
  const { if: condition, ...always } = attr;
  const narrowed = condition === undefined ? [] : emitNarrowed(context, condition.expr, place);
  const { io, position, reading } = context.narrowing.within(narrowed, () => ({
    io: spec.io === undefined ? own('_io') : emitSure(context, spec.io.expr, place),
    position: spec.pos === undefined ? undefined : emitNumber(context, spec.pos.expr, place),
    reading: isList(context, attr, owner)
      ? [set(cache, readList(context, owner, spec.id))]
      : readField(context, { ...always, if: undefined }, spec.id, owner, cache),
  }));
  const isOptional = instanceValue(context, owner, spec).optional;
  // Where there is always a value, the compiler has to be told.
  const given = isOptional || isList(context, attr, owner) ? [] : [give(call(context.imports.support('need'), cache))];
  const before: Statements =
    condition === undefined ? [] : [when(negation(emitCondition(context, condition.expr, place)), give(UNDEFINED))];
  const body = [
    ...sharedLines(reading),
    ...notedSeek(context, owner, spec, moved(position, attr)),
    ...reading,
    ...(given.length > 0 ? given : [give(cache)]),
  ];
  const unlikeId = context.names.unlikeId(owner, spec.id);
  const reader = call(
    context.imports.support(position === undefined ? 'readHere' : 'readThere'),
    THIS,
    string(spec.id),
    io,
    arrow(mentions(body, IO) ? [IO] : [], body),
    ...(unlikeId === undefined ? [] : [string(unlikeId)]),
  );
  const lines = [...before, give(reader)];
  const isSure = !mayFail([...before, run(io)]);
  return [
    when(isDefined(cache), give(cache)),
    ...(isSure ? lines : [attempt(lines, { caught: locating(context, spec.id) })]),
  ];
}
