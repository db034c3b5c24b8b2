/** Definition of `vhdx compare`: arguments, options, help. */
import { type Command, CommanderError, Option } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { IMAGE_FORMATS } from '../format-names.js';
import { PARENTS_NOTE, withHelp } from '../help.js';
import type { CompareCommandOptions } from './compare.js';
import { withDiskOptions } from './disk-options.js';

export function compareCommand({ command, output, done }: CommandContext): Command {
  const compare = command('compare')
    .description('Compare what two images hold, VHDX or raw.')
    .argument('A', 'image file or URL: a VHDX or raw')
    .argument('B', 'image file or URL: a VHDX or raw')
    .addOption(new Option('--from <format>', 'format of A, if not told by name and contents').choices(IMAGE_FORMATS))
    .addOption(new Option('--from-b <format>', 'format of B, likewise').choices(IMAGE_FORMATS))
    .option('-s, --strict', 'sizes must be equal too, and of two VHDX the parts that have storage');
  return withHelp(withDiskOptions(compare).option('--parent-b <image>', 'the parent of B; --parent is that of A'), {
    notes: ['What the shorter disk lacks counts as zeros, unless --strict is given. Offsets are exact.', PARENTS_NOTE],
    examples: [
      ['vhdx compare disk.vhdx disk.raw', 'is the raw image the same disk?'],
      ['vhdx compare --quiet a.vhdx b.vhdx && echo same', 'in a script'],
    ],
    exitCodes: [
      ['0', 'the same contents'],
      ['1', 'different'],
      ['2', 'could not be compared'],
    ],
    exitCodesNote: 'These are those of qemu-img compare.',
  })
    .exitOverride((error) => {
      // 1 would say that the images differ.
      throw new CommanderError(error.exitCode === 0 ? 0 : 2, error.code, error.message);
    })
    .action(async (one: string, other: string, options: CompareCommandOptions) => {
      const { runCompare } = await import('./compare.js');
      done(await runCompare(one, other, options, output));
    });
}
