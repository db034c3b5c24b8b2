/** Lists of byte arrays that are made when they are first asked for. */
import { bytesAt, type KaitaiStruct } from './struct.js';

/** Where byte arrays stand that follow each other. */
export class ByteList {
  /** Where the first begins, in bytes from the start of the stream. */
  readonly start: number;
  /** Where each of them ends. */
  readonly ends: number[] = [];

  constructor(start: number) {
    this.start = start;
  }
}

/** The byte arrays that `struct` was read with. */
export function byteArraysOf(struct: KaitaiStruct, { start, ends }: ByteList): Uint8Array[] {
  const list = new Array<Uint8Array>(ends.length);
  let from = start;
  for (let index = 0; index < list.length; index++) {
    const end = ends[index] ?? from;
    list[index] = bytesAt(struct, from, end - from);
    from = end;
  }
  return list;
}
