/** Fields that are structures: put into their family, then written in place or as a stream of their own. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { isDelimited, isForeign, type Program } from '../../types/program.js';
import { fieldName, hasCalculatedEndian, type EmitContext } from '../context/context.js';
import { behindBytes, delimited, isTrimmed, keepsLength, unprocessed } from './bytes.js';
import { emitArgument, emitNumber } from '../expression/expression.js';
import { parentOf } from '../read/sequence.js';

export type UserType = Extract<SimpleTypeSpec, { kind: 'user' }>;

/** Statements that make `value` a part of this structure: what reading hands to it when it makes it. */
export function adoptLines(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: UserType,
  value: string,
): string[] {
  const { inference, names } = context;
  const spec = inference.program.findType(type.name, owner);
  if (spec === undefined) return [];
  const own = !isForeign(spec, owner);
  const ancestors = own
    ? [parentOf(context, attr, owner), 'this._root']
    : ['undefined', spec.outer === undefined ? value : 'undefined'];
  const inherits = own && hasCalculatedEndian(spec) && spec.meta.endian === owner.meta.endian;
  return [
    `this._adopt(${[value, ...ancestors].join(', ')});`,
    ...(inherits ? [`${value}._isLe = this._isLe;`] : []),
    ...type.args.flatMap((arg, index) => {
      const param = spec.params[index];
      if (param === undefined) return [];
      const code = emitArgument(context, arg.expr, inference.paramType(param, spec), { owner });
      return [`${value}.${names.member(spec, param.id)} = ${behindBytes(context, attr, owner, arg.expr, code)};`];
    }),
  ];
}

/** Statements that write a structure; `value` has its class. */
export function writeStruct(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: UserType,
  id: string,
  value: string,
): string[] {
  const adopt = adoptLines(context, owner, attr, type, value);
  const writable = asWritable(context, owner, type, id, value);
  if (!isDelimited(attr)) return [...adopt, `${writable}._write(out);`];
  const size = attr.size === undefined ? undefined : emitNumber(context, attr.size.expr, { owner });
  const known = size !== undefined && keepsLength(attr) && !isTrimmed(attr, owner, 'struct') ? size : undefined;
  const put = isRoomy(attr, owner) ? 'embed' : 'collapse';
  return [
    ...adopt,
    `out.${put}(out.inner(${[writable, ...(known === undefined ? [] : [known])].join(', ')})${finisher(context, owner, attr, id, size, known)});`,
  ];
}

/** Whether a structure stands among the bytes around it as it is, and may leave room behind it. */
export function isRoomy(attr: AttrSpec, owner: ClassSpec): boolean {
  return attr.process === undefined && !isTrimmed(attr, owner, 'struct');
}

/** The function that makes a structure's bytes what they are in the stream around it, as an argument. */
export function finisher(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  size: string | undefined,
  known?: string,
): string {
  // What a process takes has its full size before.
  const filled =
    attr.process !== undefined && known !== undefined
      ? `this._room(${fieldName(context, id)}, bytes, ${known})`
      : 'bytes';
  const code = delimited(context, attr, owner, id, 'struct', unprocessed(context, attr, owner, id, filled), size);
  return code === 'bytes' ? '' : `, (bytes) => ${code}`;
}

export function asWritable(context: EmitContext, owner: ClassSpec, type: UserType, id: string, value: string): string {
  const isOpaque = context.inference.program.findType(type.name, owner) === undefined;
  return isOpaque ? `this._writable(${fieldName(context, id)}, ${value})` : value;
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
