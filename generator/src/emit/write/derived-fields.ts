/** Counts and sizes, set from what they count; and the bytes that were made to find out. */
import type { Expr } from '../../expr/ast.js';
import { mentions as isNamedIn } from '../../expr/names.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import {
  TRUE,
  UNDEFINED,
  array,
  assign,
  call,
  conjunction,
  decimal,
  differs,
  disjunction,
  equals,
  increment,
  infix,
  isDefined,
  lengthOf,
  member,
  method,
  own,
  ownMethod,
} from '../code/expressions.js';
import { mentions as usesName } from '../code/inspect.js';
import type { Code, Name, Statement, Statements } from '../code/nodes.js';
import { block, constant, forOf, run, set, variable, when } from '../code/statements.js';
import { BYTE_ARRAY, maybe, reference } from '../code/types.js';
import type { EmitContext } from '../context/context.js';
import { BIG_INT, I, ITEM, OUT, SIZE } from '../context/locals.js';
import { cacheOf, localName } from '../context/names.js';
import { emitAs, emitNumber, emitSure } from '../expression/expression.js';
import { hasLiteralType } from '../expression/narrowing.js';
import { derivationsOf, derivedBy, mayBeAbsent } from '../layout/derived.js';
import type { Derivation } from '../layout/equation.js';
import { readInstancesIn } from '../layout/uses.js';
import { placeOf } from '../read/instance-places.js';
import { holdsBig } from '../read/numbers.js';
import { delimited, encoded, isTrimmed, keepsLength, terminatorLength, unprocessed } from './bytes.js';
import { writeCases } from './items.js';
import { holderOf, propertyOf, setAround, solved } from './solving.js';
import { adoptLines, asWritable, fillsStream, putInner } from './structs.js';

/** Name of the local variable that holds a field's bytes, where its size is derived from them. */
const bytesName = (context: EmitContext, spec: ClassSpec, id: string): Name =>
  localName(context.names.member(spec, id), 'Bytes');

/** Statements that set counts and sizes from what they count, before anything is written. */
export function deriveLines(context: EmitContext, spec: ClassSpec): Statements {
  const { program } = context.inference;
  const all = derivationsOf(program, spec).filter(({ kind }) => kind === 'count' || kind === 'size');
  const lists = derivationsOf(program, spec).filter(({ kind }) => kind === 'sizes');
  // What is known without writing anything may be an argument of what is written to find out its size.
  const isPlain = ({ kind, of, steps }: Derivation): boolean =>
    steps.length === 0 && (kind === 'count' || of.type.kind === 'bytes' || of.type.kind === 'str');
  const first = all.filter(isPlain);
  const rest = all.filter((derivation) => !isPlain(derivation));
  return [
    ...lists.flatMap((derivation) => deriveSizes(context, spec, derivation)),
    ...[...first, ...rest].flatMap((derivation) => derive(context, spec, derivation)),
  ];
}

/** Statements that set a list of sizes to those of the elements of another list. */
function deriveSizes(context: EmitContext, spec: ClassSpec, derivation: Derivation): Statements {
  const { of, id, field, holder } = derivation;
  const target = own(propertyOf(context, derivation));
  const add = (length: Code): Statement =>
    run(method(target, 'push', holdsBig(context, field, holder) ? call(BIG_INT, length) : length));
  const element = { ...of, repeat: undefined };
  const { kind } = of.type;
  const lines =
    kind === 'user'
      ? writtenApart(context, spec, element, id, ITEM, (inner) => add(member(inner, 'length')))
      : [add(lengthOf(kind === 'bytes' ? ITEM : encoded(context, of, spec, id, ITEM)))];
  const hasIndex = usesName(lines, I);
  const loop = forOf(ITEM, own(context.names.member(spec, id)), hasIndex ? [...lines, run(increment(I))] : lines);
  return [set(target, array([])), hasIndex ? block([variable(I, undefined, decimal(0)), loop]) : loop];
}

