import type { Command } from 'commander';
import type { Making } from './definition.js';
import type { TreeCommandOptions } from './tree.js';

const EXAMPLES = `
Examples:
  vhdx tree disk.vhdx
  vhdx tree disk.vhdx headers[1]
  vhdx tree disk.vhdx metadata_table.entries[0].offset
  vhdx tree disk.vhdx bat[100..200]
  vhdx tree disk.vhdx log[0x1000]
  vhdx tree disk.vhdx bat --allocated
  vhdx tree disk.vhdx @0x20008
  vhdx tree disk.vhdx bat[5] --json`;

export function treeCommand({ command, output, done }: Making): Command {
  return command('tree')
    .description('Show every structure: offset, bytes, ASCII and value, with the findings in place.')
    .argument('IMAGE', 'image file')
    .argument('[PATH]', 'only this structure or field, as findings name it; @OFFSET: what owns this byte of the file')
    .option('--allocated', 'of BAT entries list only those with storage in use')
    .option('--json', 'print a list of objects, one for each structure and field')
    .addHelpText('after', EXAMPLES)
    .action(async (image: string, path: string | undefined, options: TreeCommandOptions) => {
      const { runTree } = await import('./tree.js');
      done(await runTree(image, path, options, output));
    });
}
