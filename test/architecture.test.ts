/** Which part of the project may import which: dependencies point one way. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Module {
  /** Relative to the project, with forward slashes. */
  readonly file: string;
  /** Imported modules: paths relative to the project, or package names. */
  readonly imports: readonly string[];
}

function modulesIn(folder: string): Module[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts') && !file.includes('/dist/') && !file.includes('/node_modules/'))
    .map((file) => ({ file, imports: importsOf(file) }));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(/(?:^|\n)(?:import|export)\b[^;'"]*?from '([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g),
  ];
  return specifiers.map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts') : specifier;
  });
}

/** Every import of `modules` that `allowed` does not let pass, as `file → import`. */
function offences(modules: readonly Module[], allowed: (imported: string, file: string) => boolean): string[] {
  return modules.flatMap(({ file, imports }) =>
    imports.filter((imported) => !allowed(imported, file)).map((imported) => `${file} → ${imported}`),
  );
}

const runtime = modulesIn('runtime');
const core = runtime.filter(({ file }) => !file.startsWith('runtime/cli/') && !file.startsWith('runtime/node'));
/** What the core takes from npm: nothing that a browser lacks. */
const CORE_PACKAGES = ['#crc32c', 'lru-cache', 'kaitai-struct'];

describe('imports', () => {
  test('the modules → are found, with their imports', () => {
    expect(runtime.length).toBeGreaterThan(40);
    expect(core.find(({ file }) => file === 'runtime/walk.ts')?.imports).toContain('runtime/header.ts');
  });

  test('generated/ → itself', () => {
    expect(offences(modulesIn('generated'), (name) => name.startsWith('generated/'))).toEqual([]);
  });

  test('kaitai-struct → one entry of the package, one support module of the generator', () => {
    const importers = [...runtime, ...modulesIn('generator/support'), ...modulesIn('generator/src')].filter(
      ({ imports }) => imports.some((name) => name.startsWith('kaitai-struct')),
    );
    expect(importers.map(({ file }) => file)).toEqual(['runtime/kaitai.ts', 'generator/support/kaitai-interop.ts']);
    expect(offences(runtime, (name) => name !== 'runtime/kaitai.ts')).toEqual([]);
  });

  test('runtime/ but for its Node files and the command → nothing of Node, nothing of these', () => {
    const allowed = (name: string): boolean =>
      name.startsWith('generated/') ||
      CORE_PACKAGES.includes(name) ||
      (name.startsWith('runtime/') && !name.startsWith('runtime/cli/') && !name.startsWith('runtime/node'));
    expect(offences(core, allowed)).toEqual([]);
  });

  test('runtime/check → imported by the public index alone', () => {
    const outside = core.filter(({ file }) => !file.startsWith('runtime/check/') && file !== 'runtime/index.ts');
    expect(offences(outside, (name) => !name.startsWith('runtime/check/'))).toEqual([]);
  });

  test('runtime/cli → the public index, the Node index, itself', () => {
    const cli = runtime.filter(({ file }) => file.startsWith('runtime/cli/'));
    const allowed = (name: string): boolean =>
      !name.startsWith('runtime/') ||
      name.startsWith('runtime/cli/') ||
      name === 'runtime/index.ts' ||
      name === 'runtime/node.ts';
    expect(offences(cli, allowed)).toEqual([]);
  });

  test('generator/ → nothing of the rest', () => {
    const allowed = (name: string): boolean =>
      name.startsWith('generator/') || !/^(runtime|generated|test|schemas)\//.test(name);
    expect(offences(modulesIn('generator/src'), allowed)).toEqual([]);
  });

  test('no cycle', () => {
    const graph = new Map([...runtime, ...modulesIn('generator/src')].map(({ file, imports }) => [file, imports]));
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): string[] => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (done.has(file)) return [];
      for (const imported of graph.get(file) ?? []) {
        const cycle = visit(imported, [...path, file]);
        if (cycle.length > 0) return cycle;
      }
      done.add(file);
      return [];
    };
    for (const file of graph.keys()) expect(visit(file, [])).toEqual([]);
  });
});

describe('the package', () => {
  interface Package {
    readonly dependencies: Record<string, string>;
    readonly files: readonly string[];
    readonly license: string;
    readonly engines: { readonly node: string };
  }
  const read = (path: string): Package => JSON.parse(readFileSync(join(root, path), 'utf8')) as Package;

  test.each(['package.json', 'generator/package.json'])(
    '%s → MIT, no compiler under the GPL among its dependencies',
    (path) => {
      const { license, dependencies, engines } = read(path);
      expect(license).toBe('MIT');
      expect(Object.keys(dependencies)).not.toContain('kaitai-struct-compiler');
      expect(engines.node).toBe('>=20.19');
    },
  );

  test('lock file → names no download address', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved": "https?:/);
  });
});
