/** The output folder: what is in it, what goes into it, what must stay. */
import { lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { OutputFile } from '../compile.js';
import { compareText, printable } from '../diagnostics.js';
import { DECLARATION_EXTENSION } from '../module/extensions.js';
import { SUPPORT_FOLDER } from '../support-modules.js';
import { MARK } from '../support-source.js';
import { readText } from './files.js';

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
export function obstacles(folder: string, output: readonly OutputFile[]): string[] {
  const blocked = foldersOf(output).flatMap((each) => whyNoFolder(join(folder, each)) ?? []);
  if (blocked.length > 0) return blocked;
  return output.flatMap(({ path, content }) => whyKept(join(folder, path), content) ?? []);
}

/** Why no files must be put into the folder `path`; undefined where it is a folder, or not there. */
function whyNoFolder(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  return `${path} is no folder: move it away, or choose another output folder`;
}

/** Why what stands at `path` must not be replaced; undefined where it may, being generated or not there. */
function whyKept(path: string, content: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) return `${path} is no regular file: move it away, or choose another output folder`;
  const text = readFileSync(path, 'utf8');
  if (text.startsWith(MARK) || content.endsWith(text)) return undefined;
  return `${path} was not generated (its first line does not begin with '${MARK}'): move it away, or choose another output folder`;
}

/** Names stale, missing and orphaned files. `orphans` are those, relative to the folder, that are no longer made. */
export function compare(
  folder: string,
  output: readonly OutputFile[],
  orphans: readonly Orphan[] = orphansIn(folder, output),
): number {
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

export interface Orphan {
  readonly path: string;
  readonly why: string;
}

function orphansIn(folder: string, output: readonly OutputFile[]): Orphan[] {
  const expected = new Set(output.map(({ path }) => path));
  return generatedFiles(folder)
    .filter((path) => !expected.has(path))
    .map((path) => ({
      path,
      why: dirname(path) === SUPPORT_FOLDER ? 'nothing generated needs it' : 'no schema makes it',
    }));
}

/** Whether `ksy-ts` made the file. */
export const isGenerated = (path: string): boolean => readText(path)?.startsWith(MARK) === true;

/** The generated files of an output folder, as paths of an output; declarations of schemas are another output. */
function generatedFiles(folder: string): string[] {
  const hasSupport = statSync(join(folder, SUPPORT_FOLDER), { throwIfNoEntry: false })?.isDirectory() === true;
  const support = hasSupport ? readdirSync(join(folder, SUPPORT_FOLDER)) : [];
  const paths = [...readdirSync(folder), ...support.map((name) => `${SUPPORT_FOLDER}/${name}`)];
  return paths.filter(
    (path) => path.endsWith('.ts') && !path.endsWith(DECLARATION_EXTENSION) && isGenerated(join(folder, path)),
  );
}
