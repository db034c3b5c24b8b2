/** Definition of `vhdx map`: arguments, options, help. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { PARENTS_NOTE, READING_EXIT_CODES, withHelp } from '../help.js';
import { withImageFormat, withOutputFormat } from '../qemu-habits.js';
import { parseSize, SIZES_HELP } from '../size.js';
import { withDiskOptions } from './disk-options.js';
import type { MapCommandOptions } from './map.js';

export function mapCommand({ command, output, done }: CommandContext): Command {
  const map = withOutputFormat(withImageFormat(command('map')))
    .description('List where each part of the virtual disk is stored.')
    .argument('IMAGE', 'image file or URL')
    .option('--json', "print JSON with qemu-img's keys, and state and filename")
    .option('--chain', 'also list what the parents hold')
    .option('--picture', 'draw it instead: the file by owner, the virtual disk by state')
    .option('--svg <file>', 'write that picture to a new file; - for standard output')
    .addOption(
      new Option('--at <offset>', 'say what owns this byte of the file')
        .argParser(parseSize)
        .conflicts(['picture', 'svg']),
    )
    .addOption(
      new Option('--virtual <offset>', 'say where this byte of the virtual disk is, in which image of the chain')
        .argParser(parseSize)
        .conflicts(['at', 'picture', 'svg']),
    );
  return withHelp(withDiskOptions(map), {
    notes: [
      PARENTS_NOTE,
      `The parents of a differencing disk are opened only with --chain, or for --virtual if they have the byte. Offsets are given as sizes are: ${SIZES_HELP}.`,
    ],
    examples: [
      ['vhdx map disk.vhdx', 'each part with its state and file offset'],
      ['vhdx map --json --chain child.avhdx', "as qemu-img map, with the parents' parts"],
      ['vhdx map --at 0x812345 disk.vhdx', 'what this byte of the file belongs to'],
      ['vhdx map --svg disk.svg disk.vhdx', 'a picture'],
    ],
    exitCodes: READING_EXIT_CODES,
  }).action(async (image: string, options: MapCommandOptions) => {
    const { runMap } = await import('./map.js');
    done(await runMap(image, options, output));
  });
}
