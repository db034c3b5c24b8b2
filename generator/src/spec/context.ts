/** Taking typed values out of the YAML tree. Every function reports what does not fit and then returns undefined. */
import type { Diagnostics, Location } from '../diagnostics.js';
import type { Expr, TypeName } from '../expr/ast.js';
import { findBadName } from '../expr/names.js';
import { ExpressionError, parseExpression, parseName } from '../expr/parser.js';
import type { ExprSpec, Located } from './model.js';
import { didYouMeanKey } from './similar-names.js';
import { booleanWord, parseYamlInt, scalarAsExpression, wholeNumber } from './scalar.js';
import { describeNode, type YamlEntry, type YamlList, type YamlMap, type YamlNode, type YamlScalar } from './yaml.js';

export const ID_PATTERN: RegExp = /^[a-z][a-z0-9_]*$/;

/** The entries of one YAML map by key; knows where the map stands. */
export interface Fields {
  readonly at: Location;
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

const locators = new WeakMap<ExprSpec, (offset: number) => Location>();

/** The place of a node of the expression, given its `offset`: points into the YAML scalar. */
export function locate(spec: ExprSpec, offset: number): Location {
  return locators.get(spec)?.(offset) ?? spec.at;
}

/** What to write in place of a node of another shape. */
function shapeHint(node: YamlNode): string {
  if (node.kind === 'list') return '; write each entry as `name:` with what belongs to it below, without dashes';
  if (node.kind === 'map') return '; begin each entry with a dash: `- id: name`';
  if (node.type === 'null' && node.at.path === '') return ': the file has no content';
  return /^[\w-]+:\S/.test(node.text) ? '; put a space behind the colon' : '';
}

/** Ids and keys that are words for booleans, other than `true` and `false`. */
function booleanIds(node: YamlNode): string[] {
  if (node.kind === 'scalar') return [];
  if (node.kind === 'list') return node.items.flatMap(booleanIds);
  return node.entries.flatMap(({ key, value }) => {
    const id = key === 'id' && value.kind === 'scalar' ? value.text : key;
    const isName = /^(?:yes|no|on|off)$/.test(id) && !isCase(key, value);
    return [...(isName ? [id] : []), ...booleanIds(value)];
  });
}

/** What has a scalar behind its key is no member, but a case or a setting. */
const isCase = (key: string, value: YamlNode): boolean => key !== 'id' && value.kind === 'scalar';

export class Context {
  readonly diagnostics: Diagnostics;
  /** Ids of the schema that are also words for booleans: in an expression they are names. */
  readonly #ids: ReadonlySet<string>;

  constructor(diagnostics: Diagnostics, schema: YamlNode | undefined) {
    this.diagnostics = diagnostics;
    this.#ids = new Set(schema && booleanIds(schema));
  }

  error(at: Location, message: string): undefined {
    this.diagnostics.error(at, message);
    return undefined;
  }

  badType(expected: string, node: YamlNode, hint = ''): undefined {
    return this.error(node.at, `expected ${expected}, got ${describeNode(node)}${hint}`);
  }

  map(node: YamlNode): YamlMap | undefined {
    return node.kind === 'map' ? node : this.badType('map', node, shapeHint(node));
  }

  list(node: YamlNode): YamlList | undefined {
    return node.kind === 'list' ? node : this.badType('array', node, shapeHint(node));
  }

  fields(node: YamlNode): Fields | undefined {
    const map = this.map(node);
    return map && { at: map.at, entries: new Map(map.entries.map((entry) => [entry.key, entry])) };
  }

  /** Reports every key that is neither `legal` nor a vendor's (`-…`). `where` names what the map describes. */
  checkKeys(fields: Fields, legal: readonly string[], where?: string): void {
    const allowed = legal.toSorted().join(', ');
    const message = where === undefined ? 'unknown key found, expected' : `invalid key found in ${where}, allowed`;
    for (const { key, keyNode } of fields.entries.values()) {
      if (!key.startsWith('-') && !legal.includes(key))
        this.error(keyNode.at, `${message}: ${allowed}${didYouMeanKey(key, legal)}`);
    }
  }

  /** A scalar that says something, so not `null`. */
  scalar(node: YamlNode): YamlScalar | undefined {
    return node.kind === 'scalar' && node.type !== 'null' ? node : this.badType('string', node);
  }

  string(fields: Fields, key: string): Located<string> | undefined {
    const node = fields.entries.get(key)?.value;
    const scalar = node && this.scalar(node);
    return scalar && { value: scalar.text, at: scalar.at };
  }

