/** Diagnostics: where a problem of a schema is, how bad it is, and how all of them are collected. */
/** A location in a schema. */
export interface Location {
  /** Path of the schema, as it was given or imported. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly col: number;
  /** Path of the YAML node: `/seq/3/type`. */
  readonly path: string;
}

/** An error prevents output; a warning does not. */
export type DiagnosticSeverity = 'error' | 'warning';

/** A problem of a schema. */
export interface Diagnostic {
  /** Severity of the problem. */
  readonly severity: DiagnosticSeverity;
  /** Location of the problem. */
  readonly at: Location;
  /** Description of the problem, and what to write instead where that helps. */
  readonly message: string;
}

/** Collects every problem of a compilation; nothing is thrown until the caller asks. */
export class Diagnostics {
  readonly #list: Diagnostic[] = [];

  error(at: Location, message: string): void {
    this.#list.push({ severity: 'error', at, message });
  }

  warning(at: Location, message: string): void {
    this.#list.push({ severity: 'warning', at, message });
  }

  get hasErrors(): boolean {
    return this.#list.some((d) => d.severity === 'error');
  }

  /** All problems in order of file, line and column. */
  get sorted(): Diagnostic[] {
    return this.#list.toSorted(
      (a, b) => compareText(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.col - b.at.col,
    );
  }
}

/** `file:line:col: /path: message`, as compilers print it: one line, whatever the schema says. */
export function formatDiagnostic({ severity, at, message }: Diagnostic): string {
  const level = severity === 'error' ? 'error: ' : 'warning: ';
  return printable(`${at.file}:${at.line}:${at.col}: ${at.path || '/'}: ${level}${message}`);
}

/**
 * Controls (with the escape that begins a terminal's commands), line and paragraph separators, marks that change the
 * direction of what follows, and halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `text` with everything that could move a cursor, fake another line or hide code written out as `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, escapeCharacter);
}

/** `\u001b` */
export function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Thrown by `compile` when a schema has errors; carries all of them. */
export class SchemaError extends Error {
  /** Every problem, in order of file, line and column. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.name = 'SchemaError';
    this.diagnostics = diagnostics;
  }
}

/** Orders by UTF-16 code units, so that output never depends on a locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What an error says; anything may be thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
