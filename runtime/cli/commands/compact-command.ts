/** Definitions of `vhdx compact` and `vhdx defragment`. */
import type { Command } from 'commander';
import { type CommandContext, collect, grouped } from '../command-spec.js';
import { withHelp } from '../help.js';
import { CHANGE_EXIT_CODES, CHANGE_NOTE, withChangeOptions } from './change-options.js';
import type { CompactCommandOptions, DefragmentCommandOptions } from './compact.js';

export function compactCommand({ command, output, done }: CommandContext): Command {
  const compact = command('compact')
    .description('Make the file of an image as small as it can be, as Optimize-VHD does.')
    .argument('IMAGE', 'image file')
    .option('-o, --output <file>', 'write a compacted copy, and leave IMAGE as it is')
    .option('--zeros', 'give up blocks that are all zero, which is done unless --no-zeros is given')
    .option('--no-zeros', 'keep blocks that are all zero')
    .option('--no-move', 'only cut off what is free at the end of the file')
    .option('--sort', 'bring the blocks into the order of the disk, too')
    .option('--against-parent', 'give up blocks that equal what the parent has there')
    .option('--punch-holes', 'give space that stays free inside of the file back to the host, as holes')
    .option('--force', 'replace an existing file with the copy');
  const withParents = grouped(withChangeOptions(compact), 'Parents, for --against-parent:', (each) =>
    each
      .option('--parent <image>', "the parent of the image, instead of the image's own words")
      .option('--parent-root <folder>', 'also look for parents below this folder; repeatable', collect),
  );
  return withHelp(withParents, {
    notes: [
      'Blocks give up their storage if they are all zero, or have no defined contents ([MS-VHDX] 2.5.1.1: UNMAPPED, UNDEFINED); blocks at the end of the file then move into free space, and the file is cut. What the disk holds stays the same at any moment, and children keep their parent. A fixed disk keeps the storage of all its blocks.',
      'Space that a file system in the disk has freed is given up where it holds zeros: write zeros to it first, in the guest, or have the guest trim it.',
      'Holes: blocks move so that no free space stays inside of the file; with --no-move it does, and --punch-holes gives it back to the host, as far as its file system has holes. Hyper-V and WSL refuse a file that Windows has marked as sparse for that.',
      'A copy (-o) has its blocks in the order of the disk. It has the identifiers of IMAGE, for which it can be put.',
      CHANGE_NOTE,
    ],
    examples: [
      ['vhdx compact ext4.vhdx --dry-run', 'how much smaller it would become, and why'],
      ['vhdx compact ext4.vhdx', 'in place, without space for a copy'],
      ['vhdx compact ext4.vhdx -o small.vhdx', 'to a new file'],
      ['vhdx compact ext4.vhdx --no-move --punch-holes', 'without moving anything, as a sparse file'],
      ['vhdx compact child.avhdx --against-parent', 'also give up what is the same in the parent'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  }).action(async (image: string, options: CompactCommandOptions) => {
    if (options.force === true && options.output === undefined) compact.error('--force is for --output');
    if (options.punchHoles === true && options.output !== undefined) {
      compact.error(
        '--punch-holes is for an image that is changed in place: a copy (--output) has no free space inside',
      );
    }
    const { runCompact } = await import('./compact.js');
    done(await runCompact(image, options, output));
  });
}

export function defragmentCommand({ command, output, done }: CommandContext): Command {
  const defragment = command('defragment')
    .description('Bring the blocks of an image into the order of the disk, in place.')
    .argument('IMAGE', 'image file');
  return withHelp(withChangeOptions(defragment), {
    notes: [
      'Free space inside of the file goes too; the contents of blocks are not looked at (vhdx compact --sort does both). What the disk holds stays the same at any moment, and children keep their parent.',
      CHANGE_NOTE,
    ],
    examples: [
      ['vhdx defragment disk.vhdx --dry-run', 'how much would be moved'],
      ['vhdx defragment disk.vhdx', 'do it'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  }).action(async (image: string, options: DefragmentCommandOptions) => {
    const { runDefragment } = await import('./compact.js');
    done(await runDefragment(image, options, output));
  });
}
