/** A place in a schema: 1-based line and column of the text, and the path of the YAML node (`/seq/3/type`). */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly path: string;
}

export type DiagnosticSeverity = 'error' | 'warning';

/** One problem of a schema. `message` says what is wrong and, where it helps, what to write instead. */
export interface Diagnostic {
  readonly severity: DiagnosticSeverity;
  readonly at: Location;
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

/** `file:line:col: /path: message`, as compilers print it. */
export function formatDiagnostic({ severity, at, message }: Diagnostic): string {
  const level = severity === 'error' ? 'error: ' : 'warning: ';
  return `${at.file}:${at.line}:${at.col}: ${at.path || '/'}: ${level}${message}`;
}

/** Thrown by `compile` when a schema has errors; carries all of them. */
export class SchemaError extends Error {
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
