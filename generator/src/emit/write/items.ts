/** One value of a field, without its condition and repetition. */
import type { AttrSpec, ClassSpec, SimpleTypeSpec, SwitchTypeSpec } from '../../spec/model.js';
import { bytesElse, isBytesElse } from '../../types/program.js';
import type { ValueType } from '../../types/value-type.js';
import { block, bytesLiteral } from '../code/text.js';
import { fieldName, isBig, opaqueClass, type EmitContext } from '../context/context.js';
import { isDerivedFrom } from '../layout/derived.js';
import { emitNumber, type Place } from '../expression/expression.js';
import { switchLines } from '../read/sequence.js';
import { delimited, encoded, indexArgument, unprocessed, type Content } from './bytes.js';
import { holdsBig, writeNumber } from './numbers.js';
import { writeStruct } from './structs.js';
import { readInstancesIn } from '../layout/uses.js';

/** Statements for one value of a simple type, whose expression has just that type. */
export type WriteSimple = (type: SimpleTypeSpec, value: string, isElse: boolean) => string[];

/** Statements that write one value of a field. */
export function writeItem(context: EmitContext, owner: ClassSpec, attr: AttrSpec, id: string, value: string): string[] {
  if (attr.contents !== undefined) return [`out.writeBytes(${heldContents(context, attr, id, value, 'out')});`];
  const simple: WriteSimple = (type, code, isElse) =>
    writeSimple(context, owner, isElse ? bytesElse(attr) : attr, type, id, code);
  return writeCases(context, owner, attr, id, value, simple);
}

/** The bytes of a field of fixed contents, refused where they are others and that is an error. */
export function heldContents(context: EmitContext, attr: AttrSpec, id: string, value: string, options: string): string {
  const { bytes, severity } = attr.contents ?? { bytes: [], severity: 'error' };
  const isError = String(severity === 'error');
  return `this._contents(${[fieldName(context, id), value, bytesLiteral(bytes), isError, options, ...indexArgument(context, attr)].join(', ')})`;
}

/** The bytes that are read where no case matches. */
const ELSE: SimpleTypeSpec = { kind: 'bytes' };

/** The field's type, or the case of its switch, with what is written for it. */
export function writeCases(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: string,
  simple: WriteSimple,
): string[] {
  const { type } = attr;
  if (type.kind !== 'switch') return simple(type, value, false);
  const cases = [...type.cases];
  if (isBytesElse(attr)) {
    cases.push({ match: undefined, value: ELSE, at: type.at });
  }
  const on = context.inference.valueType(type.on.expr, { owner });
  const arms = cases.map((arm) => ({
    match: arm.match,
    body: narrowed(context, owner, attr, id, value, arm.value, simple),
  }));
  if (!arms.some((arm) => arm.match === undefined)) {
    arms.push({ match: undefined, body: [`this._given(${fieldName(context, id)}, false, ${value});`] });
  }
  const bySwitch = switchLines(context, type.on, on, owner, arms);
  const unread = readInstancesIn(owner, type.on.expr).map(
    (instance) => `this._m_${context.names.member(owner, instance)} === undefined`,
  );
  if (unread.length === 0) return bySwitch;
  // The switch looks at bytes that are yet to be written: the value itself says what it is.
  return [
    ...block(`if (${unread.join(' || ')})`, byClass(context, owner, id, value, cases, simple)).slice(0, -1),
    ...block('} else', bySwitch),
  ];
}

/** `value` as the case has it. */
function narrowed(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: string,
  type: SimpleTypeSpec,
  simple: WriteSimple,
): string[] {
  const check = `this.${checkOf(context, owner, attr, type)}`;
  const args = [
    fieldName(context, id),
    value,
    ...(type.kind === 'user' || type.kind === 'bytes' ? [classOf(context, owner, type)] : []),
  ];
  return [`const value = ${check}(${args.join(', ')});`, ...simple(type, 'value', type === ELSE)];
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
      if (type.bits === 1 && attr.enum === undefined) return '_flag';
      return holdsBig(context, attr, owner) ? '_big' : '_number';
    case 'int':
      return holdsBig(context, attr, owner) ? '_big' : '_number';
  }
}

function classOf(context: EmitContext, owner: ClassSpec, type: SimpleTypeSpec): string {
  if (type.kind !== 'user') return 'Uint8Array';
  const spec = context.inference.program.findType(type.name, owner);
  return spec === undefined ? opaqueClass(context, [type.name.names.at(-1) ?? '']) : context.imports.class(spec);
}

function byClass(
  context: EmitContext,
  owner: ClassSpec,
  id: string,
  value: string,
  cases: SwitchTypeSpec['cases'],
  simple: WriteSimple,
): string[] {
  const seen = new Set<string>();
  const lines = cases.flatMap(({ value: type }) => {
    const test = testOf(context, owner, type, value);
    if (seen.has(test)) return [];
    seen.add(test);
    const head = `${seen.size === 1 ? '' : '} else '}if (${test})`;
    return block(head, [
      `const value = ${narrowText(context, owner, type, id, value)};`,
      ...simple(type, 'value', type === ELSE),
    ]).slice(0, -1);
  });
  return [...lines, '}'];
}

function testOf(context: EmitContext, owner: ClassSpec, type: SimpleTypeSpec, value: string): string {
  if (type.kind === 'user' || type.kind === 'bytes') return `${value} instanceof ${classOf(context, owner, type)}`;
  return `typeof ${value} === '${type.kind === 'str' || type.kind === 'strz' ? 'string' : typeofNumber(context, owner, type)}'`;
}

function typeofNumber(context: EmitContext, owner: ClassSpec, type: SimpleTypeSpec): string {
  const value: ValueType = context.inference.program.simpleType(type, owner);
  return value.kind === 'bool' ? 'boolean' : isBig(context, value) ? 'bigint' : 'number';
}

function narrowText(context: EmitContext, owner: ClassSpec, type: SimpleTypeSpec, id: string, value: string): string {
  if (type.kind === 'user' || type.kind === 'bytes')
    return `this._of(${fieldName(context, id)}, ${value}, ${classOf(context, owner, type)})`;
  return value;
}

function writeSimple(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  type: SimpleTypeSpec,
  id: string,
  value: string,
): string[] {
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
  value: string,
): string[] {
  const bytes = unprocessed(context, attr, owner, id, value);
  const place: Place = { owner };
  const size = attr.size === undefined ? undefined : emitNumber(context, attr.size.expr, place);
  const exact =
    attr.size !== undefined &&
    isDerivedFrom(owner, attr.size.expr, attr) &&
    attr.padRight === undefined &&
    content === 'bytes' &&
    attr.terminator === undefined;
  return [`out.writeBytes(${exact ? bytes : delimited(context, attr, owner, id, content, bytes, size)});`];
}
