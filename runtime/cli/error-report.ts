/** Reports an error that ended the command: one line, and the exit code. */
import { codes, VhdxError } from '../index.js';
import { reportBug, showStack } from './internal-error.js';
import { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';
import { shownName } from './sources/image-name.js';
import { UsageError } from './usage-error.js';

/** The fault in a sentence's middle: no capital, unless it begins a name, and no full stop. */
export function inSentence(message: string): string {
  const begin = /^[A-Z][a-z]* /.test(message) ? message.charAt(0).toLowerCase() + message.slice(1) : message;
  return begin.endsWith('.') ? begin.slice(0, -1) : begin;
}

/** `subject` and what is wrong with it, with what is needed to look that up. */
export function faultLine(
  subject: string,
  { code, message, section }: Pick<VhdxError, 'code' | 'message' | 'section'>,
): string {
  const place = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return `${subject}: ${inSentence(message)} (${code}${place})`;
}

/** The exit code of a check that has this finding and no worse one. */
export function exitCodeOfFinding({ code, severity }: Pick<VhdxError, 'code' | 'severity'>): ExitCode {
  // Of a source, of what is to be written, of what was asked for: no fault of an image.
  if (codes[code].rule === '') return ExitCode.COULD_NOT_RUN;
  if (severity === 'error') return code === 'VHDX_SIGNATURE_MISMATCH' ? ExitCode.NOT_VHDX : ExitCode.CORRUPT;
  return severity === 'refuse-write' ? ExitCode.NEEDS_ATTENTION : ExitCode.CLEAN;
}

/** The exit code for an image that could not be opened, or not be changed although it can be read. */
export function exitCodeOfError(error: VhdxError): ExitCode {
  // What only forbids writing is no corruption.
  return error.severity === 'error' ? exitCodeOfFinding(error) : ExitCode.COULD_NOT_RUN;
}

/** Prints one line on an error with `image`, and returns the exit code for it. */
export function reportFailure(error: unknown, image: string, output: Output): ExitCode {
  if (error instanceof UsageError) {
    output.error(error.message);
    return ExitCode.COULD_NOT_RUN;
  }
  const name = shownName(image);
  if (!(error instanceof VhdxError)) return reportBug(error, name, output);
  // The messages of sources have the path in them, those of a file that is written the path of that one.
  const { group } = codes[error.code];
  const named = group === 'targets' || (group === 'sources' && error.message.includes(name));
  output.error(named ? `${inSentence(error.message)} (${error.code})` : faultLine(name, error));
  showStack(error, output);
  return exitCodeOfError(error);
}
