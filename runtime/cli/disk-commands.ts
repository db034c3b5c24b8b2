import { type Command, CommanderError, Option } from 'commander';
import type { CompareCommandOptions } from './compare.js';
import type { ConvertCommandOptions } from './convert.js';
import { withNewDiskOptions } from './create-command.js';
import { collect, type Definition, type Making } from './definition.js';
import { IMAGE_FORMATS } from './format-names.js';
import type { MapCommandOptions } from './map.js';
import type { ReadCommandOptions } from './read.js';
import { withImageFormat, withOutputFormat, withProgress } from './qemu-habits.js';
import { SALVAGE_HELP, withSalvageOptions } from './salvage-options.js';
import { parseSize, SIZES_HELP } from './size.js';

/** The options of every command that reads the contents of a disk. */
function withDiskOptions(command: Command): Command {
  return command
    .option('--parent <path>', "the parent of the image, instead of the image's own words")
    .option('--parent-root <folder>', 'also look for parents below this folder (repeatable)', collect)
    .option('--ignore-id-mismatch', 'accept a parent that has been written to since, or another one')
    .addOption(
      new Option('--log <way>', 'a pending log: replay it in memory, or refuse the image')
        .choices(['overlay', 'refuse'])
        .default('overlay'),
    );
}

const PARENTS = `
Parents are looked for in the folder of the image alone. An image may name any file: what leads out of
that folder is followed only below a folder given with --parent-root, drives and volumes standing for it.`;

function mapCommand({ command, output, done }: Making): Command {
  return withOutputFormat(withImageFormat(withDiskOptions(command('map'))), 'json')
    .description('List where each part of the virtual disk is stored.')
    .argument('IMAGE', 'image file')
    .option('--json', "print JSON with qemu-img's keys, and state and filename")
    .option('--chain', 'also list what the parents hold')
    .option('--picture', 'draw it instead: the file by owner, the virtual disk by state')
    .option('--svg <file>', 'write that picture to a new file; - for standard output')
    .addOption(
      new Option('--at <offset>', 'say what owns this byte of the file')
        .argParser(parseSize)
        .conflicts(['picture', 'svg']),
    )
    .addOption(
      new Option('--virtual <offset>', 'say where this byte of the virtual disk is, in which image of the chain')
        .argParser(parseSize)
        .conflicts(['at', 'picture', 'svg']),
    )
    .addHelpText(
      'after',
      `${PARENTS}\n\nThe parents of a differencing disk are opened only with --chain, or for\n--virtual if they have the byte. Offsets are given as sizes are:\n${SIZES_HELP}.`,
    )
    .action(async (image: string, options: MapCommandOptions) => {
      const { runMap } = await import('./map.js');
      done(await runMap(image, options, output));
    });
}

const READ_EXAMPLES = `
Examples:
  vhdx read disk.vhdx --length 512 | xxd
  vhdx read disk.vhdx --offset 1MiB --length 64K > part.bin`;

function readCommand({ command, output, done }: Making): Command {
  return withSalvageOptions(
    withDiskOptions(command('read').description('Write bytes of the virtual disk to standard output.')),
  )
    .argument('IMAGE', 'image file')
    .addOption(new Option('--offset <bytes>', `first byte: ${SIZES_HELP}`).argParser(parseSize).default(0, '0'))
    .addOption(new Option('--length <bytes>', 'how many; all up to the end if not given').argParser(parseSize))
    .option('--force', 'write to a terminal too')
    .addHelpText('after', `${READ_EXAMPLES}\n${PARENTS}\n${SALVAGE_HELP}`)
    .action(async (image: string, options: ReadCommandOptions) => {
      const { runRead } = await import('./read.js');
      done(await runRead(image, options, output));
    });
}

