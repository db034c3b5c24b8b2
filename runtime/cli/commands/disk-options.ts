/** Options that commands share: those of reading a disk, and those of making one. */
import { type Command, Option } from 'commander';
import { collect, grouped } from '../command-spec.js';
import { parseSize } from '../size.js';
import { withSourceOptions } from '../sources/source-options.js';

/** The options that say where the parents of a disk are. */
export function withParentOptions(command: Command): Command {
  return command
    .option('--parent <image>', "the parent of the image, instead of the image's own words")
    .option('--parent-root <folder>', 'also look for parents below this folder; repeatable', collect);
}

/** Options of the commands that read the contents of a disk. */
export function withDiskOptions(command: Command): Command {
  const withParents = grouped(command, 'Parents and log:', (each) =>
    withParentOptions(each)
      .option('--ignore-id-mismatch', 'accept a parent that has been written to since, or another one')
      .addOption(
        new Option('--log <way>', 'a pending log: replay it in memory, or refuse the image')
          .choices(['overlay', 'refuse'])
          .default('overlay'),
      ),
  );
  return withSourceOptions(withParents);
}

/** The sizes of sectors; they are written as other sizes are, too. */
export function sectorSizeOption(flags: string): Option {
  return new Option(flags, 'size of a sector').choices(['512', '4096']).argParser(parseSize);
}

/** The options that say what a disk is like that a command is to make. */
export function withNewDiskOptions(command: Command): Command {
  return command
    .addOption(new Option('--block-size <bytes>', 'a power of two from 1 MiB to 256 MiB').argParser(parseSize))
    .addOption(sectorSizeOption('--logical-sector-size <bytes>'))
    .addOption(sectorSizeOption('--physical-sector-size <bytes>'));
}
