/** The commands with everything that is said of them, for the manual pages and the reference. */
import { PassThrough } from 'node:stream';
import { type Argument, type Command, Help, type Option } from 'commander';
import { type CommandHelp, helpOf } from 'ksy-ts/command';
import { buildProgram as buildKsyTs } from '../../generator/src/cli/program.js';
import { openOutput } from '../../runtime/cli/output.js';
import { buildProgram } from '../../runtime/cli/program.js';

export interface CommandPage {
  /** `vhdx`, `vhdx check`. */
  readonly title: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly args: readonly Argument[];
  /** In the order of the help, under their headings. */
  readonly options: ReadonlyMap<string, readonly Option[]>;
  readonly help: CommandHelp;
  /** Whether the options of the program can be given too. */
  readonly takesGlobalOptions: boolean;
}

/** A program: its page, and those of its commands. */
export interface Manual {
  readonly program: CommandPage;
  readonly commands: readonly CommandPage[];
}

function pageOf(command: Command, program: Command): CommandPage {
  const options = new Map<string, Option[]>();
  const help = command.createHelp();
  for (const option of help.visibleOptions(command)) {
    const heading = option.helpGroupHeading ?? 'Options:';
    options.set(heading, [...(options.get(heading) ?? []), option]);
  }
  return {
    title: command === program ? command.name() : `${program.name()} ${command.name()}`,
    aliases: command.aliases(),
    description: command.description(),
    args: command.registeredArguments,
    options,
    help: helpOf(command),
    takesGlobalOptions: command !== program && help.showGlobalOptions,
  };
}

function manualOf(program: Command): Manual {
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((each) => each.name() !== 'help')
    .map((each) => pageOf(each, program));
  return { program: pageOf(program, program), commands };
}

const output = openOutput({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} });

export const VHDX: Manual = manualOf(buildProgram([], output, () => undefined));
export const KSY_TS: Manual = manualOf(buildKsyTs());

/** What an option says, with its choices and its default. */
export function optionText(option: Option): string {
  return new Help().optionDescription(option).replaceAll('"', '');
}

/** `IMAGE...`, `[PATH]`. */
export function argumentText(argument: Argument): string {
  const name = `${argument.name().replace('...', '')}${argument.variadic ? '...' : ''}`;
  return argument.required ? name : `[${name}]`;
}
