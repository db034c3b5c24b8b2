import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { parseSize } from '../../runtime/cli/size.js';
import { GIB } from '../support/units.js';

describe('parseSize', () => {
  test.each([
    ['0', 0],
    ['4096', 4096],
    ['0x1000', 4096],
    // A digit, not a unit.
    ['0x1B', 27],
    ['512K', 512 * 1024],
    ['512kb', 512 * 1024],
    ['512B', 512],
    ['64M', 64 * 2 ** 20],
    ['64MiB', 64 * 2 ** 20],
    ['64 MB', 64 * 2 ** 20],
    ['10G', 10 * GIB],
    ['10GB', 10 * GIB],
    ['10GiB', 10 * GIB],
    ['1.5G', 1.5 * GIB],
    ['1.5GiB', 1.5 * GIB],
    ['64T', 64 * 2 ** 40],
    ['0.5K', 512],
    // No whole number of bytes: 1,209,462,790,553.6.
    ['1.1T', 295_279_001 * 4096],
  ])('%s → %d', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['', '-1', '1,5G', '.5G', '1.5', '1e3', '10P', '64MX', 'G', '0.3K', '1.5.5G', '10GG', '9000T', '1 2'])(
    '%j → refused',
    (text) => {
      expect(() => parseSize(text)).toThrow(InvalidArgumentError);
    },
  );
});
