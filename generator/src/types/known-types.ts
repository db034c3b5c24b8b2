/** What typing an expression needs of everything else. */
import type { Expr } from '../expr/ast.js';
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import type { IntRange } from './int-range.js';
import type { ParentTypes } from './parents.js';
import type { Program } from './program.js';
import type { MaybeType, ValueType } from './value-type.js';

/** Where an expression stands: its type, and what `_` is there. */
export interface Scope {
  readonly owner: ClassSpec;
  readonly underscore?: ValueType;
}

/** An expression that makes no sense; `offset` is within its text. */
export class ExpressionError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.name = 'ExpressionError';
    this.offset = offset;
  }
}

/** What has to be known of everything else to type one expression. */
export interface KnownTypes {
  readonly program: Program;
  readonly parents: ParentTypes;
  /** As `ExpressionTypes.compute`, of a part; remembers what it found. */
  typeOf(expr: Expr, scope: Scope): MaybeType;
  /** As `typeOf`, for an operand: whether it may be missing is not asked. */
  valueType(expr: Expr, scope: Scope): ValueType;
  /** The type of the member `id` of `owner`; `undefined` if it has none of that name. */
  memberType(owner: ClassSpec, id: string): MaybeType | undefined;
  enumRange(spec: EnumSpec): IntRange;
}
