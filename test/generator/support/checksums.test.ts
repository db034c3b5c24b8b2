/** Checksums: the values that catalogues of CRCs give for them, and those of zlib. */
import fc from 'fast-check';
import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { checksumAround, checksums } from '../../../generator/support/checksums.js';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `check` of CRC-32/ISO-HDLC and CRC-32/ISCSI: of the digits 1 to 9. RFC 3720 B.4: 32 bytes of zeros, and of ones. */
test.each([
  ['crc32', ascii('123456789'), 0xcbf43926],
  ['crc32', ascii(''), 0],
  ['crc32', ascii('a'), 0xe8b7be43],
  ['crc32c', ascii('123456789'), 0xe3069283],
  ['crc32c', new Uint8Array(32), 0x8a9136aa],
  ['crc32c', new Uint8Array(32).fill(0xff), 0x62a8ab43],
] as const)('%s of %j → %i', (algorithm, bytes, value) => {
  expect(checksums[algorithm](bytes)).toBe(value);
});

test.skipIf(!('crc32' in zlib))('crc32 of any bytes → as zlib has it, in one go or two', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (bytes, at) => {
      const expected = zlib.crc32(bytes);
      const [head, tail] = [bytes.subarray(0, at % 301), bytes.subarray(at % 301)];
      expect(checksums.crc32(bytes)).toBe(expected);
      expect(checksums.crc32(tail, checksums.crc32(head))).toBe(expected);
    }),
    { numRuns: 200, seed: 12, endOnFailure: true },
  );
});

test('around a field → as if its bytes were zero, wherever the structure starts', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, index) => index + 1);
  const zeroed = bytes.slice(3, 19).fill(0, 4, 8);
  expect(checksumAround(checksums.crc32, bytes, 3, 16, { offset: 4, size: 4 })).toBe(checksums.crc32(zeroed));
});
