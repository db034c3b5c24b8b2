/** Completes a command line from the definitions of the commands. */
import type { Argument, Command, Option } from 'commander';

/** What a shell completes by itself, beside the candidates. `own`: files with an extension of the program's, if there are some. */
export type FileKind = 'none' | 'files' | 'folders' | 'own';

export interface Candidate {
  /** The whole word. */
  readonly value: string;
  /** One line; empty if there is nothing to say. */
  readonly description: string;
}

export interface Completions {
  /** The words that may stand there. */
  readonly candidates: readonly Candidate[];
  /** The files that the shell proposes besides. */
  readonly files: FileKind;
}

/** Values of options in the order in which they are given, by the options' long names: `--import-path`. */
export type GivenOptions = ReadonlyMap<string, readonly string[]>;

/** What a program tells beside the definitions of its commands. */
export interface Vocabulary {
  /** What the name of an argument, or of the value of an option, stands for. */
  readonly files: Readonly<Record<string, FileKind>>;
  /**
   * Values for the argument or the option's value of this name: by what begins the word, and by the operands and options of
   * the command before it. Undefined where the name says nothing.
   */
  readonly valuesOf: (
    name: string,
    current: string,
    operands: readonly string[],
    options: GivenOptions,
  ) => Promise<readonly Candidate[] | undefined>;
}

const NOTHING_KNOWN: Completions = { candidates: [], files: 'none' };

/** The name in `<name>`, `[NAME]` or `NAME...`. */
function placeholderOf(text: string): string {
  return text.replaceAll(/[<>[\].]/g, '');
}

function describe(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, description: '' }));
}

function isFlag({ long, short }: Option, word: string): boolean {
  return word === long || word === short;
}

function hasValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Whether options of the program can be given to its commands. */
function isGlobal(command: Command): boolean {
  return command.createHelp().showGlobalOptions;
}

/** The options that can be given to `command`; those that no help lists, too. */
function optionsOf(command: Command, program: Command): readonly Option[] {
  return command === program || !isGlobal(command) ? command.options : [...command.options, ...program.options];
}

/** What the words before the current one come to. */
interface Position {
  readonly command: Command;
  /** Operands of the command so far. */
  readonly operands: readonly string[];
  /** Values of the options so far, by their long names. */
  readonly given: GivenOptions;
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
  const given = new Map<string, string[]>();
  const give = ({ long, short }: Option, value: string): void => {
    const name = long ?? short ?? '';
    given.set(name, [...(given.get(name) ?? []), value]);
  };
  for (const word of words) {
    if (awaiting !== undefined) {
      give(awaiting, word);
      awaiting = undefined;
    } else if (word === '--' && !isBehindDashes) isBehindDashes = true;
    else if (word.startsWith('-') && word !== '-' && !isBehindDashes) {
      const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      const option = optionsOf(command, program).find((each) => isFlag(each, flag));
      if (option === undefined || !hasValue(option)) continue;
      if (value === undefined) awaiting = option;
      else give(option, value);
    } else {
      const isFirst = command === program && operands.length === 0;
      const found = isFirst ? commandsOf(program).find((each) => isNamed(each, word)) : undefined;
      if (found === undefined) operands.push(word);
      else command = found;
    }
  }
  return { command, operands, given, awaiting, isBehindDashes };
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
  const visible = [
    ...help.visibleOptions(command),
    ...(command === program || !isGlobal(command) ? [] : help.visibleOptions(program)),
  ];
  const named = visible.map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
  return named.filter(({ value }, index) => named.findIndex((each) => each.value === value) === index);
}

/**
 * The completions of `current`, the word that is being typed, behind `words`. The candidates begin with it, and stand
 * for the whole word, also for `--option=value`.
 */
export async function completionsOf(
  program: Command,
  words: readonly string[],
  current: string,
  vocabulary: Vocabulary,
): Promise<Completions> {
  const position = positionOf(program, words);
  const { candidates, files } = await new Completer(program, position, vocabulary).everything(current);
  return { candidates: candidates.filter(({ value }) => value.startsWith(current)), files };
}

class Completer {
  readonly #program: Command;
  readonly #position: Position;
  readonly #vocabulary: Vocabulary;

  constructor(program: Command, position: Position, vocabulary: Vocabulary) {
    this.#program = program;
    this.#position = position;
    this.#vocabulary = vocabulary;
  }

  /** What could stand there, whatever `current` is but an option. */
  async everything(current: string): Promise<Completions> {
    const program = this.#program;
    const { command, operands, awaiting, isBehindDashes } = this.#position;
    if (awaiting !== undefined) return this.#valuesOfOption(awaiting, current);
    if (current.startsWith('-') && !isBehindDashes) return this.#options(current);
    if (command.name() === 'help') return { candidates: commandCandidates(program), files: 'none' };
    const own = await this.#valuesOfArgument(current);
    if (command !== program || operands.length > 0) return own;
    return { ...own, candidates: [...commandCandidates(program), ...own.candidates] };
  }

  async #options(current: string): Promise<Completions> {
    const program = this.#program;
    const { command } = this.#position;
    const [, flag] = /^(--[^=]+)=/.exec(current) ?? [];
    if (flag === undefined) return { candidates: optionCandidates(command, program), files: 'none' };
    const option = optionsOf(command, program).find((each) => isFlag(each, flag) && hasValue(each));
    if (option === undefined) return NOTHING_KNOWN;
    const { candidates, files } = await this.#valuesOfOption(option, current.slice(flag.length + 1));
    return { candidates: candidates.map((each) => ({ ...each, value: `${flag}=${each.value}` })), files };
  }

  #valuesOfOption(option: Option, current: string): Promise<Completions> {
    return this.#values(placeholderOf(option.flags.split(' ').at(-1) ?? ''), option.argChoices, current);
  }

  /** For the argument behind the operands. */
  async #valuesOfArgument(current: string): Promise<Completions> {
    const { command, operands } = this.#position;
    const { registeredArguments } = command;
    const last = registeredArguments.at(-1);
    const argument: Argument | undefined =
      registeredArguments[operands.length] ?? (last?.variadic === true ? last : undefined);
    if (argument === undefined) return NOTHING_KNOWN;
    return this.#values(placeholderOf(argument.name()), argument.argChoices, current);
  }

  async #values(name: string, choices: readonly string[] | undefined, current: string): Promise<Completions> {
    if (choices !== undefined) return { candidates: describe(choices), files: 'none' };
    const { files, valuesOf } = this.#vocabulary;
    const { operands, given } = this.#position;
    const candidates = await valuesOf(name, current, operands, given);
    return { candidates: candidates ?? [], files: files[name] ?? 'none' };
  }
}

/** The lines of an answer: a candidate each, its description behind a tab, and last what files are wanted, behind a colon. */
export function completionLines<Line>(
  { candidates, files }: Completions,
  line: (words: TemplateStringsArray, ...values: string[]) => Line,
): Line[] {
  return [...candidates.map(({ value, description }) => line`${value}\t${description}\n`), line`:${files}\n`];
}
