/** The forms in which the value of an expression can be asked for. */
import type { Expr } from '../../expr/ast.js';
import type { ClassSpec } from '../../spec/model.js';
import type { ValueType } from '../../types/value-type.js';
import type { EmitContext } from '../context/context.js';
import type { Code, Imported } from '../code/nodes.js';

/** Where an expression is put: what its names become there. */
export interface Place {
  readonly owner: ClassSpec;
  /** The object whose members are meant; `this` where not given. */
  readonly self?: Code;
  /** `_`: its code and type. */
  readonly underscore?: { readonly code: Code; readonly type: ValueType };
  /** Replaces access to a member of the owner. */
  readonly member?: (id: string) => Code | undefined;
  /** The low 32 bits of an unsigned 64-bit member (or `_`): its low bits need no bigint. */
  readonly lowWord?: (id: string) => Code | undefined;
}

export interface Forms {
  readonly context: EmitContext;
  readonly place: Place;
  typeOf(expr: Expr): ValueType;
  /** Whether the value may be absent. */
  isOptional(expr: Expr): boolean;
  /** Whether the value is held as bigint. */
  isBig(expr: Expr): boolean;
  /** Of its own type; an absent value stays one. */
  maybe(expr: Expr): Code;
  /** Of its own type; an absent value fails where it has no meaning. */
  sure(expr: Expr): Code;
  /** Never one of which TypeScript knows that it holds, or does not, and that code is not reached. */
  condition(expr: Expr): Code;
  /** As a `number`. */
  number(expr: Expr): Code;
  /** As a `bigint`. */
  big(expr: Expr): Code;
  /** As a `number` that need not be whole. */
  float(expr: Expr): Code;
  /** In the representation of `to`. */
  as(expr: Expr, to: ValueType): Code;
  /** As `as`, for places that also take an absent value. */
  maybeAs(expr: Expr, to: ValueType): Code;
  /** Arithmetic that is done in bigint, be its result small or not; undefined for anything else. */
  computedBig(expr: Expr): Code | undefined;
  /** What a support module exports. */
  support(name: string): Imported;
}
