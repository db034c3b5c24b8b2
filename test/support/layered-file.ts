import type { ByteSource } from '../../runtime/io/byte-source.js';
import type { SparseSource } from './sparse-source.js';

/** Bytes of a page: what the writer writes its metadata in. */
export const PAGE = 4096;

/** The bytes of a page of a file, which never change: whoever writes makes another page. */
export interface Page {
  readonly bytes: Uint8Array;
}

const ZEROS = new Uint8Array(PAGE);

/**
 * A file of pages over another one, which must not change any more while there are layers over it. A layer costs memory
 * and time for the pages that are written in it, however long the file is.
 */
export class LayeredFile implements ByteSource {
  size: number;
  /** The pages that were written in this layer, by their number. */
  readonly pages = new Map<number, Page>();
  readonly below: LayeredFile | undefined;

  private constructor(below: LayeredFile | undefined, size: number) {
    this.below = below;
    this.size = size;
  }

  /** The file as it is now; what happens to it later does not show. */
  static of(file: SparseSource): LayeredFile {
    const layer = new LayeredFile(undefined, file.size);
    for (const [position, bytes] of file.stored()) {
      for (let at = 0; at < bytes.length; at += PAGE)
        layer.pages.set((position + at) / PAGE, { bytes: bytes.slice(at, at + PAGE) });
    }
    return layer;
  }

  /** A layer over this file. */
  copy(): LayeredFile {
    return new LayeredFile(this, this.size);
  }

  /** The page of this number, or `undefined` if it is zeros that nobody wrote. */
  pageAt(number: number): Page | undefined {
    return this.pages.get(number) ?? this.below?.pageAt(number);
  }

  read(into: Uint8Array, position: number): Promise<number> {
    const length = Math.max(0, Math.min(into.length, this.size - position));
    this.copyInto(length === into.length ? into : into.subarray(0, length), position);
    return Promise.resolve(length);
  }

  /** Fills `into` with the bytes from `position` on; zeros where nothing was written, behind the end too. */
  copyInto(into: Uint8Array, position: number): void {
    for (let at = 0; at < into.length;) {
      const from = (position + at) % PAGE;
      const count = Math.min(PAGE - from, into.length - at);
      const page = this.pageAt((position + at - from) / PAGE);
      if (page === undefined) into.fill(0, at, at + count);
      else into.set(count === PAGE ? page.bytes : page.bytes.subarray(from, from + count), at);
      at += count;
    }
  }

  /** The bytes now at `[position, position + length)`, as a copy. */
  bytes(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.copyInto(bytes, position);
    return bytes;
  }

  /** Writes `bytes`, which must not change afterwards; the file becomes longer if it has to. */
  write(bytes: Uint8Array, position: number): void {
    for (const piece of piecesOf(bytes, position)) this.put(piece);
  }

  /** Makes the file shorter, to whole pages; what is cut off is zeros if it becomes longer again. */
  cut(size: number): void {
    this.size = size;
    const cutOff = (layer: LayeredFile): void => {
      for (const number of layer.pages.keys()) if (number * PAGE >= size) this.pages.set(number, { bytes: ZEROS });
      if (layer.below !== undefined) cutOff(layer.below);
    };
    cutOff(this);
  }

  /** Writes a piece, as `write` does. */
  put(piece: Piece): void {
    const { number, from, page } = piece;
    this.size = Math.max(this.size, number * PAGE + from + page.bytes.length);
    if (page.bytes.length === PAGE) {
      this.pages.set(number, page);
      return;
    }
    const bytes = Uint8Array.from(this.pageAt(number)?.bytes ?? ZEROS);
    bytes.set(page.bytes, from);
    this.pages.set(number, { bytes });
  }
}

/** A part of a write that lies in one page: from byte `from` of it on, all of it if `page` is a whole one. */
export interface Piece {
  readonly number: number;
  readonly from: number;
  readonly page: Page;
}

/** A write as pieces. Those that are whole pages share the array. */
export function piecesOf(bytes: Uint8Array, position: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length;) {
    const from = (position + at) % PAGE;
    const count = Math.min(PAGE - from, bytes.length - at);
    pieces.push({ number: (position + at - from) / PAGE, from, page: { bytes: bytes.subarray(at, at + count) } });
    at += count;
  }
  return pieces;
}
