/** Fields that the rest of a structure determines: they are derived when it is written, and need not be given. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isBytesElse, isForeign, usedTypes, type Program } from '../../types/program.js';
import { bitSizeOfClass } from '../../types/sizes.js';
import { derivationsAround, usesOf } from './around.js';
import type { Candidate, Derivation, Equation } from './equation.js';
import { atomsOf, stepsTo, type Step } from './solve.js';
import { spellingOf } from './spelling.js';
import { dependsOnEnd } from './uses.js';

/** What an integer field is derived from: the first field or instance whose count, size or place it alone decides. */
export function derivationOf(program: Program, field: AttrSpec): Derivation | undefined {
  return known(program).byField.get(field);
}

/** What is derived from fields and instances of a type, that first which other fields are computed with. */
export function derivationsOf(program: Program, owner: ClassSpec): readonly Derivation[] {
  return known(program).byOwner.get(owner) ?? [];
}

/** Whether `expr`, a count or size, is nothing but a field, and that is derived from what it counts. */
export function isDerivedFrom(program: Program, expr: Expr): boolean {
  const derivation = derivedBy(program, expr);
  return derivation !== undefined && derivation.kind !== 'item' && derivation.steps.length === 0;
}

/** What the expression decides; undefined where it decides nothing. */
export function derivedBy(program: Program, expr: Expr): Derivation | undefined {
  return known(program).byExpr.get(expr);
}

interface Known {
  readonly byField: ReadonlyMap<AttrSpec, Derivation>;
  readonly byExpr: ReadonlyMap<Expr, Derivation>;
  readonly byOwner: ReadonlyMap<ClassSpec, readonly Derivation[]>;
}

const derivations = new WeakMap<Program, Known>();

function known(program: Program): Known {
  const found = derivations.get(program) ?? indexed(findDerivations(program));
  derivations.set(program, found);
  return found;
}

function indexed(byField: ReadonlyMap<AttrSpec, Derivation>): Known {
  const byOwner = new Map<ClassSpec, Derivation[]>();
  for (const derivation of byField.values()) {
    const list = byOwner.get(derivation.owner) ?? [];
    list.push(derivation);
    byOwner.set(derivation.owner, list);
  }
  // What an expression says of a field around it, or of each element, must still be checked.
  const deciding = [...byField.values()].filter(({ hops, kind }) => hops === undefined && kind !== 'sizes');
  return { byField, byOwner, byExpr: new Map(deciding.map((each) => [each.expr, each])) };
}

function findDerivations(program: Program): Map<AttrSpec, Derivation> {
  const found = new Map<AttrSpec, Derivation>();
  const open = new Set(program.classes.flatMap((spec) => equationsOf(program, spec)));
  for (const equation of open) solveList(equation, found);
  const isList = ({ of }: Equation): boolean => found.has(of);
  const usesHeader = (equation: Equation): boolean =>
    equation.atoms.some((atom) => candidateFor(equation, atom)?.within !== undefined);
  // A type that decides over its fields itself comes before those that use it.
  solve(new Set([...open].filter((equation) => !usesHeader(equation) && !isList(equation))), found);
  solve(new Set([...open].filter((equation) => usesHeader(equation) && !isList(equation))), found);
  for (const each of derivationsAround(program, open, (spec) => candidatesIn(program, spec)))
    if (!found.has(each.field)) found.set(each.field, each);
  // A list of sizes is counted where nothing else is: it is there only when what it measures is.
  solve(new Set([...open].filter(isList)), found);
  return found;
}

/** `size: sizes[_index]`: the list is derived from the elements. */
function solveList({ kind, owner, expr, index, ...equation }: Equation, found: Map<AttrSpec, Derivation>): void {
  if (kind !== 'sizes' || expr.kind !== 'subscript' || expr.object.kind !== 'name') return;
  if (expr.index.kind !== 'name' || expr.index.name !== '_index') return;
  const { name } = expr.object;
  const field = owner.seq.slice(0, index).find(({ id }) => id === name);
  if (field?.repeat === undefined || field.if !== undefined || equation.of.if !== undefined || found.has(field)) return;
  if (!canBeDerived({ ...field, repeat: undefined }) || field.valid !== undefined) return;
  found.set(field, { ...equation, kind, owner, expr, index, field, holder: owner, within: undefined, steps: [] });
}

