/** Reports an internal error of the command, in one line and an exit code. */
import { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';

/** Where an error was made: only for those who ask for it with VHDX_DEBUG. */
export function showStack(error: unknown, output: Output): void {
  if (!output.debug || !(error instanceof Error)) return;
  for (const line of (error.stack ?? '').split('\n')) output.error(line);
}

function wordsOf(error: unknown): string {
  const hint = 'VHDX_DEBUG=1 shows where it happened';
  // The library's own error says what to do.
  if (error instanceof Error && error.name === 'InternalError') return `${error.message} (${hint})`;
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `internal error, please report it (${hint}): ${what}`;
}

/** Says in one line that this program made a mistake (while it looked at `image`). Returns the exit code for that. */
export function reportBug(error: unknown, image: string | undefined, output: Output): ExitCode {
  const where = image === undefined ? '' : `${image}: `;
  output.error(`${where}${wordsOf(error)}`);
  showStack(error, output);
  return ExitCode.COULD_NOT_RUN;
}
