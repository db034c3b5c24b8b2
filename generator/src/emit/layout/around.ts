/** Fields around a type that say how many elements a list within it has, or where an instance of it stands. */
import type { Expr } from '../../expr/ast.js';
import { nodesOf } from '../../expr/names.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { attrsOf, isForeign, topType, usedTypes, type Program } from '../../types/program.js';
import type { Candidate, Derivation, Equation, Hop } from './equation.js';
import { atomOf, stepsTo, type Step } from './solve.js';

interface Use {
  readonly owner: ClassSpec;
  readonly attr: AttrSpec;
}

const known = new WeakMap<Program, ReadonlyMap<ClassSpec, readonly Use[]>>();

/** The fields and instances of a type's own schema that are of this type. */
export function usesOf(program: Program, used: ClassSpec): readonly Use[] {
  const uses = known.get(program) ?? findUses(program);
  known.set(program, uses);
  return uses.get(used) ?? [];
}

function findUses(program: Program): Map<ClassSpec, Use[]> {
  const found = new Map<ClassSpec, Use[]>();
  for (const owner of program.classes) {
    for (const attr of attrsOf(owner)) {
      for (const used of usedTypes(program, attr, owner)) {
        if (isForeign(used, owner)) continue;
        const uses = found.get(used) ?? [];
        uses.push({ owner, attr });
        found.set(used, uses);
      }
    }
  }
  return found;
}

/** The one field that a type is of, where it can stand nowhere else. */
function soleUse(program: Program, spec: ClassSpec): Use | undefined {
  const [use, ...others] = usesOf(program, spec);
  const isPlain = use?.attr.type.kind === 'user' && use.attr.parent === undefined && use.owner.seq.includes(use.attr);
  return isPlain && others.length === 0 ? use : undefined;
}

/** A type around another one: what it is called there, and the way from the outer one to the inner one. */
interface Outer {
  readonly name: '_parent' | '_root';
  readonly spec: ClassSpec;
  readonly hops: readonly Hop[];
}

function* outersOf(program: Program, spec: ClassSpec): Generator<Outer> {
  const hops: Hop[] = [];
  const seen = new Set<ClassSpec>();
  for (let inner = spec; !seen.has(inner);) {
    seen.add(inner);
    const use = soleUse(program, inner);
    if (use?.attr.id === undefined) return;
    hops.unshift({ owner: use.owner, id: use.attr.id, isList: use.attr.repeat !== undefined });
    if (hops.length === 1) yield { name: '_parent', spec: use.owner, hops: [...hops] };
    if (use.owner === topType(spec)) yield { name: '_root', spec: use.owner, hops: [...hops] };
    inner = use.owner;
  }
}

type CandidatesOf = (spec: ClassSpec) => ReadonlyMap<string, Candidate>;

/** What the equations say of fields around their own types, as far as no other equation has said of these. */
export function derivationsAround(
  program: Program,
  equations: Iterable<Equation>,
  candidatesOf: CandidatesOf,
): Derivation[] {
  return [...equations].flatMap((equation): Derivation[] => {
    const [atom = '', ...others] = equation.atoms;
    const [, name, rest = ''] = /^(_parent|_root)\.(.+)$/.exec(atom) ?? [];
    const { owner, kind, expr } = equation;
    const isKnown = kind === 'count' || kind === 'place' || (kind === 'size' && hasPlainLength(equation.of));
    if (name === undefined || others.length > 0 || !isKnown) return [];
    const outer = [...outersOf(program, owner)].find((each) => each.name === name);
    const candidate = outer === undefined ? undefined : candidatesOf(outer.spec).get(rest);
    const steps = stepsTo(owner, expr, atom);
    if (
      outer === undefined ||
      candidate === undefined ||
      candidate.spelling !== undefined ||
      candidate.field.if !== undefined
    )
      return [];
    if (steps === undefined || !steps.every(isConstant)) return [];
    if (kind === 'place') {
      const around = objectOf(expr, atom);
      const isOne = around !== undefined && outer.hops.every(({ isList }) => !isList);
      return isOne ? [{ ...equation, ...candidate, steps, around }] : [];
    }
    // A list whose switch has no type for its elements is empty, whatever its count.
    if (equation.isInstance || (kind === 'count' && program.itemType(equation.of, owner).optional)) return [];
    // Of several values that say the same, none can be told from here to be the one that is there.
    if (steps.some((step) => step.kind === 'divide' || step.kind === 'multiply')) return [];
    const hops = [...outer.hops, { owner, id: equation.id, isList: false }];
    return [{ ...equation, ...candidate, steps, owner: outer.spec, hops }];
  });
}

function hasPlainLength({ type, process, terminator, padRight }: AttrSpec): boolean {
  return type.kind === 'bytes' && process === undefined && terminator === undefined && padRight === undefined;
}

/** Whether a step can be taken in another type than the expression's. */
const isConstant = (step: Step): boolean => (step.kind === 'subtract-from' ? step.from : step.by).kind === 'int';

/** The structure that has the field, as the expression names it. */
function objectOf(expr: Expr, atom: string): Expr | undefined {
  const node = [...nodesOf(expr)].find((each) => atomOf(each) === atom);
  return node?.kind === 'attribute' ? node.object : undefined;
}
