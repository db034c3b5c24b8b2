/** `create`: a structure out of the values that the schema does not determine. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec, ParamSpec } from '../../spec/model.js';
import type { InterfaceDeclaration, Method } from '../code/declarations.js';
import { remark } from '../code/docs.js';
import {
  UNDEFINED,
  bytesLiteral,
  call,
  callOf,
  decimal,
  infix,
  integer,
  isDefined,
  lengthOf,
  member,
  name,
  object,
  zeros,
} from '../code/expressions.js';
import { parameterFor } from '../code/inspect.js';
import type { Code, Name, Statement, Statements, Type } from '../code/nodes.js';
import { constant, give, set, when } from '../code/statements.js';
import { NEVER, reference, textType, unionOf } from '../code/types.js';
import { hasPositions, type EmitContext } from '../context/context.js';
import { BIG_INT, INIT, VALUE } from '../context/locals.js';
import { attrId } from '../context/names.js';
import { typeOf } from '../context/types.js';
import { emitAs, emitNumber } from '../expression/expression.js';
import { derivationOf, isDerivedFrom } from '../layout/derived.js';
import { fixedLayout } from '../layout/layout.js';
import { parseInstances } from '../layout/reasons.js';
import { readInstancesIn, valueInstancesIn } from '../layout/uses.js';
import { construction } from '../read/construction.js';
import { holdsBig } from '../read/numbers.js';
import { encoded, isTrimmed } from './bytes.js';

const initName = (context: EmitContext, spec: ClassSpec): Name => name(`${context.names.class(spec)}Init`);

/** A property that `create` takes. */
interface Given {
  readonly property: string;
  readonly mayBeLeftOut: boolean;
}

function givenIn(context: EmitContext, spec: ClassSpec): Given[] {
  const { names, inference } = context;
  const taken = (id: string, mayBeLeftOut: boolean): Given => ({ property: names.member(spec, id), mayBeLeftOut });
  return [
    ...spec.params.map((param) => taken(param.id, inference.paramType(param, spec).optional || isHandedDown(param))),
    ...spec.seq.flatMap((attr, index) => {
      if (isDetermined(spec, attr)) return [];
      const isKnown = derivationOf(spec, attr) !== undefined || defaultOf(context, spec, attr) !== undefined;
      return [taken(attrId(attr, index), isKnown || inference.program.attrType(attr, spec).optional)];
    }),
    ...parseInstances(inference.program, spec).map(({ id }) => taken(id, true)),
  ];
}

/** Types and docs are those of the class. */
export function initInterface(context: EmitContext, spec: ClassSpec): InterfaceDeclaration {
  const { names, imports } = context;
  const all = givenIn(context, spec);
  const namesOf = (mayBeLeftOut: boolean): Type =>
    unionOf(all.filter((each) => each.mayBeLeftOut === mayBeLeftOut).map(({ property }) => textType(property)));
  const isComplete = all.every(({ mayBeLeftOut }) => !mayBeLeftOut);
  const required = all.every(({ mayBeLeftOut }) => mayBeLeftOut) ? NEVER : namesOf(false);
  return {
    kind: 'interface',
    at: spec.at,
    name: initName(context, spec),
    docs: remark(`What \`${names.class(spec)}.create\` takes: whatever the schema does not determine.`),
    extends: reference(
      imports.support('InitOf'),
      reference(imports.class(spec)),
      required,
      ...(isComplete ? [] : [namesOf(true)]),
    ),
  };
}

/** `init` is what the method takes. */
export function createMethod(context: EmitContext, spec: ClassSpec, init: InterfaceDeclaration): Method {
  const { names, inference, imports } = context;
  const statements = [
    constant(
      VALUE,
      construction(context, spec, UNDEFINED, (called) => given(context, spec, called)),
    ),
    ...assignments(context, spec),
    ...parseInstances(inference.program, spec).map(({ id }) => {
      const property = names.member(spec, id);
      return when(isDefined(member(INIT, property)), [set(member(VALUE, property), member(INIT, property))]);
    }),
    give(VALUE),
  ];
  return {
    name: 'create',
    isStatic: true,
    docs: remark('A new structure: contents, reserved bytes, counts and checksums are filled in.'),
    parameters: [
      {
        name: parameterFor(INIT, statements),
        type: reference(init.name),
        ...(givenIn(context, spec).every(({ mayBeLeftOut }) => mayBeLeftOut) ? { initializer: object({}) } : {}),
      },
    ],
    returnType: reference(imports.class(spec)),
    statements,
  };
}

/** A parameter of the constructor; one that the parent hands down when it writes may be left out. */
function given(context: EmitContext, spec: ClassSpec, called: string): Code {
  const { inference, imports, names } = context;
  const value = member(INIT, called);
  const param = spec.params.find(({ id }) => names.member(spec, id) === called);
  if (param === undefined || inference.paramType(param, spec).optional || !isHandedDown(param)) return value;
  return callOf(imports.support('as'), typeOf(context, inference.program.paramType(param, spec)), value);
}

