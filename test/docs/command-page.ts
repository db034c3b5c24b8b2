import { argumentText, type CommandPage, optionText, VHDX } from './command-help.js';

const INTRODUCTION = `# Command reference

Made from the definitions behind \`vhdx --help\`, as the manual pages are. The guides show the command at work:
[validate](guide/validate.md), [inspect](guide/inspect.md), [read](guide/read.md), [write](guide/write.md).

- Standard output is data; errors, warnings and progress go to standard error.
- Sizes and offsets are \`4096\`, \`0x1000\`, \`512K\`, \`64MiB\`, \`1.5G\` or \`10GB\`: K to T are powers of 1024 in every
  spelling, as in Hyper-V.
- Options of qemu-img that mean the same here are accepted: \`-f\`, \`-O\`, \`-p\`, \`--output=json\`, \`-r all\`.
- Text from images, file names and the system is printed with control characters as escapes (\`\\u{1b}\`), so that it can
  neither change the terminal nor be taken for a command by the runner of a CI job.`;

/** What Markdown would take for something else than text. */
function plain(text: string): string {
  return text.replaceAll(/[*<>[\]|]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`);
}

/** A table without padding: how wide a column is does not matter to who reads the page. */
function table(head: readonly [string, string], rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, meaning]) => `| \`${name}\` | ${plain(meaning)} |`);
  return [`| ${head[0]} | ${head[1]} |`, '| --- | --- |', ...lines].join('\n');
}

function usage({ title, args }: CommandPage): string {
  return `vhdx ${[...title.split(' ').slice(1), '[OPTIONS]', ...args.map(argumentText)].join(' ')}`;
}

function section(page: CommandPage): string {
  const { title, aliases, description, args, options, help } = page;
  const { notes = [], examples = [], exitCodes, exitCodesNote, environment = [] } = help;
  const isProgram = page === VHDX.program;
  const parts = [`## ${title}`, plain(description)];
  if (aliases.length > 0) parts.push(`Also: ${aliases.map((each) => `\`vhdx ${each}\``).join(', ')}.`);
  parts.push(`\`\`\`text\n${isProgram ? 'vhdx COMMAND IMAGE... [OPTIONS]' : usage(page)}\n\`\`\``);
  if (args.length > 0)
    parts.push(
      table(
        ['argument', ''],
        args.map((each) => [argumentText(each), each.description]),
      ),
    );
  for (const [heading, list] of options) {
    const head = isProgram ? 'option for every command' : heading.replace(/:$/, '').replace('Options', 'option');
    parts.push(
      table(
        [head, ''],
        list.map((each) => [each.flags, optionText(each)]),
      ),
    );
  }
  parts.push(...notes.map(plain));
  if (examples.length > 0) {
    parts.push(`\`\`\`text\n${examples.map(([line, purpose]) => `${line}  # ${purpose}`).join('\n')}\n\`\`\``);
  }
  parts.push(table(['exit code', ''], exitCodes));
  if (exitCodesNote !== undefined) parts.push(exitCodesNote);
  if (environment.length > 0) parts.push(table(['variable', ''], environment));
  return parts.join('\n\n');
}

/** docs/command.md */
export function commandPage(): string {
  const links = VHDX.commands.map(
    ({ title, description }) => `- [\`${title}\`](#${title.replaceAll(' ', '-')}): ${plain(description)}`,
  );
  return `${[INTRODUCTION, links.join('\n'), ...[VHDX.program, ...VHDX.commands].map(section)].join('\n\n')}\n`;
}
