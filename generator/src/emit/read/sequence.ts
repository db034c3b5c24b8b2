/** Reading field by field, as the schema says it: the body of `_read`. */
import type { ClassSpec } from '../../spec/model.js';
import { recursiveTypes } from '../../types/recursion.js';
import { isBits } from '../../types/sizes.js';
import { THIS, call, decimal, member, method, own } from '../code/expressions.js';
import type { Statements } from '../code/nodes.js';
import { attempt, fail, placed, run, set, variable } from '../code/statements.js';
import { filled, type EmitContext } from '../context/context.js';
import { ERROR, FIELD, IO } from '../context/locals.js';
import { attrId, cacheOf } from '../context/names.js';
import { isLazy, type FixedLayout } from '../layout/layout.js';
import { readField } from './field.js';
import { isList, readList } from './lists.js';
import { sharedLines } from './shared.js';

/**
 * Statements of `_read`: every field of `seq` in order; an error is told which it was. Of a fixed `layout`, some are made
 * when they are asked for.
 */
export function readSequence(context: EmitContext, spec: ClassSpec, layout: FixedLayout | undefined): Statements {
  const { imports, inference } = context;
  if (spec.seq.length === 0) return [];
  const isRecursive = recursiveTypes(inference.program).has(spec);
  const isOnly = spec.seq.length === 1;
  const fault = call(imports.support('failedIn'), THIS, isOnly ? decimal(0) : FIELD, ERROR);
  return [
    ...(isOnly ? [] : [variable(FIELD, undefined, decimal(0))]),
    attempt(
      [...(isRecursive ? [run(call(imports.support('enter'), IO))] : []), ...fieldsInOrder(context, spec, layout)],
      {
        caught: { error: ERROR, body: [fail(fault)] },
        ...(isRecursive ? { always: [run(call(imports.support('leave'), IO))] } : {}),
      },
    ),
  ];
}

function fieldsInOrder(context: EmitContext, spec: ClassSpec, layout: FixedLayout | undefined): Statements {
  const { inference, names } = context;
  const isMadeLater = (id: string): boolean => {
    const field = layout?.fields.find((candidate) => candidate.id === id);
    return field !== undefined && isLazy(inference.program, field, spec);
  };
  const fields = spec.seq.flatMap((attr, index) => {
    const id = attrId(attr, index);
    const before = spec.seq[index - 1];
    const endsBits = before !== undefined && isBits(before) && !isBits(attr);
    const property = names.member(spec, id);
    // Where nothing is written, there is no other way to set it.
    const target = isMadeLater(id) ? own(cacheOf(property)) : member(filled(context), property);
    const named = before === undefined ? [] : [set(FIELD, decimal(index))];
    return placed(attr.at, [
      ...named,
      ...(endsBits ? [run(method(IO, 'alignToByte'))] : []),
      ...(isList(context, attr, spec)
        ? [run(readList(context, spec, id))]
        : readField(context, attr, id, spec, target)),
    ]);
  });
  return [...sharedLines(fields), ...fields];
}
