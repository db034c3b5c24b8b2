/** A schema as a module of its own: what `ksy-ts` generates, with other names for what it imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile, type Importer } from '../../../generator/src/compile.js';
import { SUPPORT_MODULES, publicExports } from '../../../generator/src/support-modules.js';
import { compileModule, RUNTIME } from '../../../generator/src/module/compile-module.js';
import { declarationText } from '../../../generator/src/module/declarations.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const importerOf = (files: Readonly<Record<string, string>>, importPaths: readonly string[] = []): Importer => ({
  read: (path) => files[path],
  importPaths,
});
const schema = (id: string, body: string, imports = ''): string =>
  `meta: { id: ${id}, imports: [${imports}] }\n${body}\n`;
const importsIn = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('import '));
/** But for imports of the runtime. */
const foreignImports = (text: string): string[] => importsIn(text).filter((line) => !line.includes(RUNTIME));

describe('imports', () => {
  test.each([
    ['beside it', 'a.ksy', 'b', 'b.ksy', './b.ksy'],
    ['below it', 'formats/a.ksy', 'deep/b', 'formats/deep/b.ksy', './deep/b.ksy'],
    ['above it', 'formats/a.ksy', '../b', 'b.ksy', '../b.ksy'],
    ['in an import path', 'src/a.ksy', '/common/b', 'lib/common/b.ksy', '../lib/common/b.ksy'],
    ['absolute paths', '/p/src/a.ksy', '../b', '/p/b.ksy', '../b.ksy'],
    ['a path with quotes and a backslash', "it's/a.ksy", '"../b\'\\\\c"', "b'\\c.ksy", "../b\\'\\\\c.ksy"],
  ])('%s → the file of the schema', (_, file, imported, path, specifier) => {
    const files = {
      [file]: schema('a', 'seq: [{ id: x, type: b }]', imported),
      [path]: schema('b', 'seq: [{ id: y, type: u1 }]'),
    };
    const { text, files: used } = compileModule({ file, importer: importerOf(files, ['lib']) });
    expect(foreignImports(text)).toEqual([`import { B } from '${specifier}';`]);
    expect(used).toEqual([file, path]);
  });

  test("another schema's class is called like one here → by the name that its module has for it", () => {
    const files = {
      'foo.ksy': schema(
        'foo',
        'seq: [{ id: x, type: foo_init }, { id: y, type: u1, enum: foo_init::kind }]',
        'foo_init',
      ),
      'foo_init.ksy': schema('foo_init', 'seq: [{ id: y, type: u1 }]\nenums: { kind: { 1: one } }'),
    };
    const importer = importerOf(files);
    expect(foreignImports(compileModule({ file: 'foo.ksy', importer }).text)).toEqual([
      `import { type FooInit_Kind, FooInit as FooInit_ } from './foo_init.ksy';`,
    ]);
    expect(compileModule({ file: 'foo_init.ksy', importer }).text).toContain('export class FooInit extends');
  });

  test("a class of the user's own → beside the schema, with the extension that it has", () => {
    const files = { 'a.ksy': 'meta: { id: a }\nseq: [{ id: x, size: 1, process: own.fx }]\n' };
    const extensionOf = (path: string): string => (path === 'own/fx' ? '.ts' : '.js');
    const { text } = compileModule({ file: 'a.ksy', importer: importerOf(files), extensionOf });
    expect(foreignImports(text)).toEqual([`import { Fx } from './own/fx.ts';`]);
  });
});

test('reflection → what the schema says, in the same module, and of other schemas by the names of theirs', () => {
  const importer = importerOf({
    'a.ksy': schema('a', 'seq: [{ id: x, type: a_schema }]', 'a_schema'),
    'a_schema.ksy': schema('a_schema', 'seq: [{ id: y, type: u1 }]'),
  });
  const module = compileModule({ file: 'a.ksy', importer, reflection: true });
  expect(module.text).toMatch(/^export const ASchema: SchemaOf<A> = \{/m);
  expect(foreignImports(module.text)).toEqual([`import { ASchema as ASchema_, ASchemaSchema } from './a_schema.ksy';`]);
  const other = compileModule({ file: 'a_schema.ksy', importer, reflection: true });
  expect(other.text).toContain('export class ASchema extends');
  expect(other.text).toContain('export const ASchemaSchema: SchemaOf<ASchema> =');
  expect(declarationText(module, 'a.ksy')).toContain('export declare const ASchema: SchemaOf<A>;');
});

test('warnings → those of the schema itself', () => {
  const counted = 'seq: [{ id: n, type: u1 }, { id: y, type: u1, repeat: expr, repeat-expr: n }]';
  const importer = importerOf({
    'a.ksy': schema('a', `${counted}\ninstances: { b: { pos: 0, type: b } }`, 'b'),
    'b.ksy': schema('b', counted),
  });
  const { warnings } = compileModule({ file: 'a.ksy', importer });
  expect(warnings.map(({ at }) => at.file)).toEqual(['a.ksy']);
});

test('a type that cannot be written, where all must be → SchemaError', () => {
  const importer = importerOf({
    'a.ksy': 'meta: { id: a }\nseq: [{ id: x, size: b }]\ninstances: { b: { type: u1 } }\n',
  });
  expect(() => compileModule({ file: 'a.ksy', importer })).not.toThrow();
  expect(() => compileModule({ file: 'a.ksy', importer, write: 'require' })).toThrow(/^a\.ksy:3:.*cannot be written/);
});

const folders = ['test/generator/language/formats', 'test/generator/writing', 'schemas'];
const schemas = folders.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.ksy'))
    .map((name) => join(folder, name)),
);
const onDisk: Importer = {
  read: (path) => readFileSync(join(ROOT, path), 'utf8'),
  importPaths: ['test/generator/language/ks_path'],
};

test.each([{}, { readOnly: true, positions: true }])(
  'schemas of every feature, %o → as ksy-ts generates each of them, but for imports',
  (options) => {
    const withoutImports = (text: string): string =>
      text
        .split('\n')
        .filter((line) => !line.startsWith('import '))
        .join('\n');
    for (const file of schemas) {
      const { files } = compile({ files: [file], importer: onDisk, ...options });
      const { text } = compileModule({ file, importer: onDisk, ...options });
      const [, id] = /^ {2}id: (\w+)|meta: ?\{ ?id: (\w+)/m.exec(onDisk.read(file) ?? '') ?? [];
      const generated = files.find(({ path }) => path === `${id ?? ''}.ts`)?.content;
      if (generated === undefined)
        expect(files.map(({ content }) => withoutImports(content))).toContain(withoutImports(text));
      else expect(withoutImports(text), file).toBe(withoutImports(generated));
    }
    expect(schemas.length).toBeGreaterThan(50);
  },
);

test('ksy-ts/runtime → what an index exports of the support modules', () => {
  const text = readFileSync(join(ROOT, 'generator/runtime/index.ts'), 'utf8');
  const namesIn = (lines: string): string[] =>
    [...lines.matchAll(/export (type )?\{([^}]*)\}/g)]
      .flatMap(([, type, names = '']) =>
        names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name !== '')
          .map((name) => (type === undefined || name.startsWith('type ') ? name : `type ${name}`)),
      )
      .toSorted();
  expect(namesIn(text)).toEqual(namesIn(SUPPORT_MODULES.flatMap(publicExports).join('\n')));
});
