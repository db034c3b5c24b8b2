/** What is in the published packages, and what is not. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SUPPORT_MODULES } from '../../generator/src/support-modules.js';
import { StrangerProject } from '../support/packed.js';

interface Manifest {
  readonly sideEffects?: boolean;
}

const CHECKER = fileURLToPath(new URL('../../tools/package-contents.js', import.meta.url));

let project: StrangerProject;
beforeAll(() => {
  project = new StrangerProject();
}, 120_000);
afterAll(() => {
  project.remove();
}, 120_000);

const folderOf = (name: string): string => join(project.folder, 'node_modules', name);

/** What the release script finds wrong with a package. */
function faultsOf(folder: string): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHECKER, folder], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(stdout === '' ? 0 : 1);
  return stdout.split('\n').filter((line) => line !== '');
}

test.each(['vhdx', 'ksy-ts'])('%s → nothing that is missing, and nothing that is not for users', (name) => {
  expect(faultsOf(folderOf(name))).toEqual([]);
});

describe('a package with a fault', () => {
  const manifest = (change: (fields: Record<string, unknown>) => void) => (folder: string) => {
    const path = join(folder, 'package.json');
    const fields = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    change(fields);
    writeFileSync(path, JSON.stringify(fields));
  };

  test.each<readonly [string, (folder: string) => void, readonly string[]]>([
    [
      'scripts and tools in the manifest',
      manifest((fields) => Object.assign(fields, { scripts: { prepare: 'x' }, devDependencies: {} })),
      [
        'package.json has devDependencies',
        'package.json has scripts',
        'package.json runs prepare where it is installed',
      ],
    ],
    ['no author', manifest((fields) => delete fields['author']), ['package.json has no author']],
    [
      'no licence, no list of codes',
      (folder) => {
        rmSync(join(folder, 'LICENSE'));
        rmSync(join(folder, 'docs/findings.md'));
      },
      ['LICENSE is missing', 'README.md links to docs/findings.md, which is missing', 'docs/findings.md is missing'],
    ],
    [
      'an entry without declarations',
      (folder) => rmSync(join(folder, 'dist/runtime/kaitai.d.ts')),
      ['dist/runtime/kaitai.d.ts is missing'],
    ],
    [
      'a module that another one imports has another name',
      (folder) =>
        renameSync(join(folder, 'dist/runtime/write/commits.js'), join(folder, 'dist/runtime/write/commit.js')),
      ['dist/runtime/write/writable-disk.js imports ./commits.js, which is missing'],
    ],
    [
      'a file of the library that others import is missing',
      (folder) => rmSync(join(folder, 'dist/library/write.js')),
      ['index', 'node'].map((name) => `dist/library/${name}.js imports ./write.js, which is missing`),
    ],
    [
      'a source map',
      (folder) => appendFileSync(join(folder, 'dist/runtime/io.js'), '\n//# sourceMappingURL=io.js.map\n'),
      ['dist/runtime/io.js refers to a source map'],
    ],
    [
      'an internal declaration',
      (folder) => appendFileSync(join(folder, 'dist/runtime/io.d.ts'), '/** @internal */\n'),
      ['dist/runtime/io.d.ts declares something internal'],
    ],
    [
      'tests, sources, hidden files',
      (folder) => {
        mkdirSync(join(folder, 'dist/test'));
        for (const path of ['dist/test/a.js', 'dist/a.ts', '.npmrc']) writeFileSync(join(folder, path), '');
      },
      ['.npmrc is not for users', 'dist/a.ts is not for users', 'dist/test/a.js is not for users'],
    ],
  ])('%s → named', (name, plant, faults) => {
    const folder = join(project.folder, 'planted', name.replaceAll(/\W/g, '-'));
    cpSync(folderOf('vhdx'), folder, { recursive: true });
    plant(folder);
    expect(faultsOf(folder).toSorted()).toEqual(faults);
    rmSync(folder, { recursive: true });
  });
});

test('vhdx → says that its modules have no side effects', () => {
  const path = join(project.folder, 'node_modules/vhdx/package.json');
  expect((JSON.parse(readFileSync(path, 'utf8')) as Manifest).sideEffects).toBe(false);
});

test('ksy-ts → brings every support module', () => {
  for (const { name } of SUPPORT_MODULES)
    expect(existsSync(join(project.folder, `node_modules/ksy-ts/support/${name}.ts`))).toBe(true);
});
