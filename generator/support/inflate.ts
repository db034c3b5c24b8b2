/** Decompression for platforms that have none which answers at once: DEFLATE (RFC 1951) in a zlib stream (RFC 1950). */
import { ReadError } from './errors.js';

/** A zlib stream that is damaged, or ends early. */
export class ZlibError extends ReadError {
  constructor(message: string, options?: ErrorOptions) {
    super(`zlib: ${message}`, 'a zlib stream', undefined, options);
    this.name = 'ZlibError';
  }
}

/** RFC 1950: the checksum of what a zlib stream holds. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length;) {
    // So many sums stay below 2^32.
    for (const end = Math.min(at + 3800, bytes.length); at < end; at++) b += a += bytes[at] ?? 0;
    a %= 65521;
    b %= 65521;
  }
  return b * 0x10000 + a;
}

/** RFC 1951, 3.2.5: what the symbols from 257 on, and those of distances, stand for. */
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
/** 3.2.7: the order in which the lengths of the code for code lengths come. */
const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;

/** A prefix code: what each sequence of `bits` bits begins with, as symbol * 16 + length; 0 where that is no code. */
interface PrefixCode {
  readonly bits: number;
  readonly table: Uint16Array;
}

/** 3.2.2. @throws {ZlibError} where `lengths` are those of no prefix code that is complete */
function prefixCode(lengths: ArrayLike<number>, mayBeIncomplete: boolean): PrefixCode {
  const counts = new Array<number>(16).fill(0);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    counts[length] = (counts[length] ?? 0) + 1;
  }
  counts[0] = 0;
  let bits = 15;
  while (bits > 1 && counts[bits] === 0) bits -= 1;
  const next = [0];
  let code = 0;
  for (let length = 1; length <= bits; length++) {
    code = (code + (counts[length - 1] ?? 0)) * 2;
    next[length] = code;
  }
  const free = 2 ** bits - code - (counts[bits] ?? 0);
  // As zlib has it: one code alone may leave the other bit unused, and distances may have no code at all.
  if (free < 0 || (free > 0 && !(mayBeIncomplete && bits === 1))) throw new ZlibError('invalid code lengths');
  const table = new Uint16Array(2 ** bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    const own = next[length] ?? 0;
    next[length] = own + 1;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((own >>> bit) & 1) << (length - 1 - bit);
    for (let at = reversed; at < table.length; at += 2 ** length) table[at] = symbol * 16 + length;
  }
  return { bits, table };
}

class Inflater {
  readonly #input: Uint8Array;
  /** The next byte that is not among the bits. */
  #pos: number;
  #bits = 0;
  #bitCount = 0;
  #output: Uint8Array;
  #length = 0;
  readonly #most: number;
  readonly #exceed: () => never;

  /** `exceed` is called where there would be more than `most` bytes. */
  constructor(input: Uint8Array, start: number, most: number, exceed: () => never) {
    this.#input = input;
    this.#pos = start;
    this.#most = most;
    this.#exceed = exceed;
    this.#output = new Uint8Array(Math.min(most, Math.max(256, input.length * 4)));
  }

