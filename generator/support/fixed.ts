/** Parts of structures whose places are known: they are read at once, or when they are first asked for. */
import { KaitaiStream, sliceOf } from './stream.js';
import { failedIn, heldBy, layoutOf, located, type KaitaiStruct, type ReadFixed } from './struct.js';
import { need } from './values.js';

/** Whether a structure of `size` bytes can be read at once: no violations are collected, and it is all there. */
export function canReadFixed(io: KaitaiStream, size: number): boolean {
  return io.onViolation === undefined && io.bitsLeft === 0 && io.available >= size;
}

/** A fixed structure at `offset` of `struct`, read when it is first asked for; `isForeign`: of another schema. */
export function childOf<T extends KaitaiStruct>(
  struct: KaitaiStruct,
  type: new (source?: KaitaiStream | DataView, parent?: KaitaiStruct, root?: KaitaiStruct) => T,
  offset: number,
  isForeign = false,
): T {
  const source = need(struct['_source']);
  const child = isForeign ? heldBy(struct, new type(source)) : new type(source, struct, struct['_top']);
  const start = (child['_start'] = (struct['_start'] ?? 0) + offset);
  const fixed = child as unknown as ReadFixed;
  if (source instanceof KaitaiStream) fixed._readFixed(source.memory, source.base + start);
  else fixed._readFixed(source, start);
  return child;
}

/** `length` bytes at `offset` of `struct`: what a lazily read field is made of. */
export function bytesIn(struct: KaitaiStruct, offset: number, length: number): Uint8Array {
  const source = need(struct['_source']);
  const start = (struct['_start'] ?? 0) + offset;
  return source instanceof KaitaiStream ? source.slice(start, length) : sliceOf(source, start, length);
}

/** The bytes of a field, or a view of those whose place in memory is noted: what was read field by field has a stream. */
export function viewed(struct: KaitaiStruct, held: Uint8Array | number, length: number): Uint8Array {
  if (typeof held !== 'number') return held;
  const source = struct['_source'] as KaitaiStream;
  return source.slice(held - source.base, length);
}

/** Where the next `size` bytes, which are all of `struct`, begin in memory; the stream moves behind them. @throws {EofError} */
export function takeFixed(struct: KaitaiStruct, io: KaitaiStream, size: number): number {
  if (io.available < size) findEnd(struct, io);
  return io._take(size);
}

/** Throws for the field that the stream ends within, as reading field by field would. */
function findEnd(struct: KaitaiStruct, io: KaitaiStream): void {
  const { pos: start } = io;
  io.alignToByte();
  const layout = layoutOf(struct);
  for (const { id, offset = 0, size = 0, bitOffset = 0, bits } of layout) {
    io.pos = start + offset;
    try {
      io.ensureBytesLeft(bits === undefined ? size : Math.ceil((bitOffset + bits) / 8));
    } catch (error) {
      // Nothing of it has been read.
      throw failedIn(struct, 0, located(struct, id, error));
    }
  }
}

/** The next `size` bytes of a stream that stands within a byte: they are all of `struct`, which is of bit fields. */
export function bitsAhead(
  struct: KaitaiStruct,
  io: KaitaiStream,
  size: number,
  read: (io: KaitaiStream, bits: number) => number,
): DataView {
  const known = io.bitsLeft + 8 * io.available;
  try {
    return new DataView(new Uint8Array(size).map(() => read(io, 8)).buffer);
  } catch (error) {
    const missing = layoutOf(struct).find(({ bitOffset = 0, bits = 0 }) => bitOffset + bits > known);
    throw failedIn(struct, 0, located(struct, missing?.id ?? '', error));
  }
}
