/** Definition of `vhdx info`: arguments, options, help. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { READING_EXIT_CODES, withHelp } from '../help.js';
import { withImageFormat, withOutputFormat } from '../qemu-habits.js';
import { withSourceOptions } from '../sources/source-options.js';
import type { InfoCommandOptions } from './info.js';

export function infoCommand({ command, output, done }: CommandContext): Command {
  const info = withOutputFormat(withImageFormat(command('info')))
    .description('Describe an image: geometry, type, identifiers, log state, parent.')
    .argument('IMAGE', 'image file or URL')
    .option('--json', "print JSON with qemu-img's keys, and format-specific.data");
  return withHelp(withSourceOptions(info), {
    notes: ['The verdict at the end is on what has been read, which is less than vhdx check reads.'],
    examples: [
      ['vhdx info disk.vhdx', 'for people'],
      ['vhdx info --json disk.vhdx | jq \'.["virtual-size"]\'', 'for programs'],
    ],
    exitCodes: READING_EXIT_CODES,
  }).action(async (image: string, options: InfoCommandOptions) => {
    const { runInfo } = await import('./info.js');
    done(await runInfo(image, options, output));
  });
}
