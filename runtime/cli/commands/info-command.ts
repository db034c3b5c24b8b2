import type { Command } from 'commander';
import type { Making } from '../definition.js';
import type { InfoCommandOptions } from './info.js';
import { withImageFormat, withOutputFormat } from '../qemu-habits.js';

export function infoCommand({ command, output, done }: Making): Command {
  return withOutputFormat(withImageFormat(command('info')), 'json')
    .description('Describe an image: geometry, type, identifiers, log state, parent.')
    .argument('IMAGE', 'image file')
    .option('--json', "print JSON with qemu-img's keys, and format-specific.data")
    .action(async (image: string, options: InfoCommandOptions) => {
      const { runInfo } = await import('./info.js');
      done(await runInfo(image, options, output));
    });
}