function candidateFor({ candidates, index, kind }: Equation, atom: string): Candidate | undefined {
  const candidate = candidates.get(atom);
  if (candidate === undefined || candidate.index >= index) return undefined;
  // An offset is known last, when what says it has its length.
  return candidate.spelling === undefined || kind === 'count' || kind === 'size' ? candidate : undefined;
}

function solve(open: Set<Equation>, found: Map<AttrSpec, Derivation>): void {
  const derive = (equation: Equation, candidate: Candidate, steps: readonly Step[]): void => {
    open.delete(equation);
    found.set(candidate.field, { ...equation, ...candidate, steps });
  };
  for (const equation of open) {
    const { owner, expr, atoms } = equation;
    const [atom = '', ...others] = atoms;
    const candidate = others.length === 0 ? candidateFor(equation, atom) : undefined;
    if (candidate === undefined || found.has(candidate.field) || stepsTo(owner, expr, atom)?.length !== 0) continue;
    // A field that may be absent is there together with what it counts.
    const condition = candidate.field.if?.text;
    if (condition === undefined || condition === equation.of.if?.text) derive(equation, candidate, []);
  }
  // What one expression decides is known in another one.
  for (let isDone = false; !isDone;) {
    isDone = true;
    for (const equation of open) {
      const { owner, expr, kind, atoms } = equation;
      const unknown = [...new Set(atoms)].flatMap((atom) => {
        const candidate = candidateFor(equation, atom);
        const isOpen = candidate !== undefined && !found.has(candidate.field) && candidate.field.valid?.kind !== 'eq';
        return isOpen ? [{ atom, candidate }] : [];
      });
      const [only] = unknown;
      if (only === undefined || unknown.length > 1 || kind === 'item' || only.candidate.field.if !== undefined)
        continue;
      const steps = stepsTo(owner, expr, only.atom);
      if (steps === undefined) continue;
      derive(equation, only.candidate, steps);
      isDone = false;
    }
  }
}

/** Those of fields in their order, then those of instances. */
function equationsOf(program: Program, owner: ClassSpec): Equation[] {
  const candidates = candidatesIn(program, owner);
  const fields = owner.seq.flatMap((of, index) =>
    of.id === undefined ? [] : saidOf(program, { owner, of, id: of.id, isInstance: false, candidates, index }),
  );
  const instances = owner.instances.flatMap((instance) => {
    if (instance.kind !== 'parse') return [];
    const { attr, id, pos, io } = instance;
    const shared = { owner, of: attr, id, isInstance: true, candidates, index: Infinity };
    return [
      ...saidOf(program, shared),
      ...(pos === undefined || !mayGrow(io?.expr) ? [] : [equation(shared, 'place', pos.expr)]),
    ];
  });
  return [...fields, ...instances];
}

function candidatesIn(program: Program, owner: ClassSpec): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  for (const [index, attr] of owner.seq.entries()) {
    for (const [atom, candidate] of candidatesOf(program, owner, attr)) candidates.set(atom, { ...candidate, index });
  }
  return candidates;
}

/** Whether there is room behind a stream: not in that of a field, which was written as large as it is. */
function mayGrow(io: Expr | undefined): boolean {
  const isAround = (expr: Expr): boolean =>
    (expr.kind === 'name' || (expr.kind === 'attribute' && isAround(expr.object))) &&
    /^_(?:root|parent)$/.test(expr.name);
  return io === undefined || (io.kind === 'attribute' && io.name === '_io' && isAround(io.object));
}

type Said = Omit<Equation, 'kind' | 'expr' | 'atoms'>;

const equation = (said: Said, kind: Equation['kind'], expr: Expr): Equation => ({
  ...said,
  kind,
  expr,
  atoms: atomsOf(said.owner, expr),
});

