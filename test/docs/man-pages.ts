/** Manual pages in mdoc(7), the language that both mandoc and groff read. */
import type { Example, Term } from 'ksy-ts/command';
import { argumentText, type CommandPage, KSY_TS, type Manual, optionText, VHDX } from './command-help.js';

/** When the texts were changed last; mdoc wants one. */
const DATE = 'November 27, 2026';

/** A line of text: nothing in it is taken for a request or an escape. */
function text(line: string): string {
  return line.replaceAll('\\', String.raw`\e`).replace(/^(?=[.'])/, String.raw`\&`);
}

/** Text to be typed: hyphens stay what they are, so that lines can be copied. */
function typed(line: string): string {
  return text(line)
    .replaceAll('-', String.raw`\-`)
    .replaceAll("'", String.raw`\(aq`)
    .replaceAll('"', String.raw`\(dq`)
    .replaceAll('~', String.raw`\(ti`);
}

/** An argument of a macro: no macro itself, and a single one. */
function word(value: string): string {
  const shown = typed(value);
  return /^[A-Z][a-z0-9]{1,2}$/.test(shown) ? String.raw`\&${shown}` : shown;
}

function sentence(line: string): string {
  return /[.:]$/.test(line) ? line : `${line}.`;
}

/** Each sentence begins a line, as mdoc wants it; none has more than 80 columns. */
function paragraph(words: string): string[] {
  const sentences = words.split(/(?<=[.?:]) (?=[A-Z-])/);
  return sentences.flatMap((each) => each.match(/\S.{0,76}(?=\s|$)/g) ?? []).map(text);
}

/** `--format <format>` as macros. */
function flags(option: string): string {
  return option
    .split(/, | /)
    .map((each) => {
      if (each.startsWith('--')) return `Fl Fl ${word(each.slice(2))}`;
      if (each.startsWith('-')) return `Fl ${word(each.slice(1))} ,`;
      return `Ar ${word(each.replaceAll(/[<>[\]]/g, ''))}`;
    })
    .join(' ');
}

function argument(name: string): string {
  const bare = name.replaceAll(/[[\]]/g, '');
  const [value = '', more] = bare.split('...');
  const macro = `Ar ${word(value)}${more === undefined ? '' : ' ...'}`;
  return name.startsWith('[') ? `.Op ${macro}` : `.${macro}`;
}

function list(items: readonly (readonly [head: string, meaning: string])[], width: string): string[] {
  return [
    `.Bl -tag -width ${width}`,
    ...items.flatMap(([head, meaning]) => [`.It ${head}`, ...paragraph(sentence(meaning))]),
    '.El',
  ];
}

function exampleLines([line, purpose]: Example): string[] {
  const says = `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`.replace(/[.:?]$/, '');
  return ['.Pp', text(`${says}:`), `.Dl ${typed(line)}`];
}

function terms(macro: string, items: readonly Term[], width: string): string[] {
  return list(
    items.map(([name, meaning]) => [`${macro} ${word(name)}`.trim(), meaning]),
    width,
  );
}

function nameOf({ title }: CommandPage): string {
  return title.replace(' ', '-');
}

/** What the definitions of a program's commands do not say. */
interface Program {
  readonly manual: Manual;
  /** Where the commands are defined. */
  readonly source: string;
  /** What the program does, as `apropos` lists it. */
  readonly summary: string;
  /** What is behind its name in a command line. */
  readonly synopsis: readonly string[];
}

/** A page: its text, ending with a line end. */
function page(each: CommandPage, { manual, source, summary, synopsis }: Program): string {
  const { title, aliases, description, args, options, help } = each;
  const { notes = [], examples = [], exitCodes, exitCodesNote, environment = [] } = help;
  const isProgram = each === manual.program;
  const others = [manual.program, ...manual.commands]
    .filter((other) => other !== each)
    .map(nameOf)
    .toSorted();
  const lines = [
    String.raw`.\" Made from the definitions of the commands in ${source}: npm run docs`,
    `.Dd ${DATE}`,
    `.Dt ${nameOf(each).toUpperCase()} 1`,
    '.Os',
    '.Sh NAME',
    `.Nm ${nameOf(each)}`,
    `.Nd ${text(isProgram ? summary : shortOf(description))}`,
    '.Sh SYNOPSIS',
    `.Nm ${title}`,
    ...(isProgram ? synopsis : ['.Op Ar OPTIONS', ...args.map((arg) => argument(argumentText(arg)))]),
    '.Sh DESCRIPTION',
    ...paragraph(description),
    ...aliases.map((alias) => `.Nm ${manual.program.title} ${alias}\nis another name of it.`),
    ...notes.flatMap((note) => ['.Pp', ...paragraph(note)]),
    ...(args.length === 0
      ? []
      : [
          '.Pp',
          'The arguments are:',
          ...list(
            args.map((arg) => [`Ar ${word(arg.name().replace('...', ''))}`, arg.description]),
            'Ds',
          ),
        ]),
    ...(isProgram
      ? [
          '.Pp',
          'The commands are:',
          ...list(
            manual.commands.map((other) => [`Xr ${nameOf(other)} 1`, other.description]),
            'Ds',
          ),
        ]
      : []),
  ];
  for (const [heading, group] of options) {
    const title_ = heading === 'Options:' ? 'The options are:' : heading;
    lines.push(
      '.Pp',
      text(title_),
      ...list(
        group.map((option) => [flags(option.flags), optionText(option)]),
        'Ds',
      ),
    );
  }
  if (each.takesGlobalOptions)
    lines.push('.Pp', 'The options of', `.Xr ${manual.program.title} 1`, 'can be given too.');
  if (environment.length > 0) lines.push('.Sh ENVIRONMENT', ...terms('Ev', environment, 'GITHUB_STEP_SUMMARY'));
  lines.push('.Sh EXIT STATUS', ...terms('', exitCodes, 'Ds'));
  if (exitCodesNote !== undefined) lines.push(text(exitCodesNote));
  if (examples.length > 0) lines.push('.Sh EXAMPLES', ...examples.flatMap(exampleLines).slice(1));
  const refer = others.map((other, index) => `.Xr ${other} 1${index === others.length - 1 ? '' : ' ,'}`);
  lines.push('.Sh SEE ALSO', ...refer);
  return `${lines.join('\n')}\n`;
}

/** The description as `apropos` lists it: no capital, no full stop. */
function shortOf(description: string): string {
  return description.charAt(0).toLowerCase() + description.slice(1).replace(/\.$/, '');
}

/** Pages by the names of their files. */
function pagesOf(program: Program): ReadonlyMap<string, string> {
  const { manual } = program;
  return new Map([manual.program, ...manual.commands].map((each) => [`${nameOf(each)}.1`, page(each, program)]));
}

/** Pages of both packages by the folders that they are in. */
export const MAN_PAGES: Readonly<
  Record<string, { readonly manual: Manual; readonly pages: ReadonlyMap<string, string> }>
> = {
  man: {
    manual: VHDX,
    pages: pagesOf({
      manual: VHDX,
      source: 'runtime/cli/commands',
      summary: 'describe, check, read, make and replay VHDX virtual disks',
      synopsis: ['.Ar COMMAND', '.Ar IMAGE ...', '.Op Ar OPTIONS'],
    }),
  },
  'generator/man': {
    manual: KSY_TS,
    pages: pagesOf({
      manual: KSY_TS,
      source: 'generator/src/cli',
      summary: 'generate TypeScript from Kaitai Struct schemas',
      synopsis: ['.Op Ar OPTIONS', '.Op Ar schemas ...', '.Nm', '.Ar COMMAND', '.Op Ar OPTIONS'],
    }),
  },
};
