/** Byte order that is decided while reading. */
import type { ClassSpec } from '../../spec/model.js';
import type { EmitContext } from '../context/context.js';
import { switchLines } from './sequence.js';

/** Statements that set `_isLe`; none where the order is constant or inherited from the type around. */
export function endianLines(context: EmitContext, spec: ClassSpec): string[] {
  const { endian } = spec.meta;
  if (typeof endian !== 'object') return [];
  const undecided = `if (this._isLe === undefined) throw new ${context.imports.support('UndecidedEndianError')}(this._io);`;
  if (spec.outer?.meta.endian === endian) return [undecided];
  const type = context.inference.valueType(endian.on.expr, { owner: spec });
  const arms = endian.cases.map((arm) => ({ match: arm.match, body: [`this._isLe = ${arm.value === 'le'};`] }));
  return [...switchLines(context, endian.on, type, spec, arms), undecided];
}
