import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CheckCommandOptions } from './check.js';
import { collect, type Making } from '../definition.js';
import { EXIT_CODES_HELP } from '../exit-codes-help.js';
import { withImageFormat, withOutputFormat, withRepairAll } from '../qemu-habits.js';

const EXAMPLES = `
Examples:
  vhdx check disk.vhdx
  vhdx check --format json *.vhdx
  vhdx check --format junit images/ > report.xml
  vhdx check --profile hyperv --fail-on warning disk.vhdx
  vhdx check --chain --parent-root /srv/images disk.avhdx
  vhdx check --repair --dry-run disk.vhdx`;

const REPAIR = `
--repair replays a pending log, writes a damaged header or region table anew from the good copy, and extends
the file with zeros to a whole MiB, unless its end is missing. Nothing else is changed, and no parent. It may be
interrupted at any moment; the exit code is that of the image after the repair.
`;

const PROFILE_NAMES = ['spec', 'hyperv', 'azure', 'wsl'];

/** As `collect`; commander checks no choices where it is told how to parse. */
function collectProfiles(value: string, values?: readonly string[]): readonly string[] {
  if (!PROFILE_NAMES.includes(value))
    throw new InvalidArgumentError(`Allowed choices are ${PROFILE_NAMES.join(', ')}.`);
  return collect(value, values);
}

export function checkCommand({ command, output, done }: Making): Command {
  return withRepairAll(withOutputFormat(withImageFormat(command('check')), 'format'))
    .description('Check images against the rules of the VHDX specification.')
    .argument('IMAGE...', 'image files, or folders: all *.vhdx, *.avhdx and *.vhdpmem below')
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['text', 'json', 'junit', 'sarif', 'github'])
        .default('text'),
    )
    .addOption(new Option('--json', 'as --format json').hideHelp().implies({ format: 'json' }))
    .addOption(
      new Option('--fail-on <severity>', 'least severity of a finding that makes the exit code nonzero')
        .choices(['error', 'refuse-write', 'warning'])
        .default('refuse-write'),
    )
    .addOption(
      new Option(
        '--profile <host>',
        'report also what this host refuses: spec, hyperv, azure or wsl; repeatable',
      ).argParser(collectProfiles),
    )
    .option('--chain', 'check the parents of differencing disks too')
    .option('--parent <file>', 'the parent of the image (implies --chain)')
    .option('--parent-root <folder>', 'look for parents below this folder too; repeatable', collect)
    .option('--repair', 'repair what has one right answer, and check the image afterwards')
    .option('--dry-run', 'with --repair: say what would be done, and write nothing')
    .addHelpText('after', `${REPAIR}${EXAMPLES}\n${EXIT_CODES_HELP}`)
    .action(async (images: readonly string[], options: CheckCommandOptions) => {
      const { runCheck } = await import('./check.js');
      done(await runCheck(images, options, output));
    });
}
