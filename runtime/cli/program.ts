/**
 * The command line. Each command has a file `*-command.ts` with what it takes and what its help says, and one of its
 * own name with what it does. The first is run only for the command that is asked for, and for all where the list of
 * them is needed: for help, and for a name that is not there. The second is imported when the command runs. A new
 * command is a line in COMMANDS.
 */
import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check-command.js';
import { createCommand } from './commands/create-command.js';
import type { Definition, Making } from './definition.js';
import { DISK_COMMANDS } from './commands/disk-commands.js';
import { explainCommand } from './commands/explain-command.js';
import { EXIT_CODES_HELP } from './exit-codes-help.js';
import type { ExitCode } from './exit-codes.js';
import { shown, shownLines } from './harmless.js';
import { infoCommand } from './commands/info-command.js';
import type { Output } from './output.js';
import { hintFor } from './qemu-habits.js';
import { replayCommand } from './commands/replay-command.js';
import { treeCommand } from './commands/tree-command.js';
import { readVersion } from './manifest.js';

/** In the order of the help. */
const COMMANDS: readonly Definition[] = [
  { name: 'info', define: infoCommand },
  { name: 'check', alias: 'validate', define: checkCommand },
  { name: 'tree', define: treeCommand },
  ...DISK_COMMANDS,
  { name: 'create', define: createCommand },
  { name: 'replay', define: replayCommand },
  { name: 'explain', define: explainCommand },
];

/** One line out of what commander says of wrong usage: `error: unknown option '--x'`, then a guess in parentheses. */
function usageLine(text: string, name: string): string {
  const line = text
    .trim()
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ');
  const hint = hintFor(line);
  // What is known helps more than commander's guess.
  const what = hint === '' ? line : `${line.replace(/ \(Did you mean .*\)$/, '')}${hint}`;
  return `${what} (see ${helpOf(name)})`;
}

/** How the help of a command is shown; `vhdx` is the whole program. */
function helpOf(name: string): string {
  return name === 'vhdx' ? 'vhdx --help' : `vhdx ${name} --help`;
}

function emptyCommand(name: string, output: Output): Command {
  return new Command(name)
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.write(shownLines(text)),
      outputError: (text) => output.complain(usageLine(text, name)),
    });
}

/** The commands that `args` can be meant for. */
function candidates([first]: readonly string[]): readonly Definition[] {
  const asked = COMMANDS.find(({ name, alias }) => first === name || first === alias);
  return asked === undefined ? COMMANDS : [asked];
}

/** The program that `args` are for. `done` is told the exit code. */
export function buildProgram(args: readonly string[], output: Output, done: (code: ExitCode) => void): Command {
  const program = emptyCommand('vhdx', output)
    .description(
      'Describes, checks, reads, makes and replays VHDX virtual disks. Only replay and check --repair change an image.',
    )
    .usage('COMMAND IMAGE... [OPTIONS]')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .option('-V, --version', 'show the version')
    .on('option:version', () => {
      output.write(shown`${readVersion()}\n`);
      throw new CommanderError(0, 'commander.version', '');
    })
    .addHelpText('after', EXIT_CODES_HELP);
  const making: Making = { command: (name) => emptyCommand(name, output), output, done };
  for (const { alias, define } of candidates(args)) {
    const command = define(making);
    program.addCommand(alias === undefined ? command : command.alias(alias));
  }
  return program;
}
