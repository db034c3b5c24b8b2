/**
 * The grammar of the expression language (user guide, "Expression language"), weakest binding first: `?:`, `or`, `and`,
 * `not`, one comparison, `|`, `^`, `&`, shifts, `+ -`, `* / %`, unary `- + ~`, then calls, subscripts, casts, attributes.
 */
import type { BinaryOperator, Expr, TypeName, TypeReference, UnaryOperator } from './ast.js';
import { Scanner } from './lexer.js';

export { ExpressionError } from './lexer.js';

/** Where a piece of a text begins and ends (exclusive), in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** {@link TypeReference}, with the place of each argument in the text. */
export interface TypeUse extends TypeReference {
  readonly argRanges: readonly TextRange[];
}

/** `name.of.routine(args)`, as `process:` takes it. */
export interface ProcessCall {
  readonly names: readonly string[];
  readonly argRanges: readonly TextRange[];
  /** Whether there are parentheses at all. */
  readonly called: boolean;
}

/** @throws {ExpressionError} naming the offset in `text` at which the expression goes wrong. */
export function parseExpression(text: string): Expr {
  const parser = new Parser(text);
  const expr = parser.expression();
  parser.expectEnd();
  return expr;
}

/** @throws {ExpressionError} */
export function parseTypeReference(text: string): TypeUse {
  const parser = new Parser(text);
  const type = parser.typeName() ?? parser.fail('expected the name of a type');
  const { args, argRanges } = parser.takeSymbol('(') ? parser.argumentsAfterParen() : NO_ARGUMENTS;
  parser.expectEnd();
  return { type, args, argRanges };
}

/** `foo`, `foo::bar`, `::foo::bar`, without arguments or `[]`: what `enum:` takes. @throws {ExpressionError} */
export function parseName(text: string): TypeName {
  const parser = new Parser(text);
  const name = parser.typeName() ?? parser.fail('expected a name');
  parser.expectEnd();
  return name;
}

/** @throws {ExpressionError} */
export function parseProcessCall(text: string): ProcessCall {
  const parser = new Parser(text);
  const names: string[] = [];
  do {
    names.push(parser.takeName() ?? parser.fail('expected the name of a processing routine'));
  } while (parser.takeSymbol('.'));
  const called = parser.takeSymbol('(');
  const argRanges = called && !parser.takeSymbol(')') ? parser.argumentsAfterParen().argRanges : [];
  parser.expectEnd();
  return { names, argRanges, called };
}

const NO_ARGUMENTS = { args: [], argRanges: [] } as const;

/** Bounds the recursion of this parser: a level costs some fifteen stack frames. No real schema has more than 20. */
const MAX_NESTING = 100;
/** Bounds the recursion of whoever walks the tree: `1 + 1 + 1 …` is as deep as it is long. */
const MAX_HEIGHT = 500;

/** Operators from weakest to strongest; within a level the longer spelling first. Levels 0 and 1 are words. */
export const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['or'],
  ['and'],
  ['<=', '>=', '==', '!=', '<', '>'],
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const OR_LEVEL = 0;
const AND_LEVEL = 1;
export const COMPARE_LEVEL = 2;

/** What people write out of habit, and what this language calls it. */
const HINTS: readonly (readonly [string, string])[] = [
  ['&&', "; write 'and' instead of '&&'"],
  ['||', "; write 'or' instead of '||'"],
  ['==', '; a comparison cannot follow another one: join them with `and`'],
  ['!=', '; a comparison cannot follow another one: join them with `and`'],
  ['!', "; write 'not' instead of '!'"],
  ['=', "; write '==' to compare"],
  ['<', '; a comparison cannot follow another one: join them with `and`'],
  ['>', '; a comparison cannot follow another one: join them with `and`'],
  ['**', '; there is no power operator'],
  ['\t', '; tabs are not allowed in expressions, use spaces'],
];

