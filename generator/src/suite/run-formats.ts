/** Generates and type-checks a whole library of schemas. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compile, type OutputFile } from '../compile.js';
import { SchemaError, compareText, formatDiagnostic } from '../diagnostics.js';
import { Sandbox, looseTypes, readText } from './sandbox.js';

export interface FormatsReport {
  readonly schemas: number;
  readonly files: number;
  readonly lines: number;
  /** What generating took, type-checking apart. */
  readonly seconds: number;
  readonly failures: readonly string[];
}

export function runFormats(folder: string): FormatsReport {
  const schemas = schemasBelow(folder);
  const start = performance.now();
  const { files, failures } = generate(schemas, [folder]);
  const seconds = (performance.now() - start) / 1000;
  const sandbox = new Sandbox();
  try {
    sandbox.write(files);
    const { errors } = sandbox.typeCheck();
    const lines = files.reduce((sum, { content }) => sum + content.split('\n').length - 1, 0);
    const found = [...failures, ...errors, ...files.flatMap(looseTypes)];
    return { schemas: schemas.length, files: files.length, lines, seconds, failures: found };
  } finally {
    sandbox.remove();
  }
}

/** Paths of all schemas below a folder, sorted. */
export function schemasBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ksy'))
    .toSorted(compareText)
    .map((name) => join(folder, name));
}

export interface Generation {
  readonly files: readonly OutputFile[];
  readonly failures: readonly string[];
  /** The schemas that could not be compiled. */
  readonly refused: ReadonlySet<string>;
}

/** Compiles all schemas together; those with errors are reported and left out. */
export function generate(schemas: readonly string[], importPaths: readonly string[]): Generation {
  const refused = new Set<string>();
  const failures: string[] = [];
  const importer = { read: readText, importPaths };
  for (;;) {
    const files = schemas.filter((schema) => !refused.has(schema));
    try {
      return { files: compile({ files, importer }).files, failures, refused };
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      const { errors, broken } = blame(error, files, importPaths);
      failures.push(...errors);
      for (const schema of broken) refused.add(schema);
      if (broken.length === 0) return { files: [], failures, refused };
    }
  }
}

/** Whose errors these are: a schema's own, or those of one that it imports. */
function blame(
  error: SchemaError,
  schemas: readonly string[],
  importPaths: readonly string[],
): { errors: string[]; broken: string[] } {
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error');
  const named = new Set(errors.map(({ at }) => at.file));
  const broken = schemas.filter((schema) => named.has(schema) || importsOne(schema, named, importPaths));
  return { errors: errors.map(formatDiagnostic), broken };
}

function importsOne(schema: string, named: ReadonlySet<string>, importPaths: readonly string[]): boolean {
  try {
    compile({ files: [schema], importer: { read: readText, importPaths } });
    return false;
  } catch (error) {
    return error instanceof SchemaError && error.diagnostics.some(({ at }) => named.has(at.file));
  }
}
