/** Schemas that must be refused: the comment at the top of each says where, and roughly why. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { analyse } from '../compile.js';
import { SchemaError, formatDiagnostic, type Diagnostic } from '../diagnostics.js';
import { schemasBelow } from './run-formats.js';
import { readText } from './sandbox.js';
import type { SuiteReport } from './run-kst.js';

/** One entry of the comment: `# name.ksy: /path:` and below it `#  error: message`. */
interface Refusal {
  readonly file: string;
  /** Undefined where there is a line and column instead. */
  readonly path: string | undefined;
  readonly position: string | undefined;
  readonly severity: string;
}

export function runRefusals(folder: string, importPaths: readonly string[]): SuiteReport {
  const failures = new Map<string, readonly string[]>();
  const schemas = schemasBelow(folder);
  for (const schema of schemas) {
    const problems = refusalProblems(schema, importPaths);
    if (problems.length > 0) failures.set(basename(schema), problems);
  }
  return { passed: schemas.length - failures.size, failures, problems: [] };
}

function refusalProblems(schema: string, importPaths: readonly string[]): string[] {
  const text = readFileSync(schema, 'utf8');
  const wanted = readRefusals(text);
  const found = diagnose(schema, importPaths);
  const shown = found.map((diagnostic) => `reported: ${formatDiagnostic(diagnostic)}`);
  const isRefused = found.some(({ severity }) => severity === 'error');
  // Without a comment it is there for others to import.
  if (!text.startsWith('#')) return isRefused ? ['expected: no error', ...shown] : [];
  if (wanted.length === 0) return isRefused ? [] : ['expected: some error', ...shown];
  const missing = wanted.filter((refusal) => !found.some((diagnostic) => isThat(diagnostic, refusal)));
  if (missing.length === 0) return [];
  // A part of the suite may lack the file that the official message is about.
  if (isRefused && found.every(({ at }) => at.path.startsWith('/meta/imports/'))) return [];
  const places = missing.map(({ severity, path, position }) => `expected: ${severity} at ${path ?? position ?? ''}`);
  return [...places, ...(shown.length === 0 ? ['nothing is reported'] : shown)];
}

function diagnose(schema: string, importPaths: readonly string[]): readonly Diagnostic[] {
  try {
    return analyse({ files: [schema], importer: { read: readText, importPaths } }).warnings;
  } catch (error) {
    if (error instanceof SchemaError) return error.diagnostics;
    throw error;
  }
}

function isThat({ at, severity }: Diagnostic, refusal: Refusal): boolean {
  if (severity !== refusal.severity) return false;
  if (refusal.path === undefined) return `${at.line}:${at.col}` === refusal.position;
  return (at.path || '/') === refusal.path;
}

export function readRefusals(text: string): Refusal[] {
  const refusals: Refusal[] = [];
  const heads = /^# (\S+\.ksy):(?: (\/\S*?):|(\d+:\d+):)[^\S\n]*\n#[^\S\n]+(error|warning):/gm;
  for (const [, file = '', path, position, severity = ''] of text.matchAll(heads)) {
    refusals.push({ file, path, position, severity });
  }
  return refusals;
}
