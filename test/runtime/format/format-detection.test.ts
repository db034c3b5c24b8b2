import { describe, expect, test } from 'vitest';
import { identifyContents } from '../../../runtime/format/format-detection.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { KIB, MIB, TestImage } from '../../support/image-builder.js';
import { gptHead, mbrHead } from '../../support/partition-tables.js';

const image = new TestImage({ allocate: [0] });
const PLACES = [64 * KIB, 128 * KIB, 192 * KIB, 256 * KIB];

/** Turns over the first byte of each of these structures, the signature of the file among them. */
function withWiped(...places: readonly number[]): TestImage {
  const copy = image.copy();
  copy.poke(0, 0, 0, 0, 0, 0, 0, 0, 0);
  for (const place of places) copy.poke(place, 0, 0, 0, 0);
  return copy;
}

describe('identifyContents', () => {
  test('a VHDX → vhdx', async () => {
    expect(await identifyContents(image.source)).toEqual({ kind: 'vhdx', looksLike: undefined });
  });

  test('its first bytes wiped, or of something else → vhdx all the same', async () => {
    const { kind, looksLike } = await identifyContents(withWiped().source);
    expect({ kind, looksLike }).toEqual({
      kind: 'vhdx',
      looksLike: expect.stringMatching(/^a VHDX whose first bytes/),
    });
    const copy = image.copy();
    copy.source.write(mbrHead().subarray(0, 512), 0);
    expect(await identifyContents(copy.source)).toMatchObject({ kind: 'vhdx' });
  });

  test.each(PLACES)('only the structure at %d is left, and valid → vhdx', async (left) => {
    const others = PLACES.filter((place) => place !== left);
    expect(await identifyContents(withWiped(...others).source)).toMatchObject({ kind: 'vhdx' });
  });

  test.each(PLACES)('only the structure at %d has its signature, and is not valid → raw', async (left) => {
    const copy = withWiped(...PLACES.filter((place) => place !== left));
    copy.flip(left + 8);
    expect(await identifyContents(copy.source)).toMatchObject({ kind: 'raw' });
  });

  test('two have their signatures, none is valid → vhdx', async () => {
    const copy = withWiped(64 * KIB, 256 * KIB);
    copy.flip(128 * KIB + 8);
    copy.flip(192 * KIB + 8);
    expect(await identifyContents(copy.source)).toMatchObject({ kind: 'vhdx' });
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'raw'],
    ['zeros', new Uint8Array(MIB), 'raw'],
    ['a disk with an MBR', mbrHead(), 'raw'],
    ['a disk with a GPT', gptHead(512), 'raw'],
    [
      'a file that is cut off in its first header',
      image
        .toBytes()
        .fill(0, 0, 8)
        .subarray(0, 65 * KIB),
      'raw',
    ],
    ['a QCOW2', Buffer.from('QFI\u{fb}\0\0\0\u{3}', 'latin1'), 'other'],
    ['a fixed VHD', Buffer.concat([new Uint8Array(MIB), Buffer.from('conectix'.padEnd(512, '\0'))]), 'other'],
  ])('%s → %s', async (_title, bytes, kind) => {
    expect(await identifyContents(new MemorySource(bytes))).toMatchObject({ kind });
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an MBR', mbrHead(), /with a boot sector/],
    ['a GPT behind a protective MBR', gptHead(512), /with a GUID partition table/],
    ['a GPT whose protective MBR is wiped', gptHead(512).fill(0, 0, 512), /with a GUID partition table/],
    ['zeros', new Uint8Array(MIB), /all zeros/],
  ])('%s → said in words', async (_title, bytes, words) => {
    expect((await identifyContents(new MemorySource(bytes))).looksLike).toMatch(words);
  });
});
