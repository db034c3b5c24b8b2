/**
 * Sector bitmaps: one bit for each sector of a chunk, bit 0 of byte 0 the first. A set bit says that the sector is in
 * this file, a clear one that it is in the parent. [MS-VHDX] 2.4
 */

/** Whether bit `index` is set. */
export function hasBit(bitmap: Uint8Array, index: number): boolean {
  return (((bitmap[index >>> 3] ?? 0) >>> (index & 7)) & 1) === 1;
}

/** Index of the first bit after `from` that differs from bit `from`; `end` (exclusive) where none does. */
export function runEnd(bitmap: Uint8Array, from: number, end: number): number {
  const set = hasBit(bitmap, from);
  const same = set ? 0xff : 0;
  let at = from + 1;
  while (at < end) {
    if ((at & 7) === 0 && bitmap[at >>> 3] === same) {
      at += 8;
      continue;
    }
    if (hasBit(bitmap, at) !== set) return at;
    at += 1;
  }
  return end;
}
