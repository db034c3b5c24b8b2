/** Writing field by field: the body of `_write`. */
import type { ClassSpec } from '../../spec/model.js';
import { isBits } from '../../types/sizes.js';
import { UNDEFINED, method, own } from '../code/expressions.js';
import type { Statements } from '../code/nodes.js';
import { placed, run, set } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { OUT } from '../context/locals.js';
import { attrId, cacheOf } from '../context/names.js';
import { isComputed } from '../layout/reasons.js';
import { isCached } from '../layout/cheap-instances.js';
import { deriveLines } from './derived-fields.js';
import { writeField } from './field.js';

/** Statements of `_write`: every field of `seq` in order. */
export function writeSequence(context: EmitContext, spec: ClassSpec): Statements {
  const fields = spec.seq.flatMap((attr, index) => {
    const before = spec.seq[index - 1];
    const endsBits = before !== undefined && isBits(before) && !isBits(attr);
    const id = attrId(attr, index);
    return placed(attr.at, [
      ...(endsBits ? [run(method(OUT, 'alignToByte'))] : []),
      ...writeField(context, spec, attr, id, own(context.names.member(spec, id))),
    ]);
  });
  return [...forgetLines(context, spec), ...deriveLines(context, spec), ...fields];
}

/** Computed values that are kept are computed again: fields may have changed since. */
export function forgetLines(context: EmitContext, spec: ClassSpec): Statements {
  return spec.instances
    .filter((instance) =>
      instance.kind === 'value' ? isCached(spec, instance) : isComputed(context.inference.program, spec, instance),
    )
    .map((instance) => set(own(cacheOf(context.names.member(spec, instance.id))), UNDEFINED));
}
