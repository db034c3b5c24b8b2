/** Facts about types that follow from those of the types they use. */
import type { ClassSpec } from '../spec/model.js';
import type { Program } from './program.js';

/**
 * A fact about types, found once for each, after those it depends on. Chains of types may be of any length, so nothing
 * here recurses; `find` is given what is known of other types, which is `undefined` for those that lead in a circle.
 */
export function factOfTypes<T>(
  usedBy: (program: Program, spec: ClassSpec) => readonly ClassSpec[],
  find: (program: Program, spec: ClassSpec, known: (other: ClassSpec) => T | undefined) => T | undefined,
): (program: Program, spec: ClassSpec) => T | undefined {
  const programs = new WeakMap<Program, Map<ClassSpec, T | undefined>>();
  return (program, spec) => {
    const facts = programs.get(program) ?? new Map<ClassSpec, T | undefined>();
    programs.set(program, facts);
    const open = [spec];
    const seen = new Set<ClassSpec>();
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      if (facts.has(next) || seen.has(next)) {
        open.pop();
        if (!facts.has(next))
          facts.set(
            next,
            find(program, next, (other) => facts.get(other)),
          );
        continue;
      }
      seen.add(next);
      for (const used of usedBy(program, next)) if (!facts.has(used) && !seen.has(used)) open.push(used);
    }
    return facts.get(spec);
  };
}
