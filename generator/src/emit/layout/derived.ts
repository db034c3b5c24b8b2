/** Fields that the rest of a structure determines: they are derived when it is written, never asked for. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import { findAttr, isBytesElse } from '../../types/program.js';
import { dependsOnEnd } from './uses.js';

/** A count or size field, and the field whose elements or bytes it counts. */
export interface Derivation {
  readonly kind: 'count' | 'size';
  readonly of: AttrSpec;
}

/** What an integer field of `seq` is derived from: the first later field whose count or size is a plain reference to it. */
export function derivationOf(spec: ClassSpec, field: AttrSpec): Derivation | undefined {
  const found = derivations.get(spec) ?? findDerivations(spec);
  derivations.set(spec, found);
  return found.get(field);
}

const derivations = new WeakMap<ClassSpec, ReadonlyMap<AttrSpec, Derivation>>();

function findDerivations(spec: ClassSpec): Map<AttrSpec, Derivation> {
  const found = new Map<AttrSpec, Derivation>();
  const earlier = new Map<string, AttrSpec>();
  const derive = (expr: Expr, derivation: Derivation): void => {
    const field = expr.kind === 'name' ? earlier.get(expr.name) : undefined;
    if (field !== undefined && !found.has(field)) found.set(field, derivation);
  };
  for (const of of spec.seq) {
    if (of.if === undefined) {
      if (of.repeat?.kind === 'expr') derive(of.repeat.count.expr, { kind: 'count', of });
      if (of.repeat === undefined && of.size !== undefined && hasLength(spec, of))
        derive(of.size.expr, { kind: 'size', of });
    }
    if (of.id !== undefined && canBeDerived(of)) earlier.set(of.id, of);
  }
  return found;
}

function canBeDerived({ if: condition, repeat, enum: named, type }: AttrSpec): boolean {
  if (condition !== undefined || repeat !== undefined || named !== undefined) return false;
  return type.kind === 'int' || (type.kind === 'bits' && type.bits > 1);
}

/** Whether `expr` is nothing but a field of the type, one that is derived from `of`. */
export function isDerivedFrom(spec: ClassSpec, expr: Expr, of: AttrSpec): boolean {
  if (expr.kind !== 'name') return false;
  const field = findAttr(spec, expr.name);
  return field !== undefined && derivationOf(spec, field)?.of === of;
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
