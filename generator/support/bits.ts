/** Bit fields of any width, out of a stream that may stand within a byte. */

/** What of a stream bits are taken from. */
interface BitSource {
  readonly memory: DataView;
  /** Where the stream begins in `memory`, in bytes. */
  readonly base: number;
  /** Its length in bytes. */
  readonly length: number;
  /** Where the next byte is, from the start of the stream. */
  pos: number;
  /** The bits of the last byte that are not read yet, and how many. */
  bits: number;
  bitsLeft: number;
  /** Throws where fewer bytes are left. */
  ensureBytesLeft(length: number): void;
}

/** A wide field is read in two parts: it must not fail between them. */
export function ensureBits(io: BitSource, count: number): void {
  const size = (count - io.bitsLeft + 7) >> 3;
  if (io.pos + size > io.length) io.ensureBytesLeft(size);
}

/** An integer out of words, its most significant one (which may be shorter) taken first or last: in time linear in its width. */
export function wideInteger(count: number, take: (bits: number) => number, isHighFirst: boolean): bigint {
  const short = count % 32;
  const words: string[] = [];
  const next = (bits: number): number => words.push(take(bits).toString(16).padStart(8, '0'));
  if (isHighFirst && short > 0) next(short);
  for (let left = count - short; left > 0; left -= 32) next(32);
  if (!isHighFirst && short > 0) next(short);
  return BigInt(`0x${(isHighFirst ? words : words.reverse()).join('')}`);
}

/** With the bits of a byte that is begun, this many bits fit into the operators for integers. */
const MAX_BITS_OF_INTEGER = 24;
/** With the bits of a byte that is begun, this many bits are exact in a number. */
export const MAX_BITS_AT_ONCE = 45;

export function takeBitsBe(io: BitSource, count: number): number {
  const { memory, base } = io;
  let { bits: value, bitsLeft: bits, pos } = io;
  if (count <= MAX_BITS_OF_INTEGER) {
    for (; bits < count; bits += 8) value = (value << 8) | memory.getUint8(base + pos++);
    const left = bits - count;
    io.pos = pos;
    io.bits = value & ((1 << left) - 1);
    io.bitsLeft = left;
    return value >> left;
  }
  for (; bits < count; bits += 8) value = value * 256 + memory.getUint8(base + pos++);
  const unit = 1 << (bits - count);
  const taken = Math.floor(value / unit);
  io.pos = pos;
  io.bits = value - taken * unit;
  io.bitsLeft = bits - count;
  return taken;
}

export function takeBitsLe(io: BitSource, count: number): number {
  const { memory, base } = io;
  let { bits: value, bitsLeft: bits, pos } = io;
  if (count <= MAX_BITS_OF_INTEGER) {
    for (; bits < count; bits += 8) value |= memory.getUint8(base + pos++) << bits;
    io.pos = pos;
    io.bits = value >> count;
    io.bitsLeft = bits - count;
    return value & ((1 << count) - 1);
  }
  let weight = 1 << bits;
  for (; bits < count; bits += 8, weight *= 256) value += memory.getUint8(base + pos++) * weight;
  const left = bits - count;
  const unit = weight / (1 << left);
  const rest = Math.floor(value / unit);
  io.pos = pos;
  io.bits = rest;
  io.bitsLeft = left;
  return value - rest * unit;
}
