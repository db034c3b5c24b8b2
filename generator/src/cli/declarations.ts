/** `--declarations`: the types of schemas beside them, for programs that import the schemas themselves. */
import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import type { Compilation, OutputFile } from '../compile.js';
import { SchemaError, type Diagnostic } from '../diagnostics.js';
import { compileModule } from '../module/compile-module.js';
import { declarationText } from '../module/declarations.js';
import { DECLARATION_EXTENSION, declarationPath, schemaPath } from '../module/extensions.js';
import { normalizePath, type Importer } from '../spec/imports.js';
import type { Settings } from './config.js';
import { readText } from './files.js';
import { MODULES, type Kind, type Orphan } from './output.js';

/** Beside the schemas, wherever these are. */
export const DECLARATIONS: Kind = MODULES;

/** Of `files` and all that they import. @throws {SchemaError} with every problem of every schema */
export function compileDeclarations(
  files: readonly string[],
  { positions = false, readOnly = false, reflection = false, write = false }: Partial<Settings>,
  importer: Importer,
): Compilation {
  const output: OutputFile[] = [];
  const warnings: Diagnostic[] = [];
  const errors = new Map<string, Diagnostic>();
  // What is found on the way is added at the end.
  const all = new Set(files.map(normalizePath));
  for (const file of all) {
    const path = declarationPath(file);
    if (path === undefined) throw new Error(`${file}: only the types of files called *.ksy have a place beside them`);
    try {
      const module = compileModule({
        file,
        importer,
        positions,
        readOnly,
        reflection,
        write: write ? 'require' : 'auto',
      });
      for (const imported of module.files) all.add(imported);
      output.push({ path, content: declarationText(module, file) });
      warnings.push(...module.warnings);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      // A mistake in a schema shows in all that import it.
      for (const each of error.diagnostics) errors.set(JSON.stringify(each), each);
    }
  }
  if (errors.size > 0) throw new SchemaError([...errors.values()]);
  return { files: output, warnings };
}

/** Declarations in the folders of `output` whose schema is gone. */
export function orphanedDeclarations(output: readonly OutputFile[]): Orphan[] {
  const folders = new Set(output.map(({ path }) => posix.dirname(path)));
  const expected = new Set(output.map(({ path }) => path));
  return [...folders].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(DECLARATION_EXTENSION))
      .map((name) => posix.join(folder, name))
      .filter(
        (path) => !expected.has(path) && !existsSync(schemaPath(path)) && MODULES.isGenerated(readText(path) ?? ''),
      )
      .map((path) => ({ path, why: 'its schema is gone' })),
  );
}
