/** First bytes of partitioned disks. */

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