function derive(context: EmitContext, spec: ClassSpec, derivation: Derivation): Statements {
  const { kind, id, expr, steps, hops } = derivation;
  if (hops !== undefined) return [setAround(context, derivation, hops)];
  const target = member(holderOf(context, derivation), propertyOf(context, derivation));
  const said =
    steps.length === 0 && derivation.spelling === undefined ? target : emitNumber(context, expr, { owner: spec });
  const setTo = (length: Code): Statements => {
    if (steps.length === 0) return [set(target, solved(context, derivation, length))];
    // Of several values that say the same, the one that the field has stays.
    return [
      block([constant(SIZE, length), when(differs(said, SIZE), [set(target, solved(context, derivation, SIZE))])]),
    ];
  };
  const value = valueOf(context, spec, derivation);
  const { declared, lines, length } =
    kind === 'count'
      ? { declared: [], lines: [], length: lengthOf(value) }
      : prepared(context, spec, derivation, value, said);
  const counts = kind === 'count' ? conditionsOfCount(context, spec, derivation, length, said) : [];
  const body = [...lines, ...(counts.length === 0 ? setTo(length) : [when(conjunction(counts), setTo(length))])];
  if (!mayBeAbsent(derivation)) return [...declared, ...body];
  const property = context.names.member(spec, id);
  const isSetByHand = derivation.isInstance && kind === 'size' ? [equals(own(placeOf(property)), decimal(-1))] : [];
  return [...declared, when(conjunction([...isSetByHand, isDefined(value)]), body)];
}

/** What must hold for a list to tell its count: an empty one may have another than zero. */
function conditionsOfCount(
  context: EmitContext,
  owner: ClassSpec,
  { of, expr }: Derivation,
  length: Code,
  said: Code,
): readonly Code[] {
  const typed = hasCase(context, owner, of);
  const count = context.inference.valueType(expr, { owner });
  const isSigned = count.kind === 'int' && count.range.lo < 0n;
  // A count below zero is that of an empty list, too.
  const positive = infix(infix(length, '>', decimal(0)), '||', infix(said, '>', decimal(0)));
  return [...(typed === undefined ? [] : [typed]), ...(isSigned ? [positive] : [])];
}

/** Whether a switch has a type for its elements: a list of those for which it has none is empty, whatever its count. */
function hasCase(context: EmitContext, owner: ClassSpec, attr: AttrSpec): Code | undefined {
  const { inference, imports } = context;
  if (attr.type.kind !== 'switch' || !inference.program.itemType(attr, owner).optional) return undefined;
  const { on, cases } = attr.type;
  if (hasLiteralType(on.expr) || isNamedIn(on.expr, '_index') || readInstancesIn(owner, on.expr).length > 0)
    return undefined;
  const type = inference.valueType(on.expr, { owner });
  const value = emitSure(context, on.expr, { owner });
  const matches = cases.flatMap(({ match }) => {
    if (match === undefined) return [];
    const code = emitAs(context, match.expr, type, { owner });
    return [type.kind === 'bytes' ? call(imports.support('equalBytes'), value, code) : equals(value, code)];
  });
  return disjunction(matches);
}

/** What is held of a field, or of an instance without reading it. */
function valueOf({ names }: EmitContext, spec: ClassSpec, { id, isInstance }: Derivation): Code {
  const property = names.member(spec, id);
  return own(isInstance ? cacheOf(property) : property);
}

