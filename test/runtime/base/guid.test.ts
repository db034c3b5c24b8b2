import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VhdxGuid } from '../../../generated/index.js';
import { formatGuid, GUIDS, guidsEqual, isZeroGuid, parseGuid, tryParseGuid } from '../../../runtime/base/guid.js';

const TEXT = '2dc27766-f623-4200-9d64-115e9bfd4a08';
// The bytes of the BAT region's GUID as they stand in files that Windows writes.
const BYTES = [0x66, 0x77, 0xc2, 0x2d, 0x23, 0xf6, 0x00, 0x42, 0x9d, 0x64, 0x11, 0x5e, 0x9b, 0xfd, 0x4a, 0x08];

test('stored bytes → mixed-endian text in lower case', () => {
  expect(formatGuid(VhdxGuid.fromBytes(Uint8Array.from(BYTES)))).toBe(TEXT);
});

test.each([TEXT, `{${TEXT}}`, TEXT.toUpperCase(), `{${TEXT.toUpperCase()}}`])('text %s → stored bytes', (text) => {
  expect([...VhdxGuid.create(parseGuid(text)).toBytes()]).toEqual(BYTES);
});

test.each(['', '{}', `{${TEXT}`, `${TEXT}}`, `${TEXT}0`, TEXT.replace('-', ''), ` ${TEXT}`, TEXT.replace('2', 'g')])(
  'text %j → no GUID',
  (text) => {
    expect(tryParseGuid(text)).toBeUndefined();
    expect(() => parseGuid(text)).toThrow(TypeError);
  },
);

test('any bytes → the same after text and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const guid = VhdxGuid.fromBytes(bytes);
      expect(VhdxGuid.create(parseGuid(formatGuid(guid))).toBytes()).toEqual(bytes);
    }),
    { seed: 16 },
  );
});

describe('comparison', () => {
  test('GUIDs that differ in one bit → not equal', () => {
    const guid = parseGuid(TEXT);
    expect(guidsEqual(guid, parseGuid(TEXT))).toBe(true);
    for (let bit = 0; bit < 128; bit += 1) {
      const bytes = Uint8Array.from(BYTES);
      bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
      expect(guidsEqual(guid, VhdxGuid.fromBytes(bytes))).toBe(false);
    }
  });

  test('zero → zero, anything else → not', () => {
    expect(isZeroGuid(parseGuid(GUIDS.zero))).toBe(true);
    for (let byte = 0; byte < 16; byte += 1) {
      expect(isZeroGuid(VhdxGuid.fromBytes(new Uint8Array(16).fill(1, byte, byte + 1)))).toBe(false);
    }
  });
});
