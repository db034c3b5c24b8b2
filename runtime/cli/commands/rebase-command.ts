/** Definition of `vhdx rebase`. */
import type { Command } from 'commander';
import { collect, type CommandContext } from '../command-spec.js';
import { PARENTS_NOTE, withHelp } from '../help.js';
import { CHANGE_EXIT_CODES, CHANGE_NOTE, CHILDREN_NOTE, withChangeOptions, withForce } from './change-options.js';
import type { RebaseCommandOptions } from './rebase.js';

export function rebaseCommand({ command, output, done }: CommandContext): Command {
  const rebase = command('rebase')
    .description('Give a differencing disk another parent, or tell it where its parent is now.')
    .argument('IMAGE', 'image file of the child')
    .requiredOption('--parent <image>', 'the new parent')
    .option('--ignore-id-mismatch', 'take a parent that has been written to since, or another one, as it is')
    .option('--flatten', 'copy into the child what the old parent has and the new one does not')
    .option('--old-parent <image>', "with --flatten: the old parent, instead of the image's own words")
    .option('--parent-root <folder>', 'also look for parents below this folder; repeatable', collect);
  return withHelp(withForce(withChangeOptions(rebase)), {
    notes: [
      'A child is made for one state of its parent, by whose DataWriteGuid it knows it. If that fits, only the paths are written anew, and nothing changes for users of the disk. With another parent the command says what differs and stops: --flatten keeps the contents of the disk as they are, like qemu-img rebase does, and --ignore-id-mismatch does not.',
      CHILDREN_NOTE,
      CHANGE_NOTE,
      PARENTS_NOTE,
    ],
    examples: [
      ['vhdx rebase child.avhdx --parent ../disks/base.vhdx', 'the parent was moved'],
      ['vhdx rebase child.avhdx --parent new-base.vhdx --flatten', 'another parent, the same contents'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  }).action(async (image: string, options: RebaseCommandOptions) => {
    const { runRebase } = await import('./rebase.js');
    done(await runRebase(image, options, output));
  });
}