function saidOf(program: Program, said: Said): Equation[] {
  const { owner, of } = said;
  const count = of.repeat?.kind === 'expr' ? [equation(said, 'count', of.repeat.count.expr)] : [];
  if (of.size === undefined || !hasLength(owner, of)) return count;
  if (of.repeat === undefined) return [equation(said, 'size', of.size.expr)];
  const { expr } = of.size;
  if (expr.kind === 'subscript') return isMeasured(of) ? [...count, equation(said, 'sizes', expr)] : count;
  return itemSize(program, owner, of) === undefined ? count : [...count, equation(said, 'item', expr)];
}

/** Whether the size of each element is what it takes, and no more. */
function isMeasured({ type, process, terminator, padRight }: AttrSpec): boolean {
  if (process !== undefined || terminator !== undefined || padRight !== undefined) return false;
  return type.kind === 'bytes' || type.kind === 'str' || type.kind === 'user';
}

/** Bytes of each element of a list, where all have as many or, `bytes`, where the first one tells. */
export function itemSize(program: Program, owner: ClassSpec, of: AttrSpec): number | 'bytes' | undefined {
  const { type, process, terminator, padRight } = of;
  if (process !== undefined || terminator !== undefined || padRight !== undefined) return undefined;
  if (type.kind === 'bytes') return 'bytes';
  const [used] = type.kind === 'user' ? usedTypes(program, of, owner) : [];
  const bits = used === undefined ? undefined : bitSizeOfClass(program, used);
  return bits === undefined ? undefined : Math.ceil(bits / 8);
}

/** The fields that a field brings into expressions: itself and, where no other field is of its type, those of that. */
function candidatesOf(program: Program, owner: ClassSpec, attr: AttrSpec): [string, Omit<Candidate, 'index'>][] {
  const { id } = attr;
  if (id === undefined) return [];
  const spelling = spellingOf(program, owner, attr);
  if (spelling !== undefined) {
    const numbers = spelling.spec.instances.filter(({ kind }) => kind === 'value');
    const shared = { field: attr, holder: owner, within: undefined };
    return numbers.map(({ id: number }) => [`${id}.${number}`, { ...shared, spelling: { ...spelling, number } }]);
  }
  if (canBeDerived(attr)) return [[id, { field: attr, holder: owner, within: undefined }]];
  const [holder] =
    attr.type.kind === 'user' && attr.if === undefined && attr.repeat === undefined
      ? usedTypes(program, attr, owner)
      : [];
  if (holder === undefined || isForeign(holder, owner) || usesOf(program, holder).length !== 1) return [];
  return holder.seq.flatMap((field) =>
    field.id !== undefined && field.if === undefined && canBeDerived(field)
      ? [[`${id}.${field.id}`, { field, holder, within: id }] satisfies [string, Omit<Candidate, 'index'>]]
      : [],
  );
}

function canBeDerived({ repeat, enum: named, type, contents }: AttrSpec): boolean {
  if (repeat !== undefined || named !== undefined || contents !== undefined) return false;
  return type.kind === 'int' || (type.kind === 'bits' && type.bits > 1);
}

/** Whether what a field is derived from may be absent. */
export const mayBeAbsent = ({ of, isInstance }: Derivation): boolean => isInstance || of.if !== undefined;

/** Whether a field is a list of sizes that is derived from what it measures. */
export function isListOfSizes(program: Program, field: AttrSpec): boolean {
  return derivationOf(program, field)?.kind === 'sizes';
}

/** Whether the field's bytes can be had before it is written: bytes, text, structures, switches between these. */
function hasLength(spec: ClassSpec, attr: AttrSpec): boolean {
  const { type, contents } = attr;
  const isTrimmed = attr.terminator !== undefined || attr.padRight !== undefined;
  if (contents !== undefined || dependsOnEnd(spec, attr) || (isTrimmed && isBytesElse(attr))) return false;
  const types = type.kind === 'switch' ? type.cases.map((arm) => arm.value) : [type];
  return types.every(
    ({ kind }) =>
      kind === 'bytes' || kind === 'user' || (type.kind !== 'switch' && (kind === 'str' || kind === 'strz')),
  );
}
