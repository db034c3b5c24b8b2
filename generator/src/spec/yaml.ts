/** YAML text to a tree in which every node knows its line, column and path. Problems become diagnostics, never exceptions. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';

import type { Diagnostics, Location } from '../diagnostics.js';
import { plainScalarType, type ScalarType, sourceOffset } from './scalar.js';
import { parseSyntax, type Syntax } from './yaml-syntax.js';

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly type: ScalarType;
  /** Written without quotes, not as a block, and without a tag that makes it text. */
  readonly plain: boolean;
  /** The text as written, quotes and escapes resolved: no digit of a number is lost. */
  readonly text: string;
  readonly at: Location;
  /** The place of the value's character `index`. */
  locate(index: number): Location;
}

export interface YamlEntry {
  readonly key: string;
  /** The key is a scalar of its own: a case of a switch is an expression. */
  readonly keyNode: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly at: Location;
  readonly entries: readonly YamlEntry[];
}

export interface YamlList {
  readonly kind: 'list';
  readonly at: Location;
  readonly items: readonly YamlNode[];
}

export type YamlNode = YamlScalar | YamlMap | YamlList;

/** The largest schema known is below 200 KB; a tree takes about a hundred times its text. */
export const MAX_SCHEMA_LENGTH: number = 4 * 1024 * 1024;
/** Aliases are expanded; ten lines can stand for a billion nodes. */
const MAX_ALIASED_NODES = 100_000;
/** Tags under which text means what it means where it stands plain; under any other it is text. */
const RESOLVED_TAGS: ReadonlySet<string> = new Set(
  ['int', 'float', 'bool', 'null'].map((name) => `tag:yaml.org,2002:${name}`),
);

/** The tree of `text`; undefined where it is not one YAML document. */
export function parseYaml(file: string, text: string, diagnostics: Diagnostics): YamlNode | undefined {
  if (text.length > MAX_SCHEMA_LENGTH) {
    const limit = `${MAX_SCHEMA_LENGTH / 1024 / 1024} MiB`;
    const at: Location = { file, line: 1, col: 1, path: '' };
    diagnostics.error(at, `file is too large: ${text.length} characters, at most ${limit} are read`);
    return undefined;
  }
  if (/^(?:\uFFFD\uFFFD|.?\0)/.test(text)) {
    diagnostics.error({ file, line: 1, col: 1, path: '' }, 'not text in UTF-8, it looks like UTF-16: save it as UTF-8');
    return undefined;
  }
  // A carriage return alone ends a line (YAML 1.2.2, 5.4); the parser knows those before a line feed only.
  const syntax = parseSyntax(text.replaceAll(/\r(?!\n)/g, '\n'));
  const source = new Source(file, syntax);
  const parsed = syntax.result;
  if ('message' in parsed) {
    diagnostics.error(source.at(parsed.offset, ''), parsed.message);
    return undefined;
  }
  return parsed.document && new TreeBuilder(source, parsed.document, diagnostics).build();
}

/** A file's text with its line starts. */
class Source {
  readonly file: string;
  readonly text: string;
  readonly #lines: LineCounter;
  readonly #added: ReadonlyMap<number, number>;

  constructor(file: string, { text, lines, added }: Syntax) {
    this.file = file;
    this.text = text;
    this.#lines = lines;
    this.#added = added;
  }

  at(offset: number, path: string): Location {
    const { line, col } = this.#lines.linePos(offset);
    const column = col - (this.#added.get(line) ?? 0);
    return { file: this.file, line: Math.max(line, 1), col: Math.max(column, 1), path };
  }
}

class TreeBuilder {
  readonly #source: Source;
  readonly #document: Document;
  readonly #diagnostics: Diagnostics;
  /** Anchors whose content is being built: an alias to one of them would never end. */
  readonly #openAnchors = new Set<Node>();
  readonly #anchors = new Map<string, Node>();
  #aliasDepth = 0;
  #aliasedNodes = 0;
  #failed = false;
  #stopped = false;

  constructor(source: Source, document: Document, diagnostics: Diagnostics) {
    this.#source = source;
    this.#document = document;
    this.#diagnostics = diagnostics;
  }

  build(): YamlNode | undefined {
    const node = this.#node(this.#document.contents, '', 0);
    return this.#failed ? undefined : node;
  }

