import { Command, InvalidArgumentError, Option } from 'commander';
import type { CheckCommandOptions } from './check.js';
import { diskCommands } from './disk-commands.js';
import type { ExitCode } from './exit-codes.js';
import type { InfoCommandOptions } from './info.js';
import type { Output } from './output.js';
import { defineReplay } from './replay-command.js';
import { defineTree } from './tree-command.js';
import { readVersion } from './version.js';

const EXIT_CODES = `
Exit codes:
  0   clean; warnings and infos are printed
  1   could not run: usage, input or output
  2   corrupt
  3   usable, but needs attention before anything writes to it
  63  not a VHDX
Several images: the worst, in the order 0, 3, 63, 2, 1.`;

const CHECK_EXAMPLES = `
Examples:
  vhdx check disk.vhdx
  vhdx check --format json *.vhdx
  vhdx check --format junit images/ > report.xml
  vhdx check --profile hyperv --fail-on warning disk.vhdx
  vhdx check --chain --parent-root /srv/images disk.avhdx`;

/** One line out of what commander says of wrong usage: `error: unknown option '--x'`, then a guess in parentheses. */
function usageLine(text: string): string {
  return text
    .trim()
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ');
}

function command(name: string, output: Output): Command {
  return new Command(name)
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.write(text),
      outputError: (text) => output.complain(`${usageLine(text)} (see vhdx --help)`),
    });
}

/** The values of an option that can be given several times. */
function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}

const PROFILE_NAMES = ['spec', 'hyperv', 'azure', 'wsl'];

/** As `collect`; commander checks no choices where it is told how to parse. */
function collectProfiles(value: string, values?: readonly string[]): readonly string[] {
  if (!PROFILE_NAMES.includes(value))
    throw new InvalidArgumentError(`Allowed choices are ${PROFILE_NAMES.join(', ')}.`);
  return collect(value, values);
}

/**
 * The command line. What a command needs is loaded when the command runs, so that `--help` and mistakes in usage are
 * answered at once. `done` is told the exit code.
 */
export function buildProgram(output: Output, done: (code: ExitCode) => void): Command {
  const program = command('vhdx', output)
    .description('Describes, checks, reads and replays VHDX virtual disks. Only replay changes an image.')
    .usage('COMMAND IMAGE... [OPTIONS]')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .version(readVersion(), '-V, --version', 'show the version')
    .addHelpText('after', EXIT_CODES);

  const info = command('info', output)
    .description('Describe an image: geometry, type, identifiers, log state, parent.')
    .argument('IMAGE', 'image file')
    .option('--json', "print JSON with qemu-img's keys, and format-specific.data")
    .action(async (image: string, options: InfoCommandOptions) => {
      const { runInfo } = await import('./info.js');
      done(await runInfo(image, options, output));
    });

  const check = command('check', output)
    .alias('validate')
    .description('Check images against the rules of the VHDX specification.')
    .argument('IMAGE...', 'image files, or folders: all *.vhdx, *.avhdx and *.vhdpmem below')
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['text', 'json', 'junit', 'sarif', 'github'])
        .default('text'),
    )
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
    .addHelpText('after', `${CHECK_EXAMPLES}\n${EXIT_CODES}`)
    .action(async (images: readonly string[], options: CheckCommandOptions) => {
      const { runCheck } = await import('./check.js');
      done(await runCheck(images, options, output));
    });

  program
    .addCommand(info)
    .addCommand(check)
    .addCommand(defineTree(command('tree', output), output, done));
  for (const each of diskCommands({ command: (name) => command(name, output), output, done })) program.addCommand(each);
  return program.addCommand(defineReplay(command('replay', output), output, done));
}
