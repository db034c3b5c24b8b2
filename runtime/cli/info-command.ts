import type { Command } from 'commander';
import type { Making } from './definition.js';
import type { InfoCommandOptions } from './info.js';

export function infoCommand({ command, output, done }: Making): Command {
  return command('info')
    .description('Describe an image: geometry, type, identifiers, log state, parent.')
    .argument('IMAGE', 'image file')
    .option('--json', "print JSON with qemu-img's keys, and format-specific.data")
    .action(async (image: string, options: InfoCommandOptions) => {
      const { runInfo } = await import('./info.js');
      done(await runInfo(image, options, output));
    });
}