  #node(node: Node | null | undefined, path: string, fallback: number): YamlNode {
    const offset = node?.range?.[0] ?? fallback;
    const at = this.#source.at(offset, path);
    if (this.#aliasDepth > 0) this.#countAliased(at);
    if (!node || this.#stopped) return nullScalar(at);
    if (isAlias(node)) return this.#aliased(node.source, at);
    if (this.#aliasDepth === 0 && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node, at, offset);
    this.#openAnchors.add(node);
    const result = this.#collection(node, at, offset);
    this.#openAnchors.delete(node);
    return result;
  }

  #collection(node: Node, at: Location, offset: number): YamlNode {
    if (isMap<Node | null, Node | null>(node)) {
      return { kind: 'map', at, entries: this.#entries(node.items, at, offset) };
    }
    const items = isSeq<Node | null>(node) ? node.items : [];
    return { kind: 'list', at, items: items.map((item, i) => this.#node(item, `${at.path}/${i}`, offset)) };
  }

  #aliased(anchor: string, at: Location): YamlNode {
    const target = this.#anchors.get(anchor);
    if (target === undefined) return this.#fail(at, 'this alias has no anchor before it');
    if (this.#openAnchors.has(target)) return this.#fail(at, 'this alias stands within its own anchor');
    this.#aliasDepth += 1;
    const result = this.#node(target, at.path, 0);
    this.#aliasDepth -= 1;
    return result;
  }

  #countAliased(at: Location): void {
    this.#aliasedNodes += 1;
    if (this.#aliasedNodes === MAX_ALIASED_NODES) {
      this.#stopped = true;
      this.#fail(at, `aliases stand for more than ${MAX_ALIASED_NODES} nodes`);
    }
  }

  #entries(pairs: readonly Pair<Node | null, Node | null>[], at: Location, offset: number): YamlEntry[] {
    const entries = new Map<string, YamlEntry>();
    const merged: YamlEntry[] = [];
    for (const { key, value } of pairs) {
      if (this.#stopped) break;
      const keyNode = this.#node(key, at.path, offset);
      if (keyNode.kind !== 'scalar') {
        this.#fail(at, `expected string as key, got ${describeNode(keyNode)}`);
        continue;
      }
      const path = `${at.path}/${keyNode.text}`;
      const valueNode = this.#node(value, path, key?.range?.[1] ?? offset);
      if (isScalar(key) && key.type === 'PLAIN' && keyNode.text === '<<') merged.push(...this.#merged(valueNode));
      else if (entries.has(keyNode.text)) this.#fail({ ...keyNode.at, path }, `duplicate key '${keyNode.text}'`);
      else entries.set(keyNode.text, { key: keyNode.text, keyNode: withPath(keyNode, path), value: valueNode });
    }
    for (const entry of merged) {
      if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    return [...entries.values()];
  }

  /** What the merge key `<<` brings in: the entries of a map, or of several. */
  #merged(node: YamlNode): readonly YamlEntry[] {
    if (node.kind === 'list') return node.items.flatMap((item) => this.#merged(item));
    if (node.kind === 'map') return node.entries;
    this.#fail(node.at, `'<<' merges a map or a list of maps, got ${describeNode(node)}`);
    return [];
  }

  #scalar(node: Scalar, at: Location, offset: number): YamlScalar {
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    const plain = node.tag === undefined ? node.type === 'PLAIN' : RESOLVED_TAGS.has(node.tag);
    const written = this.#source.text.slice(offset, node.range?.[1] ?? offset);
    const locate = (index: number): Location => {
      return this.#source.at(offset + sourceOffset(written, text, index), at.path);
    };
    return { kind: 'scalar', type: plain ? plainScalarType(text) : 'string', plain, text, at, locate };
  }

  #fail(at: Location, message: string): YamlScalar {
    this.#diagnostics.error(at, message);
    this.#failed = true;
    return nullScalar(at);
  }
}

function withPath(scalar: YamlScalar, path: string): YamlScalar {
  const at = { ...scalar.at, path };
  return { ...scalar, at, locate: (index) => ({ ...scalar.locate(index), path }) };
}

function nullScalar(at: Location): YamlScalar {
  return { kind: 'scalar', type: 'null', plain: true, text: '', at, locate: () => at };
}

/** For messages: `123`, `[1, 2, 3]`, `null`, `a map`. */
export function describeNode(node: YamlNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return `[${node.items.map(describeNode).join(', ')}]`;
  if (node.type === 'null') return 'null';
  const text = node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text;
  return node.type === 'string' ? `'${text}'` : text;
}
