/** What is handed to classes that nothing is generated from: opaque types and custom processes. */
import type { Expr } from '../../expr/ast.js';
import type { ClassSpec, ProcessSpec } from '../../spec/model.js';
import type { ValueType } from '../../types/value-type.js';
import { call, construct } from '../code/expressions.js';
import type { Code } from '../code/nodes.js';
import { opaqueClass, type EmitContext } from '../context/context.js';
import { emitSure } from '../expression/expression.js';

/** A stream as the code of others knows it, who wrote it for the package `kaitai-struct`. */
export function externalStream({ imports }: EmitContext, stream: Code): Code {
  return call(imports.support('forKaitaiStruct'), stream);
}

/** An argument; only where it is a stream, or may lead to one, the output needs `kaitai-struct`. */
export function externalArgument(context: EmitContext, arg: Expr, owner: ClassSpec): Code {
  const code = emitSure(context, arg, { owner });
  return isPlain(context.inference.valueType(arg, { owner })) ? code : externalStream(context, code);
}

/** The object that does a custom process; `placed` receives every argument and its code, and may change it. */
export function customProcess(
  context: EmitContext,
  process: Extract<ProcessSpec, { kind: 'custom' }>,
  owner: ClassSpec,
  placed: (expr: Expr, code: Code) => Code = (_, code) => code,
): Code {
  const args = process.args.map(({ expr }) => placed(expr, externalArgument(context, expr, owner)));
  return construct(opaqueClass(context, process.name), ...args);
}

function isPlain(type: ValueType): boolean {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'bool':
    case 'str':
    case 'bytes':
    case 'enum':
      return true;
    case 'array':
      return isPlain(type.item);
    case 'union':
      return type.members.every(isPlain);
    default:
      return false;
  }
}
