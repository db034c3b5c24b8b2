/** What the fields of a new structure are where they are not given. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec, ParamSpec } from '../../spec/model.js';
import {
  THIS,
  UNDEFINED,
  array,
  at,
  bytesLiteral,
  call,
  conditional,
  decimal,
  infix,
  integer,
  isDefined,
  isUndefined,
  lengthOf,
  member,
  string,
  zeros,
} from '../code/expressions.js';
import type { Code, Statements } from '../code/nodes.js';
import { set, when } from '../code/statements.js';
import type { EmitContext } from '../context/context.js';
import { INIT } from '../context/locals.js';
import { emitAs, emitNumber, emitSure } from '../expression/expression.js';
import { derivedBy, isListOfSizes, itemSize, mayBeAbsent } from '../layout/derived.js';
import type { Derivation } from '../layout/equation.js';
import { readInstancesIn, valueInstancesIn } from '../layout/uses.js';
import { holdsBig, isFlag } from '../read/numbers.js';
import { encoded, isTrimmed } from './bytes.js';
import { holderOf, isOneToOne, propertyOf, setAround, solved } from './solving.js';

/** Streams and structures around it are not there yet when a structure is made. */
export function isHandedDown({ type }: ParamSpec): boolean {
  return type.kind === 'io' || type.kind === 'struct' || type.kind === 'any';
}

/** Whether a field has its value from the schema. */
export function isConstant({ contents, if: condition, repeat }: AttrSpec): boolean {
  return contents !== undefined && condition === undefined && repeat === undefined;
}

/** A count, size or offset as far as it is known before writing: the size of a structure is not. */
export function derivedValue(context: EmitContext, derivation: Derivation): Code {
  const { of, kind, field, holder, within, hops } = derivation;
  const property = propertyOf(context, derivation);
  const given = member(INIT, property);
  if (derivation.spelling !== undefined) {
    const isKnown =
      !isSpacious(derivation) && !mayBeAbsent(derivation) && !isListOfSizes(context.inference.program, of);
    if (isKnown) return lengthBefore(context, derivation, sourceOf(context, derivation, INIT));
    return solved(context, { ...derivation, steps: [] }, decimal(0));
  }
  if (kind === 'sizes')
    return infix(call({ kind: 'member', object: given, name: 'slice', isOptional: true }), '??', array([]));
  const unknown = field.if === undefined ? integer(0, holdsBig(context, field, holder)) : UNDEFINED;
  if (kind === 'place') {
    return infix(given, '??', call(context.imports.support('freeOffset'), THIS, string(property), unknown));
  }
  // A header is filled before what it counts is there, as is what is around other structures.
  const isLater = hops !== undefined || isListOfSizes(context.inference.program, of);
  if (within !== undefined || isLater || isSpacious(derivation))
    return field.if === undefined ? infix(given, '??', unknown) : given;
  const source = sourceOf(context, derivation, of.valid?.kind === 'eq' && !mayBeAbsent(derivation) ? THIS : INIT);
  const value = lengthBefore(context, derivation, source);
  const isChecked = isOneToOne(derivation) && kind !== 'item';
  const known = isChecked
    ? call(context.imports.support('agreed'), THIS, string(field.id ?? ''), given, value)
    : infix(given, '??', value);
  if (!mayBeAbsent(derivation)) return known;
  return conditional(isUndefined(source), field.if === undefined ? infix(given, '??', unknown) : given, known);
}

/** The statement that sets a field of a header, as far as its value is known before writing. */
export function headerLines(context: EmitContext, derivation: Derivation): Statements {
  const { kind, within, hops } = derivation;
  if (hops !== undefined) {
    const given = within === undefined ? member(INIT, propertyOf(context, derivation)) : undefined;
    return [setAround(context, derivation, hops, given)];
  }
  const isLater = isSpacious(derivation) || isListOfSizes(context.inference.program, derivation.of);
  if (within === undefined || kind === 'place' || isLater) return [];
  const source = sourceOf(context, derivation, INIT);
  const target = member(holderOf(context, derivation), propertyOf(context, derivation));
  const line = set(target, lengthBefore(context, derivation, source));
  return mayBeAbsent(derivation) || kind === 'item' ? [when(isDefined(source), [line])] : [line];
}

const sourceOf = ({ names }: EmitContext, { owner, id }: Derivation, holder: Code): Code =>
  member(holder, names.member(owner, id));

