/** First and last bytes of partitioned disks. */
import { crc32 } from 'node:zlib';

/** A disk with one partition in an MBR. */
export function mbrHead(): Buffer {
  const head = Buffer.alloc(8192);
  head.writeUInt8(0x80, 446);
  head.writeUInt8(7, 446 + 4);
  head.writeUInt32LE(2048, 446 + 8);
  head.writeUInt32LE(100_000, 446 + 12);
  head.writeUInt16LE(0xaa55, 510);
  return head;
}

/** A disk with a GPT and sectors of `sectorSize` bytes: the protective MBR, then the header. UEFI 2.10, 5.3.2 */
export function gptHead(sectorSize: 512 | 4096): Buffer {
  const head = mbrHead();
  head.writeUInt8(0, 446);
  head.writeUInt8(0xee, 446 + 4);
  head.writeUInt32LE(1, 446 + 8);
  head.write('EFI PART', sectorSize, 'latin1');
  head.writeUInt32LE(0x1_0000, sectorSize + 8);
  head.writeUInt32LE(92, sectorSize + 12);
  head.writeBigUInt64LE(1n, sectorSize + 24);
  return head;
}

/** A valid GPT: what the first and the last bytes of a disk of `size` bytes are. Partitions as [first, last] sector. */
export function wholeGpt(
  size: number,
  sectorSize: 512 | 4096,
  partitions: readonly (readonly [number, number])[],
): { readonly head: Buffer; readonly tail: Buffer } {
  const entries = Buffer.alloc(128 * 128);
  for (const [index, [first, last]] of partitions.entries()) {
    entries.fill(0x11 + index, index * 128, index * 128 + 32);
    entries.writeBigUInt64LE(BigInt(first), index * 128 + 32);
    entries.writeBigUInt64LE(BigInt(last), index * 128 + 40);
  }
  const entrySectors = entries.length / sectorSize;
  const lastSector = size / sectorSize - 1;
  const header = (own: number, other: number, entriesAt: number): Buffer => {
    const sector = Buffer.alloc(sectorSize);
    sector.write('EFI PART', 0, 'latin1');
    sector.writeUInt32LE(0x1_0000, 8);
    sector.writeUInt32LE(92, 12);
    for (const [offset, value] of [
      [24, own],
      [32, other],
      [40, 2 + entrySectors],
      [48, lastSector - entrySectors - 1],
      [72, entriesAt],
    ] as const) {
      sector.writeBigUInt64LE(BigInt(value), offset);
    }
    sector.fill(0x77, 56, 72);
    sector.writeUInt32LE(128, 80);
    sector.writeUInt32LE(128, 84);
    sector.writeUInt32LE(crc32(entries), 88);
    sector.writeUInt32LE(crc32(sector.subarray(0, 92)), 16);
    return sector;
  };
  const protective = Buffer.alloc(sectorSize);
  protective.writeUInt8(0xee, 446 + 4);
  protective.writeUInt32LE(1, 446 + 8);
  protective.writeUInt32LE(Math.min(lastSector, 0xffff_ffff), 446 + 12);
  protective.writeUInt16LE(0xaa55, 510);
  return {
    head: Buffer.concat([protective, header(1, lastSector, 2), entries]),
    tail: Buffer.concat([entries, header(lastSector, 1, lastSector - entrySectors)]),
  };
}
