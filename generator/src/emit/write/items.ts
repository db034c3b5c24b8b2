/** One value of a field, without its condition and repetition. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec, SwitchTypeSpec } from '../../spec/model.js';
import { bytesElse, isBytesElse } from '../../types/program.js';
import {
  FALSE,
  bool,
  bytesLiteral,
  disjunction,
  equals,
  infix,
  isUndefined,
  method,
  own,
  ownMethod,
  prefix,
  string,
} from '../code/expressions.js';
import { contains } from '../code/inspect.js';
import type { Code, Imported, Name, Statements } from '../code/nodes.js';
import { constant, run, when } from '../code/statements.js';
import { fieldName, type EmitContext } from '../context/context.js';
import { OUT, UINT8_ARRAY, VALUE } from '../context/locals.js';
import { cacheOf } from '../context/names.js';
import { isBig } from '../context/types.js';
import { emitNumber } from '../expression/expression.js';
import { isDerivedFrom } from '../layout/derived.js';
import { readInstancesIn } from '../layout/uses.js';
import { holdsBig, isFlag } from '../read/numbers.js';
import { classOf } from '../read/structs.js';
import { switchLines, type Arm } from '../read/switch.js';
import { delimited, encoded, indexArgument, unprocessed, type Content } from './bytes.js';
import { writeNumber } from './numbers.js';
import { writeStruct } from './structs.js';

/** Statements for one value of a simple type, whose expression has just that type. */
export type WriteSimple = (type: SimpleTypeSpec, value: Code, isElse: boolean) => Statements;

/** Statements that write one value of a field. */
export function writeItem(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: Code): Statements {
  if (attr.contents !== undefined) return [run(method(OUT, 'writeBytes', heldContents(attr, id, value, OUT)))];
  const simple: WriteSimple = (type, code, isElse) =>
    writeSimple(context, owner, isElse ? bytesElse(attr) : attr, type, id, code);
  return writeCases(context, owner, attr, id, value, simple);
}

/** The bytes of a field of fixed contents, refused where they are others and that is an error. */
export function heldContents(attr: AttrSpec, id: string, value: Code, options: Code): Code {
  const { bytes, severity } = attr.contents ?? { bytes: [], severity: 'error' };
  const isError = bool(severity === 'error');
  const rest = indexArgument(attr);
  return ownMethod('_contents', fieldName(id), value, bytesLiteral(bytes), isError, options, ...rest);
}

/** The bytes that are read where no case matches. */
const ELSE: SimpleTypeSpec = { kind: 'bytes' };

/** The field's type, or the case of its switch, with what is written for it. */
export function writeCases(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  simple: WriteSimple,
): Statements {
  const { type } = attr;
  if (type.kind !== 'switch') return simple(type, value, false);
  const cases = [...type.cases];
  if (isBytesElse(attr)) cases.push({ match: undefined, value: ELSE, at: type.at });
  const on = context.inference.valueType(type.on.expr, { owner });
  const arms: Arm[] = cases.map((arm) => ({
    match: arm.match,
    body: narrowed(context, owner, attr, id, value, arm.value, simple),
  }));
  if (!arms.some((arm) => arm.match === undefined)) {
    arms.push({ match: undefined, body: [run(ownMethod('_given', fieldName(id), FALSE, value))] });
  }
  const bySwitch = switchLines(context, type.on, on, owner, arms);
  const unread = readInstancesIn(owner, type.on.expr).map((instance) =>
    isUndefined(own(cacheOf(context.names.member(owner, instance)))),
  );
  if (unread.length === 0) return bySwitch;
  // The switch reads bytes that are not written yet: the type of the value decides.
  return [when(disjunction(unread), byClass(context, owner, id, value, cases, simple), bySwitch)];
}

/** `value` as the case has it. */
function narrowed(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  type: SimpleTypeSpec,
  simple: WriteSimple,
): Statements {
  const classes = type.kind === 'user' || type.kind === 'bytes' ? [valueClass(context, owner, type)] : [];
  const checked = ownMethod(checkOf(context, owner, attr, type), fieldName(id), value, ...classes);
  const lines = simple(type, VALUE, type === ELSE);
  return isUsedAtOnce(lines, VALUE) ? simple(type, checked, type === ELSE) : [constant(VALUE, checked), ...lines];
}

