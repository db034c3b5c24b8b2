/** Fields that the rest of a structure determines: they are derived when it is written, never asked for. */
import type { Expr } from '../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../spec/model.js';
import { findAttr, isBytesElse } from '../types/program.js';
import { dependsOnEnd } from './write-uses.js';

/** A count or size field, and the field whose elements or bytes it counts. */
export interface Derivation {
  readonly kind: 'count' | 'size';
  readonly of: AttrSpec;
}

/** What an integer field of `seq` is derived from: the first later field whose count or size is a plain reference to it. */
export function derivationOf(spec: ClassSpec, field: AttrSpec): Derivation | undefined {
  if (field.id === undefined || field.if !== undefined || field.repeat !== undefined || field.enum !== undefined)
    return undefined;
  if (field.type.kind !== 'int' && !(field.type.kind === 'bits' && field.type.bits > 1)) return undefined;
  for (const of of spec.seq.slice(spec.seq.indexOf(field) + 1)) {
    if (of.if !== undefined) continue;
    if (of.repeat?.kind === 'expr' && isReference(of.repeat.count.expr, field.id)) return { kind: 'count', of };
    if (of.repeat === undefined && of.size !== undefined && isReference(of.size.expr, field.id) && hasLength(spec, of))
      return { kind: 'size', of };
  }
  return undefined;
}

/** Whether `expr` is nothing but a field of the type, one that is derived from `of`. */
export function isDerivedFrom(spec: ClassSpec, expr: Expr, of: AttrSpec): boolean {
  if (expr.kind !== 'name') return false;
  const field = findAttr(spec, expr.name);
  return field !== undefined && derivationOf(spec, field)?.of === of;
}

function isReference(expr: Expr, id: string): boolean {
  return expr.kind === 'name' && expr.name === id;
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
