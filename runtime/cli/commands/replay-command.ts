/** Definition of `vhdx replay`: arguments, options, help. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { withHelp } from '../help.js';
import { withChangeOptions } from './change-options.js';
import type { ReplayCommandOptions } from './replay.js';

export function replayCommand({ command, output, done }: CommandContext): Command {
  const replay = command('replay')
    .description('Write what is pending in the log of an image to where it belongs.')
    .argument('IMAGE', 'image file');
  return withHelp(withChangeOptions(replay), {
    notes: [
      'What is pending is written to its places, and then the log is marked as empty. It may be interrupted at any moment: until it is done the image reads as before, and the next replay completes it. What users of the disk see does not change, nor does the DataWriteGuid. Programs that have the image open must be closed.',
    ],
    examples: [
      ['vhdx replay --dry-run disk.vhdx', 'what would be written'],
      ['vhdx replay disk.vhdx', 'write it'],
    ],
    exitCodes: [
      ['0', 'replayed, or nothing to replay'],
      ['1', 'could not: usage, input or output, image in use'],
      ['2', 'corrupt: the log must not be replayed; nothing has been written'],
      ['63', 'not a VHDX'],
    ],
  }).action(async (image: string, options: ReplayCommandOptions) => {
    const { runReplay } = await import('./replay.js');
    done(await runReplay(image, options, output));
  });
}
