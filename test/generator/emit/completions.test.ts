/** What an editor proposes on generated classes: what the TypeScript language service answers. */
import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as TypeScript from 'typescript-6.0';
import { expect, test } from 'vitest';
import { compile } from '../../../generator/src/compile.js';

const require = createRequire(import.meta.url);
const ts = require('typescript-6.0') as typeof TypeScript;

const SCHEMA = `
meta: {id: page, endian: le}
seq:
  - {id: magic, contents: PG}
  - {id: head, type: head}
  - {id: len, type: u4}
  - {id: kind, type: u1}
  - {id: body, size: len, type: {switch-on: kind, cases: {1: head, 2: tail}}}
instances:
  next: {pos: 4, type: u1}
  double: {value: len * 2 + kind * 3 + len * 5 + len * 7}
types:
  head: {seq: [{id: a, type: u4}, {id: guid, size: 16}, {id: sum, type: u4, -checksum: {algo: crc32c}}]}
  tail: {seq: [{id: text, type: strz, encoding: UTF-8}]}
`;

const generated = (readOnly: boolean): Map<string, string> => {
  const { files } = compile({ files: ['page.ksy'], importer: { read: () => SCHEMA }, readOnly });
  return new Map(files.map(({ path, content }) => [`/out/${path}`, content]));
};

/** The names that are proposed behind the dot of `object.`, an object of the class. */
function proposed(files: ReadonlyMap<string, string>, type: string, object = 'value'): string[] {
  const program = `import { ${type} } from './page.js';\ndeclare const value: ${type};\n${object}.`;
  const all = new Map([...files, ['/out/use.ts', program]]);
  const libraries = dirname(require.resolve('typescript-6.0'));
  const read = (path: string): string | undefined =>
    all.get(path) ?? (path.startsWith(libraries) && existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  const service = ts.createLanguageService({
    getScriptFileNames: () => ['/out/use.ts'],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = read(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => '/out',
    getCompilationSettings: () => ({
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      types: [],
    }),
    getDefaultLibFileName: (options) => join(libraries, ts.getDefaultLibFileName(options)),
    fileExists: (path) => read(path) !== undefined,
    readFile: read,
  });
  const answer = service.getCompletionsAtPosition('/out/use.ts', program.length, {
    includeCompletionsWithInsertText: true,
  });
  return (answer?.entries ?? []).map(({ name }) => name).toSorted();
}

const READING = ['_io', '_parent', '_read', '_root'];
const WRITING = ['_check', ...READING, '_write', 'toBytes', 'writeTo'];

test('an object → its fields and instances, and what every structure has for its users', () => {
  const page = ['body', 'double', 'head', 'kind', 'len', 'magic', 'next'];
  expect(proposed(generated(false), 'Page')).toEqual([...WRITING, ...page].toSorted());
  expect(proposed(generated(true), 'Page')).toEqual([...READING, ...page].toSorted());
});

test('an object of fixed layout with a checksum → the same', () => {
  expect(proposed(generated(false), 'Page_Head')).toEqual(
    [...WRITING, 'a', 'guid', 'sum', 'verifyChecksum'].toSorted(),
  );
});

test('a class → what makes and reads an object', () => {
  const names = proposed(generated(false), 'Page_Head', 'Page_Head');
  const inherited = [...Object.getOwnPropertyNames(Function.prototype), 'Symbol'];
  expect(names.filter((name) => !inherited.includes(name))).toEqual([
    'LAYOUT',
    'SIZE',
    'create',
    'fromBytes',
    'prototype',
    'read',
  ]);
});
