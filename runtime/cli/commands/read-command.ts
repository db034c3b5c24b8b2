/** Definition of `vhdx read`: arguments, options, help. */
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { PARENTS_NOTE, withHelp } from '../help.js';
import { parseSize, SIZES_HELP } from '../size.js';
import { withDiskOptions } from './disk-options.js';
import type { ReadCommandOptions } from './read.js';
import { SALVAGE_EXIT_CODES, SALVAGE_NOTE, withSalvageOptions } from './salvage-options.js';

export function readCommand({ command, output, done }: CommandContext): Command {
  const read = command('read')
    .description('Write bytes of the virtual disk to standard output.')
    .argument('IMAGE', 'image file or URL')
    .addOption(new Option('--offset <bytes>', `first byte: ${SIZES_HELP}`).argParser(parseSize).default(0, '0'))
    .addOption(new Option('--length <bytes>', 'how many; all up to the end if not given').argParser(parseSize))
    .option('--force', 'write to a terminal too');
  return withHelp(withSalvageOptions(withDiskOptions(read)), {
    notes: [PARENTS_NOTE, SALVAGE_NOTE],
    examples: [
      ['vhdx read disk.vhdx --length 512 | xxd', 'the first sector'],
      ['vhdx read disk.vhdx --offset 1MiB --length 64K > part.bin', 'a part'],
    ],
    exitCodes: SALVAGE_EXIT_CODES,
  }).action(async (image: string, options: ReadCommandOptions) => {
    const { runRead } = await import('./read.js');
    done(await runRead(image, options, output));
  });
}
