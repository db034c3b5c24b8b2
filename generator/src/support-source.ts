/** The support modules, which generated code imports and which go beside it. */
import { readFileSync, readdirSync } from 'node:fs';

/** What the first line of every file of the output begins with: only such files are replaced. */
export const MARK = '// @generated';

const FOLDER = new URL('../support/', import.meta.url);

/** By module name (`kaitai-write`). */
const SOURCES: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name.replace(/\.ts$/, ''), readFileSync(new URL(name, FOLDER), 'utf8')]),
);

/** The module of each name that support modules export. */
const EXPORTS: ReadonlyMap<string, string> = new Map(
  [...SOURCES].flatMap(([module, text]) =>
    [...text.matchAll(/^export (?:declare |abstract )*(?:class|interface|type|const|function) (\w+)/gm)].map(
      ([, name = '']): [string, string] => [name, module],
    ),
  ),
);

/** Names that generated code must not declare itself. */
export const SUPPORT_NAMES: ReadonlySet<string> = new Set(EXPORTS.keys());

/** Modules whose names `kaitai.ts` exports too. */
const COMMON: ReadonlySet<string> = new Set(
  [...(SOURCES.get('kaitai') ?? '').matchAll(/^export \* from '\.\/([\w-]+)\.js'/gm)].map(([, module = '']) => module),
);

/** Whether what goes beside the output is exported by its index. What needs `kaitai-struct` is asked for by name. */
export function isIndexed(path: string): boolean {
  return path !== 'kaitai-interop.ts';
}

/** The module that exports `name`, as an import names it: `./kaitai-write.js`. */
export function supportModule(name: string): string {
  const module = EXPORTS.get(name) ?? 'kaitai';
  return `./${COMMON.has(module) ? 'kaitai' : module}.js`;
}

/** The modules that `contents` import, and those that these need; `kaitai.ts` always. */
export function supportFiles(contents: readonly string[]): { readonly path: string; readonly content: string }[] {
  const needed = new Set(['kaitai', ...contents.flatMap(importsOf)]);
  for (const module of needed) for (const other of importsOf(SOURCES.get(module) ?? '')) needed.add(other);
  return [...needed].flatMap((module) => {
    const content = SOURCES.get(module);
    if (content === undefined) return [];
    return [{ path: `${module}.ts`, content: `${MARK} by ksy-ts: a support module. Do not edit.\n${content}` }];
  });
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/ from '\.\/(kaitai[\w-]*)\.js'/g)].map(([, module = '']) => module);
}
