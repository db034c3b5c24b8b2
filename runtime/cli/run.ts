import { CommanderError } from 'commander';
import { ExitCode } from './exit-codes.js';
import { describeFailure } from './failure.js';
import { openOutput } from './output.js';
import { buildProgram } from './program.js';

/** Runs the command and sets the exit code of the process; never throws. */
export async function runMain(args: readonly string[]): Promise<void> {
  const output = openOutput(process);
  const debug = (process.env['VHDX_DEBUG'] ?? '') !== '';
  const fail = (error: unknown): void => {
    const { line, exitCode } = describeFailure(error, '', debug);
    if (debug) process.stderr.write(`${line}\n`);
    else output.complain(line);
    process.exitCode = exitCode;
  };
  // What escapes a promise would otherwise end in a stack trace.
  process.on('uncaughtException', (error) => {
    fail(error);
    process.exit();
  });
  let result: ExitCode = ExitCode.CLEAN;
  const program = buildProgram(output, debug, (code) => {
    result = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    process.exitCode = output.exitCode(result);
  } catch (error) {
    if (!(error instanceof CommanderError)) fail(error);
    // Help and the version that were asked for end this way too.
    else process.exitCode = error.exitCode === 0 ? ExitCode.CLEAN : ExitCode.COULD_NOT_RUN;
  }
}
