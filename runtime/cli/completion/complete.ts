/** Completes a command line from the definitions of the commands. */
import type { Argument, Command, Option } from 'commander';
import { type Harmless, joined, shown } from '../harmless.js';

/** What a shell completes by itself, beside the candidates. `images`: all files, if none is named as an image. */
type FileKind = 'none' | 'files' | 'folders' | 'images';

interface Candidate {
  readonly value: string;
  /** One line; empty if there is nothing to say. */
  readonly description: string;
}

export interface Completions {
  readonly candidates: readonly Candidate[];
  readonly files: FileKind;
}

const NOTHING_KNOWN: Completions = { candidates: [], files: 'none' };

/** What the name of an argument, or of the value of an option, stands for. */
const FILE_KINDS: Readonly<Record<string, FileKind>> = {
  A: 'files',
  B: 'files',
  FILE: 'files',
  IMAGE: 'images',
  SOURCE: 'files',
  TARGET: 'files',
  file: 'files',
  folder: 'folders',
  image: 'images',
};

/** The name in `<name>`, `[NAME]` or `NAME...`. */
function placeholderOf(text: string): string {
  return text.replaceAll(/[<>[\].]/g, '');
}

function describe(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, description: '' }));
}

async function valuesOf(placeholder: string, choices: readonly string[] | undefined): Promise<Completions> {
  if (choices !== undefined) return { candidates: describe(choices), files: 'none' };
  if (placeholder === 'CODE|RULE') {
    const { EXPLAINED } = await import('./codes.js');
    return { candidates: EXPLAINED.map(([value, description]) => ({ value, description })), files: 'none' };
  }
  return { candidates: [], files: FILE_KINDS[placeholder] ?? 'none' };
}

function valuesOfOption(option: Option): Promise<Completions> {
  return valuesOf(placeholderOf(option.flags.split(' ').at(-1) ?? ''), option.argChoices);
}

/** For an argument behind `operands`. */
async function valuesOfArgument(
  argument: Argument,
  operands: readonly string[],
  current: string,
): Promise<Completions> {
  const name = argument.name().replace('...', '');
  const [image] = operands;
  if (name !== 'PATH' || image === undefined) return valuesOf(name, argument.argChoices);
  const { treePaths } = await import('./tree-paths.js');
  const paths = await treePaths(image, current);
  return { candidates: paths.map(([value, description]) => ({ value, description })), files: 'none' };
}

function isFlag({ long, short }: Option, word: string): boolean {
  return word === long || word === short;
}

function hasValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** The options that can be given in front of `command`, or to it; those that no help lists, too. */
function optionsOf(command: Command, program: Command): readonly Option[] {
  return command === program ? command.options : [...command.options, ...program.options];
}

/** What the words before the current one come to. */
interface Position {
  readonly command: Command;
  /** Operands of the command so far. */
  readonly operands: readonly string[];
  /** The option whose value is the current word. */
  readonly awaiting: Option | undefined;
  /** Whether `--` has been given. */
  readonly isBehindDashes: boolean;
}

function positionOf(program: Command, words: readonly string[]): Position {
  let command = program;
  const operands: string[] = [];
  let awaiting: Option | undefined;
  let isBehindDashes = false;
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (word === '--' && !isBehindDashes) isBehindDashes = true;
    else if (word.startsWith('-') && word !== '-' && !isBehindDashes) {
      const option = optionsOf(command, program).find((each) => isFlag(each, word));
      if (option !== undefined && hasValue(option)) awaiting = option;
    } else {
      const found = command === program ? commandsOf(program).find((each) => isNamed(each, word)) : undefined;
      if (found === undefined) operands.push(word);
      else command = found;
    }
  }
  return { command, operands, awaiting, isBehindDashes };
}

function isNamed(command: Command, word: string): boolean {
  return command.name() === word || command.aliases().includes(word);
}

/** With `help`, which commander adds. */
function commandsOf(program: Command): readonly Command[] {
  return program.createHelp().visibleCommands(program);
}

function commandCandidates(program: Command): readonly Candidate[] {
  return commandsOf(program).map((each) => ({ value: each.name(), description: each.description() }));
}

function optionCandidates(command: Command, program: Command): readonly Candidate[] {
  const help = program.createHelp();
  const visible = [...help.visibleOptions(command), ...(command === program ? [] : help.visibleOptions(program))];
  const named = visible.map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
  return named.filter(({ value }, index) => named.findIndex((each) => each.value === value) === index);
}

/**
 * The completions of `current`, the word that is being typed, behind `words`. The candidates begin with it, and stand
 * for the whole word, also for `--option=value`.
 */
export async function completionsOf(program: Command, words: readonly string[], current: string): Promise<Completions> {
  const { candidates, files } = await everything(program, positionOf(program, words), current);
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), files };
}

async function everything(program: Command, position: Position, current: string): Promise<Completions> {
  const { command, operands, awaiting, isBehindDashes } = position;
  if (awaiting !== undefined) return valuesOfOption(awaiting);
  if (current.startsWith('-') && !isBehindDashes) {
    const [, flag] = /^(--[^=]+)=/.exec(current) ?? [];
    if (flag === undefined) return { candidates: optionCandidates(command, program), files: 'none' };
    const option = optionsOf(command, program).find((each) => isFlag(each, flag) && hasValue(each));
    if (option === undefined) return NOTHING_KNOWN;
    const { candidates, files } = await valuesOfOption(option);
    return { candidates: candidates.map((each) => ({ ...each, value: `${flag}=${each.value}` })), files };
  }
  if (command === program) {
    return operands.length === 0 ? { candidates: commandCandidates(program), files: 'none' } : NOTHING_KNOWN;
  }
  if (command.name() === 'help') return { candidates: commandCandidates(program), files: 'none' };
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[operands.length] ?? (last?.variadic === true ? last : undefined);
  return argument === undefined ? NOTHING_KNOWN : valuesOfArgument(argument, operands, current);
}

/** A candidate a line, its description behind a tab, and last what files are wanted, behind a colon. */
export function completionsText({ candidates, files }: Completions): Harmless {
  const lines = candidates.map(({ value, description }) => shown`${value}\t${description}\n`);
  return shown`${joined(lines)}:${files}\n`;
}
