/** Lists of byte arrays that are made when they are first asked for. */
import { viewed } from './fixed.js';
import type { KaitaiStruct } from './struct.js';

/** Where byte arrays stand in memory that follow each other. */
export class ByteList {
  /** Where the first begins. */
  readonly start: number;
  /** Where each of them ends. */
  readonly ends: number[] = [];

  constructor(start: number) {
    this.start = start;
  }
}

/** The byte arrays of a field, or views of those whose places are noted. */
export function allViewed(struct: KaitaiStruct, held: Uint8Array[] | ByteList): Uint8Array[] {
  if (!(held instanceof ByteList)) return held;
  const { start, ends } = held;
  const list = new Array<Uint8Array>(ends.length);
  let from = start;
  for (let index = 0; index < list.length; index++) {
    const end = ends[index] ?? from;
    list[index] = viewed(struct, from, end - from);
    from = end;
  }
  return list;
}
