/**
 * Damaged and malicious schemas through the generator: each is compiled, or refused with diagnostics; nothing of its
 * texts becomes code, and no file of the output lies outside of the output's folder.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript-5.9';
import type { compile as compileSchemas } from '../../generator/src/compile.js';
import type {
  SchemaError as SchemaErrorClass,
  formatDiagnostic as formatOne,
} from '../../generator/src/diagnostics.js';
import { randomSchema } from '../support/random-schemas.js';
import { Random } from '../support/random.js';
import { ROOT, fromGenerator } from './reader-bases.js';
import type { Subject } from './subject.js';

interface Generator {
  readonly compile: typeof compileSchemas;
  readonly SchemaError: typeof SchemaErrorClass;
  readonly formatDiagnostic: typeof formatOne;
}

/** What would be seen in the output's syntax tree if a text became code. */
const MARK = 'planted';
const PLAIN = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'class',
  'await',
  'arguments',
  'eval',
  'null',
];
const QUOTED = [
  `*/ ${MARK}(); /*`,
  `'; ${MARK}(); '`,
  `\`\${${MARK}()}\``,
  `\n${MARK}();`,
  `\u2028${MARK}();\u2029`,
  '../../../../tmp/x',
  '/etc/passwd',
  '..',
  '\\',
  '\0',
  '',
];
const VALUES = [
  '{}',
  '[]',
  '~',
  'true',
  '-1',
  '9007199254740993',
  '1e400',
  '"x" * 2',
  '1 << 5000',
  '_root._root',
  '_parent._parent.x',
  'a.as<b>.c',
  'u8',
  'b99999',
  'str',
  'f"{a}"',
];
const KEYS =
  'seq instances types enums params meta id type size repeat repeat-expr repeat-until if pos io value valid switch-on cases contents terminator process imports endian encoding doc -orig-id -checksum'.split(
    ' ',
  );

/** Whole schemas of a size that no one writes by hand: `depth` of whatever they nest. */
const HUGE: readonly ((depth: number) => string)[] = [
  (depth) => `meta: {id: t}\ninstances: {v: {value: '${'('.repeat(depth)}1${')'.repeat(depth)}'}}`,
  (depth) => `meta: {id: t}\ninstances: {v: {value: '${'-'.repeat(depth)}1'}}`,
  (depth) => `meta: {id: t}\ninstances: {v: {value: '${'1 + '.repeat(depth)}1'}}`,
  (depth) => `meta: {id: t}\ninstances: {v: {value: '${'true ? 1 : '.repeat(depth)}1'}}`,
  (depth) => `meta: {id: t}\ninstances: {v: {value: '_root${'._root'.repeat(depth)}'}}`,
  (depth) => `meta: {id: t}\nseq: ${'['.repeat(depth)}${']'.repeat(depth)}`,
  (depth) => `meta: {id: t}\ntypes: ${'{a: {types: '.repeat(depth)}{}${'}}'.repeat(depth)}`,
  (depth) => {
    const last = Math.min(depth, 60);
    const bombs = many(last, (at) => `x${at + 1}: &x${at + 1} [${`*x${at}, `.repeat(9)}*x${at}]`);
    return `meta: {id: t}\nx0: &x0 [1, 2]\n${bombs.join('\n')}\nseq: *x${last}`;
  },
  (depth) => {
    const values = many(depth, (at) => `v${at}: {value: v${at + 1} + v${at + 1}}`);
    return `meta: {id: t}\nseq: [{id: a, type: u1}]\ninstances: {${values.join(', ')}, v${depth}: {value: a}}`;
  },
  (depth) => {
    // So many classes take their time, however they refer to each other.
    const last = Math.min(depth, 1000);
    const types = many(last, (at) => `t${at}: {seq: [{id: a, type: t${at + 1}}]}`);
    return `meta: {id: t}\nseq: [{id: a, type: t0}]\ntypes: {${types.join(', ')}, t${last}: {}}`;
  },
];
const many = (count: number, make: (at: number) => string): string[] =>
  Array.from({ length: count }, (_, at) => make(at));
/** Deep enough for the stack of whatever recurses; one in many, since they take longest. */
const DEPTHS = [10, 100, 1000, 10_000];

/** `text` with one to three places changed. */
function damage(text: string, random: Random): string {
  let lines = text.split('\n');
  for (let left = 1 + random.below(3); left > 0; left -= 1) lines = change(lines, random);
  return lines.join('\n');
}

