/** `.kst` files: what the fields of a parsed file must be (Kaitai's own test suite). */
import { Diagnostics, formatDiagnostic } from '../diagnostics.js';
import { ExpressionError, parseExpression } from '../expr/parser.js';
import type { Expr } from '../expr/ast.js';
import { scalarAsExpression } from '../spec/scalar.js';
import { parseYaml, type YamlMap, type YamlNode } from '../spec/yaml.js';

/** An error that must occur: its kind (`EndOfStreamError`) and, where given, its message. */
export interface ExpectedError {
  readonly kind: string;
  readonly message: string | undefined;
}

export interface Assertion {
  readonly actual: Expr;
  readonly actualText: string;
  readonly line: number;
  readonly expected: { readonly expr: Expr; readonly text: string } | { readonly error: ExpectedError };
}

export interface Specification {
  readonly id: string;
  /** Name of the data file. */
  readonly data: string;
  readonly asserts: readonly Assertion[];
  /** The error that parsing must end with. */
  readonly error: ExpectedError | undefined;
}

/** @throws {Error} where the file is not understood: nothing of it may be skipped unnoticed */
export function readSpecification(file: string, text: string): Specification {
  const diagnostics = new Diagnostics();
  const node = parseYaml(file, text, diagnostics);
  if (diagnostics.hasErrors || node === undefined) throw new Error(diagnostics.sorted.map(formatDiagnostic).join('\n'));
  const map = mapOf(node);
  known(map, ['id', 'data', 'asserts', 'exception', 'imports']);
  const exception = entry(map, 'exception');
  const asserts = entry(map, 'asserts');
  return {
    id: textOf(required(map, 'id')),
    data: textOf(required(map, 'data')),
    asserts: asserts?.kind === 'list' ? asserts.items.map(readAssertion) : [],
    error: exception && readError(exception),
  };
}

function readAssertion(node: YamlNode): Assertion {
  const map = mapOf(node);
  known(map, ['actual', 'expected', 'exception']);
  const actual = required(map, 'actual');
  const exception = entry(map, 'exception');
  const expected =
    exception === undefined ? readExpression(required(map, 'expected')) : { error: readError(exception) };
  const { expr, text } = readExpression(actual);
  return { actual: expr, actualText: text, line: node.at.line, expected };
}

function readExpression(node: YamlNode): { expr: Expr; text: string } {
  if (node.kind !== 'scalar') throw new Error(`line ${node.at.line}: expected an expression`);
  const text = scalarAsExpression(node.text, node.type).trim();
  try {
    return { expr: parseExpression(text), text };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new Error(`line ${node.at.line}: ${text}: ${error.message}`, { cause: error });
  }
}

/** `ValidationNotEqualError<u1>`, or a map of `type` and `message`. What is in `<>` tells only C++ something. */
function readError(node: YamlNode): ExpectedError {
  const map = node.kind === 'map' ? node : undefined;
  if (map !== undefined) known(map, ['type', 'message']);
  const message = map && entry(map, 'message');
  return {
    kind: textOf(map === undefined ? node : required(map, 'type')).replace(/<.*>$/, ''),
    message: message && textOf(message),
  };
}

function known({ entries }: YamlMap, keys: readonly string[]): void {
  const other = entries.find(({ key }) => !keys.includes(key));
  if (other !== undefined) throw new Error(`line ${other.keyNode.at.line}: unknown key '${other.key}'`);
}

function mapOf(node: YamlNode): YamlMap {
  if (node.kind !== 'map') throw new Error(`line ${node.at.line}: expected a map`);
  return node;
}

function entry({ entries }: YamlMap, key: string): YamlNode | undefined {
  return entries.find((candidate) => candidate.key === key)?.value;
}

function required(map: YamlMap, key: string): YamlNode {
  const found = entry(map, key);
  if (found === undefined) throw new Error(`line ${map.at.line}: '${key}' is missing`);
  return found;
}

function textOf(node: YamlNode): string {
  if (node.kind !== 'scalar') throw new Error(`line ${node.at.line}: expected text`);
  return node.text;
}
