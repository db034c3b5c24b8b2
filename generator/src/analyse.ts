/** Schemas read, resolved and checked, before anything is made of them. */
import { Diagnostics, SchemaError, type Diagnostic } from './diagnostics.js';
import { loadAllSchemas, type Importer } from './spec/imports.js';
import { checkProgram } from './types/check.js';
import { independentOf } from './types/consequences.js';
import { Inference } from './types/infer.js';
import { Program } from './types/program.js';

/** Where schemas are. */
export interface Schemas {
  /** Paths, as the importer reads them; what these import belongs to them. */
  readonly files: readonly string[];
  /** Reads the schemas. */
  readonly importer: Importer;
}

/** Everything that is known of schemas before anything is emitted. */
export interface Analysis {
  readonly inference: Inference;
  readonly warnings: readonly Diagnostic[];
}

/** @throws {SchemaError} with every problem of every schema */
export function analyse({ files, importer }: Schemas): Analysis {
  const diagnostics = new Diagnostics();
  const roots = loadAllSchemas(files, importer, diagnostics);
  const program = new Program(roots);
  if (diagnostics.hasErrors) throw new SchemaError(withFurtherErrors(diagnostics, program).sorted);
  const inference = new Inference(program);
  checkProgram(inference, diagnostics);
  stopOnErrors(diagnostics);
  return { inference, warnings: diagnostics.sorted };
}

/** Files that were not read in full are checked all the same, to report all problems at once. */
function withFurtherErrors(found: Diagnostics, program: Program): Diagnostics {
  const further = new Diagnostics();
  checkProgram(new Inference(program), further);
  const errors = further.sorted.filter(({ severity }) => severity === 'error');
  for (const { at, message } of independentOf(found.sorted, errors, program)) found.error(at, message);
  return found;
}

/** @throws {SchemaError} if there are errors */
export function stopOnErrors(diagnostics: Diagnostics): void {
  if (diagnostics.hasErrors) throw new SchemaError(diagnostics.sorted);
}
