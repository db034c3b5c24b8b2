/** Names of encodings, as registries have them (IANA "Character Sets"; the Encoding Standard for code pages). */
import { expect, test } from 'vitest';
import { canonicalEncoding } from '../../../generator/src/spec/encodings.js';

test.each([
  ['latin1', 'ISO-8859-1'],
  ['latin2', 'ISO-8859-2'],
  ['latin3', 'ISO-8859-3'],
  ['latin4', 'ISO-8859-4'],
  ['latin5', 'ISO-8859-9'],
  ['latin6', 'ISO-8859-10'],
  ['Latin-7', 'ISO-8859-13'],
  ['latin8', 'ISO-8859-14'],
  ['latin9', 'ISO-8859-15'],
  ['latin10', 'ISO-8859-16'],
  ['iso8859-5', 'ISO-8859-5'],
  ['8859_5', 'ISO-8859-5'],
  ['greek', 'ISO-8859-7'],
  ['us-ascii', 'ASCII'],
  ['utf8', 'UTF-8'],
  ['utf_16le', 'UTF-16LE'],
  ['cp1252', 'windows-1252'],
  ['1252', 'windows-1252'],
  ['cswindows1252', 'windows-1252'],
  ['cp437', 'IBM437'],
  ['csIBM866', 'IBM866'],
  ['sjis', 'Shift_JIS'],
  ['big5', 'Big5'],
  ['euc_kr', 'EUC-KR'],
])('%s → %s', (name, canonical) => {
  expect(canonicalEncoding(name)).toBe(canonical);
});

test.each(['latin0', 'latin11', 'ISO-8859-12', 'klingon', ''])('%s → unknown', (name) => {
  expect(canonicalEncoding(name)).toBeUndefined();
});
