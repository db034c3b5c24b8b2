/**
 * Numbers out of a stream, each a function: bundlers keep those that are called. Where the stream ends before the number
 * does, they throw an `EofError`.
 */
import type { KaitaiStream } from './stream.js';

export function readU1(io: KaitaiStream): number {
  return io.memory.getUint8(io._take(1));
}

export function readS1(io: KaitaiStream): number {
  return io.memory.getInt8(io._take(1));
}

export function readU2le(io: KaitaiStream): number {
  return io.memory.getUint16(io._take(2), true);
}

export function readU2be(io: KaitaiStream): number {
  return io.memory.getUint16(io._take(2));
}

export function readU4le(io: KaitaiStream): number {
  return io.memory.getUint32(io._take(4), true);
}

export function readU4be(io: KaitaiStream): number {
  return io.memory.getUint32(io._take(4));
}

export function readS2le(io: KaitaiStream): number {
  return io.memory.getInt16(io._take(2), true);
}

export function readS2be(io: KaitaiStream): number {
  return io.memory.getInt16(io._take(2));
}

export function readS4le(io: KaitaiStream): number {
  return io.memory.getInt32(io._take(4), true);
}

export function readS4be(io: KaitaiStream): number {
  return io.memory.getInt32(io._take(4));
}

export function readU8leBigInt(io: KaitaiStream): bigint {
  return io.memory.getBigUint64(io._take(8), true);
}

export function readU8beBigInt(io: KaitaiStream): bigint {
  return io.memory.getBigUint64(io._take(8));
}

export function readS8leBigInt(io: KaitaiStream): bigint {
  return io.memory.getBigInt64(io._take(8), true);
}

export function readS8beBigInt(io: KaitaiStream): bigint {
  return io.memory.getBigInt64(io._take(8));
}

export function readF4le(io: KaitaiStream): number {
  return io.memory.getFloat32(io._take(4), true);
}

export function readF4be(io: KaitaiStream): number {
  return io.memory.getFloat32(io._take(4));
}

export function readF8le(io: KaitaiStream): number {
  return io.memory.getFloat64(io._take(8), true);
}

export function readF8be(io: KaitaiStream): number {
  return io.memory.getFloat64(io._take(8));
}
