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
/** What the published entries are made of; only the command imports them. */
const ENTRIES = ['runtime/codes.ts', 'runtime/index.ts', 'runtime/kaitai.ts', 'runtime/node.ts'];
/** Those of them that browsers can load. */
const BROWSER_ENTRIES = ['runtime/codes.ts', 'runtime/index.ts', 'runtime/kaitai.ts'];
/** The rooms that need Node: nothing in them is in the entries for browsers. */
const NODE_ROOMS = ['io/node', 'node'];
/** What the other rooms take from npm: nothing that a browser lacks. */
const CORE_PACKAGES = ['#crc32c', 'lru-cache'];

/** The room of a file of runtime/; undefined for entries and the command. */
function roomOf(file: string): string | undefined {
  const folder = posix.dirname(file).slice('runtime/'.length);
  return ROOMS.includes(folder) ? folder : undefined;
}

const runtime = modulesIn('runtime');
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
    const entries = runtime.filter(({ file }) => BROWSER_ENTRIES.includes(file));
    const allowed = (name: string): boolean =>
      name.startsWith('runtime/') ? !NODE_ROOMS.includes(roomOf(name) ?? 'node') : name === 'kaitai-struct';
    expect(offences(entries, allowed)).toEqual([]);
  });

  test('runtime/cli → the entries, itself', () => {
    const allowed = (name: string): boolean =>
      !name.startsWith('runtime/') || isCommand(name) || (ENTRIES.includes(name) && name !== 'runtime/kaitai.ts');
    expect(
      offences(
        runtime.filter(({ file }) => isCommand(file)),
        allowed,
      ),
    ).toEqual([]);
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
