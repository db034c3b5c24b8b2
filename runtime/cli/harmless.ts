/**
 * Escapes untrusted text for output. Names of files, strings of images and messages of the system may be under the control
 * of others: each is escaped for its destination, and `Output` accepts nothing that was not escaped here.
 */
import { styleText } from 'node:util';
import { jsonText, printable, visible, withoutCommands, xmlText } from 'ksy-ts/reports';
import { asciiText } from '../../generated/kaitai/hex-view.js';

export { printable };

/** Where a text goes: a terminal or the log of a CI run (JSON too), XML, or Markdown as GitHub renders it. */
export type Place = 'log' | 'xml' | 'markdown';

/** Only this module makes one, and `toString` alone opens it. */
class HarmlessText<P extends Place> {
  readonly #text: string;
  declare protected readonly place: P;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Text that does nothing but be read in the place that it was made for. */
export type Harmless<P extends Place = 'log'> = HarmlessText<P>;

/** What a template takes: harmless text as it is, any other string escaped. */
export type Value<P extends Place = 'log'> = Harmless<P> | string | number | bigint | boolean;

/**
 * Backslashes keep text from being Markdown or HTML. What GitHub looks for in the finished text (addresses, mentions,
 * numbers of issues, emoji) they do not stop; an empty comment parts that.
 */
function forMarkdown(text: string): string {
  return visible(text)
    .replaceAll(/[\\`*_{}[\]<>+!|~&$^]/g, String.raw`\$&`)
    .replaceAll(/[@#]|:(?=\S)|www(?=\.)/gi, '$&<!-- -->');
}

function template<P extends Place>(escape: (text: string) => string) {
  return (words: TemplateStringsArray, ...values: readonly Value<P>[]): Harmless<P> => {
    let text = words[0] ?? '';
    for (const [index, value] of values.entries()) {
      text += typeof value === 'string' ? escape(value) : String(value);
      text += words[index + 1] ?? '';
    }
    return new HarmlessText(text);
  };
}

type Template<P extends Place> = (words: TemplateStringsArray, ...values: readonly Value<P>[]) => Harmless<P>;

/** Text for a terminal or a log: `` shown`${image}: clean\n` ``. Line ends are those of the template alone. */
export const shown: Template<'log'> = template<'log'>(printable);
/** Elements and attributes of XML, values escaped for both. */
export const xml: Template<'xml'> = template<'xml'>(xmlText);
/** Markdown, also in the cell of a table. Not named `markdown`: formatters would reformat such templates. */
export const markdownText: Template<'markdown'> = template<'markdown'>(forMarkdown);

export const NOTHING: Harmless<never> = new HarmlessText<never>('');

/** The parts with `separator`, which is of this program's own words, between them. */
export function joined<P extends Place>(parts: Iterable<Harmless<P>>, separator = ''): Harmless<P> {
  return new HarmlessText(Array.from(parts, String).join(separator));
}

/** Several lines of this program's own words, such as a help. */
export function shownLines(text: string): Harmless {
  return new HarmlessText(text.split('\n').map(printable).join('\n'));
}

/** XML that this program has written before: only what no XML of its own has is escaped anew. */
export function xmlLines(text: string): Harmless<'xml'> {
  return new HarmlessText(text.split('\n').map(visible).join('\n'));
}

/** A styled text, whatever `style` it is. */
export function styled(style: Parameters<typeof styleText>[0], text: Value): Harmless {
  return new HarmlessText(styleText(style, String(shown`${text}`), { validateStream: false }));
}

/** `value` as JSON, with `indent` spaces a level and `margin` before each line, its invisible characters and what runners take for a command written as `\u0023`. */
export function json(value: unknown, indent?: number, margin = ''): Harmless {
  return new HarmlessText(jsonText(value, indent, margin));
}

const WRAP_WIDTH = 100;

/** `text` in lines of at most 100 characters, each behind `indent`; a longer word is not broken. */
export function wrap(text: string, indent: string): Harmless[] {
  const lines: Harmless[] = [];
  let line = '';
  for (const word of printable(text).split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WRAP_WIDTH) {
      lines.push(shown`${indent}${line}`);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, shown`${indent}${line}`];
}

/** `bytes` as ASCII, a dot for each that has no letter, and for what a runner would take for a command. */
export function ascii(bytes: Uint8Array): string {
  return withoutCommands(asciiText(bytes));
}
