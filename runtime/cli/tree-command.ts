import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';
import type { TreeCommandOptions } from './tree.js';

const EXAMPLES = `
Examples:
  vhdx tree disk.vhdx
  vhdx tree disk.vhdx headers[1]
  vhdx tree disk.vhdx metadata_table.entries[0].offset
  vhdx tree disk.vhdx bat[5] --json`;

/** Adds what `vhdx tree` takes to an empty command. */
export function defineTree(command: Command, output: Output, done: (code: ExitCode) => void): Command {
  return command
    .description('Show every structure: offset, bytes, ASCII and value, with the findings in place.')
    .argument('IMAGE', 'image file')
    .argument('[PATH]', 'only this structure or field, as findings name it')
    .option('--json', 'print a list of objects, one for each structure and field')
    .addHelpText('after', EXAMPLES)
    .action(async (image: string, path: string | undefined, options: TreeCommandOptions) => {
      const { runTree } = await import('./tree.js');
      done(await runTree(image, path, options, output));
    });
}
