/** What the expressions of a type refer to, as far as writing must know. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec, ExprSpec, InstanceSpec, ValueInstanceSpec } from '../../spec/model.js';
import { attrExpressions, processArguments } from '../../types/expressions.js';
import { attrTypes, attrsOf, findInstance, isDelimited, type Program } from '../../types/program.js';

/** The nodes of an expression, and of those of the type's own computed instances that it depends on. */
function* nodesBehind(owner: ClassSpec, expr: Expr): Generator<Expr> {
  const seen = new Set<ValueInstanceSpec>();
  const open = [expr];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const node of nodesOf(next)) {
      yield node;
      const instance = node.kind === 'name' ? findInstance(owner, node.name) : undefined;
      if (instance?.kind !== 'value' || seen.has(instance)) continue;
      seen.add(instance);
      open.push(instance.value.expr);
    }
  }
}

function instancesBehind(owner: ClassSpec, expr: Expr): InstanceSpec[] {
  const found = new Set<InstanceSpec>();
  for (const node of nodesBehind(owner, expr)) {
    const instance = node.kind === 'name' ? findInstance(owner, node.name) : undefined;
    if (instance !== undefined) found.add(instance);
  }
  return [...found];
}

/** Names in the expression, and in those of the type's own computed instances that it depends on. */
export function namesUsed(owner: ClassSpec, expr: Expr): string[] {
  return [...nodesBehind(owner, expr)].flatMap((node) => (node.kind === 'name' ? [node.name] : []));
}

/** The type's own instances that are read, on which the expression's value depends. */
export function readInstancesIn(owner: ClassSpec, expr: Expr): string[] {
  return instancesBehind(owner, expr).flatMap((instance) => (instance.kind === 'parse' ? [instance.id] : []));
}

/** The type's own computed instances that the expression's value depends on. */
export function valueInstancesIn(owner: ClassSpec, expr: Expr): ValueInstanceSpec[] {
  return instancesBehind(owner, expr).filter((instance) => instance.kind === 'value');
}

/** Whether the expression depends on where its stream stands. */
export function usesPosition(owner: ClassSpec, expr: Expr): boolean {
  for (const node of nodesBehind(owner, expr))
    if (node.kind === 'attribute' && (node.name === 'pos' || node.name === 'eof')) return true;
  return false;
}

/** Whether a field's process or arguments depend on where the stream stands behind its bytes, which are read before. */
export function dependsOnEnd(owner: ClassSpec, attr: AttrSpec): boolean {
  const args = isDelimited(attr) ? attrTypes(attr).flatMap((type) => (type.kind === 'user' ? type.args : [])) : [];
  return [...processArguments(attr.process), ...args].some(({ expr }) => usesPosition(owner, expr));
}

const arrayUsers = new WeakMap<Program, ReadonlySet<string>>();

/** Whether an array may be read while it is being filled, so that its length then matters. */
export function isSeenWhileFilled(program: Program, attr: AttrSpec): boolean {
  if (attr.repeat === undefined || attr.id === undefined) return false;
  const users = arrayUsers.get(program) ?? new Set(program.classes.flatMap(sizesTakenIn));
  arrayUsers.set(program, users);
  return users.has(attr.id);
}

/** Ids of what `.size`, `.length`, `.last`, `.min` and `.max` are taken of. */
function sizesTakenIn(spec: ClassSpec): string[] {
  return expressionsOf(spec)
    .flatMap(({ expr }) => nodesOf(expr))
    .flatMap((node) => {
      if (node.kind !== 'attribute' || !['size', 'length', 'last', 'min', 'max'].includes(node.name)) return [];
      const { object } = node;
      return object.kind === 'name' || object.kind === 'attribute' ? [object.name] : [];
    });
}

const namesByProgram = new WeakMap<Program, ReadonlySet<string>>();

/** Names of all members that fields of any type may ask for while they are read. */
export function namesAskedFor(program: Program): ReadonlySet<string> {
  const known = namesByProgram.get(program);
  if (known !== undefined) return known;
  const values = new Map<string, Expr[]>();
  for (const { id, value } of program.classes.flatMap(({ instances }) => instances.filter(isComputedValue)))
    values.set(id, [...(values.get(id) ?? []), value.expr]);
  const asked = new Set<string>();
  const open = program.classes.flatMap(({ seq }) => seq.flatMap(attrExpressions).map(({ expr }) => expr));
  for (let expr = open.pop(); expr !== undefined; expr = open.pop()) {
    for (const node of nodesOf(expr)) {
      if ((node.kind !== 'name' && node.kind !== 'attribute') || asked.has(node.name)) continue;
      asked.add(node.name);
      open.push(...(values.get(node.name) ?? []));
    }
  }
  namesByProgram.set(program, asked);
  return asked;
}

const isComputedValue = (instance: InstanceSpec): instance is ValueInstanceSpec => instance.kind === 'value';

/** All expressions of a type that are evaluated while it is read. */
function expressionsOf(spec: ClassSpec): ExprSpec[] {
  const fromInstances = spec.instances.flatMap((instance) =>
    instance.kind === 'value' ? [instance.value, instance.if] : [instance.pos, instance.io],
  );
  return [...attrsOf(spec).flatMap(attrExpressions), ...fromInstances.filter((expr) => expr !== undefined)];
}
