/** Definition of `vhdx set`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { tryParseGuid } from '../../base/guid.js';
import type { CommandContext } from '../command-spec.js';
import { withHelp } from '../help.js';
import { CHANGE_EXIT_CODES, CHANGE_NOTE, CHILDREN_NOTE, withChangeOptions, withForce } from './change-options.js';
import { sectorSizeOption } from './disk-options.js';
import type { SetCommandOptions } from './set.js';

function parseId(text: string): string {
  if (tryParseGuid(text) !== undefined) return text;
  throw new InvalidArgumentError('Give a GUID as 2dc27766-f623-4200-9d64-115e9bfd4a08.');
}

export function setCommand({ command, output, done }: CommandContext): Command {
  const set = command('set')
    .description('Set identifiers and sizes that are metadata alone, as Set-VHD does.')
    .argument('IMAGE', 'image file')
    .addOption(new Option('--new-disk-id', 'give the virtual disk a new random ID').conflicts('diskId'))
    .addOption(new Option('--disk-id <guid>', 'give the virtual disk this ID').argParser(parseId))
    .addOption(sectorSizeOption('--physical-sector-size <bytes>'))
    .option('--creator <text>', 'who made the file: at most 256 characters')
    .option('--new-data-write-id', 'give the contents a new identity, which children do not take for their parent');
  return withHelp(withForce(withChangeOptions(set)), {
    notes: [
      'The disk ID is what a system finds on page 83h of the disk; two disks in one machine need different ones. A change of it or of a sector size is one of what users of the disk see, so the contents get a new identity too ([MS-VHDX] 2.2.2): children of the image have to be reconnected with vhdx rebase --ignore-id-mismatch.',
      CHILDREN_NOTE,
      CHANGE_NOTE,
    ],
    examples: [
      ['vhdx set copy.vhdx --new-disk-id', 'tell a copy from its original'],
      ['vhdx set disk.vhdx --physical-sector-size 4096 --dry-run', 'what would be done'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  }).action(async (image: string, options: SetCommandOptions) => {
    const { newDiskId, diskId, physicalSectorSize, creator, newDataWriteId } = options;
    if ([newDiskId, diskId, physicalSectorSize, creator, newDataWriteId].every((each) => each === undefined)) {
      set.error('say what to set');
    }
    const { runSet } = await import('./set.js');
    done(await runSet(image, options, output));
  });
}
