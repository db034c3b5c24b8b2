/** How an object of a class is made. */
import type { ParameterDeclaration } from '../code/declarations.js';
import type { ClassSpec } from '../../spec/model.js';
import { maybeText, type EmitContext } from '../context/context.js';
import { parameterName } from '../context/names.js';

export type Parameter = ParameterDeclaration;

export function parameters(context: EmitContext, spec: ClassSpec): Parameter[] {
  return spec.params.map((param) => ({
    name: parameterName(context.names.member(spec, param.id)),
    type: maybeText(context, context.inference.paramType(param, spec)),
  }));
}

/** `new X(stream)`, with parameters where the type has some. */
export function construction(
  context: EmitContext,
  spec: ClassSpec,
  stream: string,
  arg: (member: string) => string = parameterName,
): string {
  const args = spec.params.map((param) => arg(context.names.member(spec, param.id)));
  const ancestors = args.length === 0 ? [] : ['undefined', 'undefined'];
  return `new ${context.names.class(spec)}(${[stream, ...ancestors, ...args].join(', ')})`;
}
