/** `create`: a structure out of the values that the schema does not determine. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec, ParamSpec } from '../../spec/model.js';
import type { ValueType } from '../../types/value-type.js';
import { block, bytesLiteral } from '../code/text.js';
import { construction } from '../read/construction.js';
import { maybeText, typeText, type EmitContext } from '../context/context.js';
import type { InterfaceDeclaration, MethodDeclaration, PropertyDeclaration } from '../code/declarations.js';
import { derivationOf, isDerivedFrom } from '../layout/derived.js';
import { docs } from '../code/docs.js';
import { emitAs, emitNumber } from '../expression/expression.js';
import { attrId } from '../context/names.js';
import { encoded, isTrimmed } from './bytes.js';
import { holdsBig } from './numbers.js';
import { parseInstances } from '../layout/reasons.js';
import { readInstancesIn, valueInstancesIn } from '../layout/uses.js';

const initName = (context: EmitContext, spec: ClassSpec): string => `${context.names.class(spec)}Init`;

export function initInterface(context: EmitContext, spec: ClassSpec): InterfaceDeclaration {
  const { names } = context;
  const property = (
    name: string,
    type: ValueType,
    hasQuestionToken: boolean,
    doc: readonly string[],
  ): PropertyDeclaration => ({
    name,
    isReadonly: true,
    hasQuestionToken,
    type: maybeText(context, { type, optional: hasQuestionToken }),
    docs: doc,
  });
  const params = spec.params.map((param) => {
    const { type, optional } = context.inference.paramType(param, spec);
    return property(names.member(spec, param.id), type, optional || isHandedDown(param), docs(param.doc));
  });
  const fields = spec.seq.flatMap((attr, index): PropertyDeclaration[] => {
    if (isDetermined(spec, attr)) return [];
    const { type, optional } = context.inference.program.attrType(attr, spec);
    const mayBeLeftOut =
      optional || derivationOf(spec, attr) !== undefined || defaultOf(context, spec, attr) !== undefined;
    return [property(names.member(spec, attrId(attr, index)), type, mayBeLeftOut, docs(attr.doc))];
  });
  const instances = parseInstances(context.inference.program, spec).map((instance) =>
    property(
      names.member(spec, instance.id),
      context.inference.program.attrType(instance.attr, spec).type,
      true,
      docs(instance.attr.doc),
    ),
  );
  return {
    name: initName(context, spec),
    isExported: true,
    docs: [`What \`${names.class(spec)}.create\` takes: whatever the schema does not determine.`],
    properties: [...params, ...fields, ...instances],
  };
}

export function createMethod(context: EmitContext, spec: ClassSpec): MethodDeclaration {
  const { names } = context;
  const init = initInterface(context, spec).properties ?? [];
  const allOptional = init.every((property) => property.hasQuestionToken);
  const unused = init.length === 0;
  return {
    name: 'create',
    isStatic: true,
    docs: ['A new structure: contents, reserved bytes, counts and checksums are filled in.'],
    parameters: [
      {
        name: unused ? '_init' : 'init',
        type: initName(context, spec),
        ...(allOptional ? { initializer: '{}' } : {}),
      },
    ],
    returnType: names.class(spec),
    statements: [
      `const value = ${construction(context, spec, 'undefined', (name) => given(context, spec, name))};`,
      ...assignments(context, spec),
      ...parseInstances(context.inference.program, spec).flatMap(({ id }) => {
        const property = names.member(spec, id);
        return block(`if (init.${property} !== undefined)`, [`value.${property} = init.${property};`]);
      }),
      'return value;',
    ],
  };
}

/** A parameter of the constructor; one that the parent hands down when it writes may be left out. */
function given(context: EmitContext, spec: ClassSpec, name: string): string {
  const param = spec.params.find(({ id }) => context.names.member(spec, id) === name);
  if (param === undefined || context.inference.paramType(param, spec).optional || !isHandedDown(param))
    return `init.${name}`;
  return `${context.imports.support('as')}<${typeText(context, context.inference.program.paramType(param, spec))}>(init.${name})`;
}

/** Streams and structures around it are not there yet when a structure is made. */
function isHandedDown({ type }: ParamSpec): boolean {
  return type.kind === 'io' || type.kind === 'struct' || type.kind === 'any';
}

/** What is given first, then what is derived from it, then what may be computed from both. */
function assignments(context: EmitContext, spec: ClassSpec): string[] {
  const lines: [string[], string[], string[]] = [[], [], []];
  for (const [index, attr] of spec.seq.entries()) {
    const property = context.names.member(spec, attrId(attr, index));
    const init = `init.${property}`;
    const preset = defaultOf(context, spec, attr);
    if (attr.contents !== undefined && isDetermined(spec, attr))
      lines[0].push(`value.${property} = ${bytesLiteral(attr.contents.bytes)};`);
    else if (derivationOf(spec, attr) !== undefined)
      lines[1].push(`value.${property} = ${derivedValue(context, spec, attr, init)};`);
    else if (preset === undefined) lines[0].push(`value.${property} = ${init};`);
    else lines[2].push(`value.${property} = ${init} ?? ${preset};`);
  }
  return lines.flat();
}

/** A count or size as far as it is known before writing: that of a structure is not. */
function derivedValue(context: EmitContext, spec: ClassSpec, attr: AttrSpec, init: string): string {
  const derivation = derivationOf(spec, attr);
  const big = holdsBig(context, attr, spec);
  if (derivation?.of.id === undefined || isSpacious(spec, attr)) return `${init} ?? ${big ? '0n' : '0'}`;
  const source = `value.${context.names.member(spec, derivation.of.id)}`;
  const isText = derivation.kind === 'size' && derivation.of.type.kind !== 'bytes';
  const length = `${isText ? encoded(context, derivation.of, spec, derivation.of.id, source, 'value') : source}.length`;
  return big ? `BigInt(${length})` : length;
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
export function defaultOf(context: EmitContext, spec: ClassSpec, attr: AttrSpec): string | undefined {
  if (attr.if !== undefined || attr.repeat !== undefined) return undefined;
  if (attr.checksum !== undefined) return '0';
  const place = { owner: spec, self: 'value' };
  if (attr.valid?.kind === 'eq') {
    if (!isKnownAtOnce(spec, attr.valid.expected.expr)) return undefined;
    return emitAs(context, attr.valid.expected.expr, context.inference.program.itemType(attr, spec).type, place);
  }
  if (attr.type.kind !== 'bytes' || attr.process !== undefined) return undefined;
  if (attr.padRight !== undefined || attr.sizeEos) return 'new Uint8Array(0)';
  if (attr.size === undefined || isDerivedFrom(spec, attr.size.expr, attr) || attr.terminator !== undefined)
    return undefined;
  return attr.size.expr.kind === 'name' || !isKnownAtOnce(spec, attr.size.expr)
    ? undefined
    : `new Uint8Array(${emitNumber(context, attr.size.expr, place)})`;
}

/** Whether an expression needs nothing but the type's own fields: what is around a structure is not there yet. */
function isKnownAtOnce(spec: ClassSpec, expr: Expr): boolean {
  const isAround = (node: Expr): boolean =>
    node.kind === 'name' && ['_parent', '_root', '_io', '_index'].includes(node.name);
  if (nodesOf(expr).some(isAround) || readInstancesIn(spec, expr).length > 0) return false;
  return valueInstancesIn(spec, expr).every(({ value }) => !nodesOf(value.expr).some(isAround));
}
