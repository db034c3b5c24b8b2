/** Fields that are structures: put into their family, then written in place or as a stream of their own. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isDelimited, isForeign, type Program } from '../../types/program.js';
import { UNDEFINED, arrow, member, method, own, ownMethod } from '../code/expressions.js';
import { isSameCode } from '../code/inspect.js';
import type { Code, Statement, Statements } from '../code/nodes.js';
import { run, set } from '../code/statements.js';
import { fieldName, type EmitContext } from '../context/context.js';
import { BYTES, ITEM, OUT } from '../context/locals.js';
import { emitArgument, emitNumber } from '../expression/expression.js';
import { inheritsEndian, parentOf, type UserType } from '../read/structs.js';
import { behindBytes, delimited, isTrimmed, keepsLength, unprocessed } from './bytes.js';

/** Statements that make `value` a part of this structure: what reading hands to it when it makes it. */
export function adoptLines(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: UserType,
  value: Code,
): Statements {
  const { inference, names } = context;
  const spec = inference.program.findType(type.name, owner);
  if (spec === undefined) return [];
  const ancestors = isForeign(spec, owner)
    ? [UNDEFINED, spec.outer === undefined ? value : UNDEFINED]
    : [parentOf(context, attr, owner), own('_root')];
  return [
    run(ownMethod('_adopt', value, ...ancestors)),
    ...(inheritsEndian(spec, owner) ? [set(member(value, '_isLe'), own('_isLe'))] : []),
    ...type.args.flatMap((arg, index) => {
      const param = spec.params[index];
      if (param === undefined) return [];
      const code = emitArgument(context, arg.expr, inference.paramType(param, spec), { owner });
      return [set(member(value, names.member(spec, param.id)), behindBytes(context, attr, owner, arg.expr, code))];
    }),
  ];
}

/** Whether a structure knows this one as its parent, and nothing else of it. */
function isPlainPart({ inference }: EmitContext, owner: ClassSpec, attr: AttrSpec, type: UserType): boolean {
  const spec = inference.program.findType(type.name, owner);
  if (spec === undefined || isForeign(spec, owner) || attr.parent !== undefined) return false;
  return !inheritsEndian(spec, owner) && type.args.length === 0;
}

/** Whether a statement appends the element that a loop has come to. */
export function isAppended(statement: Statement): boolean {
  return statement.kind === 'run' && isSameCode(statement.code, ownMethod('_append', ITEM, OUT));
}

/** Statements that write a structure; `value` has its class. */
export function writeStruct(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: UserType,
  id: string,
  value: Code,
): Statements {
  const adopt = adoptLines(context, owner, attr, type, value);
  if (!isDelimited(attr) && isPlainPart(context, owner, attr, type)) return [run(ownMethod('_append', value, OUT))];
  const writable = asWritable(context, owner, type, id, value);
  if (!isDelimited(attr)) return [...adopt, run(method(writable, '_write', OUT))];
  const size = attr.size === undefined ? undefined : emitNumber(context, attr.size.expr, { owner });
  const known = size !== undefined && keepsLength(attr) && !isTrimmed(attr, owner, 'struct') ? size : undefined;
  const inner = method(OUT, 'inner', writable, ...(known === undefined ? [] : [known]));
  return [...adopt, putInner(context, owner, attr, id, inner, size, known)];
}

/** The statement that puts what a structure was written to into the stream around it. */
export function putInner(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  inner: Code,
  size: Code | undefined,
  known: Code | undefined,
): Statements[number] {
  // It stands among the bytes around it as it is, and may leave room behind it.
  const isRoomy = attr.process === undefined && !isTrimmed(attr, owner, 'struct');
  // What a process takes has its full size before.
  const whole =
    attr.process !== undefined && known !== undefined ? ownMethod('_room', fieldName(id), BYTES, known) : BYTES;
  const made = delimited(attr, owner, id, 'struct', unprocessed(context, attr, owner, id, whole), size);
  const finish = made === BYTES ? [] : [arrow([BYTES], made)];
  return run(method(OUT, isRoomy ? 'embed' : 'collapse', inner, ...finish));
}

export function asWritable(context: EmitContext, owner: ClassSpec, type: UserType, id: string, value: Code): Code {
  const isOpaque = context.inference.program.findType(type.name, owner) === undefined;
  return isOpaque ? ownMethod('_writable', fieldName(id), value) : value;
}

/** Whether a type takes all of its stream, so that its size is the stream's. */
export function fillsStream(program: Program, spec: ClassSpec, open: Set<ClassSpec> = new Set()): boolean {
  const last = spec.seq.at(-1);
  if (last === undefined || open.has(spec)) return false;
  open.add(spec);
  if (last.if !== undefined || last.contents !== undefined) return false;
  if (last.repeat?.kind === 'eos' || (last.sizeEos && last.repeat === undefined)) return true;
  if (last.repeat !== undefined || isDelimited(last) || last.type.kind !== 'user') return false;
  const used = program.findType(last.type.name, spec);
  return used !== undefined && fillsStream(program, used, open);
}
