/** CRC-32C in plain JavaScript, for browsers: slicing by 8, and a short cut for zeros. */
import { lengthBeforeZeros } from './bytes.js';

// CRC-32C (Castagnoli), reflected: polynomial 0x1EDC6F41. [MS-VHDX] 2; check values in RFC 3720 B.4.
// Slicing by 8 (Kounavis and Berry, "A systematic approach to building high performance, software-based, CRC
// generators", 2005): table k gives the effect of a byte that k more bytes follow.
const REFLECTED_POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

function makeTables(): Int32Array {
  // Signed, so that every value is a small integer to the engine.
  const tables = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ REFLECTED_POLYNOMIAL : value >>> 1;
    tables[byte] = value;
  }
  for (let index = 256; index < tables.length; index += 1) {
    const before = tables[index - 256] ?? 0;
    tables[index] = (before >>> 8) ^ (tables[before & 0xff] ?? 0);
  }
  return tables;
}

const TABLES = makeTables();

/** The product of two polynomials, modulo that of the code; reflected: the highest bit is the coefficient of x^0. */
function multiply(one: number, other: number): number {
  let product = 0;
  let factor = other;
  for (let bits = one; bits !== 0; bits <<= 1) {
    if (bits < 0) product ^= factor;
    factor = factor & 1 ? (factor >>> 1) ^ REFLECTED_POLYNOMIAL : factor >>> 1;
  }
  return product;
}

/** x^8: what one byte more does. */
const ONE_BYTE = 1 << 23;

/** The remainder `crc` after `count` bytes of zeros more: crc · x^(8 · count). */
function appendZeros(crc: number, count: number): number {
  let result = crc;
  let power = ONE_BYTE;
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, power);
    power = multiply(power, power);
  }
  return result;
}

/**
 * CRC-32C of `bytes`. `previous` is the CRC-32C of what stands before them: the results chain. Zeros at the end, most
 * of a region table, take next to nothing where they are found cheaply.
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const length = lengthBeforeZeros(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const table = TABLES;
  let crc = ~previous;
  let position = 0;
  // Written out, without a function for the table: opening an image runs this before anything is compiled.
  for (const end = length - (length % SLICES); position < end; position += SLICES) {
    const low = crc ^ view.getInt32(position, true);
    const high = view.getInt32(position + 4, true);
    crc =
      (table[0x700 | (low & 0xff)] ?? 0) ^
      (table[0x600 | ((low >>> 8) & 0xff)] ?? 0) ^
      (table[0x500 | ((low >>> 16) & 0xff)] ?? 0) ^
      (table[0x400 | (low >>> 24)] ?? 0) ^
      (table[0x300 | (high & 0xff)] ?? 0) ^
      (table[0x200 | ((high >>> 8) & 0xff)] ?? 0) ^
      (table[0x100 | ((high >>> 16) & 0xff)] ?? 0) ^
      (table[high >>> 24] ?? 0);
  }
  for (; position < length; position += 1) crc = (crc >>> 8) ^ (table[(crc ^ view.getUint8(position)) & 0xff] ?? 0);
  return ~appendZeros(crc, bytes.length - length) >>> 0;
}
