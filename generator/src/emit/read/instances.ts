/** Instances: getters that compute, or that read somewhere else in the stream. */
import type { GetterDeclaration } from '../code/declarations.js';
import type { Expr } from '../../expr/ast.js';
import { findInstance } from '../../types/program.js';
import type { ClassSpec, InstanceSpec, ParseInstanceSpec, ValueInstanceSpec } from '../../spec/model.js';
import { checksOf, reportLines } from './constraints.js';
import { block } from '../code/text.js';
import { maybeText, whereNarrowed, type EmitContext } from '../context/context.js';
import { docs } from '../code/docs.js';
import { emitCondition, emitMaybeAs, emitNumber, emitSure, narrowedBy, type Place } from '../expression/expression.js';
import { cacheOf } from './fixed.js';
import { ORDER_LINE, isChecked, readField, usesOrder } from './sequence.js';
import { P, negation, wrap } from '../code/operators.js';
import { notedSeek } from './instance-places.js';
import { isBits } from '../../types/sizes.js';
import { ANY, type MaybeType } from '../../types/value-type.js';

export function instanceValue({ inference }: EmitContext, owner: ClassSpec, spec: InstanceSpec): MaybeType {
  return inference.memberType(owner, spec.id) ?? { type: ANY, optional: false };
}

/** Whether the value is kept once it is known. */
export function isCached(owner: ClassSpec, spec: InstanceSpec): boolean {
  if (spec.kind === 'parse') return true;
  const cheap = cheapOnes.get(owner) ?? cheapInstances(owner);
  cheapOnes.set(owner, cheap);
  return !cheap.has(spec);
}

export function instanceGetter(context: EmitContext, owner: ClassSpec, spec: InstanceSpec): GetterDeclaration {
  const property = context.names.member(owner, spec.id);
  const cache = `this.${cacheOf(property)}`;
  const statements =
    spec.kind === 'value' ? valueLines(context, owner, spec, cache) : parseLines(context, owner, spec, cache);
  const doc = spec.kind === 'value' ? spec.doc : spec.attr.doc;
  return {
    name: property,
    returnType: maybeText(context, instanceValue(context, owner, spec)),
    docs: docs(doc),
    statements,
  };
}

function valueLines(context: EmitContext, owner: ClassSpec, spec: ValueInstanceSpec, cache: string): string[] {
  const place: Place = { owner };
  const { type } = instanceValue(context, owner, spec);
  const narrowed = spec.if === undefined ? [] : narrowedBy(context, spec.if.expr, place);
  const value = whereNarrowed(context, narrowed, () => emitMaybeAs(context, spec.value.expr, type, place));
  const conditional =
    spec.if === undefined
      ? value
      : `${wrap(emitCondition(context, spec.if.expr, place), P.postfix)} ? ${value} : undefined`;
  if (!isCached(owner, spec) && spec.valid === undefined) return [`return ${conditional};`];
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
  const seek = spec.pos === undefined ? aligned : notedSeek(context, owner, spec, `io.seek(${position});`);
  const result = instanceValue(context, owner, spec).optional ? cache : `${context.imports.support('need')}(${cache})`;
  return [
    `if (${cache} !== undefined) return ${cache};`,
    ...(condition === undefined
      ? []
      : [`if (${negation(emitCondition(context, condition.expr, place))}) return undefined;`]),
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

const cheapOnes = new WeakMap<ClassSpec, Costs>();

/** What it costs to compute each instance that is cheap, those behind it included. */
type Costs = ReadonlyMap<InstanceSpec, number>;

/**
 * Instances of few operators over fields: computing one again costs less than keeping the value, and it follows changes
 * of the fields. Those that refer to each other in a circle are not among them, since only caching (or an `if`) ends it.
 */
function cheapInstances(owner: ClassSpec): Costs {
  const values = owner.instances.filter((instance) => instance.kind === 'value');
  const isOpen = new Map<ValueInstanceSpec, number>();
  const users = new Map<ValueInstanceSpec, ValueInstanceSpec[]>();
  for (const spec of values) {
    const needed = valuesNamedIn(owner, spec.value.expr);
    isOpen.set(spec, needed.size);
    for (const other of needed) {
      const list = users.get(other) ?? [];
      list.push(spec);
      users.set(other, list);
    }
  }
  const cheap = new Map<InstanceSpec, number>();
  const ready = values.filter((spec) => isOpen.get(spec) === 0);
  for (const spec of ready) {
    const cost = costOf(owner, spec.value.expr, cheap);
    if (cost <= MAX_COST) cheap.set(spec, cost);
    for (const user of users.get(spec) ?? []) {
      const left = (isOpen.get(user) ?? 0) - 1;
      isOpen.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return cheap;
}

const MAX_COST = 8;

/** The computed instances that operators of the expression use directly. */
function valuesNamedIn(owner: ClassSpec, expr: Expr): Set<ValueInstanceSpec> {
  switch (expr.kind) {
    case 'name': {
      const instance = findInstance(owner, expr.name);
      return new Set(instance?.kind === 'value' ? [instance] : []);
    }
    case 'unary':
      return valuesNamedIn(owner, expr.operand);
    case 'binary':
      return new Set([...valuesNamedIn(owner, expr.left), ...valuesNamedIn(owner, expr.right)]);
    case 'cast':
      return valuesNamedIn(owner, expr.object);
    default:
      return new Set();
  }
}

/** How many operators and names there are; endless where something else is. */
function costOf(owner: ClassSpec, expr: Expr, cheap: Costs): number {
  switch (expr.kind) {
    case 'int':
    case 'bool':
    case 'float':
    case 'string':
    case 'enum':
      return 0;
    case 'name': {
      const instance = findInstance(owner, expr.name);
      if (expr.name.startsWith('_')) return Infinity;
      return instance === undefined ? 1 : (cheap.get(instance) ?? Infinity) + 1;
    }
    case 'unary':
      return 1 + costOf(owner, expr.operand, cheap);
    case 'binary':
      return 1 + costOf(owner, expr.left, cheap) + costOf(owner, expr.right, cheap);
    case 'cast':
      return costOf(owner, expr.object, cheap);
    default:
      return Infinity;
  }
}
