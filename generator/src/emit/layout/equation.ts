/** Counts, sizes and positions of a schema, and the fields that follow from them. */
import type { Expr } from '../../expr/ast.js';
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import type { Step } from './solve.js';
import type { Spelling } from './spelling.js';

/** From a structure to what a field of it holds: all, or the first element of a list. */
export interface Hop {
  readonly owner: ClassSpec;
  readonly id: string;
  readonly isList: boolean;
}

/** What an integer field says of a field or instance of the type `owner`, be it a field of that itself or of its header. */
export interface Derivation extends Equation {
  readonly field: AttrSpec;
  /** The type that the field is of, and the field of `owner` that is of this type; undefined where that is `owner` itself. */
  readonly holder: ClassSpec;
  readonly within: string | undefined;
  /** From the value of the expression to that of the field; none where the field is the expression. */
  readonly steps: readonly Step[];
  /** Where the field is a structure that spells a number: how, and the instance that is the number. */
  readonly spelling?: Spelling & { readonly number: string };
  /** Where the field is around the type that has what is counted: the way from `owner`, which is around it, to what is counted. */
  readonly hops?: readonly Hop[];
  /** The structure around `owner` that has the offset, as an expression of `owner`. */
  readonly around?: Expr;
}

export interface Equation {
  /**
   * How many elements there are, how many bytes it, each of its elements, or one after the other (a list of sizes) takes, or
   * where it stands.
   */
  readonly kind: 'count' | 'size' | 'item' | 'sizes' | 'place';
  readonly owner: ClassSpec;
  readonly of: AttrSpec;
  /** The id of that field or instance. */
  readonly id: string;
  readonly isInstance: boolean;
  /** The expression that the field stands in. */
  readonly expr: Expr;
  /** What the expression is made of, as `atomsOf` has it. */
  readonly atoms: readonly string[];
  /** The fields of `owner` by atom, of which those before the `index`-th of `seq` count. */
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly index: number;
}

export interface Candidate extends Pick<Derivation, 'field' | 'holder' | 'within' | 'spelling'> {
  readonly index: number;
}
