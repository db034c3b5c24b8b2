import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c as table } from '../../../runtime/base/crc32c.js';
import { crc32c as native } from '../../../runtime/node/crc32c-native.js';

// RFC 3720 B.4, and the check value of the CRC catalogues.
const vectors: readonly (readonly [string, Uint8Array, number])[] = [
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 times 0xff', new Uint8Array(32).fill(255), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
  ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(), 0],
];

describe.each([
  ['table', table],
  ['native', native],
])('%s', (_, crc32c) => {
  test.each(vectors)('%s → the published value', (_name, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

test('any bytes in two parts → both implementations agree, and the parts chain', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(7), (bytes, cut, shift) => {
      // A view at an odd place of a larger buffer.
      const buffer = new Uint8Array(bytes.length + shift);
      buffer.set(bytes, shift);
      const view = buffer.subarray(shift);
      const whole = native(bytes);
      expect(table(view)).toBe(whole);
      expect(table(view.subarray(cut), table(view.subarray(0, cut)))).toBe(whole);
      expect(native(view.subarray(cut), native(view.subarray(0, cut)))).toBe(whole);
    }),
    { numRuns: 2000, seed: 3720 },
  );
});

test('bytes with zeros behind them, of any length → as the native code has it', async () => {
  const peer = (await import('@node-rs/crc32')) as { readonly crc32c: (bytes: Uint8Array) => number };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(70_000), fc.nat(40_000), (bytes, zeros, cut) => {
      const whole = new Uint8Array(bytes.length + zeros);
      whole.set(bytes);
      expect(table(whole)).toBe(peer.crc32c(whole));
      expect(table(whole.subarray(cut), table(whole.subarray(0, cut)))).toBe(peer.crc32c(whole));
    }),
    { numRuns: 500, seed: 3720 },
  );
});

test('more bytes than are left to JavaScript → native code has the same, also for a header that is nearly all zeros', () => {
  const dense = new Uint8Array(1024 * 1024).map((_, index) => index * 7 + 1);
  const sparse = new Uint8Array(64 * 1024);
  sparse.set([1, 2, 3]);
  const expected = table(dense);
  for (let turn = 0; turn < 40; turn += 1) expect(native(dense)).toBe(expected);
  expect(native(sparse, native(dense))).toBe(table(sparse, expected));
});
