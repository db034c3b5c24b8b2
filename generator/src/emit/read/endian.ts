/** Byte order that is decided while reading. */
import type { ClassSpec } from '../../spec/model.js';
import { bool, construct, isUndefined, own } from '../code/expressions.js';
import type { Statements } from '../code/nodes.js';
import { fail, set, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { switchLines } from './switch.js';

/** Statements that set `_isLe`; none where the order is constant or inherited from the type around. */
export function endianLines(context: EmitContext, spec: ClassSpec): Statements {
  const { endian } = spec.meta;
  if (typeof endian !== 'object') return [];
  const error = construct(context.imports.support('UndecidedEndianError'), own('_io'));
  const undecided = when(isUndefined(own('_isLe')), fail(error));
  if (spec.outer?.meta.endian === endian) return [undecided];
  const type = context.inference.valueType(endian.on.expr, { owner: spec });
  const arms = endian.cases.map((arm) => ({ match: arm.match, body: [set(own('_isLe'), bool(arm.value === 'le'))] }));
  return [...switchLines(context, endian.on, type, spec, arms), undecided];
}
