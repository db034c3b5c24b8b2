/**
 * Help of a command beside its arguments and options: notes, examples, exit codes. `--help` and the manual pages are made
 * from it and the definition of the command. Shared by the programs `vhdx` and `ksy-ts`.
 */
import type { Command, Help } from 'commander';

/** A command line, and what it is for. */
export type Example = readonly [line: string, purpose: string];

/** An exit code or a variable of the environment, and what it means. */
export type Term = readonly [name: string, meaning: string];

/** What the help of a command says behind its options. */
export interface CommandHelp {
  /** Paragraphs. */
  readonly notes?: readonly string[];
  /** Calls, and what they do. */
  readonly examples?: readonly Example[];
  /** Its exit codes, and when each is given. */
  readonly exitCodes: readonly Term[];
  /** A sentence below the exit codes. */
  readonly exitCodesNote?: string;
  /** The variables of the environment that it reads. */
  readonly environment?: readonly Term[];
}

const helps = new WeakMap<Command, CommandHelp>();

/** Columns of the help where no terminal says how many it has. */
const WIDTH = 80;

function terms(list: readonly Term[], helper: Help): string {
  const width = Math.max(...list.map(([name]) => name.length));
  return list.map(([name, meaning]) => helper.formatItem(name, width, meaning, helper)).join('\n');
}

/** An example on one line with its purpose where both fit, the purposes below each other. */
function examplesText(examples: readonly Example[]): string {
  const column = Math.max(...examples.map(([line]) => line.length));
  const fits = examples.every(([, purpose]) => column + purpose.length + 6 <= WIDTH);
  const lines = examples.map(([line, purpose]) =>
    fits ? `  ${line.padEnd(column)}  # ${purpose}` : `  # ${purpose}\n  ${line}`,
  );
  return lines.join('\n');
}

function helpText(command: Command, help: CommandHelp): string {
  const { notes = [], examples = [], exitCodes, exitCodesNote, environment = [] } = help;
  const helper = command.createHelp();
  helper.prepareContext({ helpWidth: WIDTH });
  const parts = notes.map((note) => helper.boxWrap(note, WIDTH));
  if (examples.length > 0) parts.push(`Examples:\n${examplesText(examples)}`);
  const below = exitCodesNote === undefined ? '' : `\n${exitCodesNote}`;
  parts.push(`Exit codes:\n${terms(exitCodes, helper)}${below}`);
  if (environment.length > 0) parts.push(`Environment:\n${terms(environment, helper)}`);
  return `\n${parts.join('\n\n')}`;
}

/** Has `help` printed below the options of a command. */
export function withHelp(command: Command, help: CommandHelp): Command {
  helps.set(command, help);
  return command.addHelpText('after', () => helpText(command, help));
}

/** What `withHelp` was told of a command. */
export function helpOf(command: Command): CommandHelp {
  const help = helps.get(command);
  if (help === undefined) throw new Error(`the command ${command.name()} has no help`);
  return help;
}
