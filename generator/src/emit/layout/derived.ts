/** Fields that the rest of a structure determines: they are derived when it is written, and need not be given. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { isBytesElse } from '../../types/program.js';
import { namesBehind, stepsTo, type Step } from './solve.js';
import { dependsOnEnd } from './uses.js';

/** What an integer field of `seq` says of another field, or of an instance. */
export interface Derivation {
  /** How many elements there are, how many bytes it takes, or where it stands. */
  readonly kind: 'count' | 'size' | 'place';
  readonly of: AttrSpec;
  /** The id of that field or instance. */
  readonly id: string;
  readonly isInstance: boolean;
  /** The expression that the field stands in. */
  readonly expr: Expr;
  /** From the value of the expression to that of the field; none where the field is the expression. */
  readonly steps: readonly Step[];
}

/** What an integer field of `seq` is derived from: the first later field or instance whose count, size or place it alone decides. */
export function derivationOf(spec: ClassSpec, field: AttrSpec): Derivation | undefined {
  return derivationsOf(spec).get(field);
}

/** All of a type, those first that others are computed with. */
export function derivationsOf(spec: ClassSpec): ReadonlyMap<AttrSpec, Derivation> {
  const found = derivations.get(spec) ?? findDerivations(spec);
  derivations.set(spec, found);
  return found;
}

const derivations = new WeakMap<ClassSpec, ReadonlyMap<AttrSpec, Derivation>>();

/** An expression that says something of a field or instance, and the fields before that. */
interface Equation extends Omit<Derivation, 'steps'> {
  readonly before: ReadonlyMap<string, AttrSpec>;
}

function findDerivations(spec: ClassSpec): Map<AttrSpec, Derivation> {
  const found = new Map<AttrSpec, Derivation>();
  const open = equationsOf(spec);
  const derive = (equation: Equation, field: AttrSpec, steps: readonly Step[]): void => {
    open.delete(equation);
    found.set(field, { ...equation, steps });
  };
  for (const equation of open) {
    const field = equation.expr.kind === 'name' ? equation.before.get(equation.expr.name) : undefined;
    if (field !== undefined && !found.has(field)) derive(equation, field, []);
  }
  // What one expression decides is known in another one.
  for (let isDone = false; !isDone;) {
    isDone = true;
    for (const equation of open) {
      const { before, expr } = equation;
      const unknown = new Set(
        namesBehind(spec, expr).flatMap((id) => {
          const field = before.get(id);
          return field === undefined || found.has(field) || field.valid?.kind === 'eq' ? [] : [field];
        }),
      );
      const [field] = unknown;
      if (unknown.size !== 1 || field?.id === undefined) continue;
      const steps = stepsTo(spec, expr, field.id);
      if (steps === undefined) continue;
      derive(equation, field, steps);
      isDone = false;
    }
  }
  return found;
}

/** Those of fields in their order, then those of instances. */
function equationsOf(spec: ClassSpec): Set<Equation> {
  const before = new Map<string, AttrSpec>();
  const fields = spec.seq.flatMap((of) => {
    const equations = of.id === undefined ? [] : saidOf(spec, of, of.id, false, new Map(before));
    if (of.id !== undefined && canBeDerived(of)) before.set(of.id, of);
    return equations;
  });
  const instances = spec.instances.flatMap((instance) => {
    if (instance.kind !== 'parse') return [];
    const { attr, id, pos } = instance;
    const equations = saidOf(spec, attr, id, true, before);
    if (pos === undefined) return equations;
    return [...equations, { kind: 'place' as const, of: attr, id, isInstance: true, expr: pos.expr, before }];
  });
  return new Set([...fields, ...instances]);
}

function saidOf(
  spec: ClassSpec,
  of: AttrSpec,
  id: string,
  isInstance: boolean,
  before: ReadonlyMap<string, AttrSpec>,
): Equation[] {
  const shared = { of, id, isInstance, before };
  if (of.repeat?.kind === 'expr') return [{ ...shared, kind: 'count', expr: of.repeat.count.expr }];
  if (of.repeat !== undefined || of.size === undefined || !hasLength(spec, of)) return [];
  return [{ ...shared, kind: 'size', expr: of.size.expr }];
}

function canBeDerived({ if: condition, repeat, enum: named, type }: AttrSpec): boolean {
  if (condition !== undefined || repeat !== undefined || named !== undefined) return false;
  return type.kind === 'int' || (type.kind === 'bits' && type.bits > 1);
}

/** Whether `expr`, a count or size, is nothing but a field, and that is derived from what it counts. */
export function isDerivedFrom(spec: ClassSpec, expr: Expr): boolean {
  return derivedBy(spec, expr)?.steps.length === 0;
}

/** What the expression, which stands in a field or instance of the type, decides; undefined where it decides nothing. */
export function derivedBy(spec: ClassSpec, expr: Expr): Derivation | undefined {
  return [...derivationsOf(spec).values()].find((each) => each.expr === expr);
}

/** Whether what a field is derived from may be absent. */
export const mayBeAbsent = ({ of, isInstance }: Derivation): boolean => isInstance || of.if !== undefined;

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
