/** Lists of structures that are made when they are first asked for. */
import { itemsLeft, nextItem } from './lists.js';
import type { KaitaiStream } from './stream.js';
import { heldBy, type KaitaiStruct } from './struct.js';

/** Where structures of one fixed size stand that follow each other. */
export class StructList {
  declare readonly io: KaitaiStream;
  /** Where the first begins, in bytes from the start of `io`. */
  declare readonly start: number;
  declare readonly count: number;

  constructor(io: KaitaiStream, start: number, count: number) {
    this.io = io;
    this.start = start;
    this.count = count;
  }
}

type StructType<T> = new (io: KaitaiStream, parent?: KaitaiStruct, root?: KaitaiStruct) => T;

/**
 * Moves behind `count` structures of `size` bytes, which are the field `name` of `struct`; without `count`, behind all that
 * are left. Where the stream or a limit ends before they do, they are read one by one up to there.
 */
export function putOff<T extends KaitaiStruct>(
  struct: KaitaiStruct,
  name: string,
  io: KaitaiStream,
  type: StructType<T>,
  size: number,
  count?: number,
  isForeign = false,
): StructList | T[] {
  const { budget, pos: start } = io;
  const items = count ?? itemsLeft(io, size);
  if (items > 0 && items * size <= io.available && (count !== undefined || items <= budget.items)) {
    if (count === undefined) budget.items -= items;
    io._take(items * size);
    return new StructList(io, start, items);
  }
  const list: T[] = [];
  Object.assign(struct, { [`_m_${name}`]: (struct['_filling'] = list) });
  for (let i = 0; i < items; i++) {
    if (count === undefined) nextItem(io);
    const item = isForeign ? heldBy(struct, new type(io)) : new type(io, struct, struct['_top']);
    item._read(io);
    list.push(item);
  }
  struct['_filling'] = undefined;
  return list;
}

/** The structures of a field, each made by `make` of where it begins: `at` in memory, `start` in `io`. */
export function allMade<T>(
  held: StructList | T[],
  size: number,
  make: (io: KaitaiStream, at: number, start: number) => T,
): T[] {
  if (!(held instanceof StructList)) return held;
  const { io, count } = held;
  const list = new Array<T>(count);
  for (let index = 0, start = held.start; index < count; index++, start += size)
    list[index] = make(io, io.base + start, start);
  return list;
}
