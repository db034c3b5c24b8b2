/** What `ksy-ts` does without a subcommand: schemas in, files out. */
import { join } from 'node:path';
import { compile, type Compilation } from '../compile.js';
import { SchemaError, formatDiagnostic, printable, reasonOf } from '../diagnostics.js';
import type { Importer } from '../spec/imports.js';
import type { Settings } from './config.js';
import { compileDeclarations, DECLARATIONS, orphanedDeclarations } from './declarations.js';
import { MODULES, compare, orphansIn, put, type Orphan } from './output.js';
import { configFor, importerOf } from './project.js';
import { STDIN, findSchemas, foldersOf, placesOf } from './schemas.js';
import { watch } from './watch.js';

/** As given; what is not given comes from the project's settings. */
export interface GenerateOptions extends Partial<Omit<Settings, 'schemas' | 'doc'>> {
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
    const config = configFor(files, options.config, (file) => read.add(file));
    const settings = { ...config?.settings, ...options };
    const wanted = files.length > 0 ? files : (config?.settings.schemas ?? []);
    folders = foldersOf(wanted);
    for (const path of placesOf(wanted)) read.add(path);
    const importer = importerOf(wanted, settings.importPath ?? [], (path) => read.add(path));
    const isBeside = settings.declarations === true;
    const { files: output, warnings } = (isBeside ? compileDeclarations : compileModules)(
      findSchemas(wanted),
      settings,
      importer,
    );
    for (const warning of warnings) console.error(formatDiagnostic(warning));
    const outdir = isBeside ? '.' : (settings.outdir ?? '.');
    const kind = isBeside ? DECLARATIONS : MODULES;
    const orphans = (): readonly Orphan[] =>
      isBeside ? orphanedDeclarations(output) : orphansIn(outdir, output, MODULES);
    const status = options.check === true ? compare(outdir, output, orphans()) : put(outdir, output, kind);
    // Without a config, other runs may write to the same folder.
    if (options.check !== true && status === 0 && config !== undefined && files.length === 0)
      for (const { path, why } of orphans()) say(`${join(outdir, path)} is left over (${why}): delete it`);
    return { status, files: [...read], folders };
  } catch (error) {
    if (error instanceof SchemaError) console.error(error.message);
    else fail(reasonOf(error));
    return { status: 1, files: [...read], folders };
  }
}

function compileModules(files: readonly string[], settings: Partial<Settings>, importer: Importer): Compilation {
  return compile({
    files,
    index: settings.index === true,
    positions: settings.positions === true,
    readOnly: settings.readOnly === true,
    reflection: settings.reflection === true,
    interop: settings.interop === true,
    write: settings.write === true ? 'require' : 'auto',
    ...(settings.importExtension === undefined ? {} : { importExtension: settings.importExtension }),
    importer,
  });
}

function say(message: string): void {
  console.error(`ksy-ts: ${printable(message)}`);
}

function fail(message: string): 1 {
  say(message);
  return 1;
}
