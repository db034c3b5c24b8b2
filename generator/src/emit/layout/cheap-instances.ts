/** Instances of few operators over fields, which are computed again rather than kept. */
import type { Expr } from '../../expr/ast.js';
import type { ClassSpec, InstanceSpec, ValueInstanceSpec } from '../../spec/model.js';
import { findInstance } from '../../types/program.js';

/** Whether the value is kept once it is known. */
export function isCached(owner: ClassSpec, spec: InstanceSpec): boolean {
  if (spec.kind === 'parse') return true;
  const cheap = cheapOnes.get(owner) ?? cheapInstances(owner);
  cheapOnes.set(owner, cheap);
  return !cheap.has(spec);
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
    case 'attribute': {
      // How long a field is.
      const { name, object } = expr;
      const isField = object.kind === 'name' && !object.name.startsWith('_') && !findInstance(owner, object.name);
      return isField && (name === 'size' || name === 'length') ? 2 : Infinity;
    }
    default:
      return Infinity;
  }
}
