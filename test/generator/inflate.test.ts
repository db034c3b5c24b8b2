/** Decompression without the platform's help, against Node's zlib. */
import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ZlibError, adler32, inflate } from '../../generator/support/inflate.js';
import { processZlib, storedZlib, unprocessZlib } from '../../generator/support/zlib.js';
import { noise } from '../support/bytes.js';

const SEED = 20261127;
const run = { seed: SEED, numRuns: 300, interruptAfterTimeLimit: 20_000, endOnFailure: true };

/** Bytes of few kinds, which repeat: what compression has something to do with. */
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40, max: 12 }), fc.integer({ min: 1, max: 60 })), {
    maxLength: 30,
  })
  .map((runs) =>
    Uint8Array.from(runs.flatMap(([bytes, count]) => Array.from({ length: count }, () => [...bytes]).flat())),
  );
const settings: fc.Arbitrary<ZlibOptions> = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FILTERED,
  ),
});

/** What a function gives, or that it throws. */
function outcome(inflated: () => Uint8Array): string {
  try {
    return Buffer.from(inflated()).toString('hex');
  } catch (error) {
    return error instanceof ZlibError || (error instanceof Error && 'errno' in error) ? 'an error' : String(error);
  }
}

describe(`inflate (seed ${SEED})`, () => {
  test('what zlib made, with any settings → the bytes again; what is behind it does not count', () => {
    const property = fc.property(compressible, settings, fc.uint8Array({ maxLength: 8 }), (bytes, options, behind) => {
      const deflated = Buffer.concat([deflateSync(bytes, options), behind]);
      expect(Buffer.compare(inflate(deflated), bytes)).toBe(0);
    });
    fc.assert(property, run);
  });

  test.each([
    ['noise of 300,000 bytes', noise(300_000, 1)],
    ['a million zeros', new Uint8Array(1_000_000)],
    [
      'matches at every distance',
      Buffer.concat(
        [1, 5, 100, 2000, 9000, 13_000, 18_000, 26_000, 32_000].flatMap((size) =>
          Array<Uint8Array>(3).fill(noise(size, size)),
        ),
      ),
    ],
    ['nothing', new Uint8Array(0)],
  ])('%s → the bytes again', (_, bytes) => {
    for (const level of [0, 1, 9]) expect(Buffer.compare(inflate(deflateSync(bytes, { level })), bytes)).toBe(0);
  });

  test('damaged streams → an error where zlib has one, and the same bytes where it has none', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
    const property = fc.property(compressible, settings, change, (bytes, options, [at, mask]) => {
      const deflated = Uint8Array.from(deflateSync(bytes, options));
      const index = at % deflated.length;
      deflated[index] = (deflated[index] ?? 0) ^ mask;
      const expected = outcome(() => inflateSync(deflated));
      // zlib also refuses distances beyond the window that the header states.
      if (index === 0) return;
      expect(outcome(() => inflate(deflated))).toBe(expected);
    });
    fc.assert(property, { ...run, numRuns: 2000 });
  });

  test('streams that end early → an error at every length', () => {
    const deflated = deflateSync(Buffer.from('what is cut off is missed, wherever it is cut off, cut off'));
    for (let length = 0; length < deflated.length; length++)
      expect(() => inflate(deflated.subarray(0, length))).toThrow('zlib: the stream ends early');
  });

  /** A block with codes of its own, whose code for code lengths has these lengths, in the order in which they come. */
  function withCodeLengths(...lengths: readonly number[]): Uint8Array {
    // Last block, dynamic codes, 257 and 1 of them, and so many lengths; then three bits for each.
    const bits = [1, 2, 0, 0, lengths.length - 4, ...lengths].flatMap((value, at) =>
      Array.from({ length: [1, 2, 5, 5, 4][at] ?? 3 }, (_, bit) => (value >> bit) & 1),
    );
    const bytes = new Uint8Array(40);
    bytes.set([0x78, 0x9c]);
    for (const [at, bit] of bits.entries()) bytes[2 + (at >> 3)] = (bytes[2 + (at >> 3)] ?? 0) | (bit << (at & 7));
    return bytes;
  }
  test.each([
    ['too many codes', [1, 1, 1, 1]],
    ['codes that leave some unused', [2, 2, 2, 0]],
    ['one code alone', [1, 0, 0, 0]],
  ])('code lengths of %s → refused, as zlib does', (_, lengths) => {
    const deflated = withCodeLengths(...lengths);
    expect(() => inflateSync(deflated)).toThrow('invalid code lengths set');
    expect(() => inflate(deflated)).toThrow('zlib: invalid code lengths');
  });

  test('wrong checksum, preset dictionary, another method → an error that says so', () => {
    const deflated = deflateSync(Buffer.from('abc'));
    deflated[deflated.length - 1] = (deflated.at(-1) ?? 0) ^ 1;
    expect(() => inflate(deflated)).toThrow('zlib: the checksum is wrong');
    expect(() => inflate(deflateSync(Buffer.from('abc'), { dictionary: Buffer.from('abc') }))).toThrow('dictionary');
    expect(() => inflate(Uint8Array.of(0x79, 0x9c, 0, 0))).toThrow('zlib: invalid header');
  });
});

describe('platforms without zlib', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each([0, 1, 70_000])('%d bytes → stored, and inflated again by zlib and without it', (length) => {
    const bytes = noise(length, 3);
    expect(Buffer.compare(inflateSync(storedZlib(bytes)), bytes)).toBe(0);
    vi.stubGlobal('process', undefined);
    expect(Buffer.compare(unprocessZlib(bytes), storedZlib(bytes))).toBe(0);
    expect(Buffer.compare(processZlib(unprocessZlib(bytes)), bytes)).toBe(0);
  });

  test('damaged stream → the same error class with zlib as without', () => {
    const damaged = Uint8Array.of(0x78, 0x9c, 7, 7, 7);
    expect(() => processZlib(damaged)).toThrow(ZlibError);
    vi.stubGlobal('process', undefined);
    expect(() => processZlib(damaged)).toThrow(ZlibError);
  });
});

test('Adler-32 → as RFC 1950 defines it, also for sums that are long', () => {
  expect(adler32(Buffer.from('Wikipedia'))).toBe(0x11e60398);
  const bytes = new Uint8Array(100_000).fill(255);
  expect(adler32(bytes)).toBe(deflateSync(bytes).readUInt32BE(deflateSync(bytes).length - 4));
});
