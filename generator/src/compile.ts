/** Schemas in, TypeScript out, without I/O. */
import { analyse, stopOnErrors, type Analysis } from './analyse.js';
import { Diagnostics, compareText, type Diagnostic } from './diagnostics.js';
import { emitFile } from './emit/file.js';
import { Printer } from './emit/code/print.js';
import { besideEachOther, type Part } from './emit/context/linking.js';
import { Names, moduleName, schemaModuleName } from './emit/context/names.js';
import { obstaclesOf } from './emit/layout/reasons.js';
import { withExtension, type ImportExtension } from './import-extension.js';
import type { Importer } from './spec/imports.js';
import type { Program } from './types/program.js';
import {
  ENUM_MODULE,
  INTEROP_MODULE,
  REFLECTION_MODULES,
  neededModules,
  publicExports,
  type SupportModule,
} from './support-modules.js';
import { supportFile } from './support-source.js';

export { analyse, type Analysis } from './analyse.js';
export type { ImportExtension } from './import-extension.js';
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
  /**
   * Also make `*.schema.ts`: what the schema says of each type, as data, and with it the support modules that show
   * structures as JSON and as a tree.
   */
  readonly reflection?: boolean;
  /**
   * For code that tests for the classes of the npm package `kaitai-struct`: also have the support module `interop`, which
   * has streams and errors of generated code count as those. The index imports it.
   */
  readonly interop?: boolean;
  /** `require`: a type that cannot be written is an error; otherwise it is generated for reading alone, with the reason. */
  readonly write?: 'auto' | 'require';
  /** Also make `index.ts`: the structures, and what their users need of the support modules. */
  readonly index?: boolean;
  /** What the paths of imports end with: `.js` unless given, `.ts`, or nothing. */
  readonly importExtension?: ImportExtension;
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
  return emit(analyse(options), options);
}

/** The output for schemas that have been read. @throws {SchemaError} where one cannot be written and must be */
export function emit(
  { inference, warnings }: Analysis,
  options: Omit<CompileOptions, 'files' | 'importer'>,
): Compilation {
  if (options.write === 'require') requireWriters(inference.program);
  const setting = {
    inference,
    names: new Names(inference.program),
    options: { positions: options.positions === true, readOnly: options.readOnly === true },
    printer: new Printer(),
  };
  const hasReflection = options.reflection === true;
  const parts: readonly Part[] = hasReflection ? ['classes', 'schemas'] : ['classes'];
  const modules = parts.flatMap((part) =>
    inference.program.files.map((schema) => ({
      name: part === 'classes' ? moduleName(schema.root) : schemaModuleName(schema.root),
      ...emitFile(schema, setting, { linking: besideEachOther(schema.root, part), parts: [part] }),
    })),
  );
  const files = modules.map(({ name, text }) => ({ path: `${name}.ts`, content: text }));
  const support = neededModules([
    ...modules.flatMap(({ modules: imported }) => imported),
    ...(hasReflection ? REFLECTION_MODULES : []),
    ...(options.interop === true ? [INTEROP_MODULE] : []),
    ...(inference.program.classes.some(({ enums }) => enums.size > 0) ? [ENUM_MODULE] : []),
  ]);
  const index = options.index === true ? [indexFile(modules, support, options.interop === true)] : [];
  const all = [...files, ...index, ...support.map(supportFile)].map(({ path, content }) => ({
    path,
    content: withExtension(content, options.importExtension ?? 'js'),
  }));
  return { files: all.toSorted((a, b) => compareText(a.path, b.path)), warnings };
}

/** @throws {SchemaError} for types that cannot be written */
export function requireWriters(program: Program): void {
  const diagnostics = new Diagnostics();
  for (const { at, reason } of obstaclesOf(program)) diagnostics.error(at, `cannot be written: ${reason}`);
  stopOnErrors(diagnostics);
}

function indexFile(
  modules: readonly { readonly name: string }[],
  support: readonly SupportModule[],
  interop: boolean,
): OutputFile {
  const structures = modules
    .map(({ name }) => name)
    .toSorted(compareText)
    .map((name) => `export * from './${name}.js';`);
  const content = [
    '// @generated by ksy-ts. Do not edit.',
    ...(interop ? [`import '${INTEROP_MODULE}';`] : []),
    ...support.flatMap(publicExports),
    ...structures,
    '',
  ];
  return { path: 'index.ts', content: content.join('\n') };
}
