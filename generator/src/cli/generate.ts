/** What `ksy-ts` does without a subcommand: schemas in, files out. */
import { readFileSync } from 'node:fs';
import { compile, type Compilation } from '../compile.js';
import { SchemaError, formatDiagnostic, printable } from '../diagnostics.js';
import type { Importer } from '../spec/imports.js';
import { findConfig, readConfig, type Config, type Settings } from './config.js';
import { compileDeclarations, orphanedDeclarations } from './declarations.js';
import { readText } from './files.js';
import { compare, obstacles, write } from './output.js';
import { STDIN, findSchemas, foldersOf } from './schemas.js';
import { watch } from './watch.js';

/** As given; what is not given comes from the project's settings. */
export interface GenerateOptions extends Partial<Omit<Settings, 'schemas'>> {
  readonly config?: string;
  readonly check?: boolean;
  readonly watch?: boolean;
}

/** The exit code. */
export function generate(files: readonly string[], options: GenerateOptions): number {
  const isWatched = options.watch === true;
  if (options.declarations === true && (options.outdir !== undefined || options.index === true))
    return fail('--declarations go beside the schemas: without --outdir and --index');
  if (isWatched && options.check === true) return fail('--watch writes, --check does not: choose one of them');
  if (isWatched && files.includes(STDIN)) return fail('standard input cannot be watched');
  if (!isWatched) return runOnce(files, options).status;
  watch(() => runOnce(files, options));
  return 0;
}

interface Run {
  readonly status: number;
  /** What it depends on: files that were looked for, and folders in which schemas may turn up. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

function runOnce(files: readonly string[], options: GenerateOptions): Run {
  const read = new Set<string>();
  let folders: string[] = [];
  try {
    const config = configFor(files, options);
    if (config !== undefined) read.add(config.file);
    const settings = { ...config?.settings, ...options };
    const wanted = files.length > 0 ? files : (config?.settings.schemas ?? []);
    folders = foldersOf(wanted);
    const stdin = wanted.includes(STDIN) ? readFileSync(0, 'utf8') : undefined;
    const importer = {
      read: (path: string): string | undefined => {
        if (path === STDIN && stdin !== undefined) return stdin;
        read.add(path);
        return readText(path);
      },
      importPaths: settings.importPath ?? [],
    };
    const isBeside = settings.declarations === true;
    const { files: output, warnings } = (isBeside ? compileDeclarations : compileModules)(
      findSchemas(wanted),
      settings,
      importer,
    );
    for (const warning of warnings) console.error(formatDiagnostic(warning));
    const outdir = isBeside ? '.' : (settings.outdir ?? '.');
    const orphans = isBeside ? orphanedDeclarations(output) : undefined;
    return {
      status: options.check === true ? compare(outdir, output, orphans) : put(outdir, output),
      files: [...read],
      folders,
    };
  } catch (error) {
    if (error instanceof SchemaError) console.error(error.message);
    else fail(error instanceof Error ? error.message : String(error));
    return { status: 1, files: [...read], folders };
  }
}

function compileModules(files: readonly string[], settings: Partial<Settings>, importer: Importer): Compilation {
  return compile({
    files,
    index: settings.index === true,
    positions: settings.positions === true,
    readOnly: settings.readOnly === true,
    write: settings.write === true ? 'require' : 'auto',
    importer,
  });
}

/** Files that are named are a job of their own, unless a config is named as well. */
function configFor(files: readonly string[], { config }: GenerateOptions): Config | undefined {
  if (config !== undefined) return readConfig(config);
  if (files.length > 0) return undefined;
  const found = findConfig('.');
  if (found === undefined) throw new Error('give schemas, or put them into a ksy-ts.config.json (see --help)');
  return found;
}

function put(outdir: string, output: Parameters<typeof write>[1]): number {
  const kept = obstacles(outdir, output);
  for (const reason of kept) console.error(printable(reason));
  if (kept.length > 0) return fail('nothing was written');
  write(outdir, output);
  return 0;
}

function fail(message: string): 1 {
  console.error(`ksy-ts: ${printable(message)}`);
  return 1;
}
