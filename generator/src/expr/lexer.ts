/**
 * Characters to literals: white space, names, numbers and strings of the expression language. The grammar reads from a
 * {@link Scanner} character by character, because `>` closes `.as<…>` and also begins `>>` and `>=`.
 */
import { LIMIT, MAX_BITS } from './limits.js';

/** What is wrong with an expression, and where in its text. Reading a schema turns it into a diagnostic. */
export class ExpressionError extends Error {
  /** In UTF-16 units from the start of the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'ExpressionError';
    this.offset = offset;
  }
}

export type NumberToken =
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number };

/** One stretch of an f-string: literal text, or `{` was met and an expression follows. */
export type FStringPart =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'end' };

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  ["'", "'"],
  ['"', '"'],
  ['\\', '\\'],
]);

// Spaces and line breaks only, as the official grammar has it; a backslash before a line break joins the lines.
const SPACE = /(?:[ \n]|\\\n)*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
// `1.` is a float, `1.to_s` and `1. to_s` an attribute of an integer.
const FLOAT = /(?:[0-9]*\.[0-9]+|[0-9]+\.(?![ \n]*[A-Za-z_]))(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+/y;
const INTEGER = /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[1-9][0-9_]*|0/y;
/** An integer of 4096 binary digits is the longest. */
const MAX_DIGITS = Number(MAX_BITS) + '0b'.length;
const OCTAL_ESCAPE = /[0-7]+/y;
const UNICODE_ESCAPE = /u[0-9a-fA-F]{4}/y;

export class Scanner {
  readonly text: string;
  position: number;

  constructor(text: string, position = 0) {
    this.text = text;
    this.position = position;
  }

  skipSpace(): void {
    this.position += this.#match(SPACE).length;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Whether the text goes on with `symbol`, which is left in place. */
  sees(symbol: string): boolean {
    return this.text.startsWith(symbol, this.position);
  }

  /** Takes `symbol` and the space before it, or nothing. */
  take(symbol: string): boolean {
    const start = this.position;
    this.skipSpace();
    if (!this.sees(symbol)) {
      this.position = start;
      return false;
    }
    this.position += symbol.length;
    return true;
  }

  /** Takes a word operator (`and`), unless it is only the beginning of a longer name. */
  takeWord(word: string): boolean {
    const start = this.position;
    this.skipSpace();
    if (this.#match(NAME) !== word) {
      this.position = start;
      return false;
    }
    this.position += word.length;
    return true;
  }

  takeName(): string | undefined {
    const start = this.position;
    this.skipSpace();
    const name = this.#match(NAME);
    if (name === '') {
      this.position = start;
      return undefined;
    }
    this.position += name.length;
    return name;
  }

  takeNumber(): NumberToken | undefined {
    const float = this.#match(FLOAT);
    if (float !== '') {
      this.position += float.length;
      return { kind: 'float', value: Number(float) };
    }
    const integer = this.#match(INTEGER);
    if (integer === '') return undefined;
    const digits = integer.replaceAll('_', '').toLowerCase();
    if (/^0[xob]$/.test(digits)) throw this.error(`'${integer}' has no digits`);
    const value = digits.length > MAX_DIGITS ? LIMIT : BigInt(digits);
    if (value >= LIMIT) throw this.error(`an integer of more than ${MAX_BITS} bits`);
    this.position += integer.length;
    return { kind: 'int', value };
  }

  /** `'raw'` or `"with \\n escapes"`; undefined where neither begins. */
  takeString(): string | undefined {
    if (this.sees("'")) return this.#takeRawString();
    return this.sees('"') ? this.#takeQuotedString() : undefined;
  }

  /** Text of an f-string up to the next `{` or the closing `"`. */
  takeFStringPart(start: number): FStringPart {
    if (this.sees('{')) {
      this.position += 1;
      return { kind: 'open' };
    }
    if (this.sees('"')) {
      this.position += 1;
      return { kind: 'end' };
    }
    return { kind: 'text', value: this.#takeEscapedText('"{', start) };
  }

  error(message: string, offset: number = this.position): ExpressionError {
    return new ExpressionError(message, offset);
  }

  #takeRawString(): string {
    const end = this.text.indexOf("'", this.position + 1);
    if (end < 0) throw this.error("string is not closed, expected `'`");
    const value = this.text.slice(this.position + 1, end);
    this.position = end + 1;
    return value;
  }

  #takeQuotedString(): string {
    const start = this.position;
    this.position += 1;
    const value = this.#takeEscapedText('"', start);
    this.position += 1;
    return value;
  }

  /** Reads up to one of `stops`, which stays. */
  #takeEscapedText(stops: string, start: number): string {
    let value = '';
    while (!this.atEnd) {
      const char = this.text.charAt(this.position);
      if (stops.includes(char)) return value;
      this.position += 1;
      value += char === '\\' ? this.#takeEscape() : char;
    }
    throw this.error('string is not closed, expected `"`', start);
  }

  #takeEscape(): string {
    const char = this.text.charAt(this.position);
    const simple = SIMPLE_ESCAPES.get(char);
    if (simple !== undefined) {
      this.position += 1;
      return simple;
    }
    const octal = this.#match(OCTAL_ESCAPE);
    if (octal !== '') {
      const code = Number.parseInt(octal, 8);
      if (code > 0xffff) throw this.error(`octal escape '\\${octal}' is beyond \\177777`, this.position - 1);
      this.position += octal.length;
      return String.fromCharCode(code);
    }
    const unicode = this.#match(UNICODE_ESCAPE);
    if (unicode !== '') {
      this.position += unicode.length;
      return String.fromCharCode(Number.parseInt(unicode.slice(1), 16));
    }
    throw this.error(
      char === 'u'
        ? "'\\u' needs four hexadecimal digits"
        : `unknown escape '\\${char}'; write '\\\\' for a backslash, or use a single-quoted string`,
      this.position - 1,
    );
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text)?.[0] ?? '';
  }
}
