/** Fields that are structures: made, known to their owner, then read. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec } from '../../spec/model.js';
import { attrTypes, isDelimited, isForeign } from '../../types/program.js';
import { THIS, UNDEFINED, call, construct, member, method, own } from '../code/expressions.js';
import type { Code, Imported, Name, Statement, Statements } from '../code/nodes.js';
import { constant, run, set } from '../code/statements.js';
import { hasCalculatedEndian, hasPositions, opaqueClass, type EmitContext } from '../context/context.js';
import { IO, PART, START } from '../context/locals.js';
import { emitArgument, emitNumber, emitSure } from '../expression/expression.js';
import { fixedLayout } from '../layout/layout.js';
import { keepsRoot } from '../layout/roots.js';
import { isReadWithin } from '../layout/starts.js';
import { readBytes, type Keeping } from './bytes.js';
import { externalArgument, externalStream } from './external.js';

export type UserType = Extract<SimpleTypeSpec, { kind: 'user' }>;

/** What becomes of a structure that is read. */
export interface StructDestination extends Keeping {
  /** Statements that make a structure and read it; `prepare` stands between, for the structure `value`. */
  putStruct(made: Code, prepare: (value: Code) => Statements, read: (value: Code) => Statement): Statements;
}

export function readUser(context: EmitContext, attr: AttrSpec, type: UserType, to: StructDestination): Statements {
  const { owner } = to;
  const { imports, inference } = context;
  const spec = inference.program.findType(type.name, owner);
  const made = structOf(context, attr, type, owner, spec);
  const isInherited = spec !== undefined && inheritsEndian(spec, owner);
  const finish = (stream: Code): Statements =>
    to.putStruct(
      made(stream),
      (value) => (isInherited ? [set(member(value, '_isLe'), own('_isLe'))] : []),
      (value) => run(spec === undefined ? call(imports.support('readOpaque'), value) : method(value, '_read', stream)),
    );
  if (!isDelimited(attr)) return finish(IO);
  if (attr.terminator === undefined && attr.padRight === undefined && attr.process === undefined) {
    const size = attr.size === undefined ? [] : [emitNumber(context, attr.size.expr, { owner })];
    return [constant(PART, call(imports.support('readSubstream'), IO, ...size)), ...finish(PART)];
  }
  const bytes = readBytes(context, attr, undefined, to);
  return [
    constant(START, member(IO, 'pos')),
    constant(PART, call(imports.support('substream'), IO, bytes, START)),
    ...finish(PART),
  ];
}

/** Code for a new structure, by the stream that it is read from. */
export function structOf(
  context: EmitContext,
  attr: AttrSpec,
  type: UserType,
  owner: ClassSpec,
  spec: ClassSpec | undefined,
): (stream: Code) => Code {
  const { imports, inference } = context;
  const isOwn = spec !== undefined && !isForeign(spec, owner);
  const args = type.args.map((arg, index) => {
    const param = spec?.params[index];
    if (param === undefined || spec === undefined) return externalArgument(context, arg.expr, owner);
    return emitArgument(context, arg.expr, inference.paramType(param, spec), { owner });
  });
  const parent = parentOf(context, attr, owner);
  const ancestors = isOwn ? [parent, rootFor(context, attr, spec)] : [UNDEFINED, UNDEFINED];
  const around = args.length > 0 ? ancestors : withoutLast(ancestors);
  return (stream) => {
    const isWithin = stream === IO && findsStream(context, attr, type, owner);
    const source = spec === undefined ? externalStream(context, stream) : isWithin ? UNDEFINED : stream;
    const made = construct(classOf(context, owner, type), source, ...around, ...args);
    return spec === undefined || (isOwn && parent === THIS) ? made : call(imports.support('heldBy'), THIS, made);
  };
}

/** Whether a field's structure finds its stream through the owner: another it is handed. */
function findsStream(context: EmitContext, attr: AttrSpec, type: UserType, owner: ClassSpec): boolean {
  const { program } = context.inference;
  const spec = program.findType(type.name, owner);
  if (spec === undefined || isForeign(spec, owner) || attr.parent !== undefined || isDelimited(attr)) return false;
  if (hasPositions(context, spec) || !owner.seq.some(({ at }) => at === attr.at)) return false;
  return isReadWithin(program, spec, fixedLayout(program, spec));
}

/** Whether a field holds structures that find their stream through its owner. */
export function readsWithin(context: EmitContext, attr: AttrSpec, owner: ClassSpec): boolean {
  return attrTypes(attr).some((type) => type.kind === 'user' && findsStream(context, attr, type, owner));
}

/** What a field's structure is told of its root: nothing where it finds it through the owner. */
function rootFor({ inference }: EmitContext, attr: AttrSpec, spec: ClassSpec): Code {
  if (attr.parent !== undefined) return own('_root');
  return keepsRoot(inference.program, spec) ? own('_top') : UNDEFINED;
}

/** Arguments, without those at the end that are undefined. */
const withoutLast = (args: readonly Code[]): readonly Code[] =>
  args.slice(0, args.findLastIndex((arg) => arg !== UNDEFINED) + 1);

/** The class of a structure, be it generated or the user's own. */
export function classOf(context: EmitContext, owner: ClassSpec, type: UserType): Name | Imported {
  const spec = context.inference.program.findType(type.name, owner);
  return spec === undefined ? opaqueClass(context, [type.name.names.at(-1) ?? '']) : context.imports.class(spec);
}

/** Whether a structure has the calculated byte order of the one around it. */
export function inheritsEndian(spec: ClassSpec, owner: ClassSpec): boolean {
  return !isForeign(spec, owner) && hasCalculatedEndian(spec) && spec.meta.endian === owner.meta.endian;
}

/** Code for `_parent` of a field's structure, where its schema is that of `owner`. */
export function parentOf(context: EmitContext, attr: AttrSpec, owner: ClassSpec): Code {
  if (attr.parent === 'none') return UNDEFINED;
  return attr.parent === undefined ? THIS : emitSure(context, attr.parent.expr, { owner });
}
