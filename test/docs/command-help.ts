/** The commands with everything that is said of them, for the manual pages and the reference. */
import { PassThrough } from 'node:stream';
import type { Argument, Command, Option } from 'commander';
import { type CommandHelp, helpOf } from '../../runtime/cli/help.js';
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
}

const output = openOutput({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} });
const program = buildProgram([], output, () => undefined);

function pageOf(command: Command): CommandPage {
  const options = new Map<string, Option[]>();
  for (const option of command.createHelp().visibleOptions(command)) {
    const heading = option.helpGroupHeading ?? 'Options:';
    options.set(heading, [...(options.get(heading) ?? []), option]);
  }
  return {
    title: command === program ? 'vhdx' : `vhdx ${command.name()}`,
    aliases: command.aliases(),
    description: command.description(),
    args: command.registeredArguments,
    options,
    help: helpOf(command),
  };
}

/** The page of the program, and those of its commands. */
export const PROGRAM_PAGE: CommandPage = pageOf(program);
export const COMMAND_PAGES: readonly CommandPage[] = program
  .createHelp()
  .visibleCommands(program)
  .filter((each) => each.name() !== 'help')
  .map(pageOf);

/** What an option says, with its choices and its default. */
export function optionText(option: Option): string {
  return program.createHelp().optionDescription(option).replaceAll('"', '');
}

/** `IMAGE...`, `[PATH]`. */
export function argumentText(argument: Argument): string {
  const name = `${argument.name().replace('...', '')}${argument.variadic ? '...' : ''}`;
  return argument.required ? name : `[${name}]`;
}
