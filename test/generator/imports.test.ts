import { describe, expect, test } from 'vitest';

import { Diagnostics } from '../../generator/src/diagnostics.js';
import { loadAllSchemas, loadSchemas, normalizePath } from '../../generator/src/spec/imports.js';
import type { SchemaFile } from '../../generator/src/spec/model.js';

interface Loaded {
  readonly root: SchemaFile | undefined;
  readonly problems: readonly string[];
  readonly reads: readonly string[];
}

function load(files: Record<string, string>, rootFile: string, importPaths: readonly string[] = []): Loaded {
  const diagnostics = new Diagnostics();
  const reads: string[] = [];
  const read = (path: string): string | undefined => {
    if (files[path] !== undefined) reads.push(path);
    return files[path];
  };
  const root = loadSchemas(rootFile, { read, importPaths }, diagnostics);
  const problems = diagnostics.sorted.map(({ at, message }) => `${at.file}:${at.line}:${at.col} ${at.path} ${message}`);
  return { root, problems, reads };
}

const schema = (id: string, ...imports: string[]): string =>
  `meta:\n  id: ${id}\n${imports.length > 0 ? `  imports:\n${imports.map((name) => `    - ${name}\n`).join('')}` : ''}`;

const names = (file: SchemaFile | undefined): string[] => file?.imports.map(({ root }) => root.id) ?? [];

describe('relative imports', () => {
  test('beside, below and above → found from the importing file', () => {
    const files = {
      'a/root.ksy': schema('root', 'beside', 'sub/below', '../above'),
      'a/beside.ksy': schema('beside'),
      'a/sub/below.ksy': schema('below', '../beside', 'deep/end'),
      'a/sub/deep/end.ksy': schema('end'),
      'above.ksy': schema('above'),
    };
    const { root, problems } = load(files, 'a/root.ksy');
    expect(problems).toEqual([]);
    expect(names(root)).toEqual(['beside', 'below', 'above']);
    expect(names(root?.imports[1])).toEqual(['beside', 'end']);
    expect(root?.imports[1]?.imports[0]).toBe(root?.imports[0]);
  });

  test('a cycle → each file read once, the same objects', () => {
    const { root, problems, reads } = load(
      { '/x/a.ksy': schema('a', 'b'), '/x/b.ksy': schema('b', 'a', 'b') },
      '/x/a.ksy',
    );
    expect(problems).toEqual([]);
    expect(reads).toEqual(['/x/a.ksy', '/x/b.ksy']);
    expect(root?.imports[0]?.imports[0]).toBe(root);
  });

  test('missing → error at the entry', () => {
    const { problems } = load({ 'a.ksy': schema('a', 'b', 'nowhere'), 'b.ksy': schema('b') }, 'a.ksy');
    expect(problems).toEqual([expect.stringMatching(/^a\.ksy:5:7 \/meta\/imports\/1 unable to find 'nowhere\.ksy'/)]);
  });

  test.each(['w3-doo', 'a.b.v1', 'Upper', '9lives', 'with space', '../up.dir/x-y'])(
    'a file name that is no id (%s) → taken',
    (name) => {
      const path = normalizePath(`dir/${name}.ksy`);
      const { root, problems } = load({ 'dir/a.ksy': schema('a', `"${name}"`), [path]: schema('b') }, 'dir/a.ksy');
      expect(problems).toEqual([]);
      expect(names(root)).toEqual(['b']);
    },
  );

  test('import of a nested type → taken too', () => {
    const text = 'meta:\n  id: a\ntypes:\n  inner:\n    meta:\n      imports: [b, c]\n';
    const { root, problems } = load({ 'a.ksy': text, 'b.ksy': schema('b') }, 'a.ksy');
    expect(names(root)).toEqual(['b']);
    expect(problems).toEqual([expect.stringContaining('/types/inner/meta/imports/1')]);
  });

  test('name with its ending → refused with the right spelling', () => {
    const { problems } = load({ 'a.ksy': schema('a', 'b.ksy'), 'b.ksy': schema('b') }, 'a.ksy');
    expect(problems).toEqual([expect.stringContaining("leave out '.ksy'")]);
  });
});

