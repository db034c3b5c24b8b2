/** Which structures keep `_root`: others find it through their parents. */
import { mentions } from '../../expr/names.js';
import type { ClassSpec } from '../../spec/model.js';
import { expressionsOf } from '../../types/expressions.js';
import { attrsOf, isForeign, usedTypes, type Program } from '../../types/program.js';
import { recursiveTypes } from '../../types/recursion.js';

/** Whether an expression of a type asks for `_root`, or one of a type within it, or it is far away: those are handed it. */
export function keepsRoot(program: Program, spec: ClassSpec): boolean {
  const kept = known.get(program) ?? keepers(program);
  known.set(program, kept);
  return kept.has(spec);
}

const known = new WeakMap<Program, ReadonlySet<ClassSpec>>();

function keepers(program: Program): ReadonlySet<ClassSpec> {
  const users = new Map<ClassSpec, ClassSpec[]>();
  for (const user of program.classes)
    for (const used of attrsOf(user).flatMap((attr) => usedTypes(program, attr, user)))
      if (!isForeign(used, user)) users.set(used, [...(users.get(used) ?? []), user]);
  const asking = program.classes.filter((spec) => expressionsOf(spec).some(({ expr }) => mentions(expr, '_root')));
  const found = new Set([...asking, ...program.classes.filter((spec) => isLinked(program, spec))]);
  // What is added on the way is visited too.
  for (const spec of found) for (const user of users.get(spec) ?? []) found.add(user);
  return found;
}

/** Whether instances lead from a structure to others of its kind: of those, chains may be of any length. */
function isLinked(program: Program, spec: ClassSpec): boolean {
  const recursive = recursiveTypes(program);
  if (!recursive.has(spec)) return false;
  return spec.instances.some(
    (instance) =>
      instance.kind === 'parse' && usedTypes(program, instance.attr, spec).some((used) => recursive.has(used)),
  );
}
