/** What leads back to itself: how often, only the file says. */
import { nodesOf } from '../expr/names.js';
import type { ClassSpec } from '../spec/model.js';
import { expressionsOf } from './expressions.js';
import { attrsOf, usedTypes, type Program } from './program.js';

/** Types that may hold structures of their own kind, directly or not. */
export const recursiveTypes: (program: Program) => ReadonlySet<ClassSpec> = oncePer((program) =>
  circular(program.classes, (spec) => attrsOf(spec).flatMap((attr) => usedTypes(program, attr, spec))),
);

/** Ids of value instances that may need one of the same id, of another structure. */
export const recursiveValues: (program: Program) => ReadonlySet<string> = oncePer((program) => {
  const named = new Map<string, string[]>();
  for (const spec of program.classes) {
    for (const instance of spec.instances) {
      if (instance.kind !== 'value') continue;
      const names = expressionsOf({ ...spec, seq: [], instances: [instance] }).flatMap(({ expr }) =>
        nodesOf(expr).flatMap((node) => (node.kind === 'name' || node.kind === 'attribute' ? [node.name] : [])),
      );
      named.set(instance.id, [...(named.get(instance.id) ?? []), ...names]);
    }
  }
  return circular([...named.keys()], (id) => (named.get(id) ?? []).filter((name) => named.has(name)));
});

function oncePer<T>(find: (program: Program) => T): (program: Program) => T {
  const found = new WeakMap<Program, { readonly value: T }>();
  return (program) => {
    const known = found.get(program) ?? { value: find(program) };
    found.set(program, known);
    return known.value;
  };
}

interface Visit<T> {
  readonly node: T;
  readonly number: number;
  /** The least number that the node leads back to. */
  low: number;
  readonly rest: T[];
}

/** The nodes that lead to themselves: Tarjan's components, without recursion, since chains may be of any length. */
function circular<T>(nodes: readonly T[], leadsTo: (node: T) => readonly T[]): ReadonlySet<T> {
  const result = new Set<T>();
  const visits = new Map<T, Visit<T>>();
  const component: Visit<T>[] = [];
  const isOpen = new Set<T>();
  const begin = (node: T): Visit<T> => {
    const visit = { node, number: visits.size, low: visits.size, rest: [...leadsTo(node)] };
    if (visit.rest.includes(node)) result.add(node);
    visits.set(node, visit);
    component.push(visit);
    isOpen.add(node);
    return visit;
  };
  for (const start of nodes) {
    if (visits.has(start)) continue;
    const path = [begin(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = visit.rest.pop();
      if (next !== undefined) {
        const known = visits.get(next);
        if (known === undefined) path.push(begin(next));
        else if (isOpen.has(next)) visit.low = Math.min(visit.low, known.number);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) above.low = Math.min(above.low, visit.low);
      if (visit.low !== visit.number) continue;
      const members = component.splice(component.lastIndexOf(visit));
      for (const { node } of members) {
        isOpen.delete(node);
        if (members.length > 1) result.add(node);
      }
    }
  }
  return result;
}
