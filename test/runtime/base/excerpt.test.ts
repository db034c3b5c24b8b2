import { describe, expect, test } from 'vitest';
import { excerpt, quote } from '../../../runtime/base/excerpt.js';

describe('excerpt', () => {
  test('256 characters → all of them', () => {
    expect(excerpt('x'.repeat(256))).toBe('x'.repeat(256));
  });

  test('more → 256, and how many are left out', () => {
    expect(excerpt('x'.repeat(32_767))).toBe(`${'x'.repeat(256)}… (32511 more characters)`);
  });

  test('a surrogate pair at the end → left out whole', () => {
    expect(excerpt(`${'x'.repeat(255)}💾y`)).toBe(`${'x'.repeat(255)}… (3 more characters)`);
  });
});

describe('quote', () => {
  test('a text → in quotes, what is left out behind them', () => {
    expect(quote('a"b')).toBe(String.raw`"a\"b"`);
    expect(quote('x'.repeat(300))).toBe(`"${'x'.repeat(256)}"… (44 more characters)`);
  });
});
