/** docs/structures is what `ksy-ts doc` makes of the schemas (npm run structures). */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { documentation } from '../../generator/src/doc/pages.js';
import { ROOT } from './pages.js';

const SCHEMAS = readdirSync(join(ROOT, 'schemas'))
  .filter((name) => name.endsWith('.ksy'))
  .map((name) => `schemas/${name}`);

test('docs/structures → a page and a diagram of every structure, up to date, and nothing else', () => {
  const { files } = documentation({
    files: SCHEMAS,
    importer: { read: (path) => readFileSync(join(ROOT, path), 'utf8') },
    format: 'markdown',
    sourcePath: (file) => posix.relative('docs/structures', file),
  });
  const folder = join(ROOT, 'docs/structures');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.\w+$/.test(name));
  expect(found.toSorted()).toEqual(files.map(({ path }) => path));
  const stale = files.filter(({ path, content }) => readFileSync(join(folder, path), 'utf8') !== content);
  expect(stale.map(({ path }) => path)).toEqual([]);
});
