/** Instances: getters that compute, or that read somewhere else in the stream. */
import type { GetterDeclaration } from './declarations.js';
import type { Expr } from '../expr/ast.js';
import type { ClassSpec, InstanceSpec, ParseInstanceSpec, ValueInstanceSpec } from '../spec/model.js';
import { checksOf, reportLines } from './constraints.js';
import { block } from './code.js';
import { maybeText, whereNarrowed, type EmitContext } from './context.js';
import { docs } from './docs.js';
import { emitCondition, emitMaybeAs, emitNumber, emitSure, narrowedBy, type Place } from './expression.js';
import { cacheOf } from './fixed.js';
import { ORDER_LINE, isChecked, readField, usesOrder } from './reader.js';
import { P, negation, wrap } from './operators.js';
import { notedSeek } from './instance-places.js';
import { isBits } from '../types/sizes.js';
import { ANY, type MaybeType } from '../types/value-type.js';

export function instanceValue({ inference }: EmitContext, owner: ClassSpec, spec: InstanceSpec): MaybeType {
  return inference.memberType(owner, spec.id) ?? { type: ANY, optional: false };
}

/** Whether the value is kept once it is known. */
export function isCached(context: EmitContext, owner: ClassSpec, spec: InstanceSpec): boolean {
  return spec.kind === 'parse' || !isCheap(context, owner, spec.value.expr);
}

export function instanceGetter(context: EmitContext, owner: ClassSpec, spec: InstanceSpec): GetterDeclaration {
  const property = context.names.member(owner, spec.id);
  const cache = `this.${cacheOf(property)}`;
  const statements =
    spec.kind === 'value' ? valueLines(context, owner, spec, cache) : parseLines(context, owner, spec, cache);
  const doc = spec.kind === 'value' ? spec.doc : spec.attr.doc;
  return { name: property, returnType: maybeText(context, instanceValue(context, owner, spec)), docs: docs(doc), statements };
}

function valueLines(context: EmitContext, owner: ClassSpec, spec: ValueInstanceSpec, cache: string): string[] {
  const place: Place = { owner };
  const { type } = instanceValue(context, owner, spec);
  const narrowed = spec.if === undefined ? [] : narrowedBy(context, spec.if.expr, place);
  const value = whereNarrowed(context, narrowed, () => emitMaybeAs(context, spec.value.expr, type, place));
  const conditional =
    spec.if === undefined ? value : `${wrap(emitCondition(context, spec.if.expr, place), P.postfix)} ? ${value} : undefined`;
  if (!isCached(context, owner, spec) && spec.valid === undefined) return [`return ${conditional};`];
  const checks = checksOf(context, spec, type, owner, 'value');
  if (checks.length === 0) return [`return (${cache} ??= ${conditional});`];
  const where = { offset: 'this._start', length: '0', actual: 'value' };
  return [
    ...block(`if (${cache} === undefined)`, [
      `const value = ${conditional};`,
      ...checks.flatMap((check) => reportLines(context, check, spec.id, spec.doc, owner, where)),
      `${cache} = value;`,
    ]),
    `return ${cache};`,
  ];
}

function parseLines(context: EmitContext, owner: ClassSpec, spec: ParseInstanceSpec, cache: string): string[] {
  const { attr } = spec;
  const place: Place = { owner };
  const { if: condition, ...always } = attr;
  const narrowed = condition === undefined ? [] : narrowedBy(context, condition.expr, place);
  const { io, position, body } = whereNarrowed(context, narrowed, () => ({
    io: spec.io === undefined ? 'this._io' : emitSure(context, spec.io.expr, place),
    position: spec.pos === undefined ? '' : emitNumber(context, spec.pos.expr, place),
    body: readField(context, { ...always, if: undefined }, spec.id, owner, cache),
  }));
  const aligned = spec.pos === undefined && !isBits(attr) ? ['io.alignToByte();'] : [];
  const seek =
    spec.pos === undefined
      ? aligned
      : notedSeek(context, owner, spec, `io.seek(${position});`);
  const result = instanceValue(context, owner, spec).optional
    ? cache
    : `${context.imports.support('need')}(${cache})`;
  return [
    `if (${cache} !== undefined) return ${cache};`,
    ...(condition === undefined ? [] : [`if (${negation(emitCondition(context, condition.expr, place))}) return undefined;`]),
    `const io = ${io};`,
    ...(isChecked(context, attr, owner) ? ['let at: number;'] : []),
    ...(usesOrder(attr, owner) ? [ORDER_LINE] : []),
    ...(spec.pos === undefined ? [] : ['const back = io.pos;']),
    ...block('try', [...seek, ...body]).slice(0, -1),
    // What was read half-way must not be found by the next access.
    ...block('} catch (error)', [`${cache} = undefined;`, 'throw error;']).slice(
      0,
      spec.pos === undefined ? undefined : -1,
    ),
    ...(spec.pos === undefined ? [] : block('} finally', ['io.seek(back);'])),
    `return ${result};`,
  ];
}

/** Few operators over fields: computing again costs less than keeping the value, and it follows changes of the fields. */
function isCheap(context: EmitContext, owner: ClassSpec, expr: Expr): boolean {
  if (!isAcyclic(owner, expr, new Set())) return false;
  const isKept = (name: string): boolean =>
    owner.instances.some((instance) => instance.id === name && isCached(context, owner, instance));
  const cost = (node: Expr): number => {
    switch (node.kind) {
      case 'int':
      case 'bool':
      case 'float':
      case 'string':
      case 'enum':
        return 0;
      case 'name':
        return node.name.startsWith('_') || isKept(node.name) ? Infinity : 1;
      case 'unary':
        return 1 + cost(node.operand);
      case 'binary':
        return 1 + cost(node.left) + cost(node.right);
      case 'cast':
        return cost(node.object);
      default:
        return Infinity;
    }
  };
  return cost(expr) <= 8;
}

/** Instances may refer to each other in a circle, which only caching (or an `if`) ends. */
function isAcyclic(owner: ClassSpec, expr: Expr, open: ReadonlySet<string>): boolean {
  switch (expr.kind) {
    case 'name': {
      if (open.has(expr.name)) return false;
      const instance = owner.instances.find(({ id }) => id === expr.name);
      return instance?.kind !== 'value' || isAcyclic(owner, instance.value.expr, new Set([...open, expr.name]));
    }
    case 'unary':
      return isAcyclic(owner, expr.operand, open);
    case 'binary':
      return isAcyclic(owner, expr.left, open) && isAcyclic(owner, expr.right, open);
    case 'cast':
      return isAcyclic(owner, expr.object, open);
    default:
      return true;
  }
}
