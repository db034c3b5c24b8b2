/** One value of a field, without its condition, repetition and checks. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { bytesElse, isBytesElse } from '../../types/program.js';
import { THIS, call, decimal, infix, member, method, string } from '../code/expressions.js';
import type { Code, Statement, Statements } from '../code/nodes.js';
import type { EmitContext } from '../context/context.js';
import { IO } from '../context/locals.js';
import { emitSure } from '../expression/expression.js';
import { whyNotWritable } from '../layout/reasons.js';
import { readBytes, readText, type Keeper } from './bytes.js';
import { held, readNumber } from './numbers.js';
import { readUser, type StructDestination } from './structs.js';
import { switchLines, type Arm } from './switch.js';

/** What becomes of a value that is read. */
export interface Destination extends StructDestination {
  /** A statement that takes the value of an expression. */
  put(code: Code): Statement;
}

/** What keeps bytes that a value does not tell, for the field `id` or its element `index`. */
export function keeperOf(context: EmitContext, owner: ClassSpec, id: string, index?: Code): Keeper {
  if (context.options.readOnly || whyNotWritable(context.inference.program, owner) !== undefined) return [];
  return [THIS, string(id), ...(index === undefined ? [] : [index])];
}

export function readItem(context: EmitContext, attr: AttrSpec, to: Destination): Statements {
  if (attr.contents !== undefined) return [to.put(method(IO, 'readBytes', decimal(attr.contents.bytes.length)))];
  const { type } = attr;
  if (type.kind !== 'switch') return readSimple(context, attr, type, to);
  const on = context.inference.valueType(type.on.expr, { owner: to.owner });
  const head = emitSure(context, type.on.expr, { owner: to.owner });
  const arms: Arm[] = type.cases.map((arm) => ({
    match: arm.match,
    body: context.narrowing.within([head], () => readSimple(context, attr, arm.value, to)),
  }));
  if (isBytesElse(attr)) {
    arms.push({ match: undefined, body: readSimple(context, bytesElse(attr), { kind: 'bytes' }, to) });
  }
  return switchLines(context, type.on, on, to.owner, arms);
}

function readSimple(context: EmitContext, attr: AttrSpec, type: SimpleTypeSpec, to: Destination): Statements {
  switch (type.kind) {
    case 'user':
      return readUser(context, attr, type, to);
    case 'bytes':
      return [to.put(readBytes(context, attr, undefined, to))];
    case 'str':
    case 'strz':
      return [to.put(readText(context, attr, type.kind === 'strz', to))];
    default: {
      const number = readNumber(context, attr, type, to.owner);
      if (type.kind !== 'float' || to.keeper.length === 0) return [to.put(held(context, number, type, attr, to.owner))];
      const position = infix(infix(member(IO, 'base'), '+', member(IO, 'pos')), '-', decimal(type.bytes));
      const place = [member(IO, 'memory'), position, decimal(type.bytes)];
      return [to.put(call(context.imports.support('noteFloat'), number, ...place, ...to.keeper))];
    }
  }
}
