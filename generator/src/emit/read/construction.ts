/** How an object of a class is made. */
import type { ClassSpec } from '../../spec/model.js';
import type { Parameter } from '../code/declarations.js';
import { UNDEFINED, construct, name } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { parameterName } from '../context/names.js';
import { maybeTypeOf } from '../context/types.js';

export function parameters(context: EmitContext, spec: ClassSpec): Parameter[] {
  return spec.params.map((param) => ({
    name: parameterName(context.names.member(spec, param.id)),
    type: maybeTypeOf(context, context.inference.paramType(param, spec)),
  }));
}

/** `new X(stream)`, with parameters where the type has some. */
export function construction(
  context: EmitContext,
  spec: ClassSpec,
  stream: Code,
  arg: (member: string) => Code = (member) => name(parameterName(member)),
): Code {
  const args = spec.params.map((param) => arg(context.names.member(spec, param.id)));
  const ancestors = args.length === 0 ? [] : [UNDEFINED, UNDEFINED];
  return construct(context.imports.class(spec), stream, ...ancestors, ...args);
}
