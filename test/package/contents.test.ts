/** What is in the published packages, and what is not. */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SUPPORT_MODULES } from '../../generator/src/support-modules.js';
import { StrangerProject } from '../support/packed.js';

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly sideEffects?: boolean;
}

let project: StrangerProject;
beforeAll(() => {
  project = new StrangerProject();
}, 120_000);
afterAll(() => {
  project.remove();
});

describe.each(['vhdx', 'ksy-ts'] as const)('%s', (name) => {
  const read = (path: string): string => readFileSync(join(project.folder, 'node_modules', name, path), 'utf8');
  const manifest = (): Manifest => JSON.parse(read('package.json')) as Manifest;
  const files = (): readonly string[] => project.packed[name].files.map(({ path }) => path);
  const has = (path: string): boolean => files().includes(posix.normalize(path));

  test('what the manifest names → is there, modules with their declarations', () => {
    const { exports, imports = {}, bin } = manifest();
    const named = [...Object.values(exports), ...Object.values(bin), ...Object.values(imports).flatMap(Object.values)];
    const modules = Object.values(exports).filter((path) => path.endsWith('.js'));
    const missing = [...named, ...modules.map((path) => path.replace(/\.js$/, '.d.ts'))].filter((path) => !has(path));
    expect(missing).toEqual([]);
  });

  test('what modules import → is there', () => {
    const modules = files().filter((path) => /^dist\/.*\.(?:js|d\.ts)$/.test(path));
    expect(modules.length).toBeGreaterThan(20);
    const missing = modules.flatMap((path) =>
      [...read(path).matchAll(/(?:from |import\(|^import )'(\.[\w./-]+)'/gm)].flatMap(([, specifier = '']) => {
        const target = posix.join(posix.dirname(path), specifier);
        const file = path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target;
        return has(file) ? [] : [`${path} → ${specifier}`];
      }),
    );
    expect(missing).toEqual([]);
  });

  test('maps of sources that are not published → none, and nothing refers to one', () => {
    expect(files().filter((path) => path.endsWith('.map'))).toEqual([]);
    const modules = files().filter((path) => /\.c?js$/.test(path));
    expect(modules.filter((path) => read(path).includes('sourceMappingURL='))).toEqual([]);
  });

  test('tests, sources of the command, what is for development → not published', () => {
    const stray = files().filter((path) =>
      /(?:^|\/)(?:test|node_modules|\.ci|bench|suite)\/|tsbuildinfo|tsconfig/.test(path),
    );
    expect(stray).toEqual([]);
    expect(['README.md', 'LICENSE', 'package.json'].filter((path) => !has(path))).toEqual([]);
  });

  test('installing → runs no script', () => {
    const { scripts = {} } = manifest();
    expect(Object.keys(scripts).filter((script) => /^(?:pre|post)?install$/.test(script))).toEqual([]);
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