/** The value of a field that counts what `source` holds. */
function lengthBefore(context: EmitContext, derivation: Derivation, source: Code): Code {
  const { of, kind, id, owner } = derivation;
  if (kind === 'item') {
    const size = itemSize(context.inference.program, owner, of);
    if (typeof size === 'number') return solved(context, derivation, decimal(size));
    const first: Code = { kind: 'member', object: at(source, decimal(0)), name: 'length', isOptional: true };
    return solved(context, derivation, infix(first, '??', decimal(0)));
  }
  const isText = kind === 'size' && of.type.kind !== 'bytes';
  return solved(context, derivation, lengthOf(isText ? encoded(context, of, owner, id, source) : source));
}

/** Whether a derived size may be greater than what it is derived from needs, or is known only when that is written. */
function isSpacious({ kind, of, owner }: Derivation): boolean {
  if (kind !== 'size') return false;
  if (of.type.kind !== 'bytes' && of.type.kind !== 'str') return true;
  return of.process !== undefined || isTrimmed(of, owner, of.type.kind);
}

/** Code for the value of a field that is not given; undefined where there is no obvious one. */
export function defaultOf(context: EmitContext, spec: ClassSpec, attr: AttrSpec, self: Code = THIS): Code | undefined {
  if (attr.repeat !== undefined) return undefined;
  const place = { owner: spec, self };
  if (attr.if !== undefined) {
    const preset = isKnownAtOnce(spec, attr.if.expr) ? presetOf(context, spec, attr, self) : undefined;
    return preset === undefined ? undefined : conditional(emitSure(context, attr.if.expr, place), preset, UNDEFINED);
  }
  if (attr.contents !== undefined) return undefined;
  return presetOf(context, spec, attr, self) ?? presenceOf(context, spec, attr);
}

function presetOf(context: EmitContext, spec: ClassSpec, attr: AttrSpec, self: Code): Code | undefined {
  const place = { owner: spec, self };
  if (attr.contents !== undefined) return bytesLiteral(attr.contents.bytes);
  if (attr.checksum !== undefined) return decimal(0);
  if (attr.valid?.kind === 'eq') {
    if (!isKnownAtOnce(spec, attr.valid.expected.expr)) return undefined;
    return emitAs(context, attr.valid.expected.expr, context.inference.program.itemType(attr, spec).type, place);
  }
  if (attr.type.kind !== 'bytes' || attr.process !== undefined || attr.if !== undefined) return undefined;
  if (attr.padRight !== undefined || attr.sizeEos) return zeros(decimal(0));
  if (
    attr.size === undefined ||
    derivedBy(context.inference.program, attr.size.expr) !== undefined ||
    attr.terminator !== undefined
  )
    return undefined;
  return attr.size.expr.kind === 'name' || !isKnownAtOnce(spec, attr.size.expr)
    ? undefined
    : zeros(emitNumber(context, attr.size.expr, place));
}

/** A flag that says whether another field is there. */
function presenceOf(context: EmitContext, spec: ClassSpec, flag: AttrSpec): Code | undefined {
  const { type, enum: named, id } = flag;
  if (type.kind !== 'bits' || !isFlag(flag, type) || named !== undefined || id === undefined) return undefined;
  const index = spec.seq.findIndex(
    ({ if: condition }) => condition?.expr.kind === 'name' && condition.expr.name === id,
  );
  const there = spec.seq[index];
  if (there?.id === undefined || there.contents !== undefined || there.valid?.kind === 'eq') return undefined;
  return isDefined(member(INIT, context.names.member(spec, there.id)));
}

const AROUND: readonly string[] = ['_parent', '_root', '_io', '_index'];

/** Whether an expression needs nothing but the type's own fields: what is around a structure is not there yet. */
export function isKnownAtOnce(spec: ClassSpec, expr: Expr, around: readonly string[] = AROUND): boolean {
  const isAround = (node: Expr): boolean => node.kind === 'name' && around.includes(node.name);
  if (nodesOf(expr).some(isAround) || readInstancesIn(spec, expr).length > 0) return false;
  return valueInstancesIn(spec, expr).every(({ value }) => !nodesOf(value.expr).some(isAround));
}

/** Whether what an expression needs is there when a structure is made within another one. */
export function isDecidedAtOnce(spec: ClassSpec, expr: Expr): boolean {
  return isKnownAtOnce(spec, expr, ['_io']);
}
