/** Which reports are wanted, and where. */
import { UsageError } from '../usage-error.js';
import { type Format, FORMATS } from './formats.js';

/** A report that is wanted, and the file that it goes to; to standard output if there is none. */
export interface WantedReport {
  readonly format: Format;
  readonly file?: string | undefined;
}

function isFormat(name: string): name is Format {
  return FORMATS.some((each) => each === name);
}

/**
 * The report that `json` or `sarif=FILE` asks for.
 *
 * @throws UsageError for a format that there is not, or an empty file name
 */
export function parseWanted(text: string): WantedReport {
  const at = text.indexOf('=');
  const format = at === -1 ? text : text.slice(0, at);
  if (!isFormat(format)) throw new UsageError(`Allowed choices are ${FORMATS.join(', ')}.`);
  if (at === -1) return { format };
  const file = text.slice(at + 1);
  if (file === '') throw new UsageError('There is no file name behind the =.');
  return { format, file: fileOf(file) };
}

/** The file that a name means; undefined for `-`, standard output. A file of that name is `./-`. */
export function fileOf(name: string | undefined): string | undefined {
  return name === '-' ? undefined : name;
}

/**
 * The reports that are wanted: those of `--format`, text if there is none. `output` is the file for the one that has none.
 *
 * @throws UsageError if two reports would go to the same place, or `output` is for none
 */
export function wantedReports(
  given: readonly WantedReport[] | undefined,
  output: string | undefined,
): readonly WantedReport[] {
  const all = given === undefined || given.length === 0 ? [{ format: 'text' } as const] : given;
  const toStdout = all.filter(({ file }) => file === undefined);
  if (toStdout.length > 1) {
    const formats = toStdout.map(({ format }) => format).join(' and ');
    throw new UsageError(
      `only one report can go to one place, not ${formats}: give the others files, as in --format sarif=FILE`,
    );
  }
  if (output !== undefined && toStdout.length === 0) {
    throw new UsageError('--output is for a report without a file of its own, and each --format names one');
  }
  const placed = all.map(({ format, file }) => ({ format, file: file ?? fileOf(output) }));
  const files = placed.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UsageError(`two reports cannot go to one file: ${twice}`);
  return placed;
}
