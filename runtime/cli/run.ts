/** Runs the command: arguments, exit code, faults, broken pipes. */
import { CommanderError } from 'commander';
import { reportBug } from './internal-error.js';
import { ExitCode } from './exit-codes.js';
import { openOutput, type Output } from './output.js';
import { buildProgram } from './program.js';

/** The arguments with the bytes that are no UTF-8, which Node replaces by U+FFFD. */
async function exactArguments(args: readonly string[]): Promise<readonly string[]> {
  if (!args.some((each) => each.includes('\ufffd'))) return args;
  const { withStrayBytes } = await import('./arguments.js');
  return withStrayBytes(args);
}

/**
 * Has the process say so if it exits before the command has come to an end, with 0 as if all were well: that happens
 * when what the command waits for can never come. Call the returned function at the end.
 */
function watchForEarlyExit(output: Output): () => void {
  const sayIncomplete = (code: number): void => {
    if (code !== 0) return;
    process.exitCode = reportBug(new Error('the command never came to an end'), undefined, output);
  };
  process.on('exit', sayIncomplete);
  return () => void process.off('exit', sayIncomplete);
}

/** Runs the command and sets the exit code of the process; never throws. */
export async function runMain(given: readonly string[]): Promise<void> {
  const output = openOutput(process, { stdout: 1, stderr: 2 });
  // What escapes a promise would otherwise end in a stack trace.
  process.on('uncaughtException', (error) => process.exit(reportBug(error, undefined, output)));
  const ended = watchForEarlyExit(output);
  let result: ExitCode = ExitCode.CLEAN;
  const args = await exactArguments(given);
  const program = buildProgram(args, output, (code) => {
    result = code;
  });
  try {
    if (args.length === 0) program.error('name a command');
    await program.parseAsync(args, { from: 'user' });
    process.exitCode = output.exitCode(result);
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = reportBug(error, undefined, output);
    // Help and the version that were asked for end this way too.
    else process.exitCode = error.exitCode === 0 ? output.exitCode(ExitCode.CLEAN) : error.exitCode;
  } finally {
    ended();
  }
}
