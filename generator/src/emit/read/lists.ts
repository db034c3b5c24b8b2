/**
 * Lists have methods of their own: V8 optimises a loop within a `try` badly. Files of many small structures took 1.6 times
 * as long.
 */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import type { Method } from '../code/declarations.js';
import { member, own, ownMethod } from '../code/expressions.js';
import { parameterFor } from '../code/inspect.js';
import type { Code, Statements, Type } from '../code/nodes.js';
import { give, placed } from '../code/statements.js';
import { VOID, reference } from '../code/types.js';
import { filled, filling, type EmitContext } from '../context/context.js';
import { IO } from '../context/locals.js';
import { attrId, cacheOf } from '../context/names.js';
import { typeOf } from '../context/types.js';
import { readField } from './field.js';
import { putOffList } from './put-off.js';
import { sharedLines } from './shared.js';

/** Whether the field, or instance, is read by a method. */
export const isList = (context: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean =>
  attr.repeat !== undefined && putOffList(context, attr, owner) === undefined;

const methodOf = (property: string): string => `_read_${property}`;

/** The call that reads a list; that of an instance has its value. */
export function readList({ names }: EmitContext, owner: ClassSpec, id: string): Code {
  return ownMethod(methodOf(names.member(owner, id)), IO);
}

/** The methods that read the lists of a type. */
export function listMethods(context: EmitContext, spec: ClassSpec): Method[] {
  const { names } = context;
  const fields = spec.seq.flatMap((attr, index) => {
    const id = attrId(attr, index);
    if (!isList(context, attr, spec)) return [];
    const target = member(filled(context), names.member(spec, id));
    const reading = placed(attr.at, readField(context, attr, id, spec, target));
    return [listMethod(context, spec, id, reading, VOID)];
  });
  const instances = spec.instances.flatMap((instance) => {
    if (instance.kind === 'value' || !isList(context, instance.attr, spec)) return [];
    const cache = own(cacheOf(names.member(spec, instance.id)));
    const attr = { ...instance.attr, if: undefined };
    const reading = placed(instance.at, [...readField(context, attr, instance.id, spec, cache), give(cache)]);
    const { type } = context.inference.program.attrType(instance.attr, spec);
    return [listMethod(context, spec, instance.id, reading, typeOf(context, type))];
  });
  return [...fields, ...instances];
}

function listMethod(context: EmitContext, spec: ClassSpec, id: string, reading: Statements, returnType: Type): Method {
  const statements = filling(context, spec, [...sharedLines(reading), ...reading]);
  return {
    name: methodOf(context.names.member(spec, id)),
    returnType,
    parameters: [{ name: parameterFor(IO, statements), type: reference(context.imports.support('KaitaiStream')) }],
    statements,
  };
}
