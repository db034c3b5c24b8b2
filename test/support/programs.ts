/** Schemas given as text, analysed. */
import { analyse, type Analysis } from '../../generator/src/compile.js';
import { SchemaError, formatDiagnostic } from '../../generator/src/diagnostics.js';
import type { Program } from '../../generator/src/types/program.js';

const HEAD = 'meta: {id: a, endian: le, encoding: UTF-8}\n';

/** What is known of a schema with this body. @throws {SchemaError} */
export function analysisOf(body: string): Analysis {
  return analyse({ files: ['a.ksy'], importer: { read: () => HEAD + body } });
}

export const programOf = (body: string): Program => analysisOf(body).inference.program;

/** What is said of a schema with this body; nothing where it is right. */
export function problemsOf(body: string): string[] {
  try {
    analysisOf(body);
    return [];
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return error.diagnostics.map(formatDiagnostic);
  }
}
