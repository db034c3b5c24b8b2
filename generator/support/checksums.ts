/** The checksums that a schema's `-checksum` may name. */

/** Checksum of `bytes`, continued from `previous` (the checksum of what came before). */
export type ChecksumFunction = (bytes: Uint8Array, previous?: number) => number;

/** The algorithms a schema's `-checksum` may name. A faster implementation may be put in place of each. */
export const checksums: { crc32: ChecksumFunction; crc32c: ChecksumFunction } = {
  crc32: tableCrc(0xedb88320),
  crc32c: tableCrc(0x82f63b78),
};

/** Byte-wise CRC of a reflected 32-bit polynomial. */
function tableCrc(polynomial: number): ChecksumFunction {
  let table: Int32Array | undefined;
  return (bytes, previous = 0) => {
    table ??= Int32Array.from({ length: 256 }, (_, index) => {
      let value = index;
      for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
      return value;
    });
    let crc = ~previous;
    for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}

/** A checksum over `size` bytes at `start`, with the checksum field's own bytes taken as zero. */
export function checksumAround(
  algorithm: ChecksumFunction,
  bytes: Uint8Array,
  start: number,
  size: number,
  field: { readonly offset: number; readonly size: number },
): number {
  const own = start + field.offset;
  const before = algorithm(bytes.subarray(start, own));
  const zeros = algorithm(new Uint8Array(field.size), before);
  return algorithm(bytes.subarray(own + field.size, start + size), zeros);
}
