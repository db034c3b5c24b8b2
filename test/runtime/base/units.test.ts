import { describe, expect, test } from 'vitest';
import { MIB, sizeTexts } from '../../../runtime/base/units.js';

describe('sizeTexts', () => {
  test.each([
    [2 * MIB, 10 * MIB, '2 MiB', '10 MiB'],
    // 1.5 MiB is as round as 1 MiB.
    [1.5 * MIB, 10 * MIB, '1.5 MiB', '10 MiB'],
    [1_265_664, 10 * MIB, '1236 KiB', '10240 KiB'],
    [0, 64 * MIB, '0 MiB', '64 MiB'],
    [1000, 64 * MIB, '1000 bytes', '67108864 bytes'],
    [4096, 4096, '4 KiB', '4 KiB'],
  ])('%d and %d bytes → one unit', (one, other, first, second) => {
    expect(sizeTexts(one, other)).toEqual([first, second]);
  });
});
