/** The reference of the command, from the definitions that its help is made of. */
import type { Argument, Command, Option } from 'commander';
import { buildProgram } from '../../runtime/cli/program.js';
import { openOutput } from '../../runtime/cli/output.js';

const INTRODUCTION = `# Command reference

Made from the definitions behind \`vhdx --help\`. The guides show the command at work: [validate](guide/validate.md),
[inspect](guide/inspect.md), [read](guide/read.md), [write](guide/write.md).

- Standard output is data; errors, warnings and progress go to standard error.
- Sizes and offsets are \`4096\`, \`0x1000\`, \`512K\`, \`64MiB\`, \`1.5G\` or \`10GB\`: K to T are powers of 1024 in every
  spelling, as in Hyper-V.
- Options of qemu-img that mean the same here are accepted: \`-f\`, \`-O\`, \`-p\`, \`--output=json\`, \`-r all\`.
- Only \`replay\` and \`check --repair\` change an existing image.
- Text from images, file names and the system is printed with control characters as escapes (\`\\u{1b}\`), so that it can
  neither change the terminal nor be taken for a command by the runner of a CI job.
`;

/** Text of a help that means nothing to Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[*<>|[\]]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`);
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function optionRow({ flags, description, argChoices, defaultValue, defaultValueDescription }: Option): string {
  const choices = argChoices === undefined ? '' : ` Choices: ${argChoices.map((each) => `\`${each}\``).join(', ')}.`;
  const given = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : undefined);
  const byDefault = given === undefined ? '' : ` Default: \`${given}\`.`;
  return `| \`${flags}\` | ${capitalized(plain(description))}.${choices}${byDefault} |`;
}

function argumentText(argument: Argument): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? name : `[${name}]`;
}

/** What a help says after its options. */
function notesOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.slice(command.helpInformation().length);
}

/** A paragraph of a help: lines that are indented below a title are examples or exit codes, the rest is prose. */
function noteText(paragraph: string): string {
  const [first = '', ...rest] = paragraph.split('\n');
  const list = rest.filter((line) => line.startsWith('  '));
  if (!first.endsWith(':') || list.length === 0) return plain(paragraph);
  const others = rest.filter((line) => !line.startsWith('  '));
  const rows = list.map((line) => /^ {2}(\d+) +(.*)$/.exec(line));
  const body = rows.every((row) => row !== null)
    ? [
        '| exit code | meaning |',
        '| --- | --- |',
        ...rows.map(([, code, text]) => `| ${code} | ${plain(text ?? '')} |`),
      ]
    : ['```text', ...list.map((line) => line.trim()), '```'];
  return [plain(first), '', ...body, ...(others.length === 0 ? [] : ['', plain(others.join('\n'))])].join('\n');
}

function commandText(command: Command): string {
  const names = [command.name(), ...command.aliases()].map((name) => `vhdx ${name}`);
  const usage = `vhdx ${command.name()} [OPTIONS] ${command.registeredArguments.map(argumentText).join(' ')}`;
  const operands = command.registeredArguments.map(
    (argument) => `| \`${argument.name()}\` | ${capitalized(plain(argument.description))}. |`,
  );
  const options = command.createHelp().visibleOptions(command).map(optionRow);
  const alias =
    names.length === 1
      ? ''
      : `\n\nAlso: ${names
          .slice(1)
          .map((name) => `\`${name}\``)
          .join(', ')}.`;
  return [
    `## vhdx ${command.name()}`,
    `${plain(command.description())}${alias}`,
    `\`\`\`text\n${usage}\n\`\`\``,
    `| argument, option | meaning |\n| --- | --- |\n${[...operands, ...options].join('\n')}`,
    ...notesOf(command)
      .trim()
      .split(/\n\n+/)
      .filter((note) => note !== '')
      .map(noteText),
  ].join('\n\n');
}

/** The page on the command: each subcommand with its options, notes and exit codes. */
export function commandPage(): string {
  const program = buildProgram(['help'], openOutput(process), () => undefined);
  const commands = program.commands.filter((command) => command.name() !== 'help');
  const contents = commands.map(
    (command) => `| [\`${command.name()}\`](#vhdx-${command.name()}) | ${plain(command.description())} |`,
  );
  return [
    INTRODUCTION,
    `| command | |\n| --- | --- |\n${contents.join('\n')}\n`,
    ...notesOf(program)
      .trim()
      .split(/\n\n+/)
      .map((note) => `${noteText(note)}\n`),
    ...commands.map((command) => `${commandText(command)}\n`),
  ].join('\n');
}
