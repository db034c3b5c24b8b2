/** Definition of `vhdx merge`. */
import type { Command } from 'commander';
import { type CommandContext, collect, grouped } from '../command-spec.js';
import { withHelp } from '../help.js';
import { CHANGE_EXIT_CODES, CHANGE_NOTE, withChangeOptions } from './change-options.js';
import type { MergeCommandOptions } from './merge.js';

export function mergeCommand({ command, output, done }: CommandContext): Command {
  const merge = command('merge')
    .description('Merge a differencing image into its parent, as Merge-VHD does.')
    .argument('CHILD', 'image file')
    .option('--into <image>', 'merge into this one of its parents; the direct one if not given')
    .option('-o, --output <file>', 'merge into a copy of the parent, and leave all images as they are')
    .option('--delete', 'delete the images that have been merged')
    .option('--force', 'merge although other images have this parent; replace an existing file');
  const withParents = grouped(withChangeOptions(merge), 'Parents:', (each) =>
    each
      .option('--parent <image>', "the parent of the image, instead of the image's own words")
      .option('--parent-root <folder>', 'also look for parents below this folder; repeatable', collect),
  );
  return withHelp(withParents, {
    notes: [
      'What CHILD and the images between the two supply is written into the parent, which then reads as CHILD did. It gets a new DataWriteGuid when all is there ([MS-VHDX] 2.2.2); until then CHILD reads over it as before. A smaller parent grows first; a larger one stays so. Afterwards CHILD is of no use, but it is deleted only with --delete.',
      'A parent that other images beside it have for theirs is refused, since they would read something else.',
      CHANGE_NOTE,
    ],
    examples: [
      ['vhdx merge child.avhdx --dry-run', 'how much would be written'],
      ['vhdx merge child.avhdx --delete', 'into its parent'],
      ['vhdx merge newest.avhdx --into base.vhdx', 'a whole chain'],
      ['vhdx merge child.avhdx -o merged.vhdx', 'to a new file'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  }).action(async (image: string, options: MergeCommandOptions) => {
    if (options.delete === true && options.output !== undefined) merge.error('--delete is not for --output');
    const { runMerge } = await import('./merge.js');
    done(await runMerge(image, options, output));
  });
}
