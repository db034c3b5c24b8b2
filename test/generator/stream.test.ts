/** The stream that generated code reads from, against the definition of what it reads. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBitsBe, readBitsBeBigInt, readBitsLe, readBitsLeBigInt } from '../../generator/support/bits.js';
import { bytesTerminate, decodeString } from '../../generator/support/bytes.js';
import { EofError, ExpressionError, TerminatorError } from '../../generator/support/errors.js';
import { readU1, readU2le } from '../../generator/support/numbers.js';
import { readSubstream } from '../../generator/support/parts.js';
import { KaitaiStream } from '../../generator/support/stream.js';
import { readBytesUntil, readText, readTextUntil } from '../../generator/support/text.js';
import { maxOf, minOf, parseBigInteger, parseInteger } from '../../generator/support/values.js';

const SEED = 20261122;
const run = { seed: SEED, numRuns: 500 };
const widths = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 12 });

/** All bits of `bytes` as one number, the first one most significant or least significant. */
function allBits(bytes: Uint8Array, order: 'be' | 'le'): bigint {
  const ordered = order === 'be' ? bytes : bytes.toReversed();
  return ordered.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

describe(`bit fields (seed ${SEED})`, () => {
  test.each(['be', 'le'] as const)('%s, any widths one behind the other → the bits of one long number', (order) => {
    const property = fc.property(widths, fc.uint8Array({ minLength: 100, maxLength: 100 }), (counts, bytes) => {
      const io = new KaitaiStream(bytes);
      const all = allBits(bytes, order);
      let done = 0;
      for (const count of counts) {
        const shift = order === 'be' ? 800 - done - count : done;
        const expected = BigInt.asUintN(count, all >> BigInt(shift));
        const read =
          count > 53
            ? order === 'be'
              ? readBitsBeBigInt(io, count)
              : readBitsLeBigInt(io, count)
            : BigInt(order === 'be' ? readBitsBe(io, count) : readBitsLe(io, count));
        expect(read).toBe(expected);
        done += count;
        expect(io.pos).toBe(Math.ceil(done / 8));
      }
    });
    fc.assert(property, run);
  });

  test('past the end → refused, and nothing is taken', () => {
    const io = new KaitaiStream(Uint8Array.of(0xff, 0xff));
    expect(readBitsBe(io, 3)).toBe(7);
    expect(() => readBitsBe(io, 14)).toThrow(EofError);
    expect(readBitsBe(io, 13)).toBe(0x1fff);
  });

  test('bytes behind bits → begin at a whole byte', () => {
    const io = new KaitaiStream(Uint8Array.of(0xff, 1, 2, 3, 4, 5, 0));
    const bits = (): number => readBitsBe(io, 1);
    expect([bits(), readU1(io)]).toEqual([1, 1]);
    expect([bits(), io.readBytes(1)]).toEqual([0, Uint8Array.of(3)]);
    expect([bits(), readBytesUntil(io, 0, false, true, true)]).toEqual([0, Uint8Array.of(5)]);
    expect(io.isEof()).toBe(true);
  });
});

describe('streams within streams', () => {
  const outer = new KaitaiStream(Uint8Array.from({ length: 20 }, (_, index) => index).subarray(2), undefined, 100);

  test('share the memory, and know where they stand', () => {
    outer.seek(3);
    const inner = readSubstream(outer, 8);
    inner.seek(2);
    const core = readSubstream(inner, 4);
    expect({ size: core.size, origin: core.origin, memory: core.memory === outer.memory }).toEqual({
      size: 4,
      origin: 105,
      memory: true,
    });
    expect([readU2le(core), readU1(core), core.bytes]).toEqual([0x0807, 9, Uint8Array.of(7, 8, 9, 10)]);
    expect(() => readU2le(core)).toThrow('at 0x6c: requested 2 bytes, but only 1 bytes available');
    expect(() => readBytesUntil(core, 11, false, true, true)).toThrow(TerminatorError);
    expect(readBytesUntil(core, 11, false, true, false)).toEqual(Uint8Array.of(10));
  });

  test('empty ones → anywhere, also past the end', () => {
    outer.seek(50);
    expect(readSubstream(outer, 0).bytes).toEqual(new Uint8Array(0));
    expect(() => readSubstream(outer, 1)).toThrow(EofError);
    outer.seek(0);
  });
});

describe('terminators', () => {
  test('one byte, at any distance → as the definition has it', () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 80, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      fc.boolean(),
      fc.boolean(),
      (bytes, terminator, include, consume) => {
        const io = new KaitaiStream(bytes);
        const end = bytes.indexOf(terminator);
        const value = end === -1 ? bytes : bytes.subarray(0, include ? end + 1 : end);
        expect(readBytesUntil(io, terminator, include, consume, false)).toEqual(value);
        expect(io.pos).toBe(end === -1 ? bytes.length : consume ? end + 1 : end);
        expect(bytesTerminate(bytes, terminator, include)).toEqual(value);
      },
    );
    fc.assert(property, run);
  });
});

describe('text', () => {
  test('any bytes as UTF-8 or ASCII, long or short → as TextDecoder, or byte by byte', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.uint8Array({ maxLength: 30, max: 127 }));
    const property = fc.property(bytes, (text) => {
      const utf8 = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
      const ascii = Array.from(text, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\ufffd')).join('');
      expect(decodeString(text, 'UTF-8')).toBe(utf8);
      expect(decodeString(text, 'ASCII')).toBe(ascii);
      expect(readText(new KaitaiStream(text), text.length, 'UTF-8')).toBe(utf8);
      expect(readTextUntil(new KaitaiStream(text), 0x100, false, true, false, 'ASCII')).toBe(ascii);
    });
    fc.assert(property, run);
  });
});

describe('values', () => {
  test('integers in text → exact in every base, or an error', () => {
    const property = fc.property(fc.bigInt(), fc.integer({ min: 2, max: 36 }), (value, radix) => {
      const text = value.toString(radix);
      expect(parseBigInteger(text, radix)).toBe(value);
      const number = Number(value);
      if (Number.isSafeInteger(number)) expect(parseInteger(text, radix)).toBe(number);
      else expect(() => parseInteger(text, radix)).toThrow('is not an integer');
    });
    fc.assert(property, run);
    for (const text of ['', '-', '12x', '1 2', '9 ', '0x10']) {
      expect(() => parseBigInteger(text, 10)).toThrow('is not an integer');
      expect(() => parseInteger(text, 10)).toThrow('is not an integer');
    }
  });

  test('least and greatest of nothing → an error', () => {
    expect([minOf([3, 1, 2]), maxOf(['b', 'c', 'a'])]).toEqual([1, 'c']);
    expect(() => minOf([])).toThrow(ExpressionError);
    expect(() => maxOf(new Uint8Array(0))).toThrow(ExpressionError);
  });
});
