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

/** Whether all bits from `first` to `end` (exclusive) are set. */
export function allBitsSet(bitmap: Uint8Array, first: number, end: number): boolean {
  return first >= end || (hasBit(bitmap, first) && runEnd(bitmap, first, end) >= end);
}

/** Sets (`present`) or clears the bits from `first` to `end` (exclusive). */
export function setBits(bitmap: Uint8Array, first: number, end: number, present: boolean): void {
  let at = first;
  while (at < end) {
    if ((at & 7) === 0 && end - at >= 8) {
      const whole = (end - at) >>> 3;
      bitmap.fill(present ? 0xff : 0, at >>> 3, (at >>> 3) + whole);
      at += whole * 8;
      continue;
    }
    const mask = 1 << (at & 7);
    const byte = bitmap[at >>> 3] ?? 0;
    bitmap[at >>> 3] = present ? byte | mask : byte & ~mask;
    at += 1;
  }
}
