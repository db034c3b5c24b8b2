/** Sums of a number and of multiples of expressions: what offsets and sizes come to, in the words of the schema. */
import { expressionText, operandText } from '../expr/print.js';
import type { Expr } from '../expr/ast.js';
import type { ExprSpec } from '../spec/model.js';
import { ExpressionError, type Scope } from '../types/known-types.js';
import type { Inference } from '../types/infer.js';

interface Term {
  readonly times: bigint;
  /** The expression, and the same as a factor. */
  readonly text: string;
  readonly operand: string;
}

export interface Sum {
  readonly constant: bigint;
  /** By their texts; none is taken zero times. */
  readonly terms: ReadonlyMap<string, Term>;
}

export const constantSum = (constant: bigint): Sum => ({ constant, terms: new Map() });
export const ZERO: Sum = constantSum(0n);

export const isConstant = ({ terms }: Sum): boolean => terms.size === 0;

export function plus(a: Sum, b: Sum): Sum {
  const terms = new Map(a.terms);
  for (const [key, term] of b.terms) {
    const total = term.times + (terms.get(key)?.times ?? 0n);
    if (total === 0n) terms.delete(key);
    else terms.set(key, { ...term, times: total });
  }
  return { constant: a.constant + b.constant, terms };
}

/** The product; undefined where both vary, as that is no sum. */
export function times(a: Sum, b: Sum): Sum | undefined {
  if (!isConstant(a)) return isConstant(b) ? times(b, a) : undefined;
  const factor = a.constant;
  if (factor === 0n) return ZERO;
  const terms = [...b.terms].map(([key, term]): [string, Term] => [key, { ...term, times: term.times * factor }]);
  return { constant: b.constant * factor, terms: new Map(terms) };
}

/** Of an expression that is taken as it is. */
export function termOf(text: string, operand: string = text): Sum {
  return { constant: 0n, terms: new Map([[text, { times: 1n, text, operand }]]) };
}

/** `16 + 32 * entry_count`: what is added before what is taken away. */
export function sumText({ constant, terms }: Sum): string {
  const [only, ...others] = terms.values();
  if (constant === 0n && only?.times === 1n && others.length === 0) return only.text;
  const parts = [
    ...(constant === 0n && only !== undefined ? [] : [{ isTaken: constant < 0n, shown: String(absolute(constant)) }]),
    ...[...terms.values()].map(({ times: factor, operand }) => {
      const count = absolute(factor);
      return { isTaken: factor < 0n, shown: count === 1n ? operand : `${count} * ${operand}` };
    }),
  ].toSorted((a, b) => Number(a.isTaken) - Number(b.isTaken));
  return parts
    .map(({ isTaken, shown }, index) => (index === 0 ? (isTaken ? '-' : '') : isTaken ? ' - ' : ' + ') + shown)
    .join('');
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** What an integer expression comes to. */
export function sumOf(inference: Inference, spec: ExprSpec, scope: Scope): Sum {
  return new Summing(inference, spec.text, scope).of(spec.expr);
}

class Summing {
  readonly #inference: Inference;
  readonly #source: string;
  readonly #scope: Scope;

  constructor(inference: Inference, source: string, scope: Scope) {
    this.#inference = inference;
    this.#source = source;
    this.#scope = scope;
  }

  of(expr: Expr): Sum {
    const constant = this.#constant(expr);
    return constant === undefined ? (this.#arithmetic(expr) ?? this.#whole(expr)) : constantSum(constant);
  }

  #whole(expr: Expr): Sum {
    return termOf(expressionText(expr, this.#source), operandText(expr, this.#source));
  }

  #arithmetic(expr: Expr): Sum | undefined {
    if (expr.kind === 'unary' && expr.operator === '+') return this.of(expr.operand);
    if (expr.kind === 'unary' && expr.operator === '-') return times(constantSum(-1n), this.of(expr.operand));
    if (expr.kind !== 'binary' || !this.#isInteger(expr)) return undefined;
    switch (expr.operator) {
      case '+':
        return plus(this.of(expr.left), this.of(expr.right));
      case '-': {
        const right = times(constantSum(-1n), this.of(expr.right));
        return right && plus(this.of(expr.left), right);
      }
      case '*':
        return times(this.of(expr.left), this.of(expr.right));
      default:
        return undefined;
    }
  }

  #isInteger(expr: Expr): boolean {
    return this.#typeOf(expr)?.kind === 'int';
  }

  /** The integer that it is in every file. */
  #constant(expr: Expr): bigint | undefined {
    const type = this.#typeOf(expr);
    return type?.kind === 'int' && type.range.lo === type.range.hi ? type.range.lo : undefined;
  }

  #typeOf(expr: Expr): ReturnType<Inference['valueType']> | undefined {
    try {
      return this.#inference.valueType(expr, this.#scope);
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  }
}
