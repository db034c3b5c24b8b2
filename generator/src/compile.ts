/** Schemas in, TypeScript out, without I/O. */
import { Diagnostics, SchemaError, compareText, type Diagnostic } from './diagnostics.js';
import { emitFile } from './emit/file.js';
import { Printer } from './emit/code/print.js';
import { Names, moduleName } from './emit/context/names.js';
import { obstaclesOf } from './emit/layout/reasons.js';
import { loadAllSchemas, type Importer } from './spec/imports.js';
import { checkProgram } from './types/check.js';
import { independentOf } from './types/consequences.js';
import { Inference } from './types/infer.js';
import { Program } from './types/program.js';
import { neededModules, publicExports, type SupportModule } from './support-modules.js';
import { supportFile } from './support-source.js';

export type { Importer } from './spec/imports.js';

/** Options of `compile`. */
export interface CompileOptions {
  /** Paths of the schemas to compile, as the importer reads them; what they import is compiled too. */
  readonly files: readonly string[];
  /** Reads the schemas. */
  readonly importer: Importer;
  /** Record where every field was read, in each object's `_debug`. */
  readonly positions?: boolean;
  /** Readers only: no writers, and properties that cannot be set. */
  readonly readOnly?: boolean;
  /** `require`: a type that cannot be written is an error; otherwise it is generated for reading alone, with the reason. */
  readonly write?: 'auto' | 'require';
  /** Also make `index.ts`: the structures, and what their users need of the support modules. */
  readonly index?: boolean;
}

/** A file of the output. */
export interface OutputFile {
  /** Relative to the output folder, with forward slashes: `vhdx_header.ts`, `kaitai/stream.ts`. */
  readonly path: string;
  /** Text of the file. */
  readonly content: string;
}

/** Result of a compilation. */
export interface Compilation {
  /** Files of the output, sorted by path. */
  readonly files: readonly OutputFile[];
  /** Warnings of all schemas. */
  readonly warnings: readonly Diagnostic[];
}

/**
 * Compiles schemas and all they import. The output is complete, but for the npm package `kaitai-struct` where it has
 * opaque types or custom processes that take structures or streams, and depends on
 * nothing but the schemas: no version, date or path is in it.
 *
 * @throws {SchemaError} with every problem of every schema
 */
export function compile(options: CompileOptions): Compilation {
  const { inference, warnings } = analyse(options);
  if (options.write === 'require') requireWriters(inference.program);
  const names = new Names(inference.program);
  const emitOptions = { positions: options.positions === true, readOnly: options.readOnly === true };
  const printer = new Printer();
  const modules = inference.program.files.map((schema) => ({
    name: moduleName(schema.root),
    ...emitFile(inference, names, schema, emitOptions, printer),
  }));
  const files = modules.map(({ name, text }) => ({ path: `${name}.ts`, content: text }));
  const support = neededModules(modules.flatMap(({ modules: imported }) => imported));
  const index = options.index === true ? [indexFile(modules, support)] : [];
  return {
    files: [...files, ...index, ...support.map(supportFile)].toSorted((a, b) => compareText(a.path, b.path)),
    warnings,
  };
}

/** Everything that is known of schemas before anything is emitted. */
export interface Analysis {
  readonly inference: Inference;
  readonly warnings: readonly Diagnostic[];
}

/** @throws {SchemaError} with every problem of every schema */
export function analyse({ files, importer }: Pick<CompileOptions, 'files' | 'importer'>): Analysis {
  const diagnostics = new Diagnostics();
  const roots = loadAllSchemas(files, importer, diagnostics);
  const program = new Program(roots);
  if (diagnostics.hasErrors) throw new SchemaError(withFurtherErrors(diagnostics, program).sorted);
  const inference = new Inference(program);
  checkProgram(inference, diagnostics);
  stopOnErrors(diagnostics);
  return { inference, warnings: diagnostics.sorted };
}

/** Files that were not read in full are looked at all the same: what is wrong besides is to be known at once. */
function withFurtherErrors(found: Diagnostics, program: Program): Diagnostics {
  const further = new Diagnostics();
  checkProgram(new Inference(program), further);
  const errors = further.sorted.filter(({ severity }) => severity === 'error');
  for (const { at, message } of independentOf(found.sorted, errors, program)) found.error(at, message);
  return found;
}

function requireWriters(program: Program): void {
  const diagnostics = new Diagnostics();
  for (const { at, reason } of obstaclesOf(program)) diagnostics.error(at, `cannot be written: ${reason}`);
  stopOnErrors(diagnostics);
}

function stopOnErrors(diagnostics: Diagnostics): void {
  if (diagnostics.hasErrors) throw new SchemaError(diagnostics.sorted);
}

function indexFile(modules: readonly { readonly name: string }[], support: readonly SupportModule[]): OutputFile {
  const structures = modules
    .map(({ name }) => name)
    .toSorted(compareText)
    .map((name) => `export * from './${name}.js';`);
  const content = ['// @generated by ksy-ts. Do not edit.', ...support.flatMap(publicExports), ...structures, ''];
  return { path: 'index.ts', content: content.join('\n') };
}
