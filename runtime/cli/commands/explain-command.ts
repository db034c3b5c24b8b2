/** Definition of `vhdx explain`: arguments, options, help. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { withHelp } from '../help.js';
import type { ExplainCommandOptions } from './explain.js';

export function explainCommand({ command, output, done }: CommandContext): Command {
  const explain = command('explain')
    .description('Explain codes and rules: meaning, severity, exit code, what to do. Needs no network.')
    .argument('[CODE|RULE...]', 'codes (VHDX_LOG_PENDING) or rules (E12) of findings and errors')
    .option('--json', 'print an object for each name; a list for several, and without a name');
  return withHelp(explain, {
    notes: ['Without a name: every code, by group.'],
    examples: [
      ['vhdx explain VHDX_HEADER_CHECKSUM_MISMATCH', 'a code'],
      ['vhdx explain B2 I9', 'two rules'],
      ['vhdx explain --json', 'all, for programs'],
    ],
    exitCodes: [
      ['0', 'explained'],
      ['1', 'no such code or rule; the nearest names are on standard error'],
    ],
  }).action(async (names: readonly string[], options: ExplainCommandOptions) => {
    const { runExplain } = await import('./explain.js');
    done(runExplain(names, options, output));
  });
}