  /** Everything up to the last block's end. */
  run(): { readonly bytes: Uint8Array; readonly end: number } {
    let isLast: boolean;
    do {
      isLast = this.#take(1) === 1;
      const kind = this.#take(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#compressed(...fixedCodes());
      else if (kind === 2) this.#compressed(...this.#dynamicCodes());
      else throw new ZlibError('invalid block type');
    } while (!isLast);
    this.#alignToByte();
    return { bytes: this.#output.subarray(0, this.#length), end: this.#pos };
  }

  /** At least 25 bits, unless the input ends: what is missing is zero, and is noticed when it is taken. */
  #fill(): void {
    while (this.#bitCount <= 24 && this.#pos < this.#input.length) {
      this.#bits |= (this.#input[this.#pos++] ?? 0) << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #drop(count: number): void {
    if (count > this.#bitCount) throw new ZlibError('the stream ends early');
    // A shift by 32 would be one by none.
    this.#bits = count === 32 ? 0 : this.#bits >>> count;
    this.#bitCount -= count;
  }

  /** The next `count` bits, up to 16, least significant first. */
  #take(count: number): number {
    this.#fill();
    const value = this.#bits & (2 ** count - 1);
    this.#drop(count);
    return value;
  }

  #symbol({ bits, table }: PrefixCode): number {
    this.#fill();
    const entry = table[this.#bits & (2 ** bits - 1)] ?? 0;
    if (entry === 0) throw new ZlibError(this.#bitCount < bits ? 'the stream ends early' : 'invalid code');
    this.#drop(entry & 15);
    return entry >> 4;
  }

  #alignToByte(): void {
    this.#pos -= this.#bitCount >> 3;
    this.#bits = 0;
    this.#bitCount = 0;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#output.length) return;
    if (this.#length + count > this.#most) this.#exceed();
    const grown = new Uint8Array(Math.min(this.#most, Math.max(this.#output.length * 2, this.#length + count)));
    grown.set(this.#output);
    this.#output = grown;
  }

  #stored(): void {
    this.#drop(this.#bitCount & 7);
    const size = this.#take(16);
    if ((this.#take(16) ^ size) !== 0xffff) throw new ZlibError('invalid length of a stored block');
    this.#alignToByte();
    const end = this.#pos + size;
    if (end > this.#input.length) throw new ZlibError('the stream ends early');
    this.#reserve(size);
    this.#output.set(this.#input.subarray(this.#pos, end), this.#length);
    this.#length += size;
    this.#pos = end;
  }

  #compressed(literals: PrefixCode, distances: PrefixCode): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) {
        this.#reserve(1);
        this.#output[this.#length++] = symbol;
      } else {
        const length = this.#extended(symbol - 257, LENGTH_BASE, LENGTH_EXTRA);
        this.#repeat(length, this.#extended(this.#symbol(distances), DISTANCE_BASE, DISTANCE_EXTRA));
      }
    }
  }

  #extended(symbol: number, base: readonly number[], extra: readonly number[]): number {
    const least = base[symbol];
    if (least === undefined) throw new ZlibError('invalid code');
    return least + this.#take(extra[symbol] ?? 0);
  }

  #repeat(length: number, distance: number): void {
    if (distance > this.#length) throw new ZlibError('invalid distance');
    this.#reserve(length);
    const output = this.#output;
    for (let count = 0; count < length; count++, this.#length++)
      output[this.#length] = output[this.#length - distance] ?? 0;
  }

  /** 3.2.7 */
  #dynamicCodes(): [PrefixCode, PrefixCode] {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const lengthCount = this.#take(4) + 4;
    // Of the 288 and 32 symbols that the fields can count, two and two do not exist.
    if (literalCount > 286 || distanceCount > 30) throw new ZlibError('too many codes');
    const ofLengths = new Uint8Array(19);
    for (const symbol of LENGTHS_ORDER.slice(0, lengthCount)) ofLengths[symbol] = this.#take(3);
    const code = prefixCode(ofLengths, false);
    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new ZlibError('a code length to repeat is missing');
      const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
      const end = at + (symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7));
      if (end > lengths.length) throw new ZlibError('too many code lengths');
      lengths.fill(value, at, end);
      at = end;
    }
    if (lengths[END_OF_BLOCK] === 0) throw new ZlibError('blocks have no end');
    return [prefixCode(lengths.subarray(0, literalCount), true), prefixCode(lengths.subarray(literalCount), true)];
  }
}

let fixed: [PrefixCode, PrefixCode] | undefined;

/** 3.2.6 */
function fixedCodes(): [PrefixCode, PrefixCode] {
  const lengthOf = (symbol: number): number => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
  return (fixed ??= [
    prefixCode(
      Uint8Array.from({ length: 288 }, (_, symbol) => lengthOf(symbol)),
      false,
    ),
    prefixCode(new Uint8Array(32).fill(5), false),
  ]);
}

function tooMuch(): never {
  throw new ZlibError('too many bytes');
}

/** What the zlib stream at the start of `bytes` holds; `exceed` throws where that is more than `most` bytes. @throws {ZlibError} */
export function inflate(bytes: Uint8Array, most: number = Infinity, exceed: () => never = tooMuch): Uint8Array {
  const [method = 0, flags = 0] = bytes;
  if (bytes.length < 2) throw new ZlibError('the stream ends early');
  if ((method * 256 + flags) % 31 !== 0 || (method & 15) !== 8 || method >> 4 > 7)
    throw new ZlibError('invalid header');
  if ((flags & 0x20) !== 0) throw new ZlibError('a preset dictionary is needed');
  const { bytes: inflated, end } = new Inflater(bytes, 2, most, exceed).run();
  if (end + 4 > bytes.length) throw new ZlibError('the stream ends early');
  if (new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0) !== adler32(inflated))
    throw new ZlibError('the checksum is wrong');
  return inflated;
}