const CONVERT_NOTES = `
TARGET is a VHDX if its name ends with .vhdx (.avhdx, .vhdpmem), and else raw; a name that promises another
format, such as .qcow2, is refused unless --to is given. It appears when it is complete: until then the
data has a temporary name in the same folder. Zeros become holes of a raw image, and a VHDX has no storage
for blocks of zeros, unless it is fixed. A block device is overwritten in place by a raw image, with --force.
What has been written may still be in the system's memory when the command ends, as with qemu-img convert;
with --sync it is not.

To make a VHDX, IMAGE may be raw too, which its name and its contents tell, and the size of standard input
need not be known. A file named .vhdx, or with the headers of a VHDX in it, is raw only with --from raw.
Blocks have 32 MiB if nothing is said; sectors are those of IMAGE, or 512 and 4096 bytes. Partition tables
count in sectors: where the size of these changes, a table that nobody will find is named.

Examples:
  vhdx convert disk.vhdx disk.raw
  vhdx convert disk.vhdx - | zstd > disk.raw.zst
  vhdx convert disk.raw disk.vhdx
  vhdx convert --parent-root /images child.avhdx whole.vhdx
  zstdcat disk.raw.zst | vhdx convert - disk.vhdx --type fixed`;

function convertCommand({ command, output, done }: Making): Command {
  const convert = withSalvageOptions(
    withDiskOptions(withProgress(command('convert')).description('Write a disk to a raw image, or to a VHDX.')),
  )
    .argument('IMAGE', 'image file; - for a raw image from standard input')
    .argument('TARGET', 'file to make; - for standard output')
    .addOption(new Option('-f, --from <format>', 'format of the image').choices(IMAGE_FORMATS))
    .addOption(new Option('-O, --to <format>', 'format of the target, whatever its name').choices(IMAGE_FORMATS))
    .addOption(new Option('--type <type>', 'type of a VHDX; dynamic if not given').choices(['dynamic', 'fixed']))
    .addOption(new Option('--size <bytes>', 'size of the disk in a VHDX, if it is to be greater').argParser(parseSize));
  return withNewDiskOptions(convert)
    .option('--force', 'replace an existing file; write to a block device or a terminal')
    .option('--sync', 'have everything on stable storage before the file gets its name')
    .addHelpText('after', `${CONVERT_NOTES}\n${PARENTS}\n${SALVAGE_HELP}`)
    .action(async (image: string, target: string, options: ConvertCommandOptions) => {
      const { runConvert } = await import('./convert.js');
      done(await runConvert(image, target, options, output));
    });
}

const COMPARE_EXIT_CODES = `
What the shorter disk lacks counts as zeros, unless --strict is given. Offsets are exact.

Exit codes, as those of qemu-img compare:
  0   the same contents
  1   different
  2   could not be compared`;

function compareCommand({ command, output, done }: Making): Command {
  return withDiskOptions(command('compare').description('Compare what two images hold, VHDX or raw.'))
    .argument('A', 'image file: a VHDX or raw')
    .argument('B', 'image file: a VHDX or raw')
    .addOption(new Option('--from <format>', 'format of A, if not told by name and contents').choices(IMAGE_FORMATS))
    .addOption(new Option('--from-b <format>', 'format of B, likewise').choices(IMAGE_FORMATS))
    .option('--parent-b <path>', 'the parent of B; --parent is that of A')
    .option('-s, --strict', 'sizes must be equal too, and of two VHDX the parts that have storage')
    .option('-q, --quiet', 'print nothing but errors')
    .addHelpText('after', `${COMPARE_EXIT_CODES}\n${PARENTS}`)
    .exitOverride((error) => {
      // 1 would say that the images differ.
      throw new CommanderError(error.exitCode === 0 ? 0 : 2, error.code, error.message);
    })
    .action(async (one: string, other: string, options: CompareCommandOptions) => {
      const { runCompare } = await import('./compare.js');
      done(await runCompare(one, other, options, output));
    });
}

/** The commands that read the contents of disks. */
export const DISK_COMMANDS: readonly Definition[] = [
  { name: 'map', define: mapCommand },
  { name: 'read', define: readCommand },
  { name: 'convert', define: convertCommand },
  { name: 'compare', define: compareCommand },
];
