import { codes, VhdxError } from '../index.js';
import { reportBug, showStack } from './bug.js';
import { type ExitCode, exitCodeOfError } from './exit-codes.js';
import type { Output } from './output.js';

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

/** Says in one line what went wrong while `image` was looked at, and returns the exit code for it. */
export function reportFailure(error: unknown, image: string, output: Output): ExitCode {
  if (!(error instanceof VhdxError)) return reportBug(error, image, output);
  // The messages of sources have the path in them, those of a file that is written the path of that one.
  const { group } = codes[error.code];
  const named = group === 'targets' || (group === 'sources' && error.message.includes(image));
  output.complain(named ? `${inSentence(error.message)} (${error.code})` : faultLine(image, error));
  showStack(error, output);
  return exitCodeOfError(error);
}