/** Whether statements are one, which has `name` but once, and not in a function that is called later. */
function isUsedAtOnce(lines: Statements, name: Name): boolean {
  if (lines.length !== 1) return false;
  let uses = 0;
  const isLater = contains(lines, (code) => {
    if (code === name) uses += 1;
    return code.kind === 'arrow';
  });
  return uses === 1 && !isLater && lines[0]?.kind === 'run';
}

function checkOf(context: EmitContext, owner: ClassSpec, attr: AttrSpec, type: SimpleTypeSpec): string {
  switch (type.kind) {
    case 'user':
    case 'bytes':
      return '_of';
    case 'str':
    case 'strz':
      return '_text';
    case 'float':
      return '_number';
    case 'bits':
    case 'int':
      if (isFlag(attr, type)) return '_flag';
      return holdsBig(context, attr, owner) ? '_big' : '_number';
  }
}

function valueClass(
  context: EmitContext,
  owner: ClassSpec,
  type: Extract<SimpleTypeSpec, { kind: 'user' | 'bytes' }>,
): Name | Imported {
  return type.kind === 'user' ? classOf(context, owner, type) : UINT8_ARRAY;
}

/** How a value is known to be of a case's type. */
interface Test {
  /** A class, or what `typeof` says. */
  readonly of: Name | Imported | string;
  readonly holds: Code;
  /** The value, as code of that type. */
  readonly value: Code;
}

function testOf(context: EmitContext, owner: ClassSpec, id: string, value: Code, type: SimpleTypeSpec): Test {
  if (type.kind === 'user' || type.kind === 'bytes') {
    const of = valueClass(context, owner, type);
    return { of, holds: infix(value, 'instanceof', of), value: ownMethod('_of', fieldName(id), value, of) };
  }
  const of = type.kind === 'str' || type.kind === 'strz' ? 'string' : typeofNumber(context, owner, type);
  return { of, holds: equals(prefix('typeof', value), string(of)), value };
}

function typeofNumber(context: EmitContext, owner: ClassSpec, type: SimpleTypeSpec): string {
  const value = context.inference.program.simpleType(type, owner);
  return value.kind === 'bool' ? 'boolean' : isBig(context, value) ? 'bigint' : 'number';
}

/** A chain of `if` over the classes and types of values that cases have, each of them once. */
function byClass(
  context: EmitContext,
  owner: ClassSpec,
  id: string,
  value: Code,
  cases: SwitchTypeSpec['cases'],
  simple: WriteSimple,
): Statements {
  const branches = new Map<Test['of'], { readonly holds: Code; readonly body: Statements }>();
  for (const { value: type } of cases) {
    const test = testOf(context, owner, id, value, type);
    if (branches.has(test.of)) continue;
    const body = [constant(VALUE, test.value), ...simple(type, VALUE, type === ELSE)];
    branches.set(test.of, { holds: test.holds, body });
  }
  const chain = [...branches.values()].reduceRight<Statements | undefined>(
    (otherwise, { holds, body }) => [when(holds, body, otherwise)],
    undefined,
  );
  return chain ?? [];
}

function writeSimple(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: SimpleTypeSpec,
  id: string,
  value: Code,
): Statements {
  switch (type.kind) {
    case 'user':
      return writeStruct(context, owner, attr, type, id, value);
    case 'bytes':
      return writeBytes(context, owner, attr, id, 'bytes', value);
    case 'str':
    case 'strz':
      return writeBytes(context, owner, attr, id, type.kind, encoded(context, attr, owner, id, value));
    default:
      return writeNumber(context, attr, type, owner, id, value);
  }
}

function writeBytes(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  content: Content,
  value: Code,
): Statements {
  const bytes = unprocessed(context, attr, owner, id, value);
  const size = attr.size === undefined ? undefined : emitNumber(context, attr.size.expr, { owner });
  const isExact =
    attr.size !== undefined &&
    isDerivedFrom(context.inference.program, attr.size.expr) &&
    attr.padRight === undefined &&
    content === 'bytes' &&
    attr.terminator === undefined;
  return [run(method(OUT, 'writeBytes', isExact ? bytes : delimited(attr, owner, id, content, bytes, size)))];
}