describe('absolute imports', () => {
  test('several import paths → the first that has the file', () => {
    const files = {
      'a.ksy': schema('a', '/common/b', '/c'),
      'two/common/b.ksy': schema('b'),
      'one/c.ksy': schema('c'),
      'two/c.ksy': schema('not_this'),
    };
    const { root, problems } = load(files, 'a.ksy', ['one', 'two/']);
    expect(problems).toEqual([]);
    expect(root?.imports.map(({ file }) => file)).toEqual(['two/common/b.ksy', 'one/c.ksy']);
  });

  test('no import path has it → error names them', () => {
    const { problems } = load({ 'a.ksy': schema('a', '/b') }, 'a.ksy', ['one', 'two']);
    expect(problems).toEqual([expect.stringMatching(/^a\.ksy:4:7 \/meta\/imports\/0 .*'b\.ksy'.*one, two/)]);
  });
});

describe('whole compilations', () => {
  test('two files of one id → error at the second, naming both', () => {
    const { problems } = load({ 'a.ksy': schema('a', 'sub/b'), 'sub/b.ksy': schema('a') }, 'a.ksy');
    expect(problems).toEqual([
      expect.stringMatching(/^sub\/b\.ksy:2:7 \/meta\/id two schemas .*a\.ksy and sub\/b\.ksy/),
    ]);
  });

  test('missing root → error', () => {
    const { root, problems } = load({}, 'a.ksy');
    expect(root).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining("unable to read 'a.ksy'")]);
  });

  test('problems of an imported file → reported in that file', () => {
    const { problems } = load({ 'a.ksy': schema('a', 'b'), 'b.ksy': 'meta: 123' }, 'a.ksy');
    expect(problems).toEqual(['b.ksy:1:7 /meta expected map, got 123']);
  });

  test('a chain of 20 000 files → read without recursion', () => {
    const files: Record<string, string> = {};
    for (let i = 0; i < 20_000; i += 1) files[`f${i}.ksy`] = schema(`f${i}`, `f${i + 1}`);
    files['f20000.ksy'] = schema('f20000');
    const { problems, reads } = load(files, 'f0.ksy');
    expect(problems).toEqual([]);
    expect(reads).toHaveLength(20_001);
  });

  test('several roots with one import → one object', () => {
    const files: Record<string, string> = {
      'a.ksy': schema('a', 'c'),
      'b.ksy': schema('b', 'c'),
      'c.ksy': schema('c'),
    };
    const roots = loadAllSchemas(['./a.ksy', 'b.ksy'], { read: (path) => files[path] }, new Diagnostics());
    expect(roots.map(({ file }) => file)).toEqual(['a.ksy', 'b.ksy']);
    expect(roots[0]?.imports[0]).toBe(roots[1]?.imports[0]);
  });
});

test.each([
  ['a/./b/../c.ksy', 'a/c.ksy'],
  ['../a.ksy', '../a.ksy'],
  ['a/../../b', '../b'],
  ['/a/../../b', '/b'],
  ['/x//y/', '/x/y'],
])('path %s → %s', (path, normal) => {
  expect(normalizePath(path)).toBe(normal);
});

test('the same file in two folders → one type; a file of the same id that differs → an error', () => {
  const copy = schema('common');
  const files = {
    'root.ksy': schema('root', 'a/one', 'b/two'),
    'a/one.ksy': schema('one', 'common'),
    'a/common.ksy': copy,
    'b/two.ksy': schema('two', 'common'),
    'b/common.ksy': copy,
  };
  const { root, problems } = load(files, 'root.ksy');
  expect(problems).toEqual([]);
  expect(new Set(root?.imports.flatMap(({ imports }) => imports)).size).toBe(1);
  expect(load({ ...files, 'b/common.ksy': `${copy}seq: []\n` }, 'root.ksy').problems.join()).toMatch(/have the id/);
});
