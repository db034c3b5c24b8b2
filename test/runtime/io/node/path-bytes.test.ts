import { describe, expect, test } from 'vitest';
import { pathFromBytes, systemPath } from '../../../../runtime/io/node/path-bytes.js';

const CASES: readonly (readonly [string, readonly number[], string])[] = [
  ['ASCII', [0x61, 0x2f, 0x62], 'a/b'],
  ['UTF-8', [0xc3, 0xa4, 0xf0, 0x9f, 0x92, 0xbe], 'ä💾'],
  ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
  ['a stray byte', [0x61, 0xff, 0x62], 'a\udcffb'],
  ['a sequence without its end', [0xe2, 0x82, 0x61], '\udce2\udc82a'],
  ['a sequence that is cut off', [0x61, 0xf0, 0x9f], 'a\udcf0\udc9f'],
  ['a letter in too many bytes', [0xc0, 0xaf], '\udcc0\udcaf'],
  ['a surrogate', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
  ['good behind bad', [0x80, 0xc3, 0xa4], '\udc80ä'],
];

describe.skipIf(process.platform === 'win32')('a path', () => {
  test.each(CASES)('%s → text, and back', (_what, bytes, text) => {
    expect(pathFromBytes(Uint8Array.from(bytes))).toBe(text);
    expect([...Buffer.from(systemPath(text))]).toEqual([...bytes]);
  });

  test('text without stray bytes → stays a string', () => {
    expect(systemPath('ä💾')).toBe('ä💾');
  });
});
