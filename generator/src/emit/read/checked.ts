/** What stands around the reading of a value: its checks, and where it begins and ends. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isBits } from '../../types/sizes.js';
import type { ValueType } from '../../types/value-type.js';
import { THIS, call, infix, member, string } from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { run, set } from '../code/statements.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { AT, IO } from '../context/locals.js';
import { checksOf, reportOf } from './constraints.js';

/** `body`, which reads `value`, and the reports of what is broken; `isContents`: that its bytes are what they must be. */
export function withChecks(
  context: EmitContext,
  attr: AttrSpec,
  id: string,
  owner: ClassSpec,
  type: ValueType,
  value: Code,
  body: Statements,
  isContents?: Code,
): Statements {
  const checks = checksOf(context, attr, type, owner, value, { isContents });
  if (checks.length === 0) return body;
  const length = infix(member(IO, 'pos'), '-', AT);
  const where = { offset: AT, length, actual: value, inArray: attr.repeat !== undefined };
  return [
    set(AT, isBits(attr) ? call(context.imports.support('bitStart'), IO) : member(IO, 'pos')),
    ...body,
    ...checks.map((check) => reportOf(check, id, attr, owner, where)),
  ];
}

/** Records where something begins and ends, where that is wanted. */
export function positioned(
  context: EmitContext,
  owner: ClassSpec,
  id: string,
  what: 'Field' | 'Item',
  body: Statements,
): Statements {
  if (!hasPositions(context, owner)) return body;
  const { imports, names } = context;
  const record = (edge: 'begin' | 'end'): Code =>
    call(imports.support(`${edge}${what}`), THIS, string(names.member(owner, id)), IO);
  return [run(record('begin')), ...body, run(record('end'))];
}
