import { VhdxError } from '../index.js';
import { ExitCode, exitCodeOfError, isSourceError } from './exit-codes.js';

/** What is said of a failure, in one line, and the exit code that goes with it. */
export interface Failure {
  readonly line: string;
  readonly exitCode: ExitCode;
}

/** The fault in a sentence's middle: no capital, unless it begins a name, and no full stop. */
function inSentence(message: string): string {
  const begin = /^[A-Z][a-z]+ /.test(message) ? message.charAt(0).toLowerCase() + message.slice(1) : message;
  return begin.endsWith('.') ? begin.slice(0, -1) : begin;
}

/** Says that `image` has a fault, with what is needed to look it up. */
export function faultLine(
  image: string,
  { code, message, section }: Pick<VhdxError, 'code' | 'message' | 'section'>,
): string {
  const place = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return `${image}: ${inSentence(message)} (${code}${place})`;
}

function bugLine(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error && error.stack !== undefined) return error.stack;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `internal error, please report it (VHDX_DEBUG=1 shows where it happened): ${what}`;
}

/** What to say of anything that was thrown while `image` was looked at. */
export function describeFailure(error: unknown, image: string, debug: boolean): Failure {
  if (!(error instanceof VhdxError)) return { line: bugLine(error, debug), exitCode: ExitCode.COULD_NOT_RUN };
  // Messages of sources have the path in them.
  const line =
    isSourceError(error) && error.message.includes(image)
      ? `${inSentence(error.message)} (${error.code})`
      : faultLine(image, error);
  return { line, exitCode: exitCodeOfError(error) };
}
