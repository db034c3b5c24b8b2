/** Which schemas are meant: files, patterns, and all below a folder. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { compareText } from '../diagnostics.js';

export const EXTENSION = '.ksy';
/** Standard input. */
export const STDIN = '-';
/** Folders of other people's files. */
const SKIPPED = new Set(['node_modules', '.git']);

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * What a command was asked for: its schemas, sorted where the order is not the user's, each once. `config` is the file that
 * names them. @throws {Error} where there are none
 */
export function findSchemas(wanted: readonly string[], config?: string): string[] {
  const missing = config === undefined ? undefined : wanted.find((path) => !isPattern(path) && !isThere(path));
  if (missing !== undefined) throw new Error(`${config}: 'schemas': there is no file or folder ${missing}`);
  return [...new Set(wanted.flatMap(schemasAt))];
}

/** The schemas at `path`: itself, those below it, or those that it is a pattern of. @throws {Error} where there are none */
export function schemasAt(path: string): string[] {
  if (isFolder(path)) return some(path, schemasBelow(path), `no ${EXTENSION} file is below this folder`);
  // What looks like no file may be a command that is spelt otherwise.
  if (/^[a-z]+$/i.test(path) && !isThere(path))
    throw new Error(`${path}: neither a schema or folder, nor a command (ksy-ts --help lists those)`);
  if (isPattern(path)) return some(path, matching(path), 'no schema matches');
  if (path !== STDIN && !path.endsWith(EXTENSION) && !isThere(path)) throw new Error(`${path}: no such file or folder`);
  return [path];
}

/** A file may be called as a pattern looks. */
const isPattern = (path: string): boolean => !isThere(path) && isDynamicPattern(path);

function some(path: string, found: readonly string[], otherwise: string): string[] {
  if (found.length === 0) throw new Error(`${path}: ${otherwise}`);
  return found.toSorted(compareText);
}

/** The files that are meant by `path`: itself, or those that it is a pattern of. @throws {Error} where there are none */
export function filesAt(path: string): string[] {
  return isPattern(path) ? some(path, matching(path, ''), 'no file matches') : [path];
}

function matching(path: string, ending = EXTENSION): string[] {
  const { base, pattern } = parts(path);
  if (!isFolder(base)) return [];
  const ignore = [...SKIPPED].map((folder) => `**/${folder}/**`);
  return globSync(pattern, { cwd: base, ignore, expandDirectories: false, followSymbolicLinks: false })
    .filter((found) => found.endsWith(ending))
    .map((found) => join(base, found));
}

/** The folder that a pattern begins with, and what is left: a pattern does not lead out of the folder it is matched in. */
function parts(path: string): { readonly base: string; readonly pattern: string } {
  const names = path.split('/');
  const first = names.findIndex((name) => isDynamicPattern(name));
  const base = names.slice(0, first).join('/') || (path.startsWith('/') ? '/' : '.');
  return { base, pattern: names.slice(first).join('/') };
}

function schemasBelow(folder: string): string[] {
  return [...foldersBelow(folder)].flatMap((each) =>
    readdirSync(each, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith(EXTENSION))
      .map(({ name }) => join(each, name)),
  );
}

/** A folder and those below it. Links are not followed: a folder that leads back to itself has no end. */
export function* foldersBelow(folder: string): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* foldersBelow(join(folder, entry.name));
}

/** What must be there for schemas to be found: files and folders, those that patterns begin with among them. */
export function placesOf(wanted: readonly string[]): string[] {
  return wanted.filter((path) => path !== STDIN).map((path) => (isPattern(path) ? parts(path).base : path));
}

/** Where schemas may turn up that are wanted: folders, and those that patterns begin with. */
export function foldersOf(wanted: readonly string[]): string[] {
  return wanted.flatMap((path) => {
    if (isFolder(path)) return [path];
    if (!isPattern(path)) return [];
    const { base } = parts(path);
    return isFolder(base) ? [base] : [];
  });
}
