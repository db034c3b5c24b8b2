/** Definition of `vhdx report`: arguments, options, help. */
import { Argument, type Command } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { withHelp } from '../help.js';
import type { ReportCommandOptions } from './report.js';

export function reportCommand({ command, output, done }: CommandContext): Command {
  const report = command('report')
    .description('Put the reports of shards together to that of the whole run.')
    .addArgument(new Argument('ACTION', 'what to do').choices(['merge']))
    .argument(
      'FILE...',
      'reports of check in JSON, NDJSON, JUnit or SARIF, all in one form, or patterns of their names',
    )
    .option('-o, --output <file>', 'write it to this file');
  return withHelp(report, {
    notes: [
      'The reports of check --shard know the place of each image in the run: merged in any order they are, byte for byte, the report that one check would have written (with --no-times, for JUnit). Other reports are put one behind the other.',
    ],
    examples: [['vhdx report merge shard-*.json --output report.json', 'the shards of a run']],
    exitCodes: [
      ['0', 'done'],
      ['1', 'could not, or images of the run are in none of the reports'],
    ],
  }).action(async (_action: string, files: readonly string[], options: ReportCommandOptions) => {
    const { runMerge } = await import('./report.js');
    done(await runMerge(files, options, output));
  });
}
