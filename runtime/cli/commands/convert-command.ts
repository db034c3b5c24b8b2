/** Definition of `vhdx convert`: arguments, options, help. */
import { type Command, Option } from 'commander';
import { type CommandContext, grouped } from '../command-spec.js';
import { IMAGE_FORMATS } from '../format-names.js';
import { PARENTS_NOTE, withHelp } from '../help.js';
import { withProgress } from '../qemu-habits.js';
import { parseSize } from '../size.js';
import type { ConvertCommandOptions } from './convert.js';
import { withDiskOptions, withNewDiskOptions } from './disk-options.js';
import { SALVAGE_EXIT_CODES, SALVAGE_NOTE, withSalvageOptions } from './salvage-options.js';

const NOTES = [
  "TARGET is a VHDX if its name ends with .vhdx (.avhdx, .vhdpmem), and else raw; a name that promises another format, such as .qcow2, is refused unless --to is given. It appears when it is complete: until then the data has a temporary name in the same folder. Zeros become holes of a raw image, and a VHDX has no storage for blocks of zeros, unless it is fixed. A block device is overwritten in place by a raw image, with --force. What has been written may still be in the system's memory when the command ends, as with qemu-img convert; with --sync it is not.",
  'To make a VHDX, SOURCE may be raw too, which its name and its contents tell, and the size of standard input need not be known. A file named .vhdx, or with the headers of a VHDX in it, is raw only with --from raw. Blocks have 32 MiB if nothing is said; sectors are those of SOURCE, or 512 and 4096 bytes. Partition tables count in sectors: where the size of these changes, a table that nobody will find is named.',
];

export function convertCommand({ command, output, done }: CommandContext): Command {
  const convert = withProgress(command('convert'))
    .description('Write a disk to a raw image, or to a VHDX.')
    .argument('SOURCE', 'image file; - for a raw image from standard input')
    .argument('TARGET', 'file to make; - for standard output')
    .addOption(new Option('-f, --from <format>', 'format of the image').choices(IMAGE_FORMATS))
    .addOption(new Option('-O, --to <format>', 'format of the target, whatever its name').choices(IMAGE_FORMATS))
    .option('--force', 'replace an existing file; write to a block device or a terminal')
    .option('--sync', 'have everything on stable storage before the file gets its name');
  const toVhdx = grouped(convert, 'VHDX to make:', (each) =>
    withNewDiskOptions(
      each
        .addOption(new Option('--type <type>', 'type of a VHDX; dynamic if not given').choices(['dynamic', 'fixed']))
        .addOption(
          new Option('--size <bytes>', 'size of the disk in a VHDX, if it is to be greater').argParser(parseSize),
        ),
    ),
  );
  return withHelp(withSalvageOptions(withDiskOptions(toVhdx)), {
    notes: [...NOTES, PARENTS_NOTE, SALVAGE_NOTE],
    examples: [
      ['vhdx convert disk.vhdx disk.raw', 'to a raw image'],
      ['vhdx convert disk.vhdx - | zstd > disk.raw.zst', 'to a pipe'],
      ['vhdx convert disk.raw disk.vhdx', 'to a VHDX'],
      ['vhdx convert --parent-root /images child.avhdx whole.vhdx', 'a chain to one image'],
      ['zstdcat disk.raw.zst | vhdx convert - disk.vhdx --type fixed', 'from a pipe'],
    ],
    exitCodes: SALVAGE_EXIT_CODES,
  }).action(async (image: string, target: string, options: ConvertCommandOptions) => {
    const { runConvert } = await import('./convert.js');
    done(await runConvert(image, target, options, output));
  });
}