function change(lines: readonly string[], random: Random): string[] {
  const at = random.below(Math.max(1, lines.length));
  const line = lines[at] ?? '';
  const replaced = (now: string): string[] => lines.with(at, now);
  const hazard = (): string => (random.oneIn(2) ? random.pick(PLAIN) : JSON.stringify(random.pick(QUOTED)));
  if (lines.length === 0) return [hazard()];
  switch (random.below(8)) {
    case 0:
      return lines.toSpliced(at, 1);
    case 1:
      return lines.toSpliced(random.below(lines.length), 0, line);
    case 2:
      return replaced(random.oneIn(2) ? `  ${line}` : line.replace(/^ {2}/, ''));
    case 3:
      return replaced(line.replace(/[\w-]+(?=:)/, () => random.pick(KEYS)));
    case 4:
      return replaced(line.replace(/([\w-]+)(?=:)/, hazard));
    case 5:
      return replaced(
        line.replace(/(:\s+)\S.*?(,?)$/, (_, colon: string, comma: string) => `${colon}${hazard()}${comma}`),
      );
    case 6:
      return replaced(
        line.replace(/(:\s+)\S.*?(,?)$/, (_, colon: string, comma: string) => `${colon}${random.pick(VALUES)}${comma}`),
      );
    default: {
      const from = random.below(line.length + 1);
      const characters = [
        '"',
        "'",
        '[',
        '}',
        ':',
        '&a ',
        '*a',
        '!x ',
        '#',
        '\t',
        '\0',
        '\u2028',
        '\ud800',
        '%',
        '|',
        '?',
      ];
      return replaced(line.slice(0, from) + random.pick(characters) + line.slice(from + random.below(2)));
    }
  }
}

/** Schemas of the repository, and random ones. */
function makeBases(): string[] {
  const folders = ['schemas', 'test/bench', 'test/generator/roundtrip'].map((path) => join(ROOT, path));
  const library = join(ROOT, '..', 'shared', 'formats');
  if (existsSync(library)) folders.push(...['archive', 'image', 'media'].map((name) => join(library, name)));
  const files = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ksy'))
      .toSorted()
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  return [...files, ...Array.from({ length: 20 }, (_, index) => randomSchema(`fuzz${index}`, 99_001 + index).text)];
}

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** What is wrong with what the generator makes of a schema; undefined where nothing is. */
export function faultOf({ compile, SchemaError, formatDiagnostic }: Generator, text: string): string | undefined {
  let files: ReturnType<typeof compileSchemas>['files'];
  try {
    const importer = { read: (path: string) => (path === 'in/t.ksy' ? text : undefined) };
    ({ files } = compile({ files: ['in/t.ksy'], importer }));
  } catch (error) {
    if (!(error instanceof SchemaError)) return String(error instanceof Error ? error.stack : error);
    const said = error.diagnostics.map(formatDiagnostic);
    if (said.length === 0) return 'refused without a diagnostic';
    const unclear = said.find((line) => CONTROL.test(line) || !/^in\/t\.ksy:\d+:\d+: /.test(line));
    return unclear === undefined ? undefined : `the diagnostic ${JSON.stringify(unclear)}`;
  }
  for (const { path, content } of files) {
    if (!/^(?:kaitai\/)?[a-z_][\w-]*\.ts$/.test(path)) return `the output has a file ${path}`;
    if (path.startsWith('kaitai/')) continue;
    const file = ts.createSourceFile('t.ts', content, ts.ScriptTarget.Latest);
    const [wrong] = Reflect.get(file, 'parseDiagnostics') as readonly ts.Diagnostic[];
    if (wrong !== undefined) return `the output is no TypeScript: ${JSON.stringify(wrong.messageText)}`;
    if (content.includes(MARK) && names(file).has(MARK)) return 'a text of the schema became code';
  }
  return undefined;
}

function names(file: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const open: ts.Node[] = [file];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (ts.isIdentifier(node)) found.add(node.text);
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return found;
}

export async function makeSubject(): Promise<Subject> {
  const modules = await Promise.all([fromGenerator('compile.js'), fromGenerator('diagnostics.js')]);
  const generator = Object.assign({}, ...modules) as Generator;
  const bases = makeBases();
  return {
    run: (seed, number) => {
      const random = new Random(Math.imul(seed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b));
      const text = random.oneIn(50)
        ? random.pick(HUGE)(random.pick(DEPTHS) + random.below(10))
        : damage(random.pick(bases), random);
      const fault = faultOf(generator, text);
      const shown = text.length > 4000 ? `${text.slice(0, 300)}…` : text;
      return Promise.resolve(fault === undefined ? undefined : `seed ${seed}, case ${number}: ${fault}\n${shown}`);
    },
    end: () => undefined,
  };
}
