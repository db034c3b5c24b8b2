/** Expressions as a schema writes them, on one line, with the parentheses that they need. */
import type { BinaryOperator, Expr, IntLiteral, TypeName } from './ast.js';
import { COMPARE_LEVEL, LEVELS as PARSED_LEVELS } from './parser.js';

/** From weak to strong, with `not`; a conditional is weaker than all, and what is none of these needs no parentheses. */
const LEVELS: readonly (readonly (BinaryOperator | 'not')[])[] = PARSED_LEVELS.flatMap((level, index) =>
  index === COMPARE_LEVEL ? [['not'], level] : [level],
);
const CONDITIONAL = 0;
const UNARY = LEVELS.length + 1;
const PRIMARY = UNARY + 1;
const COMPARISON = 1 + LEVELS.findIndex((level) => level.some((each) => each === '=='));

/** `source` is the text that `expr` was parsed from: numbers are written as they are there. */
export function expressionText(expr: Expr, source: string): string {
  return new ExpressionPrinter(source).text(expr);
}

/** As {@link expressionText}, in parentheses unless it is a name, a number, a call or the like. */
export function operandText(expr: Expr, source: string): string {
  return new ExpressionPrinter(source).within(expr, UNARY);
}

export function typeNameText({ absolute, names, isArray }: TypeName): string {
  return `${absolute ? '::' : ''}${names.join('::')}${isArray ? '[]' : ''}`;
}

class ExpressionPrinter {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  text(expr: Expr): string {
    switch (expr.kind) {
      case 'int':
        return this.#integer(expr);
      case 'float':
      case 'bool':
        return String(expr.value);
      case 'string':
        return JSON.stringify(expr.value);
      case 'fstring':
        return `f"${expr.parts.map((part) => this.#part(part)).join('')}"`;
      case 'name':
        return expr.name;
      case 'enum':
        return `${typeNameText(expr.enumName)}::${expr.value}`;
      case 'array':
        return `[${this.#list(expr.items)}]`;
      case 'attribute':
        return `${this.within(expr.object, PRIMARY)}.${expr.name}`;
      case 'call':
        return `${this.within(expr.callee, PRIMARY)}(${this.#list(expr.args)})`;
      case 'subscript':
        return `${this.within(expr.object, PRIMARY)}[${this.text(expr.index)}]`;
      case 'cast':
        return `${this.within(expr.object, PRIMARY)}.as<${typeNameText(expr.type)}>`;
      case 'sizeof':
        return `${expr.inBits ? 'bitsizeof' : 'sizeof'}<${typeNameText(expr.type)}>`;
      case 'unary': {
        const isWord = expr.operator === 'not';
        return `${expr.operator}${isWord ? ' ' : ''}${this.within(expr.operand, levelOf(expr))}`;
      }
      case 'binary': {
        const level = levelOf(expr);
        // One comparison does not follow another.
        const left = this.within(expr.left, level === COMPARISON ? level + 1 : level);
        return `${left} ${expr.operator} ${this.within(expr.right, level + 1)}`;
      }
      case 'conditional': {
        const [condition, whenTrue] = [expr.condition, expr.whenTrue].map((each) => this.within(each, CONDITIONAL + 1));
        return `${condition} ? ${whenTrue} : ${this.text(expr.whenFalse)}`;
      }
    }
  }

  within(expr: Expr, level: number): string {
    const text = this.text(expr);
    return levelOf(expr) < level ? `(${text})` : text;
  }

  #list(items: readonly Expr[]): string {
    return items.map((item) => this.text(item)).join(', ');
  }

  #part(part: string | Expr): string {
    return typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : `{${this.text(part)}}`;
  }

  #integer({ value, offset }: IntLiteral): string {
    const written = /^[0-9]\w*/.exec(this.#source.slice(offset, offset + MAX_DIGITS))?.[0];
    return written !== undefined && valueOf(written) === value ? written : value.toString();
  }
}

/** Of 64 bits in binary, with separators. */
const MAX_DIGITS = 140;

function valueOf(written: string): bigint | undefined {
  try {
    return BigInt(written.replaceAll('_', ''));
  } catch {
    return undefined;
  }
}

function levelOf(expr: Expr): number {
  if (expr.kind === 'conditional') return CONDITIONAL;
  if (expr.kind === 'unary' && expr.operator !== 'not') return UNARY;
  if (expr.kind !== 'binary' && expr.kind !== 'unary') return PRIMARY;
  const { operator } = expr;
  return 1 + LEVELS.findIndex((level) => level.some((each) => each === operator));
}
