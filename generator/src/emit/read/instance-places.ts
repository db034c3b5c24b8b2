/** What is noted of an instance that is read, so that it can be written at its place again. */
import type { ClassSpec, ParseInstanceSpec } from '../../spec/model.js';
import type { Property, Setter } from '../code/declarations.js';
import { UNDEFINED, decimal, member, own } from '../code/expressions.js';
import type { Statements } from '../code/nodes.js';
import { set } from '../code/statements.js';
import { NUMBER, maybe } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { IO, VALUE } from '../context/locals.js';
import { cacheOf } from '../context/names.js';
import { typeOf } from '../context/types.js';
import { isComputed, parseInstances, whyNotWritable } from '../layout/reasons.js';
import { usesPosition } from '../layout/uses.js';
import { attrExpressions } from '../../types/expressions.js';

/** Property that tells where an instance was read; -1 where it was set by hand. */
export const placeOf = (property: string): string => `_at_${property}`;
/** Property that tells where the stream stood when an instance was read, which its expressions depend on. */
export const stoodOf = (property: string): string => `_from_${property}`;

/** Statements that note, before an instance is read, what writing must know of it; `seek` moves to where it is, if it does. */
export function notedSeek(
  context: EmitContext,
  owner: ClassSpec,
  instance: ParseInstanceSpec,
  seek: Statements,
): Statements {
  if (!isNoted(context, owner, instance)) return seek;
  const property = context.names.member(owner, instance.id);
  const stood = dependsOnPosition(owner, instance) ? [set(own(stoodOf(property)), member(own('_io'), 'pos'))] : [];
  return [...stood, ...seek, set(own(placeOf(property)), member(IO, 'pos'))];
}

/** Whether it is noted where an instance was read. */
export function isNoted(context: EmitContext, owner: ClassSpec, instance: ParseInstanceSpec): boolean {
  const { program } = context.inference;
  if (context.options.readOnly || whyNotWritable(program, owner) !== undefined) return false;
  return !isComputed(program, owner, instance);
}

/** Whether an instance's expressions depend on where the stream stands before it moves to the instance. */
export function dependsOnPosition(owner: ClassSpec, { attr, pos, io }: ParseInstanceSpec): boolean {
  // A stream that the instance is not read from stays where it is.
  const behind = io === undefined ? [] : attrExpressions(attr);
  return [pos, io, attr.if, ...behind].some((expr) => expr !== undefined && usesPosition(owner, expr.expr));
}

export function placeProperties(context: EmitContext, spec: ClassSpec): Property[] {
  return parseInstances(context.inference.program, spec).flatMap((instance) => {
    const property = context.names.member(spec, instance.id);
    const names = [placeOf(property), ...(dependsOnPosition(spec, instance) ? [stoodOf(property)] : [])];
    return names.map((name) => ({ name, type: maybe(NUMBER), isDeclared: true }));
  });
}

export function instanceSetter(context: EmitContext, owner: ClassSpec, instance: ParseInstanceSpec): Setter {
  const property = context.names.member(owner, instance.id);
  const { type } = context.inference.program.attrType(instance.attr, owner);
  return {
    name: property,
    parameters: [{ name: VALUE.name, type: maybe(typeOf(context, type)) }],
    statements: [
      set(own(cacheOf(property)), VALUE),
      set(own(placeOf(property)), decimal(-1)),
      ...(dependsOnPosition(owner, instance) ? [set(own(stoodOf(property)), UNDEFINED)] : []),
    ],
  };
}
