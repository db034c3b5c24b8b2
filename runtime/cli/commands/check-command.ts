/** Definition of `vhdx check`: arguments, options, help. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect, type CommandContext, grouped } from '../command-spec.js';
import { VERDICT_EXIT_CODES, withHelp } from '../help.js';
import { withImageFormat, withOutputFormat, withRepairAll } from '../qemu-habits.js';
import type { CheckCommandOptions } from './check.js';

const PROFILE_NAMES = ['spec', 'hyperv', 'azure', 'wsl'];

/** As `collect`; commander checks no choices of an option with a parser. */
function collectProfiles(value: string, values?: readonly string[]): readonly string[] {
  if (!PROFILE_NAMES.includes(value))
    throw new InvalidArgumentError(`Allowed choices are ${PROFILE_NAMES.join(', ')}.`);
  return collect(value, values);
}

function withReportOptions(command: Command): Command {
  return command
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
      new Option('--profile <host>', 'report also what this host refuses; repeatable')
        .choices(PROFILE_NAMES)
        .argParser(collectProfiles),
    );
}

export function checkCommand({ command, output, done }: CommandContext): Command {
  const check = withRepairAll(withOutputFormat(withImageFormat(command('check')), 'format'))
    .description('Check images against the rules of the VHDX specification.')
    .argument('IMAGE...', 'image files, or folders: all *.vhdx, *.avhdx and *.vhdpmem below');
  withReportOptions(check);
  grouped(check, 'Parents:', (each) =>
    each
      .option('--chain', 'check the parents of differencing disks too')
      .option('--parent <image>', 'the parent of the image (implies --chain)')
      .option('--parent-root <folder>', 'look for parents below this folder too; repeatable', collect),
  );
  grouped(check, 'Repair:', (each) =>
    each
      .option('--repair', 'repair what has one right answer, and check the image afterwards')
      .option('--dry-run', 'with --repair: say what would be done, and write nothing'),
  );
  return withHelp(check, {
    notes: [
      'Each image that makes the exit code nonzero has one line on standard error, whatever the form of the report. With --quiet a report in text is left out; the other forms are written all the same.',
      '--repair replays a pending log, restores a damaged header or region table from the good copy, and extends the file with zeros to a whole MiB, unless its end is missing. Nothing else is changed, and no parent. It may be interrupted at any moment; the exit code is that of the image after the repair.',
    ],
    examples: [
      ['vhdx check disk.vhdx', 'a report for people'],
      ['vhdx check --quiet images/ || echo damaged', 'only the exit code, and why'],
      ['vhdx check --format json *.vhdx', 'for programs'],
      ['vhdx check --format junit images/ > report.xml', 'for CI'],
      ['vhdx check --profile hyperv --fail-on warning disk.vhdx', 'what Hyper-V refuses too'],
      ['vhdx check --chain --parent-root /srv/images disk.avhdx', 'with the parents'],
      ['vhdx check --repair --dry-run disk.vhdx', 'what would be repaired'],
    ],
    ...VERDICT_EXIT_CODES,
  }).action(async (images: readonly string[], options: CheckCommandOptions) => {
    const { runCheck } = await import('./check.js');
    done(await runCheck(images, options, output));
  });
}
