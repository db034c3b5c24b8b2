/** Text of schemas in pages: nothing in it becomes markup, a link, or a character that hides or moves others. */
import { printable } from '../diagnostics.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** What is no character of XML. */
const NO_CHARACTERS = /[\uFFFE\uFFFF]/g;

/** Text of HTML, SVG, and of their attributes in quotes. */
export function xmlText(text: string): string {
  return printable(text)
    .replaceAll(NO_CHARACTERS, '\uFFFD')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Lines that stay as they are, in HTML. */
export function xmlLines(text: string): string {
  return text.split('\n').map(xmlText).join('\n');
}

/** Text of Markdown (CommonMark with GitHub's tables) on one line. */
export function markdownText(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '))
    .replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[\\`*[\]|~$]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replaceAll(/(?<!\w)#|#(?!\w)/g, String.raw`\#`);
}

/** What begins a line: no list, no rule, no underline of a heading. */
export function markdownLine(line: string): string {
  return line
    .trim()
    .replace(/^[-+=]/, String.raw`\$&`)
    .replace(/^(\d{1,9})([.)])/, String.raw`$1\$2`);
}

/** Code within a line; also in a cell of a table, where a `|` would end the cell whatever it stands in. */
export function markdownCode(text: string): string {
  const shown = printable(text.replaceAll(/\s+/g, ' ').trim());
  if (shown === '') return '';
  return /[`|\\]/.test(shown) ? `<code>${markdownEntities(shown)}</code>` : `\`${shown}\``;
}

/** Text in which nothing but letters, digits and spaces stands for itself. */
export function markdownEntities(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
}