/** Statements that make a field's bytes ready before it is written, and their length; `said` is what it is so far. */
function prepared(
  context: EmitContext,
  owner: ClassSpec,
  derivation: Derivation,
  value: Code,
  said: Code,
): { declared: Statements; lines: Statements; length: Code } {
  const { of: attr, id } = derivation;
  const name = bytesName(context, owner, id);
  const { type } = attr;
  const isAbsent = mayBeAbsent(derivation);
  const hold = (code: Code): Statement => (isAbsent ? run(assign(name, code)) : constant(name, code));
  if (type.kind === 'bytes' || type.kind === 'str' || type.kind === 'strz') {
    const isPlain = type.kind === 'bytes' && attr.process === undefined;
    const bytes = type.kind === 'bytes' ? value : encoded(context, attr, owner, id, value);
    const made = lengthOf(isPlain ? value : name);
    const terminator = terminatorLength(attr, owner, type.kind);
    return {
      declared: isPlain || !isAbsent ? [] : [variable(name, maybe(BYTE_ARRAY))],
      lines: isPlain ? [] : [hold(unprocessed(context, attr, owner, id, bytes))],
      length: isTrimmed(attr, owner, type.kind)
        ? ownMethod('_size', said, made, ...(terminator === 0 ? [] : [decimal(terminator)]))
        : made,
    };
  }
  const extra = terminatorLength(attr, owner, 'struct');
  const writer = reference(context.imports.support('KaitaiWriter'));
  const isSwitch = type.kind === 'switch';
  return {
    declared: isAbsent ? [variable(name, maybe(writer))] : isSwitch ? [variable(name, writer)] : [],
    lines: writtenApart(context, owner, attr, id, value, (code) => (isSwitch ? run(assign(name, code)) : hold(code))),
    length:
      extra === 0 && attr.process === undefined
        ? method(name, 'sizeWithin', said)
        : ownMethod(
            '_size',
            said,
            lengthOf(unprocessed(context, attr, owner, id, method(name, 'finish'))),
            ...(extra === 0 ? [] : [decimal(extra)]),
          ),
  };
}

/** Statements that write a structure, or a case of a switch, to a stream of its own, which `hold` keeps. */
function writtenApart(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  value: Code,
  hold: (code: Code) => Statement,
): Statements {
  return writeCases(context, owner, attr, id, value, (simple, code) => {
    if (simple.kind === 'bytes') return [hold(method(OUT, 'raw', code))];
    if (simple.kind === 'str' || simple.kind === 'strz')
      return [hold(method(OUT, 'raw', encoded(context, attr, owner, id, code)))];
    if (simple.kind !== 'user') return [];
    const spec = context.inference.program.findType(simple.name, owner);
    const fills = spec !== undefined && fillsStream(context.inference.program, spec) ? [UNDEFINED, TRUE] : [];
    return [
      ...adoptLines(context, owner, attr, simple, code),
      hold(method(OUT, 'inner', asWritable(context, owner, simple, id, code), ...fills)),
    ];
  });
}

/** Statements that write a field whose bytes were made before, or `otherwise` where they were not. */
export function writePrepared(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  otherwise: Statements,
): Statements {
  if (attr.repeat !== undefined || attr.size === undefined) return otherwise;
  const derivation = derivedBy(context.inference.program, attr.size.expr);
  const { kind } = attr.type;
  if (derivation === undefined || (kind === 'bytes' && attr.process === undefined)) return otherwise;
  const name = bytesName(context, owner, id);
  const written = [preparedLine(context, owner, attr, id, name, attr.size.expr)];
  return mayBeAbsent(derivation) ? [when(isDefined(name), written, otherwise)] : written;
}

function preparedLine(
  context: EmitContext,
  owner: ClassSpec,
  attr: AttrSpec,
  id: string,
  name: Name,
  sizeExpr: Expr,
): Statement {
  const { kind } = attr.type;
  const size = emitNumber(context, sizeExpr, { owner });
  if (kind === 'bytes' || kind === 'str' || kind === 'strz')
    return run(method(OUT, 'writeBytes', delimited(attr, owner, id, kind, name, size)));
  const known = keepsLength(attr) && !isTrimmed(attr, owner, 'struct') ? size : undefined;
  return putInner(context, owner, attr, id, name, size, known);
}
