/** The library in a few files, as Node loads it: what its modules export, each value once. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { run } from '../support/packed.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIBRARY = join(ROOT, 'dist/library');
/** Finding and loading a file takes about as long as compiling 30 kB of it. */
const MOST_FILES = 9;
/** Bundlers keep constants that are made of constants, 2 ** 20 * MIB: anything might be what is multiplied. */
const MOST_KEPT_BYTES = 4000;
const IMPORT = /^(?:import|export) (?:[^"]* from )?"([^"]+)";$/gm;

interface Target {
  readonly node: string;
  readonly default: string;
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | Target>>;
};
const ENTRIES = Object.entries(manifest.exports).flatMap(([key, target]) =>
  typeof target === 'string' ? [] : [{ name: `vhdx${key.slice(1)}`, ...target }],
);

/** What a program that imports the package prints, as JSON. */
const answerOf = (text: string): unknown =>
  JSON.parse(run(process.execPath, ['--input-type=module', '-e', text], ROOT));

const importsOf = (file: string): string[] =>
  [...readFileSync(join(LIBRARY, file), 'utf8').matchAll(IMPORT)].map(([, specifier = '']) => specifier);

/** Names of the file of an entry, and of those that it imports, with those that these import. */
function filesOf({ node }: Target): ReadonlySet<string> {
  const found = new Set([basename(node)]);
  for (const file of found) {
    for (const specifier of importsOf(file)) if (specifier.startsWith('./')) found.add(basename(specifier));
  }
  return found;
}

test('each entry → all that its module exports, and functions and classes have their names', () => {
  const answer = answerOf(`
    const about = (module) => Object.entries(module).map(([name, value]) => [name, typeof value, value?.name]);
    const answer = {};
    for (const { name, default: path } of ${JSON.stringify(ENTRIES)}) {
      answer[name] = [about(await import(name)), about(await import(path))];
    }
    console.log(JSON.stringify(answer));
  `);
  const entries = Object.entries(answer as Readonly<Record<string, readonly [readonly unknown[], readonly unknown[]]>>);
  expect(entries.length).toBeGreaterThanOrEqual(8);
  for (const [name, [values, expected]] of entries) expect([name, values]).toEqual([name, expected]);
});

test('a name that several entries export → one value, under import and require', () => {
  const answer = answerOf(`
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);
    const names = new Map();
    for (const entry of ${JSON.stringify(ENTRIES.map(({ name }) => name))}) {
      for (const module of [await import(entry), require(entry)]) {
        for (const [name, value] of Object.entries(module)) names.set(name, new Set(names.get(name)).add(value));
      }
    }
    console.log(JSON.stringify([...names].filter(([, values]) => values.size > 1).map(([name]) => name).sort()));
  `);
  // The functions of `vhdx/node` take paths; the stream of `vhdx/kaitai` is that of another package.
  expect(answer).toEqual(['KaitaiStream', 'openDisk', 'openWritableDisk']);
});

test('an error of one entry → an instance of the class that another exports; its stack names functions', () => {
  const answer = answerOf(`
    import { VhdxError } from 'vhdx';
    import { openFile } from 'vhdx/node';
    import { readExactly, MemorySource } from 'vhdx/io';
    const errors = await Promise.all([
      openFile('none.vhdx').catch((error) => error),
      readExactly(new MemorySource(new Uint8Array(1)), 0, 2).catch((error) => error),
    ]);
    const about = (error) => [error instanceof VhdxError, error.code, /at .*(?:openFile|readExactly)/.test(error.stack)];
    console.log(JSON.stringify(errors.map(about)));
  `);
  expect(answer).toEqual([
    [true, 'VHDX_SOURCE_NOT_FOUND', true],
    [true, 'VHDX_SOURCE_SHORT_READ', true],
  ]);
});

test.each(ENTRIES)(`$name → at most ${MOST_FILES} files are loaded`, (entry) => {
  expect(filesOf(entry).size).toBeLessThanOrEqual(MOST_FILES);
});

test('files → each is loaded by an entry; of other packages, those that everybody has', () => {
  const files = readdirSync(LIBRARY).toSorted();
  expect(files).toEqual([...new Set(ENTRIES.flatMap((entry) => [...filesOf(entry)]))].toSorted());
  const others = files.flatMap(importsOf).filter((specifier) => !/^(?:\.\/|node:)/.test(specifier));
  expect([...new Set(others)].toSorted()).toEqual(['kaitai-struct', 'lru-cache']);
});

test.each(readdirSync(LIBRARY))('%s imported for nothing → nothing but constants is left of it', async (file) => {
  const { outputFiles } = await build({
    stdin: { contents: `import './${file}';`, resolveDir: LIBRARY },
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['kaitai-struct', 'lru-cache'],
    minify: true,
    write: false,
    // As if the package did not say that its files have no side effects.
    plugins: [
      {
        name: 'may have side effects',
        setup: (bundler) => {
          bundler.onResolve({ filter: /^\.\// }, ({ path }) => ({ path: join(LIBRARY, path), sideEffects: true }));
        },
      },
    ],
  });
  expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(MOST_KEPT_BYTES);
});
