/** How strongly code binds, and where parentheses stand. */
import type { Code, Infix, InfixOperator } from './nodes.js';

/** Strength of the outermost operator, as in JavaScript; equal ones take their operands from the left. */
export const P = {
  assignment: 0,
  conditional: 1,
  or: 2,
  and: 3,
  bitOr: 4,
  bitXor: 5,
  bitAnd: 6,
  equality: 7,
  relation: 8,
  shift: 9,
  sum: 10,
  product: 11,
  prefix: 12,
  postfix: 13,
  primary: 14,
} as const;

const INFIX: Readonly<Record<InfixOperator, number>> = {
  '??': P.or,
  '||': P.or,
  '&&': P.and,
  '|': P.bitOr,
  '^': P.bitXor,
  '&': P.bitAnd,
  '===': P.equality,
  '!==': P.equality,
  '<': P.relation,
  '<=': P.relation,
  '>': P.relation,
  '>=': P.relation,
  instanceof: P.relation,
  '<<': P.shift,
  '>>': P.shift,
  '>>>': P.shift,
  '+': P.sum,
  '-': P.sum,
  '*': P.product,
  '/': P.product,
  '%': P.product,
};

export function precedenceOf(code: Code): number {
  switch (code.kind) {
    case 'assign':
    case 'arrow':
      return P.assignment;
    case 'conditional':
      return P.conditional;
    case 'infix':
      return INFIX[code.operator];
    case 'as-const':
      return P.relation;
    case 'prefix':
      return P.prefix;
    case 'postfix':
      return P.postfix;
    default:
      return P.primary;
  }
}

/** Whether an operand of `parent` stands in parentheses: where it must, and where few know the order by heart. */
export function isWrapped(operand: Code, parent: Infix): boolean {
  const strength = INFIX[parent.operator];
  const own = precedenceOf(operand);
  if (own < strength || (own === strength && operand === parent.right)) return true;
  if (operand.kind !== 'infix' || operand.operator === parent.operator) return false;
  if (isLogical(parent.operator) && isLogical(operand.operator))
    return parent.operator === '??' || operand.operator === '??';
  return isBitwise(parent.operator) || (isComparison(parent.operator) && isBitwise(operand.operator));
}

/** `??` cannot be mixed with the others. */
const isLogical = (operator: InfixOperator): boolean => operator === '||' || operator === '&&' || operator === '??';

function isBitwise(operator: InfixOperator): boolean {
  const strength = INFIX[operator];
  return strength === P.shift || (strength >= P.bitOr && strength <= P.bitAnd);
}

function isComparison(operator: InfixOperator): boolean {
  const strength = INFIX[operator];
  return strength === P.equality || strength === P.relation;
}
