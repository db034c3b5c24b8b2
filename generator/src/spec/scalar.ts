/**
 * Meaning and geometry of one YAML scalar: what a plain word stands for, and which character of the file a character
 * of the value came from.
 */

export type ScalarType = 'null' | 'bool' | 'int' | 'float' | 'string';

const INT = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT = /^[-+]?(?:(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+)$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NULL = /^(?:|~|null|Null|NULL)$/;
const BOOL = /^(?:true|True|TRUE|false|False|FALSE)$/;

const YES: ReadonlySet<string> = new Set(['true', 'yes', 'on']);
const NO: ReadonlySet<string> = new Set(['false', 'no', 'off']);

/** What a word is as a boolean of YAML 1.1, which the official compiler reads on the JVM; undefined for any other word. */
export function booleanWord(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}

/** A longer one is no number that a schema can mean: to read it would take long. */
const MAX_INT_LENGTH = 5000;

/** The core schema of YAML 1.2, plus integers of YAML 1.1, which Kaitai's YAML also takes: `0b1`, `1_000`, `1:30`. */
export function plainScalarType(text: string): ScalarType {
  if (NULL.test(text)) return 'null';
  if (BOOL.test(text)) return 'bool';
  if (INT.test(text)) return text.length > MAX_INT_LENGTH ? 'string' : 'int';
  return FLOAT.test(text) || NOT_FINITE.test(text) ? 'float' : 'string';
}

/** The exact value of a plain scalar of type `int`. A leading zero means octal, as in YAML 1.1. */
export function parseYamlInt(text: string): bigint {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const octal = /^0[0-7]+$/.test(digits);
  // To base 60 if there are colons, as in YAML 1.1.
  const magnitude = /^0[box]$/.test(digits)
    ? 0n
    : digits.split(':').reduce((sum, part) => sum * 60n + BigInt(octal ? `0o${part}` : part), 0n);
  return text.startsWith('-') ? -magnitude : magnitude;
}

/** The integer that a plain scalar of type `float` is to JavaScript: `1e3`, `3.0`. */
export function wholeNumber(text: string): bigint | undefined {
  const value = Number(text.replaceAll('_', ''));
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

/** The form in which the expression language reads a scalar: its text, but `True` as `true` and `017` as `15`. */
export function scalarAsExpression(text: string, type: ScalarType): string {
  if (type === 'bool') return text.toLowerCase();
  if (type === 'float') return text.replaceAll('_', '');
  return type === 'int' && /^[-+]?0[0-9_]+$|:/.test(text) ? parseYamlInt(text).toString() : text;
}

/**
 * Offset in `source` (the scalar as written, from its first quote, `|` or character on) of the value's character
 * `index`. Exact for single lines and literal blocks; folded text is matched by counting what is not white space.
 */
export function sourceOffset(source: string, value: string, index: number): number {
  if (source.startsWith('"')) return doubleQuotedOffset(source, index);
  if (source.startsWith("'")) return singleQuotedOffset(source, value, index);
  const body = /^[|>]/.test(source) ? source.indexOf('\n') + 1 : 0;
  return foldedOffset(source, body, value, index);
}

function doubleQuotedOffset(source: string, index: number): number {
  const escape = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|[^\n])|[ \t]*\n\s*|[^]/y;
  let produced = 0;
  escape.lastIndex = 1;
  while (produced < index) {
    const at = escape.lastIndex;
    const unit = escape.exec(source)?.[0];
    if (unit === undefined) return at;
    const breaks = unit.split('\n').length - 1;
    if (unit.startsWith('\\U')) produced += Number.parseInt(unit.slice(2), 16) > 0xffff ? 2 : 1;
    else if (/^\\\r?\n/.test(unit)) produced += 0;
    else produced += Math.max(1, breaks - 1);
  }
  return escape.lastIndex;
}

function singleQuotedOffset(source: string, value: string, index: number): number {
  if (source.includes('\n')) return foldedOffset(source, 1, value, index);
  let at = 1;
  for (let produced = 0; produced < index; produced += 1) at += source.startsWith("''", at) ? 2 : 1;
  return at;
}

function foldedOffset(source: string, body: number, value: string, index: number): number {
  const wanted = value.slice(0, index).replaceAll(/\s/g, '').length;
  let at = body;
  for (let seen = 0; at < source.length; at += 1) {
    if (/\s/.test(source.charAt(at))) continue;
    if (seen === wanted) break;
    seen += 1;
  }
  // At the end of the value there is no character to find: stand behind the last one.
  if (index >= value.trimEnd().length) return source.trimEnd().length;
  // White space itself: count back from the character that follows it.
  const gap = /^\s*/.exec(value.slice(index))?.[0].length ?? 0;
  return Math.max(body, at - gap);
}
