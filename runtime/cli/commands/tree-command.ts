/** Definition of `vhdx tree`: arguments, options, help. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { READING_EXIT_CODES, withHelp } from '../help.js';
import { withSourceOptions } from '../sources/source-options.js';
import type { TreeCommandOptions } from './tree.js';

export function treeCommand({ command, output, done }: CommandContext): Command {
  const tree = command('tree')
    .description('Show every structure: offset, bytes, ASCII and value, with the findings in place.')
    .argument('IMAGE', 'image file or URL')
    .argument('[PATH]', 'only this structure or field, as findings name it; @OFFSET: what owns this byte of the file')
    .option('--allocated', 'of BAT entries list only those with storage in use')
    .option('--json', 'print a list of objects, one for each structure and field');
  return withHelp(withSourceOptions(tree), {
    examples: [
      ['vhdx tree disk.vhdx', 'everything'],
      ['vhdx tree disk.vhdx headers[1]', 'the second header'],
      ['vhdx tree disk.vhdx metadata_table.entries[0].offset', 'one field'],
      ['vhdx tree disk.vhdx bat[100..200]', 'a range of BAT entries'],
      ['vhdx tree disk.vhdx log[0x1000]', 'the log entry at this offset of the log'],
      ['vhdx tree disk.vhdx bat --allocated', 'BAT entries with storage'],
      ['vhdx tree disk.vhdx @0x20008', 'what this byte belongs to'],
      ['vhdx tree disk.vhdx bat[5] --json', 'for programs'],
    ],
    exitCodes: READING_EXIT_CODES,
  }).action(async (image: string, path: string | undefined, options: TreeCommandOptions) => {
    const { runTree } = await import('./tree.js');
    done(await runTree(image, path, options, output));
  });
}
