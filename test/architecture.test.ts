/** Which part of the project may import which: dependencies point one way. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript-5.9';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));

interface Module {
  /** Relative to the project, with forward slashes. */
  readonly file: string;
  /** Imported modules, those for types included: paths relative to the project, or package names. */
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
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'));
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith('.') ? posix.join(posix.dirname(file), fileName).replace(/\.js$/, '.ts') : fileName,
  );
}

/** Every import of `modules` that `allowed` does not let pass, as `file → import`. */
function offences(modules: readonly Module[], allowed: (imported: string, file: string) => boolean): string[] {
  return modules.flatMap(({ file, imports }) =>
    imports.filter((imported) => !allowed(imported, file)).map((imported) => `${file} → ${imported}`),
  );
}

/**
 * The rooms of runtime/: a room imports itself and those before it. A replay comes before a session of writing, and a
 * repair before it needs a check, so `change` stands between `check` and `write`.
 */
const ROOMS = [
  'base',
  'errors/catalogue',
  'errors',
  'io',
  'io/http',
  'io/node',
  'format',
  'log',
  'image',
  'disk',
  'salvage',
  'create',
  'check',
  'change',
  'write',
  'tree',
  'node',
];
/** The published entries; only the command imports them. */
const ENTRIES = [
  'runtime/change.ts',
  'runtime/format.ts',
  'runtime/index.ts',
  'runtime/io.ts',
  'runtime/kaitai.ts',
  'runtime/node.ts',
  'runtime/rules.ts',
];
/** The rooms that the command shares with the library. All else it does through the entries, as applications do. */
const COMMAND_ROOMS = ['base', 'errors'];
/** The rooms that need Node: nothing in them is in the entries for browsers. */
const NODE_ROOMS = ['io/node', 'node'];
/** What the other rooms take from npm: nothing that a browser lacks. */
const CORE_PACKAGES = ['#crc32c', 'lru-cache'];

/** The room of a file of runtime/; undefined for entries and the command. */
function roomOf(file: string): string | undefined {
  const folder = posix.dirname(file).slice('runtime/'.length);
  return ROOMS.includes(folder) ? folder : undefined;
}

/**
 * The floors of generator/src, files or rooms: expressions are parsed, schemas read, types inferred, code emitted. Each
 * imports itself and those before it.
 */
const GENERATOR_FLOORS = [
  'diagnostics.ts',
  'support-modules.ts',
  'support-source.ts',
  'import-extension.ts',
  'expr',
  'spec',
  'types',
  'emit/code',
  'emit/context',
  'emit/expression',
  'emit/layout',
  'emit/read',
  'emit/write',
  'emit/reflection',
  'emit',
  'analyse.ts',
  'compile.ts',
  'module',
  'diff',
  'doc',
  'index.ts',
  'reports',
  'command',
  'suite',
  'explore',
  'cli',
  'cli.ts',
  'plugin',
  'plugin.ts',
];

/** Where a file of generator/src stands in that list: its own name, or its folder's. */
function floorOf(file: string): number {
  const path = file.slice('generator/src/'.length);
  return Math.max(GENERATOR_FLOORS.indexOf(path), GENERATOR_FLOORS.indexOf(posix.dirname(path)));
}

const runtime = modulesIn('runtime');
const generated = modulesIn('generated');
const support = modulesIn('generator/support');
const generator = modulesIn('generator/src');
const isCommand = (file: string): boolean => file.startsWith('runtime/cli/');

describe('imports', () => {
  test('the modules → are found, with their imports, each in a room', () => {
    expect(runtime.length).toBeGreaterThan(40);
    expect(runtime.find(({ file }) => file === 'runtime/image/walk.ts')?.imports).toContain('runtime/format/header.ts');
    const strays = runtime.filter(({ file }) => roomOf(file) === undefined && !isCommand(file));
    expect(strays.map(({ file }) => file)).toEqual(ENTRIES);
  });

  test.each(ROOMS)('runtime/%s → itself, rooms before it, generated/', (room) => {
    const modules = runtime.filter(({ file }) => roomOf(file) === room);
    expect(modules).not.toEqual([]);
    const needsNode = NODE_ROOMS.includes(room);
    const lower = ROOMS.slice(0, ROOMS.indexOf(room) + 1).filter((each) => needsNode || !NODE_ROOMS.includes(each));
    const allowed = (name: string): boolean =>
      name.startsWith('runtime/')
        ? lower.includes(roomOf(name) ?? '')
        : name.startsWith('generated/') || CORE_PACKAGES.includes(name) || needsNode;
    expect(offences(modules, allowed)).toEqual([]);
  });

  test('entries for browsers → no room that needs Node', () => {
    const entries = runtime.filter(({ file }) => ENTRIES.includes(file) && file !== 'runtime/node.ts');
    const allowed = (name: string): boolean =>
      name.startsWith('runtime/') ? !NODE_ROOMS.includes(roomOf(name) ?? 'node') : name === 'kaitai-struct';
    expect(offences(entries, allowed)).toEqual([]);
  });

  test('runtime/cli → the entries, base/, errors/, itself', () => {
    const allowed = (name: string): boolean =>
      !name.startsWith('runtime/') ||
      isCommand(name) ||
      ENTRIES.includes(name) ||
      COMMAND_ROOMS.includes(roomOf(name) ?? '');
    expect(
      offences(
        runtime.filter(({ file }) => isCommand(file)),
        allowed,
      ),
    ).toEqual([]);
  });

  test('generated/ → itself', () => {
    expect(generated).not.toEqual([]);
    expect(offences(generated, (name) => name.startsWith('generated/'))).toEqual([]);
  });

  test('support modules, in generator/ and beside the output → themselves', () => {
    const beside = generated.filter(({ file }) => file.startsWith('generated/kaitai/'));
    expect(beside.length).toBeGreaterThan(10);
    expect(offences(beside, (name) => name.startsWith('generated/kaitai/'))).toEqual([]);
    const allowed = (name: string, file: string): boolean =>
      name.startsWith('generator/support/') || (name === 'kaitai-struct' && file === 'generator/support/interop.ts');
    expect(offences(support, allowed)).toEqual([]);
  });

  test('kaitai-struct → one entry of the package, one support module of the generator', () => {
    const importers = [...runtime, ...support, ...generator].filter(({ imports }) =>
      imports.some((name) => name.startsWith('kaitai-struct')),
    );
    expect(importers.map(({ file }) => file)).toEqual(['runtime/kaitai.ts', 'generator/support/interop.ts']);
    expect(offences(runtime, (name) => name !== 'runtime/kaitai.ts')).toEqual([]);
  });

  test.each(GENERATOR_FLOORS)('generator/src/%s → itself, what is before it', (floor) => {
    const index = GENERATOR_FLOORS.indexOf(floor);
    const modules = generator.filter(({ file }) => floorOf(file) === index);
    expect(modules).not.toEqual([]);
    const allowed = (name: string): boolean => !name.startsWith('generator/src/') || floorOf(name) <= index;
    expect(offences(modules, allowed)).toEqual([]);
  });

  test('generator/src → every file on a floor', () => {
    expect(generator.filter(({ file }) => floorOf(file) < 0)).toEqual([]);
  });

  test('generator/ → nothing of the rest', () => {
    const allowed = (name: string): boolean =>
      name.startsWith('generator/') || !/^(runtime|generated|test|schemas)\//.test(name);
    expect(offences(generator, allowed)).toEqual([]);
  });

  test('no cycle', () => {
    const graph = new Map(
      [...runtime, ...generated, ...support, ...generator].map(({ file, imports }) => [file, imports]),
    );
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