  /** A string or a list of strings. */
  strings(fields: Fields, key: string): Located<string>[] {
    const node = fields.entries.get(key)?.value;
    if (node === undefined) return [];
    return (node.kind === 'list' ? node.items : [node]).flatMap((item) => {
      const scalar = this.scalar(item);
      return scalar ? [{ value: scalar.text, at: scalar.at }] : [];
    });
  }

  boolean(fields: Fields, key: string): boolean | undefined {
    const node = fields.entries.get(key)?.value;
    if (node === undefined) return undefined;
    const value = node.kind === 'scalar' ? booleanWord(node.text) : undefined;
    return value ?? this.badType('boolean (`true` or `false`)', node);
  }

  integer(node: YamlNode): bigint | undefined {
    if (node.kind !== 'scalar') return this.badType('int', node);
    if (node.type === 'int') return parseYamlInt(node.text);
    return (node.type === 'float' ? wholeNumber(node.text) : undefined) ?? this.badType('int', node);
  }

  /** As {@link expression}, of an integer: `1e3` is one. */
  integerExpression(fields: Fields, key: string): ExprSpec | undefined {
    const node = fields.entries.get(key)?.value;
    const whole = node?.kind === 'scalar' && node.type === 'float' ? wholeNumber(node.text) : undefined;
    if (node?.kind !== 'scalar' || whole === undefined) return this.expression(fields, key);
    return this.parse(node, String(whole), 0);
  }

  /** An integer from 0 to 255. */
  byte(node: YamlNode): number | undefined {
    const value = this.integer(node);
    if (value === undefined) return undefined;
    if (value < 0n || value > 255n) return this.error(node.at, `expected an integer from 0 to 255, got ${value}`);
    return Number(value);
  }

  expression(fields: Fields, key: string): ExprSpec | undefined {
    const node = fields.entries.get(key)?.value;
    return node && this.expressionAt(node);
  }

  expressionAt(node: YamlNode): ExprSpec | undefined {
    const scalar = this.scalar(node);
    if (scalar === undefined) return undefined;
    const word = scalar.plain ? booleanWord(scalar.text) : undefined;
    const text =
      word === undefined || this.#ids.has(scalar.text) ? scalarAsExpression(scalar.text, scalar.type) : String(word);
    return this.parse(scalar, text, 0);
  }

  /** The text of an id. To YAML `NO` and `True` are no words but booleans, so that their case says nothing. */
  idText({ text, plain }: YamlScalar): string {
    return plain && booleanWord(text) !== undefined ? text.toLowerCase() : text;
  }

  /** Parses `text`, which begins at character `start` of the scalar. */
  parse(scalar: YamlScalar, text: string, start: number): ExprSpec | undefined {
    const expr = this.guard(scalar, `expression '${text.trim()}'`, start, () => parseExpression(text));
    if (expr === undefined) return undefined;
    const bad = findBadName(expr);
    if (bad !== undefined) {
      const hint = bad.name === text.trim() ? `; text needs quotes within those of YAML: '"${bad.name}"'` : '';
      const message = `invalid ID: '${bad.name}', expected ${String(ID_PATTERN)}${hint}`;
      return this.error(scalar.locate(start + bad.offset), message);
    }
    return this.register(scalar, text, start, expr);
  }

  register(scalar: YamlScalar, text: string, start: number, expr: Expr): ExprSpec {
    const spec: ExprSpec = { expr, text, at: scalar.at };
    locators.set(spec, (offset) => scalar.locate(start + offset));
    return spec;
  }

  typeName(fields: Fields, key: string): Located<TypeName> | undefined {
    const node = fields.entries.get(key)?.value;
    const scalar = node && this.scalar(node);
    if (!scalar) return undefined;
    const value = this.guard(scalar, `name '${scalar.text}'`, 0, () => parseName(scalar.text));
    return value && { value, at: scalar.at };
  }

  /** Runs a parser; what it throws becomes a diagnostic that points into the scalar. */
  guard<T>(scalar: YamlScalar, what: string, start: number, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const shown = what.length > 80 ? `${what.slice(0, 80)}…'` : what;
      return this.error(scalar.locate(start + error.offset), `parsing ${shown} failed: ${error.message}`);
    }
  }

  /** Checks a name against Kaitai's pattern. `kind` is `attribute`, `type` …; the path is that of `at`. */
  id(name: string, kind: string, at: Location): string | undefined {
    if (ID_PATTERN.test(name)) return name;
    return this.error(at, `invalid ${kind} ID: '${name}', expected ${String(ID_PATTERN)}`);
  }
}
