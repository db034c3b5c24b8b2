/** What the commands that make something of a project's schemas have in common: which schemas, and by which settings. */
import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Importer } from '../spec/imports.js';
import { findConfig, readConfig, type Config } from './config.js';
import { readText } from './files.js';
import { STDIN } from './schemas.js';

/** Of an option that may be repeated: what was given before, and once more. */
export function append(folder: string, before: readonly string[] = []): readonly string[] {
  return [...before, folder];
}

/**
 * Files that are named are a job of their own, unless a config is named as well. `told` hears of each file that is looked
 * into.
 */
export function configFor(
  files: readonly string[],
  config: string | undefined,
  told?: (file: string) => void,
): Config | undefined {
  if (config !== undefined) return readConfig(config, told);
  if (files.length > 0) return undefined;
  const found = findConfig('.', told);
  if (found === undefined) throw new Error('give schemas, or put them into a ksy-ts.config.json (see --help)');
  return found;
}

/** Reads the files of a run; `told` hears of each path that is looked for, standard input apart. */
export function importerOf(
  wanted: readonly string[],
  importPaths: readonly string[],
  told: (path: string) => void = () => undefined,
): Importer {
  const stdin = wanted.includes(STDIN) ? readFileSync(0, 'utf8') : undefined;
  return {
    read: (path) => {
      if (path === STDIN && stdin !== undefined) return stdin;
      told(path);
      return readText(path);
    },
    importPaths,
  };
}

/** `path` as `folder` has it, with forward slashes; undefined where they have no folder in common. */
export function pathFrom(folder: string, path: string): string | undefined {
  const found = relative(resolve(folder), resolve(path));
  return isAbsolute(found) ? undefined : found.replaceAll('\\', '/');
}
