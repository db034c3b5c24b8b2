/** Problems of schemas, as each bundler reports its own. */
import { relative } from 'node:path';
import type { UnpluginContext, UnpluginMessage } from 'unplugin';
import { readText } from '../cli/files.js';
import { formatDiagnostic, printable, type Diagnostic } from '../diagnostics.js';
import { posixPath } from './options.js';

/** How a bundler takes errors. `first`: it throws the first one. `all`: it collects them. `thrown`: it has no form of them. */
export type ErrorStyle = 'first' | 'all' | 'thrown';

interface FramedMessage extends UnpluginMessage {
  /** The lines of the schema, with a mark below the column. */
  readonly frame: string;
}

/** What a bundler prints as a text: without a stack of its own. */
class BuildError extends Error {
  override readonly name = 'SchemaError';
  /** webpack prints the message alone. */
  readonly hideStack = true;
}

export class Reporter {
  readonly #context: UnpluginContext;
  readonly #root: string;
  readonly #textOf: (file: string) => string | undefined;

  constructor(context: UnpluginContext, root: string, textOf: (file: string) => string | undefined) {
    this.#context = context;
    this.#root = root;
    this.#textOf = textOf;
  }

  /** With an error among them, this does not return, but where a bundler collects errors. */
  report(diagnostics: readonly Diagnostic[], style: ErrorStyle): void {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    for (const each of diagnostics) if (each.severity === 'warning') this.#context.warn(this.#message(each, [each]));
    if (first === undefined) return;
    if (style === 'all') for (const each of errors) this.#context.error(this.#message(each, [each]));
    else if (style === 'first') this.#context.error(this.#message(first, errors));
    else throw new BuildError(this.#message(first, errors).message);
  }

  #message(first: Diagnostic, all: readonly Diagnostic[]): FramedMessage {
    const { file, line, col } = first.at;
    return {
      message: all.map((each) => formatDiagnostic(this.#relative(each))).join('\n'),
      id: file,
      // Bundlers count columns from 0.
      loc: { file, line, column: col - 1 },
      frame: frameOf(this.#textOf(file) ?? '', line, col),
    };
  }

  #relative(diagnostic: Diagnostic): Diagnostic {
    const file = posixPath(relative(this.#root, diagnostic.at.file));
    return { ...diagnostic, at: { ...diagnostic.at, file } };
  }
}

/** Adds the text of its line to a place that has none. */
export function addLine(place: { file?: string; line?: number; lineText?: string } | null | undefined): void {
  if (place?.file === undefined || place.line === undefined || place.lineText !== undefined) return;
  const lines = (readText(place.file) ?? '').split(LINE_END);
  place.lineText = printable((lines[place.line - 1] ?? '').replaceAll('\t', ' '));
}

const LINE_END = /\r\n?|\n/;

function frameOf(text: string, line: number, col: number): string {
  const lines = text.split(LINE_END);
  const first = Math.max(line - 3, 0);
  return lines
    .slice(first, line + 2)
    .flatMap((each, index) => {
      const number = String(first + index + 1);
      const shown = `${number.padStart(5)}  |  ${printable(each.replaceAll('\t', ' '))}`;
      return first + index + 1 === line ? [shown, `${' '.repeat(5)}  |  ${' '.repeat(col - 1)}^`] : [shown];
    })
    .join('\n');
}
