/** The package `ksy-ts` as a library: schemas in, TypeScript out. */
export {
  compile,
  type Compilation,
  type CompileOptions,
  type Importer,
  type ImportExtension,
  type OutputFile,
} from './compile.js';
export {
  SchemaError,
  formatDiagnostic,
  type Diagnostic,
  type DiagnosticSeverity,
  type Location,
} from './diagnostics.js';
export type { Schemas } from './analyse.js';
export { diff } from './diff/diff.js';
export { CHANGE_KINDS, isAtLeast, type Change, type ChangeKind } from './diff/change.js';
export { DOC_FORMATS, documentation, type DocFormat, type DocOptions, type Documentation } from './doc/pages.js';
