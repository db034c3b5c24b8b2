/** Names of character encodings: the canonical ones, and which of them another spelling means. */
import type { Context } from './context.js';
import type { Located } from './model.js';

const CANONICAL: readonly string[] = [
  'ASCII',
  'UTF-8',
  'UTF-16BE',
  'UTF-16LE',
  'UTF-32BE',
  'UTF-32LE',
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map((part) => `ISO-8859-${part}`),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => `windows-${page}`),
  'IBM437',
  'IBM866',
  'Shift_JIS',
  'Big5',
  'EUC-KR',
];

/** Other names in use, reduced as {@link reduce} does it. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['usascii', 'ASCII'],
  ['ibm367', 'ASCII'],
  ['cp367', 'ASCII'],
  ['cp65001', 'UTF-8'],
  ['iso10646utf8', 'UTF-8'],
  ['ibm819', 'ISO-8859-1'],
  ['cp819', 'ISO-8859-1'],
  ['cyrillic', 'ISO-8859-5'],
  ['arabic', 'ISO-8859-6'],
  ['greek', 'ISO-8859-7'],
  ['hebrew', 'ISO-8859-8'],
  ['thai', 'ISO-8859-11'],
  ['tis620', 'ISO-8859-11'],
  ['sjis', 'Shift_JIS'],
  ['cp932', 'Shift_JIS'],
  ['mskanji', 'Shift_JIS'],
  ['euckr', 'EUC-KR'],
  ...[1, 2, 3, 4, 9, 10, 13, 14, 15, 16].map((part, i): [string, string] => [`latin${i + 1}`, `ISO-8859-${part}`]),
  ...CANONICAL.flatMap((name): [string, string][] => {
    const reduced = reduce(name);
    const number = /^(?:windows|ibm|iso)(.*)$/.exec(reduced)?.[1];
    const page = number === undefined || reduced.startsWith('iso') ? [] : [`cp${number}`, number];
    return [reduced, ...(number === undefined ? [] : [...page, `cs${reduced}`]), ...bareIso(reduced)].map((alias) => [
      alias,
      name,
    ]);
  }),
]);

/** The canonical spelling of an encoding's name; undefined for one that is not known. */
export function canonicalEncoding(name: string): string | undefined {
  return CANONICAL.includes(name) ? name : ALIASES.get(reduce(name));
}

/** Warns where an encoding is unknown or not spelt as the style guide has it. */
export function checkEncoding(context: Context, { value, at }: Located<string>): void {
  const canonical = canonicalEncoding(value);
  if (canonical === undefined) {
    context.diagnostics.warning(at, `unrecognized encoding name '${value}'`);
  } else if (canonical !== value) {
    const guide = 'https://doc.kaitai.io/ksy_style_guide.html#encoding-name';
    context.diagnostics.warning(
      at,
      `use canonical encoding name \`${canonical}\` instead of \`${value}\` (see ${guide})`,
    );
  }
}

function bareIso(reduced: string): string[] {
  return reduced.startsWith('iso8859') ? [reduced.slice('iso'.length)] : [];
}

function reduce(name: string): string {
  return name.toLowerCase().replaceAll(/[-_/]/g, '');
}
