/**
 * Help of a command beside its arguments and options: notes, examples, exit codes. `--help`, the manual pages (`man/`) and
 * the reference (`docs/command.md`) are made from it and the definition of the command; `npm run docs` writes the latter
 * two.
 */
import type { Command, Help } from 'commander';

/** A command line, and what it is for. */
export type Example = readonly [line: string, purpose: string];

/** An exit code or a variable of the environment, and what it means. */
export type Term = readonly [name: string, meaning: string];

export interface CommandHelp {
  /** Paragraphs. */
  readonly notes?: readonly string[];
  readonly examples?: readonly Example[];
  readonly exitCodes: readonly Term[];
  /** A sentence below the exit codes. */
  readonly exitCodesNote?: string;
  readonly environment?: readonly Term[];
}

/** Of commands that only need the image to be readable. */
export const READING_EXIT_CODES: readonly Term[] = [
  ['0', 'done'],
  ['1', 'could not: usage, input or output'],
  ['2', 'corrupt'],
  ['63', 'not a VHDX'],
];

/** Of the program, and of `check`, which judges images. */
export const VERDICT_EXIT_CODES: Pick<CommandHelp, 'exitCodes' | 'exitCodesNote'> = {
  exitCodes: [
    ['0', 'clean; warnings and infos are printed'],
    ['1', 'could not run: usage, input or output'],
    ['2', 'corrupt'],
    ['3', 'usable, but needs attention before anything writes to it'],
    ['63', 'not a VHDX'],
  ],
  exitCodesNote: 'Several images: the worst, in the order 0, 3, 63, 2, 1.',
};

/** Where the parents of a differencing disk come from. */
export const PARENTS_NOTE =
  'Parents are looked for in the folder of the image alone. An image may name any file: what leads out of that folder is followed only below a folder given with --parent-root, drives and volumes standing for it.';

export const ENVIRONMENT: readonly Term[] = [
  ['FORCE_COLOR', 'color results: not if it is 0 or false, and always with any other value'],
  ['NO_COLOR', 'with any value: color nothing'],
  ['CLICOLOR_FORCE', 'color results, unless it is 0'],
  ['CLICOLOR', 'color nothing if it is 0'],
  ['VHDX_DEBUG', 'with any value: print where in the program an error was made'],
  ['VHDX_HTTP_HEADERS', 'headers of requests for images at URLs, one a line'],
  ['NETRC', 'file with users and passwords for such requests, if --netrc names none'],
  ['GITHUB_STEP_SUMMARY', 'file that check --format github adds its summary to; set by the runner'],
];

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
  if (help === undefined) throw new Error(`vhdx ${command.name()} has no help`);
  return help;
}
