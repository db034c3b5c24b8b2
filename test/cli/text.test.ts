import { describe, expect, test } from 'vitest';
import { exactSizeText, printable, sizeText, wrap } from '../../runtime/cli/text.js';

describe('sizeText', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1 KiB'],
    [64 * 2 ** 20, '64 MiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [1_000_448, '977 KiB'],
    [10_000_000, '9.54 MiB'],
    [64 * 2 ** 40, '64 TiB'],
  ])('%d bytes → %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe('exactSizeText', () => {
  test.each([
    [512, '512 bytes'],
    [64 * 2 ** 20, '64 MiB (67108864 bytes)'],
  ])('%d bytes → %s', (bytes, text) => {
    expect(exactSizeText(bytes)).toBe(text);
  });
});

describe('printable', () => {
  test.each([
    ['plain text in Ελληνικά, 日本語, 💾', 'plain text in Ελληνικά, 日本語, 💾'],
    ['a\u001b[2Jb', String.raw`a\u{1b}[2Jb`],
    ['a\nb\rc\td', String.raw`a\u{a}b\u{d}c\u{9}d`],
    ['a\u009bb', String.raw`a\u{9b}b`],
    ['disk\u202excod.vhdx', String.raw`disk\u{202e}xcod.vhdx`],
    ['a\u2028b', String.raw`a\u{2028}b`],
  ])('%j → %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});

describe('wrap', () => {
  test('a short text → one line', () => {
    expect(wrap('short text', '  ')).toEqual(['  short text']);
  });

  test('a long text → lines of at most 100 characters', () => {
    const text = Array.from({ length: 60 }, () => 'words').join(' ');
    const wrapped = wrap(text, '    ');
    expect(Math.max(...wrapped.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(wrapped.map((line) => line.trim()).join(' ')).toBe(text);
  });

  test('a word that is longer than a line → stays whole', () => {
    expect(wrap(`a ${'x'.repeat(200)} b`, ' ')).toEqual([' a', ` ${'x'.repeat(200)}`, ' b']);
  });
});
