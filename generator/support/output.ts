/** Bytes, numbers and bit fields one behind the other, in memory that grows. */

/** Numbers come in already checked. */
export class ByteOutput {
  bytes: Uint8Array = new Uint8Array(256);
  view: DataView = new DataView(this.bytes.buffer);
  /** Where the next byte goes, counted from the start of `bytes`. */
  pos = 0;
  /** Bits of the byte being filled, and how many there are. */
  #bits = 0;
  #bitsUsed = 0;
  /** Which of them they are. */
  #bitMask = 0;

  /** Whether bit fields have begun a byte that is not full. */
  get hasBits(): boolean {
    return this.#bitsUsed > 0;
  }

  /** Makes room for `size` bytes at the end and returns where they begin. */
  reserve(size: number): number {
    if (this.#bitsUsed > 0) this.alignToByte();
    const start = this.pos;
    this.pos = start + size;
    if (this.pos > this.bytes.length) this.grow(this.pos);
    return start;
  }

  protected grow(size: number): void {
    const grown = new Uint8Array(Math.max(size, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  writeBytes(bytes: Uint8Array): void {
    const start = this.reserve(bytes.length);
    this.bytes.set(bytes, start);
  }

  writeU1(value: number): void {
    const start = this.reserve(1);
    this.view.setUint8(start, value);
  }

  writeS1(value: number): void {
    this.writeU1(value);
  }

  writeU2le(value: number): void {
    const start = this.reserve(2);
    this.view.setUint16(start, value, true);
  }

  writeU2be(value: number): void {
    const start = this.reserve(2);
    this.view.setUint16(start, value);
  }

  writeS2le(value: number): void {
    this.writeU2le(value);
  }

  writeS2be(value: number): void {
    this.writeU2be(value);
  }

  writeU4le(value: number): void {
    const start = this.reserve(4);
    this.view.setUint32(start, value, true);
  }

  writeU4be(value: number): void {
    const start = this.reserve(4);
    this.view.setUint32(start, value);
  }

  writeS4le(value: number): void {
    this.writeU4le(value);
  }

  writeS4be(value: number): void {
    this.writeU4be(value);
  }

  writeU8leBigInt(value: bigint): void {
    const start = this.reserve(8);
    this.view.setBigUint64(start, value, true);
  }

  writeU8beBigInt(value: bigint): void {
    const start = this.reserve(8);
    this.view.setBigUint64(start, value);
  }

  writeS8leBigInt(value: bigint): void {
    this.writeU8leBigInt(value);
  }

  writeS8beBigInt(value: bigint): void {
    this.writeU8beBigInt(value);
  }

  writeF4le(value: number): void {
    const start = this.reserve(4);
    this.view.setFloat32(start, value, true);
  }

  writeF4be(value: number): void {
    const start = this.reserve(4);
    this.view.setFloat32(start, value);
  }

  writeF8le(value: number): void {
    const start = this.reserve(8);
    this.view.setFloat64(start, value, true);
  }

  writeF8be(value: number): void {
    const start = this.reserve(8);
    this.view.setFloat64(start, value);
  }

  /** `count` bits, up to 53, most significant first. */
  writeBitsBe(count: number, value: number): void {
    if (count > 32) this.#bitsBe(count - 32, Math.floor(value / 0x100000000));
    this.#bitsBe(Math.min(count, 32), value);
  }

  /** `count` bits, however many, most significant first. */
  writeBitsBeBigInt(count: number, value: bigint): void {
    const words = wordsOf(count, value);
    for (const [index, word] of words.entries()) this.#bitsBe(index === 0 ? count - (words.length - 1) * 32 : 32, word);
  }

  /** `count` bits, up to 53, least significant first. */
  writeBitsLe(count: number, value: number): void {
    this.#bitsLe(Math.min(count, 32), value);
    if (count > 32) this.#bitsLe(count - 32, Math.floor(value / 0x100000000));
  }

  /** `count` bits, however many, least significant first. */
  writeBitsLeBigInt(count: number, value: bigint): void {
    const words = wordsOf(count, value).reverse();
    for (const [index, word] of words.entries()) this.#bitsLe(Math.min(32, count - index * 32), word);
  }

  /** `bytes`, whose bits follow those of the byte that bits have begun, in the order of these. */
  writeBitsOf(bytes: Uint8Array): void {
    const isLe = (this.#bitMask & 1) === 1;
    if (!this.hasBits) return this.writeBytes(bytes);
    for (const byte of bytes) {
      if (isLe) this.#bitsLe(8, byte);
      else this.#bitsBe(8, byte);
    }
  }

  #bitsBe(count: number, value: number): void {
    for (let left = count; left > 0;) {
      const taken = Math.min(8 - this.#bitsUsed, left);
      left -= taken;
      this.#fill(value >>> left, taken, 8 - this.#bitsUsed - taken);
    }
  }

  #bitsLe(count: number, value: number): void {
    for (let done = 0; done < count;) {
      const taken = Math.min(8 - this.#bitsUsed, count - done);
      this.#fill(value >>> done, taken, this.#bitsUsed);
      done += taken;
    }
  }

  /** Puts the lowest `count` bits of `value` into the byte being filled, `shift` bits above its lowest one. */
  #fill(value: number, count: number, shift: number): void {
    const mask = (1 << count) - 1;
    this.#bits |= (value & mask) << shift;
    this.#bitMask |= mask << shift;
    this.#bitsUsed += count;
    if (this.#bitsUsed === 8) this.alignToByte();
  }

  /** Fills the byte that bit fields have begun with zeros. */
  alignToByte(): void {
    if (this.#bitsUsed === 0) return;
    const [byte, mask] = [this.#bits, this.#bitMask];
    this.#bits = 0;
    this.#bitsUsed = 0;
    this.#bitMask = 0;
    if (mask !== 0xff) this.filledInPart(this.pos, mask);
    this.writeU1(byte);
  }

  /** Bit fields have described the bits of `mask` of the byte `at`, and no others. */
  protected filledInPart(_at: number, _mask: number): void {
    // For those who want to know.
  }
}

/** The 32-bit words of an integer of `count` bits, the most significant one first; that one may be shorter. */
function wordsOf(count: number, value: bigint): number[] {
  if (count <= 64) {
    const low = Number(BigInt.asUintN(32, value));
    return count > 32 ? [Number(value >> 32n), low] : [low];
  }
  // By its digits: shifting a wide integer word by word would take the square of its width.
  const digits = value.toString(16).padStart(Math.ceil(count / 32) * 8, '0');
  return Array.from({ length: digits.length / 8 }, (_, index) =>
    Number.parseInt(digits.slice(index * 8, index * 8 + 8), 16),
  );
}
