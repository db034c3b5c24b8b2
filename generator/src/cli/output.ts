/** The output folder: what is in it, what goes into it, what must stay. */
import { lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { OutputFile } from '../compile.js';
import { compareText, printable } from '../diagnostics.js';
import { DECLARATION_EXTENSION } from '../module/extensions.js';
import { SUPPORT_FOLDER } from '../support-modules.js';
import { MARK } from '../support-source.js';
import { readText } from './files.js';

/** The files of an output, among others that may be in the same folder. */
export interface Kind {
  /** Whether a file with this text was generated: only such files are replaced. */
  readonly isGenerated: (text: string) => boolean;
  /** How that is seen, for those whose file is in the way. */
  readonly sign: string;
}

/** Files that have a folder to themselves, but for those of others in it. */
export interface InFolder {
  /** Whether a file is called as those of the output are. */
  readonly isPart: (path: string) => boolean;
  /** A folder of the output, and why a file in it is not wanted any more. */
  readonly folder: { readonly name: string; readonly unwanted: string };
}

export const MODULES: Kind & InFolder = {
  isGenerated: (text) => text.startsWith(MARK),
  sign: `its first line does not begin with '${MARK}'`,
  // Declarations of schemas are another output.
  isPart: (path) => path.endsWith('.ts') && !path.endsWith(DECLARATION_EXTENSION),
  folder: { name: SUPPORT_FOLDER, unwanted: 'nothing generated needs it' },
};

/** Writes the output, or says what is in its way; the exit code. */
export function put(folder: string, output: readonly OutputFile[], kind: Kind): number {
  const kept = obstacles(folder, output, kind);
  for (const reason of kept) console.error(printable(reason));
  if (kept.length > 0) {
    console.error('ksy-ts: nothing was written');
    return 1;
  }
  write(folder, output);
  return 0;
}

/** Node's own way (`recursive`) never ends where the file system says that the parent, which is there, is not. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Every file is complete before the first one has its name; those that are right already are left as they are. */
export function write(folder: string, all: readonly OutputFile[]): void {
  const output = all.filter(({ path, content }) => readText(join(folder, path)) !== content);
  for (const each of ['', ...foldersOf(output)]) makeFolder(join(folder, each));
  const draftOf = (path: string): string => join(folder, dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    for (const { path, content } of output) writeFileSync(draftOf(path), content, { flag: 'wx' });
    for (const { path } of output) renameSync(draftOf(path), join(folder, path));
  } finally {
    for (const { path } of output) rmSync(draftOf(path), { force: true });
  }
}

/** The folders within the output folder that files of the output go to. */
function foldersOf(output: readonly OutputFile[]): string[] {
  return [...new Set(output.map(({ path }) => dirname(path)))].filter((folder) => folder !== '.');
}

/** Why the output cannot be written, or must not be: all that stands in its way. */
export function obstacles(folder: string, output: readonly OutputFile[], kind: Kind): string[] {
  const blocked = foldersOf(output).flatMap((each) => whyNoFolder(join(folder, each)) ?? []);
  if (blocked.length > 0) return blocked;
  return output.flatMap(({ path, content }) => whyKept(join(folder, path), content, kind) ?? []);
}

/** Why no files must be put into the folder `path`; undefined where it is a folder, or not there. */
function whyNoFolder(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  return `${path} is no folder: move it away, or choose another output folder`;
}

/** Why what stands at `path` must not be replaced; undefined where it may, being generated or not there. */
function whyKept(path: string, content: string, { isGenerated, sign }: Kind): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) return `${path} is no regular file: move it away, or choose another output folder`;
  const text = readFileSync(path, 'utf8');
  if (isGenerated(text) || content.endsWith(text)) return undefined;
  return `${path} was not generated (${sign}): move it away, or choose another output folder`;
}

export interface Orphan {
  readonly path: string;
  readonly why: string;
}

/** Names stale and missing files, and `orphans`, which are no longer made. */
export function compare(folder: string, output: readonly OutputFile[], orphans: readonly Orphan[]): number {
  const problems: string[] = [];
  for (const { path, content } of output) {
    const found = readText(join(folder, path));
    if (found === undefined) problems.push(`missing: ${join(folder, path)}`);
    else if (found !== content) problems.push(`stale: ${join(folder, path)}`);
  }
  for (const { path, why } of orphans) problems.push(`orphaned: ${join(folder, path)} (${why})`);
  for (const problem of problems.toSorted(compareText)) console.error(printable(problem));
  if (problems.length === 0) return 0;
  console.error(`${problems.length} of the generated files are not up to date: generate them again`);
  return 1;
}

/** The generated files of a folder that are not in its output, as paths of an output. */
export function orphansIn(folder: string, output: readonly OutputFile[], kind: Kind & InFolder): Orphan[] {
  const expected = new Set(output.map(({ path }) => path));
  return generatedFiles(folder, kind)
    .filter((path) => !expected.has(path))
    .map((path) => ({
      path,
      why: dirname(path) === kind.folder.name ? kind.folder.unwanted : 'no schema makes it',
    }));
}

/** The generated files of an output folder, as paths of an output. */
function generatedFiles(folder: string, { isGenerated, isPart, folder: { name } }: Kind & InFolder): string[] {
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const below = isFolder(join(folder, name)) ? readdirSync(join(folder, name)) : [];
  const paths = [...(isFolder(folder) ? readdirSync(folder) : []), ...below.map((each) => `${name}/${each}`)];
  return paths.filter((path) => {
    const text = isPart(path) ? readText(join(folder, path)) : undefined;
    return text !== undefined && isGenerated(text);
  });
}