class Parser {
  readonly #scanner: Scanner;
  readonly #heights = new Map<Expr, number>();
  #nesting = 0;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  takeSymbol(symbol: string): boolean {
    return this.#scanner.take(symbol);
  }

  takeName(): string | undefined {
    return this.#scanner.takeName();
  }

  fail(message: string): never {
    this.#scanner.skipSpace();
    throw this.#scanner.error(this.#scanner.atEnd ? `${message}, but the text ends here` : message + this.#hint());
  }

  expectEnd(): void {
    this.#scanner.skipSpace();
    if (!this.#scanner.atEnd) this.fail(`unexpected ${this.#quoteRest()}, expected an operator or the end`);
  }

  /** A whole expression, ternary included. */
  expression(): Expr {
    if (this.#nesting >= MAX_NESTING) throw this.#scanner.error(`more than ${MAX_NESTING} levels of nesting`);
    this.#nesting += 1;
    const condition = this.#binary(OR_LEVEL);
    const expr = this.#scanner.take('?') ? this.#conditional(condition) : condition;
    this.#nesting -= 1;
    return expr;
  }

  /** `foo::bar[]`; undefined, with nothing taken, where no name begins. */
  typeName(): TypeName | undefined {
    const start = this.#scanner.position;
    this.#scanner.skipSpace();
    const offset = this.#scanner.position;
    const absolute = this.#scanner.take('::');
    const first = this.#scanner.takeName();
    if (first === undefined) {
      this.#scanner.position = start;
      return undefined;
    }
    const names = [first, ...this.#qualifiedNames()];
    return { offset, absolute, names, isArray: this.#takeBrackets() };
  }

  /** Arguments up to and with `)`; at least one, since `foo()` is not a type with arguments. */
  argumentsAfterParen(): { args: Expr[]; argRanges: TextRange[] } {
    const args: Expr[] = [];
    const argRanges: TextRange[] = [];
    do {
      this.#scanner.skipSpace();
      const start = this.#scanner.position;
      if (args.length > 0 && this.#scanner.sees(')')) this.fail("expected another argument after ','");
      args.push(this.expression());
      argRanges.push({ start, end: this.#scanner.position });
    } while (this.#scanner.take(','));
    this.#expect(')');
    return { args, argRanges };
  }

  #conditional(condition: Expr): Expr {
    const whenTrue = this.expression();
    this.#expect(':');
    const whenFalse = this.expression();
    const { offset } = condition;
    return this.#node({ kind: 'conditional', condition, whenTrue, whenFalse, offset }, condition, whenTrue, whenFalse);
  }

  #binary(level: number): Expr {
    if (level === COMPARE_LEVEL) {
      const negated = this.#prefixed('not', () => this.#binary(COMPARE_LEVEL));
      if (negated !== undefined) return negated;
    }
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#takeOperator(operators, level);
      if (operator === undefined) return left;
      const right = this.#binary(level + 1);
      left = this.#node({ kind: 'binary', operator, left, right, offset: left.offset }, left, right);
      if (level === COMPARE_LEVEL) return left;
    }
  }

  #takeOperator(operators: readonly BinaryOperator[], level: number): BinaryOperator | undefined {
    if (level === OR_LEVEL || level === AND_LEVEL) return operators.find((word) => this.#scanner.takeWord(word));
    const start = this.#scanner.position;
    const operator = operators.find((symbol) => this.#scanner.take(symbol));
    // `&&` and `||` are a habit from other languages, not an operator with a missing operand.
    if ((operator === '&' || operator === '|') && this.#scanner.sees(operator)) {
      this.#scanner.position = start;
      return undefined;
    }
    return operator;
  }

  #unary(): Expr {
    for (const operator of ['-', '+', '~'] as const) {
      const expr = this.#prefixed(operator, () => this.#unary());
      if (expr !== undefined) return expr;
    }
    return this.#postfix();
  }

  #prefixed(operator: UnaryOperator, operandOf: () => Expr): Expr | undefined {
    this.#scanner.skipSpace();
    const offset = this.#scanner.position;
    if (!(operator === 'not' ? this.#scanner.takeWord(operator) : this.#scanner.take(operator))) return undefined;
    if (this.#nesting >= MAX_NESTING) throw this.#scanner.error(`more than ${MAX_NESTING} levels of nesting`, offset);
    this.#nesting += 1;
    const operand = operandOf();
    this.#nesting -= 1;
    return this.#node({ kind: 'unary', operator, operand, offset }, operand);
  }

  #postfix(): Expr {
    let expr = this.#atom();
    for (;;) {
      const next = this.#trailer(expr);
      if (next === undefined) return expr;
      expr = next;
    }
  }

  #trailer(object: Expr): Expr | undefined {
    const { offset } = object;
    if (this.#scanner.take('(')) {
      const args = this.#scanner.take(')') ? [] : this.argumentsAfterParen().args;
      return this.#node({ kind: 'call', callee: object, args, offset }, object, ...args);
    }
    if (this.#scanner.take('[')) {
      const index = this.expression();
      this.#expect(']');
      return this.#node({ kind: 'subscript', object, index, offset }, object, index);
    }
    if (!this.#scanner.take('.')) return undefined;
    const name = this.#scanner.takeName() ?? this.fail('expected the name of an attribute or method');
    const type = name === 'as' ? this.#typeInAngles() : undefined;
    if (type !== undefined) return this.#node({ kind: 'cast', object, type, offset }, object);
    return this.#node({ kind: 'attribute', object, name, offset }, object);
  }

  #atom(): Expr {
    this.#scanner.skipSpace();
    const offset = this.#scanner.position;
    if (this.#scanner.take('(')) {
      const expr = this.expression();
      this.#expect(')');
      return expr;
    }
    if (this.#scanner.take('[')) return this.#array(offset);
    if (this.#scanner.sees('f"')) return this.#interpolated(offset);
    const string = this.#strings();
    if (string !== undefined) return { kind: 'string', value: string, offset };
    const number = this.#scanner.takeNumber();
    if (number !== undefined) return { ...number, offset };
    return this.#named(offset);
  }

  #array(offset: number): Expr {
    const items: Expr[] = [];
    while (!this.#scanner.take(']')) {
      items.push(this.expression());
      if (!this.#scanner.take(',')) {
        this.#expect(']');
        break;
      }
    }
    return this.#node({ kind: 'array', items, offset }, ...items);
  }

  #interpolated(offset: number): Expr {
    const parts: (string | Expr)[] = [];
    this.#scanner.position += 'f"'.length;
    for (;;) {
      const part = this.#scanner.takeFStringPart(offset);
      if (part.kind === 'end') break;
      if (part.kind === 'text') {
        parts.push(part.value);
      } else {
        parts.push(this.expression());
        this.#expect('}');
      }
    }
    const children = parts.filter((part) => typeof part !== 'string');
    return this.#node({ kind: 'fstring', parts, offset }, ...children);
  }

  /** Strings side by side are one string. */
  #strings(): string | undefined {
    let value = this.#scanner.takeString();
    while (value !== undefined) {
      const end = this.#scanner.position;
      this.#scanner.skipSpace();
      const next = this.#scanner.takeString();
      if (next === undefined) {
        this.#scanner.position = end;
        break;
      }
      value += next;
    }
    return value;
  }

  /** A name, `true`, `sizeof<…>` or an enum value. */
  #named(offset: number): Expr {
    const absolute = this.#scanner.take('::');
    const name = this.#scanner.takeName();
    if (name === undefined) this.fail(`expected a value${absolute ? ' name after `::`' : ''}`);
    const names = [name, ...this.#qualifiedNames()];
    const value = names.length > 1 ? names.pop() : undefined;
    if (value !== undefined) {
      return { kind: 'enum', enumName: { offset, absolute, names, isArray: false }, value, offset };
    }
    if (absolute) this.fail(`'::${name}' is no value: expected '::${name}::…' with the name of an enum value`);
    if (name === 'sizeof' || name === 'bitsizeof') {
      const type = this.#typeInAngles();
      if (type !== undefined) return { kind: 'sizeof', type, inBits: name === 'bitsizeof', offset };
    }
    if (name === 'true' || name === 'false') return { kind: 'bool', value: name === 'true', offset };
    return { kind: 'name', name, offset };
  }

  #qualifiedNames(): string[] {
    const names: string[] = [];
    while (this.#scanner.take('::')) names.push(this.#scanner.takeName() ?? this.fail('expected a name after `::`'));
    return names;
  }

  /** `<type>`; nothing is taken where this is a comparison: `foo.as < 3`. */
  #typeInAngles(): TypeName | undefined {
    const start = this.#scanner.position;
    if (this.#scanner.take('<')) {
      const type = this.typeName();
      if (type !== undefined && this.#scanner.take('>')) return type;
    }
    this.#scanner.position = start;
    return undefined;
  }

  #takeBrackets(): boolean {
    const start = this.#scanner.position;
    if (this.#scanner.take('[') && this.#scanner.take(']')) return true;
    this.#scanner.position = start;
    return false;
  }

  #node(expr: Expr, ...children: readonly Expr[]): Expr {
    const height = 1 + Math.max(0, ...children.map((child) => this.#heights.get(child) ?? 1));
    if (height > MAX_HEIGHT) {
      throw this.#scanner.error(`expression is too long: more than ${MAX_HEIGHT} operations in a row`, expr.offset);
    }
    this.#heights.set(expr, height);
    return expr;
  }

  #expect(symbol: string): void {
    if (!this.#scanner.take(symbol)) this.fail(`expected '${symbol}'`);
  }

  #quoteRest(): string {
    const rest = this.#scanner.text.slice(this.#scanner.position);
    return rest.length > 10 ? `'${rest.slice(0, 10)}…'` : `'${rest}'`;
  }

  #hint(): string {
    return HINTS.find(([symbol]) => this.#scanner.sees(symbol))?.[1] ?? '';
  }
}
