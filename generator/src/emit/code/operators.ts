/** Code with the binding strength of its outermost operator, so that parentheses stand only where they must. */
import { fitsInt32, fitsUint32, type IntRange } from '../../types/int-range.js';
import { intLiteral } from './text.js';

/** Binding strength of the outermost operator, as in JavaScript. */
export const P = {
  assignment: 0,
  conditional: 1,
  or: 2,
  and: 3,
  bitOr: 4,
  bitXor: 5,
  bitAnd: 6,
  equal: 7,
  relation: 8,
  shift: 9,
  sum: 10,
  product: 11,
  power: 12,
  unary: 13,
  postfix: 15,
} as const;

export interface Code {
  readonly text: string;
  readonly precedence: number;
  /** Of a comparison, the one that holds where this one does not. */
  readonly opposite?: string;
}

export const atom = (text: string): Code => ({ text, precedence: P.postfix });
export const call = (name: string, ...args: readonly string[]): Code => atom(`${name}(${args.join(', ')})`);

export function literal(value: bigint, big: boolean): Code {
  return { text: intLiteral(value, big), precedence: value < 0n ? P.unary : P.postfix };
}

export function wrap({ text, precedence }: Code, least: number): string {
  return precedence < least ? `(${text})` : text;
}

/** Left-associative; the right operand of equal strength is put in parentheses. */
export function infix(left: Code, operator: string, right: Code, precedence: number): Code {
  const leftLeast = precedence === P.power ? P.postfix : precedence;
  return { text: `${wrap(left, leftLeast)} ${operator} ${wrap(right, precedence + 1)}`, precedence };
}

/** `===`, or `!==`. */
export function equality(left: Code, isEqual: boolean, right: Code): Code {
  const same = infix(left, '===', right, P.equal);
  const other = infix(left, '!==', right, P.equal);
  return isEqual ? { ...same, opposite: other.text } : { ...other, opposite: same.text };
}

/** All of `codes` hold. */
export const conjunction = (codes: readonly Code[]): Code =>
  codes.length === 0 ? atom('true') : codes.reduce((all, code) => infix(all, '&&', code, P.and));

/** One of `codes` holds. */
export const disjunction = (codes: readonly Code[]): Code =>
  codes.length === 0 ? atom('false') : codes.reduce((all, code) => infix(all, '||', code, P.or));

/** The condition that `code` does not hold. */
export function negation(code: Code): string {
  return code.opposite ?? `!${wrap(code, P.unary)}`;
}

export const BIG_PRECEDENCE: Readonly<Record<string, number>> = {
  '+': P.sum,
  '-': P.sum,
  '&': P.bitAnd,
  '|': P.bitOr,
  '^': P.bitXor,
  '<<': P.shift,
  '>>': P.shift,
};

/** JavaScript's operators work on 32 bits: wider operands are cut, which only `&` with a narrow mask survives. */
export function smallBitwise(
  operator: '&' | '|' | '^',
  x: Code,
  y: Code,
  a: IntRange,
  b: IntRange,
  result: IntRange,
): Code | undefined {
  const precedence = { '&': P.bitAnd, '|': P.bitOr, '^': P.bitXor }[operator];
  const code = infix(x, operator, y, precedence);
  const masked = operator === '&' && (fitsUint32(a) || fitsUint32(b));
  const narrow = [a, b].every((side) => fitsInt32(side) || fitsUint32(side));
  if (!masked && !narrow) return undefined;
  if (fitsInt32(a) && fitsInt32(b)) return code;
  if (operator === '&' && (isInt31(a) || isInt31(b))) return code;
  if (fitsUint32(result)) return infix(code, '>>>', atom('0'), P.shift);
  return undefined;
}

const isInt31 = ({ lo, hi }: IntRange): boolean => lo >= 0n && hi < 1n << 31n;
