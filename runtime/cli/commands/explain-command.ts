import type { Command } from 'commander';
import type { Making } from '../definition.js';
import type { ExplainCommandOptions } from './explain.js';

const EXAMPLES = `
Without a name: every code, by group.

Examples:
  vhdx explain VHDX_HEADER_CHECKSUM_MISMATCH
  vhdx explain B2 I9
  vhdx explain --json

Exit codes:
  0   explained
  1   no such code or rule; the nearest names are on standard error`;

export function explainCommand({ command, output, done }: Making): Command {
  return command('explain')
    .description('Explain codes and rules: meaning, severity, exit code, what to do. Needs no network.')
    .argument('[CODE|RULE...]', 'codes (VHDX_LOG_PENDING) or rules (E12) of findings and errors')
    .option('--json', 'print an object for each name; a list for several, and without a name')
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], options: ExplainCommandOptions) => {
      const { runExplain } = await import('./explain.js');
      done(runExplain(names, options, output));
    });
}
