/** Bit fields of any width, out of a stream that may stand within a byte. */

/** What of a stream bits are taken from. */
export interface BitSource {
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

/** The byte that the next bit field begins in. */
export function bitStart({ bitsLeft, pos }: BitSource): number {
  return bitsLeft > 0 ? pos - 1 : pos;
}

/** An unsigned bit field of up to 24 bits, most significant bit first: most need no more code. */
export function readFewBitsBe(io: BitSource, count: number): number {
  ensureBits(io, count);
  return takeFewBitsBe(io, count);
}

/** An unsigned bit field of up to 24 bits, least significant bit first. */
export function readFewBitsLe(io: BitSource, count: number): number {
  ensureBits(io, count);
  return takeFewBitsLe(io, count);
}

/** An unsigned bit field of up to 53 bits, most significant bit first. */
export function readBitsBe(io: BitSource, count: number): number {
  ensureBits(io, count);
  if (count > MAX_BITS_AT_ONCE) return takeBitsBe(io, count - 32) * 2 ** 32 + takeBitsBe(io, 32);
  return takeBitsBe(io, count);
}

/** An unsigned bit field of up to 53 bits, least significant bit first. */
export function readBitsLe(io: BitSource, count: number): number {
  ensureBits(io, count);
  if (count <= MAX_BITS_AT_ONCE) return takeBitsLe(io, count);
  const low = takeBitsLe(io, 32);
  return takeBitsLe(io, count - 32) * 2 ** 32 + low;
}

/** An unsigned bit field of any width, most significant bit first. */
export function readBitsBeBigInt(io: BitSource, count: number): bigint {
  ensureBits(io, count);
  if (count > 64) return wideInteger(count, (part) => takeBitsBe(io, part), true);
  const high = count > 32 ? BigInt(takeBitsBe(io, count - 32)) << 32n : 0n;
  return high | BigInt(takeBitsBe(io, Math.min(count, 32)));
}

/** An unsigned bit field of any width, least significant bit first. */
export function readBitsLeBigInt(io: BitSource, count: number): bigint {
  ensureBits(io, count);
  if (count > 64) return wideInteger(count, (part) => takeBitsLe(io, part), false);
  const low = BigInt(takeBitsLe(io, Math.min(count, 32)));
  return count > 32 ? (BigInt(takeBitsLe(io, count - 32)) << 32n) | low : low;
}

/** A wide field is read in two parts: it must not fail between them. */
function ensureBits(io: BitSource, count: number): void {
  const size = (count - io.bitsLeft + 7) >> 3;
  if (io.pos + size > io.length) io.ensureBytesLeft(size);
}

/** An integer out of words, its most significant one (which may be shorter) taken first or last: in time linear in its width. */
function wideInteger(count: number, take: (bits: number) => number, isHighFirst: boolean): bigint {
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
const MAX_BITS_AT_ONCE = 45;

function takeFewBitsBe(io: BitSource, count: number): number {
  const { memory, base } = io;
  let { bits: value, bitsLeft: bits, pos } = io;
  for (; bits < count; bits += 8) value = (value << 8) | memory.getUint8(base + pos++);
  const left = bits - count;
  io.pos = pos;
  io.bits = value & ((1 << left) - 1);
  io.bitsLeft = left;
  return value >> left;
}

function takeBitsBe(io: BitSource, count: number): number {
  if (count <= MAX_BITS_OF_INTEGER) return takeFewBitsBe(io, count);
  const { memory, base } = io;
  let { bits: value, bitsLeft: bits, pos } = io;
  for (; bits < count; bits += 8) value = value * 256 + memory.getUint8(base + pos++);
  const unit = 1 << (bits - count);
  const taken = Math.floor(value / unit);
  io.pos = pos;
  io.bits = value - taken * unit;
  io.bitsLeft = bits - count;
  return taken;
}

function takeFewBitsLe(io: BitSource, count: number): number {
  const { memory, base } = io;
  let { bits: value, bitsLeft: bits, pos } = io;
  for (; bits < count; bits += 8) value |= memory.getUint8(base + pos++) << bits;
  io.pos = pos;
  io.bits = value >> count;
  io.bitsLeft = bits - count;
  return value & ((1 << count) - 1);
}

function takeBitsLe(io: BitSource, count: number): number {
  if (count <= MAX_BITS_OF_INTEGER) return takeFewBitsLe(io, count);
  const { memory, base } = io;
  let { bits: value, bitsLeft: bits, pos } = io;
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
