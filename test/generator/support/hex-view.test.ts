/** Bytes and values as lines. */
import { expect, test } from 'vitest';
import { asciiText, fieldRow, furtherRows, valueText, type HexWords } from '../../../generator/support/hex-view.js';

const WORDS: HexWords = { quoted: JSON.stringify, ascii: asciiText };

test('a field → offset, the first 16 bytes, their ASCII, path and value', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => 0x3c + index);
  expect(fieldRow({ path: 'a.b', offset: 0x1234, bytes, value: 5n, note: 'five' }, WORDS)).toBe(
    '0000001234  3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK  a.b: 5 (five)',
  );
  expect(fieldRow({ path: 'a', offset: 0, bytes: Uint8Array.of(0, 0x7f), value: 'x' }, WORDS)).toBe(
    `0000000000  00 7f${' '.repeat(42)}  ..${' '.repeat(14)}  a: "x"`,
  );
});

test('further rows → as xxd has them, repeats left out', () => {
  const bytes = new Uint8Array(70);
  bytes[69] = 0x41;
  expect([...furtherRows(0x100, bytes, WORDS)]).toEqual([
    '*',
    `0000000140  00 00 00 00 00 41${' '.repeat(30)}  .....A`,
  ]);
});

test.each([
  [7, '7'],
  [255, '255 (0xff)'],
  [true, 'true'],
  [undefined, ''],
  [new Uint8Array(1), '1 byte'],
  [new Uint8Array(17), '17 bytes, all zero'],
  [Uint8Array.from({ length: 17 }, (_, index) => index), '17 bytes, the first that is not zero at 0x101'],
])('%j → %j', (value, text) => {
  expect(valueText({ value, offset: 0x100 }, WORDS)).toBe(text);
});
