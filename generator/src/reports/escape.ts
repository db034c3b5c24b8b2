/**
 * Text of files, of schemas and of the system in what is printed: whatever it says, neither a terminal nor the runner of a
 * CI job takes it for anything but text.
 */
// Controls (among them the escape that begins a terminal's commands), formats (marks that change the direction of what
// follows, invisible letters), halves of surrogate pairs, line and paragraph separators. Zero-width joiners stay: emoji
// and Persian need them.
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Lone surrogates that stand for the bytes 0x80 to 0xff of a file name that is no UTF-8; see `systemPath`. */
const STRAY_BYTES = 0xdc00;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code > STRAY_BYTES + 0x7f && code <= STRAY_BYTES + 0xff) return `\\x${(code - STRAY_BYTES).toString(16)}`;
  return `\\u{${code.toString(16)}}`;
}

/** `text` with everything that could move a cursor, colour a terminal or fake another line written out as `\u{1b}`. */
export function visible(text: string): string {
  return text.replaceAll(UNPRINTABLE, escapeCharacter);
}

// What runners of CI take for a command: `##[…]` (GitHub, Azure), `##vso[…]` (Azure) and `##teamcity[…]` anywhere in a
// line, and `::…::` (GitHub, Gitea) at its beginning, white space left out. The sections of GitLab begin with a control.
// A line begins with a text, or with a word of it that has been wrapped.
const COMMAND_MARKS = /^:|(?<=:):|(?<=#)#(?=\w*\[)/g;

/**
 * `text` in one line that neither a terminal nor the runner of a CI job takes for anything but text. Doing it twice
 * changes nothing.
 */
export function printable(text: string): string {
  return visible(text).replaceAll(COMMAND_MARKS, escapeCharacter);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** `text` as it stands between the marks of XML and in its attributes. */
export function xmlText(text: string): string {
  return (
    visible(text)
      .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
      // XML 1.0 has no way to write them.
      .replaceAll(/[\ufffe\uffff]/g, '\ufffd')
      // Not written out: a reader of the XML sees the text as it is.
      .replaceAll(COMMAND_MARKS, (mark) => `&#${mark.codePointAt(0)};`)
  );
}

/** `text` with a dot for what a runner would take for a command: of the same length. */
export function withoutCommands(text: string): string {
  return text.replaceAll(COMMAND_MARKS, '.');
}

function escapeUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** `value` as JSON, with `indent` spaces a level and `margin` before each line. */
export function jsonText(value: unknown, indent?: number, margin = ''): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  // Line ends are those of the indentation: JSON has none in its strings.
  const placed = margin === '' ? text : `${margin}${text.replaceAll('\n', `\n${margin}`)}`;
  return placed.replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]|(?<=#)#(?=\w*\[)/gu, escapeUnits);
}
