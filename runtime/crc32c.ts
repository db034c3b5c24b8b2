// CRC-32C (Castagnoli), reflected: polynomial 0x1EDC6F41. [MS-VHDX] 2; check values in RFC 3720 B.4.
// Slicing by 8 (Kounavis and Berry, "A systematic approach to building high performance, software-based, CRC
// generators", 2005): table k gives the effect of a byte that k more bytes follow.
const REFLECTED_POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

function makeTables(): Uint32Array {
  const tables = new Uint32Array(SLICES * 256);
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

/** CRC-32C of `bytes`. `previous` is the CRC-32C of what stands before them: the results chain. */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (slice: number, byte: number): number => TABLES[slice * 256 + (byte & 0xff)] ?? 0;
  let crc = ~previous;
  let position = 0;
  for (const end = bytes.length - (bytes.length % SLICES); position < end; position += SLICES) {
    const low = crc ^ view.getUint32(position, true);
    const high = view.getUint32(position + 4, true);
    crc =
      at(7, low) ^
      at(6, low >>> 8) ^
      at(5, low >>> 16) ^
      at(4, low >>> 24) ^
      at(3, high) ^
      at(2, high >>> 8) ^
      at(1, high >>> 16) ^
      at(0, high >>> 24);
  }
  for (; position < bytes.length; position += 1) crc = (crc >>> 8) ^ at(0, crc ^ view.getUint8(position));
  return ~crc >>> 0;
}
