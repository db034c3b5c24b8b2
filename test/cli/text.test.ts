import { describe, expect, test } from 'vitest';
import { exactSizeText, roundedSizeText } from '../../runtime/cli/text.js';

describe('roundedSizeText', () => {
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
    expect(roundedSizeText(bytes)).toBe(text);
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
