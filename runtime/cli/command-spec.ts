/** What a command is made of: its definition, and what it gets to run with. */
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { Output } from './output.js';

/** What a command is made with. */
export interface CommandContext {
  /** An empty command of this name. */
  readonly command: (name: string) => Command;
  readonly output: Output;
  /** Told the exit code when the command has run. */
  readonly done: (code: ExitCode) => void;
}

/** A command of `vhdx`: its names, and how it is made. */
export interface CommandSpec {
  readonly name: string;
  readonly alias?: string;
  /** Not in the help; it works on the other commands, which are made with it. */
  readonly isInternal?: true;
  /** Arguments, options and help; what the command does is imported when it runs. */
  readonly define: (context: CommandContext) => Command;
}

/** The values of an option that can be given several times. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  return [...values, value];
}

/** Adds options under a heading of their own in the help. */
export function grouped(command: Command, heading: string, add: (command: Command) => Command): Command {
  const before = command.optionsGroup();
  return add(command.optionsGroup(heading)).optionsGroup(before);
}
