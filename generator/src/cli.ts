#!/usr/bin/env node
/** The command `ksy-ts`. */
import { lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { compile, type OutputFile } from './compile.js';
import { diffCommand } from './cli/diff.js';
import { dumpCommand } from './cli/dump.js';
import { readText } from './cli/files.js';
import { validateCommand } from './cli/validate.js';
import { SchemaError, compareText, formatDiagnostic, printable } from './diagnostics.js';
import { SUPPORT_FOLDER } from './support-modules.js';
import { MARK } from './support-source.js';

interface Options {
  readonly outdir: string;
  readonly importPath: readonly string[];
  readonly index: boolean;
  readonly check: boolean;
  readonly positions: boolean;
  readonly readOnly: boolean;
  readonly write: boolean;
}

const program = new Command('ksy-ts')
  .enablePositionalOptions()
  .description('Kaitai Struct schemas to strictly typed TypeScript readers and writers.')
  .argument('<files...>', 'schemas (.ksy)')
  .option('-d, --outdir <folder>', 'where the output goes', '.')
  .option('-I, --import-path <folder>', 'where absolute imports are looked for; may be repeated', append, [])
  .option('--index', 'also write index.ts, which exports the structures', false)
  .option('--positions', 'record where every field was read, in `_debug` of its object', false)
  .option('--read-only', 'readers only: no writers, and properties that cannot be set', false)
  .option('--write', 'refuse schemas with types that can be read but not written', false)
  .option('--check', 'write nothing; fail if the output folder is not what would be written', false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
  .action((files: string[], options: Options) => {
    process.exitCode = run(files, options);
  })
  .addCommand(diffCommand())
  .addCommand(dumpCommand())
  .addCommand(validateCommand());

program.parse();

function append(folder: string, before: readonly string[]): readonly string[] {
  return [...before, folder];
}

function run(files: readonly string[], options: Options): number {
  try {
    const { files: output, warnings } = compile({
      files,
      index: options.index,
      positions: options.positions,
      readOnly: options.readOnly,
      write: options.write ? 'require' : 'auto',
      importer: { read: readText, importPaths: options.importPath },
    });
    for (const warning of warnings) console.error(formatDiagnostic(warning));
    if (options.check) return compare(options.outdir, output);
    const kept = obstacles(options.outdir, output);
    for (const reason of kept) console.error(printable(reason));
    if (kept.length > 0) {
      console.error('ksy-ts: nothing was written');
      return 1;
    }
    write(options.outdir, output);
    return 0;
  } catch (error) {
    if (error instanceof SchemaError) console.error(error.message);
    else console.error(`ksy-ts: ${printable(error instanceof Error ? error.message : String(error))}`);
    return 1;
  }
}

/** Node's own way (`recursive`) never ends where the file system says that the parent, which is there, is not. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Every file is complete before the first one has its name. */
function write(folder: string, output: readonly OutputFile[]): void {
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
function obstacles(folder: string, output: readonly OutputFile[]): string[] {
  const blocked = foldersOf(output).flatMap((each) => whyNoFolder(join(folder, each)) ?? []);
  if (blocked.length > 0) return blocked;
  return output.flatMap(({ path, content }) => whyKept(join(folder, path), content) ?? []);
}

/** Why no files must be put into the folder `path`; undefined where it is a folder, or not there. */
function whyNoFolder(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isDirectory()) return undefined;
  return `${path} is no folder: move it away, or choose another --outdir`;
}

/** Why what stands at `path` must not be replaced; undefined where it may, being generated or not there. */
function whyKept(path: string, content: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) return `${path} is no regular file: move it away, or choose another --outdir`;
  const text = readFileSync(path, 'utf8');
  if (text.startsWith(MARK) || content.endsWith(text)) return undefined;
  return `${path} was not generated (its first line does not begin with '${MARK}'): move it away, or choose another --outdir`;
}

/** Names stale, missing and orphaned files. */
function compare(folder: string, output: readonly OutputFile[]): number {
  const expected = new Map(output.map(({ path, content }) => [path, content]));
  const problems: string[] = [];
  for (const [path, content] of expected) {
    const found = readText(join(folder, path));
    if (found === undefined) problems.push(`missing: ${join(folder, path)}`);
    else if (found !== content) problems.push(`stale: ${join(folder, path)}`);
  }
  for (const path of generatedFiles(folder)) {
    if (expected.has(path)) continue;
    const why = dirname(path) === SUPPORT_FOLDER ? 'nothing generated needs it' : 'no schema makes it';
    problems.push(`orphaned: ${join(folder, path)} (${why})`);
  }
  for (const problem of problems.toSorted(compareText)) console.error(printable(problem));
  if (problems.length === 0) return 0;
  console.error(`${problems.length} of the generated files are not up to date: generate them again`);
  return 1;
}

/** The generated files of an output folder, as paths of an output. */
function generatedFiles(folder: string): string[] {
  const hasSupport = statSync(join(folder, SUPPORT_FOLDER), { throwIfNoEntry: false })?.isDirectory() === true;
  const support = hasSupport ? readdirSync(join(folder, SUPPORT_FOLDER)) : [];
  const paths = [...readdirSync(folder), ...support.map((name) => `${SUPPORT_FOLDER}/${name}`)];
  return paths.filter((path) => path.endsWith('.ts') && readText(join(folder, path))?.startsWith(MARK) === true);
}
