/**
 * Byte fields that nothing looks at while they are read: where they stand is noted, and the view of them is made when it is
 * first asked for. To make a view takes as long as to make a structure, and more memory.
 */
import { mentions } from '../../expr/names.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { expressionsOf } from '../../types/expressions.js';
import { assign, decimal, infix, member, method, own } from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { run, set } from '../code/statements.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { IO, LIST, MATH } from '../context/locals.js';
import { cacheOf, attrId } from '../context/names.js';
import { emitNumber } from '../expression/expression.js';
import { fixedLayout } from '../layout/layout.js';
import { contentsCondition } from './contents.js';

/** Where the stream stands, in memory. */
export const PLACE_IN_MEMORY: Code = infix(member(IO, 'base'), '+', member(IO, 'pos'));

/** Property that tells how long a field is whose place is noted, where that is no constant. */
export const lengthSlot = (property: string): string => `_len_${property}`;

/**
 * Whether a field of `seq` is one of those, or a list of such: plain bytes that are always there, in a type that is read
 * field by field.
 */
export function isPlaced(context: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean {
  const { program } = context.inference;
  if (!isFieldOf(owner, attr) || hasPositions(context, owner)) return false;
  if (fixedLayout(program, owner) !== undefined || attr.if !== undefined) return false;
  if (attr.repeat?.kind === 'until' || attr.valid !== undefined || attr.process !== undefined) return false;
  if (attr.contents !== undefined) return attr.repeat === undefined;
  const isSized = attr.size !== undefined || attr.sizeEos;
  const isWhole = attr.terminator === undefined && attr.padRight === undefined;
  return attr.type.kind === 'bytes' && isSized && isWhole && !isNamed(attr, owner);
}

/** Whether it is a field, not an instance; of a list's elements, as of the list. */
const isFieldOf = ({ seq }: ClassSpec, { at }: AttrSpec): boolean => seq.some((field) => field.at === at);

/** Whether an expression of the type may ask for the field at once. */
function isNamed(attr: AttrSpec, owner: ClassSpec): boolean {
  const index = owner.seq.findIndex((field) => field.at === attr.at);
  const id = attrId(attr, index);
  return expressionsOf(owner).some(({ expr }) => mentions(expr, id));
}

/** The length of such a field, where it is the same in every file. */
export function constantLength({ contents, size }: AttrSpec): number | undefined {
  if (contents !== undefined) return contents.bytes.length;
  return size?.expr.kind === 'int' ? Number(size.expr.value) : undefined;
}

/** Statements that note where such a field stands and move behind it; of a list, each element. */
export function notePlace(context: EmitContext, attr: AttrSpec, id: string, owner: ClassSpec): Statements {
  const property = context.names.member(owner, id);
  if (attr.repeat !== undefined) {
    const size = constantLength(attr);
    const length = size === undefined ? sizeOf(context, attr, owner) : decimal(size);
    return [run(method(IO, '_take', length)), run(method(LIST, 'push', PLACE_IN_MEMORY))];
  }
  const constant = constantLength(attr);
  const length =
    constant === undefined ? assign(own(lengthSlot(property)), sizeOf(context, attr, owner)) : decimal(constant);
  return [set(own(cacheOf(property)), method(IO, '_take', length))];
}

function sizeOf(context: EmitContext, { size }: AttrSpec, owner: ClassSpec): Code {
  if (size !== undefined) return emitNumber(context, size.expr, { owner });
  return method(MATH, 'max', decimal(0), member(IO, 'available'));
}

/** That the contents of such a field, whose place was just noted, are what they must be. */
export function placedContents(
  context: EmitContext,
  { contents }: AttrSpec,
  id: string,
  owner: ClassSpec,
): Code | undefined {
  if (contents === undefined) return undefined;
  const place = own(cacheOf(context.names.member(owner, id)));
  return contentsCondition(context, member(IO, 'memory'), place, contents.bytes);
}