/** Streams and structures around it are not there yet when a structure is made. */
function isHandedDown({ type }: ParamSpec): boolean {
  return type.kind === 'io' || type.kind === 'struct' || type.kind === 'any';
}

/** What is given first, then what is derived from it, then what may be computed from both. */
function assignments(context: EmitContext, spec: ClassSpec): Statements {
  const lines: [Statement[], Statement[], Statement[]] = [[], [], []];
  for (const [index, attr] of spec.seq.entries()) {
    const property = context.names.member(spec, attrId(attr, index));
    const value = member(VALUE, property);
    const init = member(INIT, property);
    const preset = defaultOf(context, spec, attr);
    if (attr.contents !== undefined && isDetermined(spec, attr)) {
      // Those of a fixed layout are made when they are asked for.
      if (!isLaidOut(context, spec)) lines[0].push(set(value, bytesLiteral(attr.contents.bytes)));
    } else if (derivationOf(spec, attr) !== undefined)
      lines[1].push(set(value, derivedValue(context, spec, attr, init)));
    else if (preset === undefined) lines[0].push(set(value, init));
    else lines[2].push(set(value, infix(init, '??', preset)));
  }
  return lines.flat();
}

function isLaidOut(context: EmitContext, spec: ClassSpec): boolean {
  return !hasPositions(context, spec) && fixedLayout(context.inference.program, spec) !== undefined;
}

/** A count or size as far as it is known before writing: that of a structure is not. */
function derivedValue(context: EmitContext, spec: ClassSpec, attr: AttrSpec, init: Code): Code {
  const derivation = derivationOf(spec, attr);
  const big = holdsBig(context, attr, spec);
  if (derivation?.of.id === undefined || isSpacious(spec, attr)) return infix(init, '??', integer(0, big));
  const { kind, of } = derivation;
  const source = member(VALUE, context.names.member(spec, derivation.of.id));
  const isText = kind === 'size' && of.type.kind !== 'bytes';
  const length = lengthOf(isText ? encoded(context, of, spec, derivation.of.id, source, VALUE) : source);
  return big ? call(BIG_INT, length) : length;
}

/** Whether a derived size may be greater than what it is derived from needs, or is known only when that is written. */
function isSpacious(spec: ClassSpec, attr: AttrSpec): boolean {
  const derivation = derivationOf(spec, attr);
  if (derivation === undefined || derivation.kind === 'count') return false;
  const { of } = derivation;
  if (of.type.kind !== 'bytes' && of.type.kind !== 'str') return true;
  return of.process !== undefined || isTrimmed(of, spec, of.type.kind);
}

/** Whether a field's value follows from the schema or from other fields alone. */
function isDetermined(spec: ClassSpec, attr: AttrSpec): boolean {
  const isConstant = attr.contents !== undefined && attr.if === undefined && attr.repeat === undefined;
  return isConstant || (derivationOf(spec, attr) !== undefined && !isSpacious(spec, attr));
}

/** Code for the value of a field that is not given; undefined where there is no obvious one. */
export function defaultOf(context: EmitContext, spec: ClassSpec, attr: AttrSpec): Code | undefined {
  if (attr.if !== undefined || attr.repeat !== undefined) return undefined;
  if (attr.checksum !== undefined) return decimal(0);
  const place = { owner: spec, self: VALUE };
  if (attr.valid?.kind === 'eq') {
    if (!isKnownAtOnce(spec, attr.valid.expected.expr)) return undefined;
    return emitAs(context, attr.valid.expected.expr, context.inference.program.itemType(attr, spec).type, place);
  }
  if (attr.type.kind !== 'bytes' || attr.process !== undefined) return undefined;
  if (attr.padRight !== undefined || attr.sizeEos) return zeros(decimal(0));
  if (attr.size === undefined || isDerivedFrom(spec, attr.size.expr, attr) || attr.terminator !== undefined)
    return undefined;
  return attr.size.expr.kind === 'name' || !isKnownAtOnce(spec, attr.size.expr)
    ? undefined
    : zeros(emitNumber(context, attr.size.expr, place));
}

/** Whether an expression needs nothing but the type's own fields: what is around a structure is not there yet. */
function isKnownAtOnce(spec: ClassSpec, expr: Expr): boolean {
  const isAround = (node: Expr): boolean =>
    node.kind === 'name' && ['_parent', '_root', '_io', '_index'].includes(node.name);
  if (nodesOf(expr).some(isAround) || readInstancesIn(spec, expr).length > 0) return false;
  return valueInstancesIn(spec, expr).every(({ value }) => !nodesOf(value.expr).some(isAround));
}
