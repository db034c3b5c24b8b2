/** Definition of `vhdx check`: arguments, options, help. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect, type CommandContext, grouped } from '../command-spec.js';
import { VERDICT_EXIT_CODES, withHelp } from '../help.js';
import { withImageFormat, withRepairAll } from '../qemu-habits.js';
import { parseWanted, type WantedReport } from '../reports/wanted.js';
import { FORMATS } from '../reports/formats.js';
import { integerFrom, withSourceOptions } from '../sources/source-options.js';
import { UsageError } from '../usage-error.js';
import type { CheckCommandOptions } from './check.js';

/** A single image with such a name is checked in the thread of the command. */
const IMAGE_NAME = /\.a?vhdx$/i;

const PROFILE_NAMES = ['spec', 'hyperv', 'azure', 'wsl'];

/** As `collect`; commander checks no choices of an option with a parser. */
function collectProfiles(value: string, values?: readonly string[]): readonly string[] {
  if (!PROFILE_NAMES.includes(value))
    throw new InvalidArgumentError(`Allowed choices are ${PROFILE_NAMES.join(', ')}.`);
  return collect(value, values);
}

function collectFormats(value: string, values: readonly WantedReport[] = []): readonly WantedReport[] {
  try {
    return [...values, parseWanted(value)];
  } catch (error) {
    if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** `--output=json` and `--output=human` are what users of qemu-img are used to; a file of such a name is `./json`. */
function withOutput(command: Command): Command {
  return command
    .option('-o, --output <file>', 'write the report to this file, when it is complete')
    .on('option:output', (value: string) => {
      if (value !== 'json' && value !== 'human') return;
      command.setOptionValue('output', undefined);
      command.setOptionValue('format', [{ format: value === 'json' ? 'json' : 'text' }]);
    });
}

function withReportOptions(command: Command): Command {
  return withOutput(command)
    .addOption(
      new Option('--format <format>', 'form of the report, =FILE behind it for one in a file; repeatable')
        .choices([...FORMATS])
        .argParser(collectFormats),
    )
    .addOption(new Option('--json', 'as --format json').hideHelp().implies({ format: [{ format: 'json' }] }))
    .addOption(
      new Option('--fail-on <severity>', 'least severity of a finding that makes the exit code nonzero')
        .choices(['error', 'refuse-write', 'warning', 'none'])
        .default('refuse-write'),
    )
    .addOption(
      new Option('--max-findings <count>', 'list no more of an image, the worst of them').argParser(integerFrom(0)),
    )
    .option('--all-rules', 'with --format junit: a test case for every rule, also for those that were kept')
    .option('--no-times', 'leave out how long each image took, so that reports of the same images are equal')
    .addOption(
      new Option('--profile <host>', 'report also what this host refuses; repeatable')
        .choices(PROFILE_NAMES)
        .argParser(collectProfiles),
    );
}

export function checkCommand({ command, output, done }: CommandContext): Command {
  const check = withRepairAll(withImageFormat(command('check')))
    .description('Check images against the rules of the VHDX specification.')
    .argument('[IMAGE...]', 'files, URLs, patterns, or folders: all *.vhdx, *.avhdx and *.vhdpmem below')
    .option(
      '--from-file <file>',
      'check what this list names, one a line or NUL between, without # comments; - for standard input',
      collect,
    )
    .option('--exclude <pattern>', 'leave out files and folders of this name, or path; repeatable', collect)
    .addOption(new Option('-j, --jobs <count>', 'images that are checked at once').argParser(integerFrom(1)))
    .option('--shard <share>', 'check only this share of the images: K/N, or auto for what the scheduler says')
    .addOption(
      new Option('--shard-by <what>', 'whether shares have the same images each time, or as many bytes')
        .choices(['name', 'size'])
        .default('name'),
    );
  withReportOptions(check);
  grouped(check, 'Findings:', (each) =>
    each
      .option('--config <file>', 'the configuration, instead of the nearest vhdx.config.json or package.json with vhdx')
      .option('--no-config', 'use no configuration')
      .option('--ignore <code>', 'do not count findings of this code; repeatable', collect)
      .option('--baseline <file>', 'do not count findings that this file knows')
      .option('--update-baseline', 'have the baseline know what is found now, and count none of it'),
  );
  grouped(check, 'Unchanged images:', (each) =>
    each
      .option(
        '--cache <file>',
        'skip images that have not changed since they were found clean, and remember those in this file',
      )
      .option('--no-cache', 'check all images, also if the configuration names a cache'),
  );
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
  return withHelp(withSourceOptions(check), {
    notes: [
      'A pattern in quotes is understood on every system: * ? [a-z] {a,b}, and ** for folders. Names in a list are no patterns. An image that cannot be read is an item of the report, and does not end the run.',
      'Several images are checked at once, by default as many as there are processors, and reported in the order of their names. For images on servers more --jobs are useful.',
      'Ctrl-C, or another signal that ends a process, ends the run by that signal (a shell calls it 130, or 143 for SIGTERM): what was found clean is in the cache, text, JSON and NDJSON on standard output have the images that were checked, and files of reports stay as they were.',
      'Each image that makes the exit code nonzero has one line on standard error, whatever the form of the report. With --quiet a report in text is left out; the other forms are written all the same.',
      '--repair replays a pending log, restores a damaged header or region table from the good copy, and extends the file with zeros to a whole MiB, unless its end is missing. Nothing else is changed, and no parent. It may be interrupted at any moment; the exit code is that of the image after the repair.',
    ],
    examples: [
      ['vhdx check disk.vhdx', 'a report for people'],
      ['vhdx check --quiet images/ || echo damaged', 'only the exit code, and why'],
      ['vhdx check --format json *.vhdx', 'for programs'],
      ['vhdx check --format junit=report.xml --format github images/', 'for CI'],
      ["vhdx check --exclude old 'images/**/*.vhdx'", 'a pattern'],
      ['vhdx check --from-file images.txt', 'a list'],
      ['vhdx check --profile hyperv --fail-on warning disk.vhdx', 'what Hyper-V refuses too'],
      ['vhdx check --chain --parent-root /srv/images disk.avhdx', 'with the parents'],
      ['vhdx check --repair --dry-run disk.vhdx', 'what would be repaired'],
    ],
    ...VERDICT_EXIT_CODES,
  }).action(async (images: readonly string[], options: CheckCommandOptions) => {
    if (images.length !== 1 || options.fromFile !== undefined || !IMAGE_NAME.test(images[0] ?? '')) {
      const { prepareThreads } = await import('../fleet/threads.js');
      prepareThreads(images, options.repair === true ? { ...options, jobs: 1 } : options);
    }
    const { runCheck } = await import('./check.js');
    done(await runCheck(images, options, output));
  });
}
