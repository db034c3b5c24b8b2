/**
 * The command line. Each command has a file `*-command.ts` with its definition and help, and one of its own name with its
 * action. The definition is loaded for the requested command alone, and for all commands where the list of them is needed:
 * for help, for completion, and for an unknown name. The action is imported when the command runs. A new command is a
 * line in COMMANDS.
 */
import { Command, CommanderError, Option } from 'commander';
import type { CommandContext, CommandSpec } from './command-spec.js';
import { checkCommand } from './commands/check-command.js';
import { compactCommand, defragmentCommand } from './commands/compact-command.js';
import { compareCommand } from './commands/compare-command.js';
import { completeCommand, completionCommand } from './commands/completion-command.js';
import { convertCommand } from './commands/convert-command.js';
import { createCommand } from './commands/create-command.js';
import { explainCommand } from './commands/explain-command.js';
import { infoCommand } from './commands/info-command.js';
import { mapCommand } from './commands/map-command.js';
import { mergeCommand } from './commands/merge-command.js';
import { readCommand } from './commands/read-command.js';
import { rebaseCommand } from './commands/rebase-command.js';
import { replayCommand } from './commands/replay-command.js';
import { reportCommand } from './commands/report-command.js';
import { resizeCommand } from './commands/resize-command.js';
import { setCommand } from './commands/set-command.js';
import { treeCommand } from './commands/tree-command.js';
import type { ExitCode } from './exit-codes.js';
import { shownLines } from './harmless.js';
import { ENVIRONMENT, VERDICT_EXIT_CODES, withHelp } from './help.js';
import type { ConfigurableOutput } from './output.js';
import { hintFor } from './qemu-habits.js';
import { versionText } from './version.js';

/** In the order of the help. Each definition is named in a function of its own, for the bundle to load what is asked for. */
const COMMANDS: readonly CommandSpec[] = [
  { name: 'info', define: (context) => infoCommand(context) },
  { name: 'check', alias: 'validate', define: (context) => checkCommand(context) },
  { name: 'report', define: (context) => reportCommand(context) },
  { name: 'tree', define: (context) => treeCommand(context) },
  { name: 'map', define: (context) => mapCommand(context) },
  { name: 'read', define: (context) => readCommand(context) },
  { name: 'convert', define: (context) => convertCommand(context) },
  { name: 'compare', define: (context) => compareCommand(context) },
  { name: 'create', define: (context) => createCommand(context) },
  { name: 'resize', define: (context) => resizeCommand(context) },
  { name: 'rebase', define: (context) => rebaseCommand(context) },
  { name: 'set', define: (context) => setCommand(context) },
  { name: 'compact', define: (context) => compactCommand(context) },
  { name: 'defragment', define: (context) => defragmentCommand(context) },
  { name: 'merge', define: (context) => mergeCommand(context) },
  { name: 'replay', define: (context) => replayCommand(context) },
  { name: 'explain', define: (context) => explainCommand(context) },
  { name: 'completion', define: (context) => completionCommand(context) },
  { name: '__complete', isInternal: true, define: (context) => completeCommand(context) },
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

function emptyCommand(name: string, output: ConfigurableOutput): Command {
  return new Command(name)
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.write(shownLines(text)),
      outputError: (text) => output.error(usageLine(text, name)),
    });
}

/** The commands that `args` can be meant for. */
function candidates([first]: readonly string[]): readonly CommandSpec[] {
  const asked = COMMANDS.find(({ name, alias }) => first === name || (alias !== undefined && first === alias));
  return asked === undefined || asked.isInternal === true ? COMMANDS : [asked];
}

/** The program itself: what comes before the name of a command, or behind it. */
function emptyProgram(output: ConfigurableOutput): Command {
  const program = emptyCommand('vhdx', output)
    .description(
      'Describes, checks, reads, makes and changes VHDX virtual disks. Only resize, rebase, set, compact, defragment, merge, replay and check --repair change an image.',
    )
    .usage('COMMAND IMAGE... [OPTIONS]')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .option('-q, --quiet', 'print only results that were asked for, and errors')
    .option('--no-progress', 'show no progress; it is shown on terminals alone')
    .addOption(new Option('--color <when>', 'color results').choices(['auto', 'always', 'never']))
    .addOption(new Option('--no-color', 'as --color never').hideHelp())
    .option('-V, --version', 'show the version, and those of what it runs on')
    .on('option:version', () => {
      output.write(versionText());
      throw new CommanderError(0, 'commander.version', '');
    })
    .hook('preAction', () => output.configure(program.opts()));
  return withHelp(program, {
    notes: [
      'The options above can stand before and behind the name of a command. --quiet leaves out the text report of check, the result of compare, what create, convert, replay and --repair have done, warnings, and progress. --color goes before the variables of the environment, and those count in this order.',
    ],
    examples: [
      ['vhdx info disk.vhdx', 'describe an image'],
      ['vhdx check --chain child.avhdx', 'check it and its parents'],
      ['vhdx convert disk.vhdx disk.raw', 'take the disk out'],
    ],
    ...VERDICT_EXIT_CODES,
    environment: ENVIRONMENT,
  });
}

/** The program that `args` are for. `done` receives the exit code. */
export function buildProgram(
  args: readonly string[],
  output: ConfigurableOutput,
  done: (code: ExitCode) => void,
): Command {
  const program = emptyProgram(output);
  const context: CommandContext = { command: (name) => emptyCommand(name, output), output, done };
  for (const { alias, isInternal = false, define } of candidates(args)) {
    const command = define(context);
    program.addCommand(alias === undefined ? command : command.alias(alias), { hidden: isInternal });
  }
  return program;
}
