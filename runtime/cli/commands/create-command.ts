/** Definition of `vhdx create`, and the options of new disks that `convert` shares. */
import { Argument, type Command, Option } from 'commander';
import { collect, type CommandContext } from '../command-spec.js';
import { withHelp } from '../help.js';
import { withImageFormat } from '../qemu-habits.js';
import { parseSize, SIZES_HELP } from '../size.js';
import type { CreateCommandOptions } from './create.js';
import { withNewDiskOptions } from './disk-options.js';

const NOTES = [
  'IMAGE appears when it is complete and on stable storage. A fixed disk gets all of its space at once. A differencing disk has the size and the logical sectors of its parent unless a greater size is given, and finds it by its place relative to IMAGE; the parent must not be written to any more.',
  'If nothing is said, blocks have 32 MiB (2 MiB in a differencing disk), sectors 512 bytes to the system and 4096 on the medium, and the log 1 MiB.',
];

export function createCommand({ command, output, done }: CommandContext): Command {
  const create = withImageFormat(command('create'))
    .description('Make an empty virtual disk: dynamic, fixed, or differencing.')
    .argument('IMAGE', 'image file to make')
    .addArgument(new Argument('[SIZE]', 'as --size').argParser(parseSize))
    .addOption(new Option('--size <bytes>', `size of the disk, at most 64 TiB: ${SIZES_HELP}`).argParser(parseSize))
    .addOption(
      new Option('--type <type>', 'dynamic if not given, with a parent differencing').choices([
        'dynamic',
        'fixed',
        'differencing',
      ]),
    )
    .option('--parent <image>', 'the disk that a differencing one begins as')
    .option('--parent-root <folder>', 'look for the parents of the parent below this folder too; repeatable', collect);
  return withHelp(
    withNewDiskOptions(create)
      .addOption(new Option('--log-size <bytes>', 'whole MiB from 1 MiB to 1 GiB').argParser(parseSize))
      .addOption(new Option('--to <format>', 'make a VHDX whatever the name of IMAGE promises').choices(['vhdx']))
      .option('--force', 'replace an existing file'),
    {
      notes: NOTES,
      examples: [
        ['vhdx create disk.vhdx --size 10G', 'dynamic'],
        ['vhdx create data.vhdx --size 1T --type fixed --logical-sector-size 4096', 'fixed'],
        ['vhdx create child.avhdx --parent disk.vhdx', 'differencing'],
      ],
      exitCodes: [
        ['0', 'made'],
        ['1', 'could not: usage, input or output, a parent that cannot be used'],
      ],
    },
  ).action(async (image: string, size: number | undefined, options: CreateCommandOptions) => {
    if (size !== undefined && options.size !== undefined && size !== options.size) {
      create.error(`SIZE is ${size} bytes, but --size is ${options.size}`);
    }
    const { runCreate } = await import('./create.js');
    done(await runCreate(image, size === undefined ? options : { ...options, size }, output));
  });
}
