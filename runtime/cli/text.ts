const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size for people: `64 MiB`, `1.5 GiB`, `9.54 MiB`, `1 byte`. At most two decimals. */
export function sizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  if (bytes < 1024) return `${bytes} bytes`;
  let amount = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = next;
  }
  return `${Number(amount.toFixed(2))} ${unit}`;
}

/** A size for people with the number of bytes, unless that is said already. */
export function exactSizeText(bytes: number): string {
  return bytes < 1024 ? sizeText(bytes) : `${sizeText(bytes)} (${bytes} bytes)`;
}

/** An offset: `0x100000`. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** A count with its noun: `1 error`, `2 errors`. */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

// Controls (with the escape that begins a terminal's commands), line and paragraph separators, and the marks that
// change the direction of what follows.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * `text` with everything that could move a cursor, colour a terminal or fake another line written out as `\u{1b}`.
 * File names and strings in images come from strangers.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

const WRAP_WIDTH = 100;

/** `text` in lines of at most 100 characters, each behind `indent`; a longer word is not broken. */
export function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WRAP_WIDTH) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line];
}
