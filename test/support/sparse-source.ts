import type { ByteSource } from '../../runtime/io/byte-source.js';

const CHUNK = 64 * 1024;

/** A file in memory that has zeros wherever nothing was written, so that it can be as long as a file can be. */
export class SparseSource implements ByteSource {
  size: number;
  readonly #chunks = new Map<number, Uint8Array>();

  constructor(size = 0) {
    this.size = size;
  }

  /** How many bytes of memory the file takes. */
  get memory(): number {
    return this.#chunks.size * CHUNK;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    const length = Math.max(0, Math.min(into.length, this.size - position));
    this.fill(into.subarray(0, length), position);
    return Promise.resolve(length);
  }

  /** Fills `into` with the bytes from `position` on; zeros where nothing was written, behind the end too. */
  fill(into: Uint8Array, position: number): void {
    this.#each(position, into.length, (chunk, from, at, count) => {
      if (chunk === undefined) into.fill(0, at, at + count);
      else into.set(chunk.subarray(from, from + count), at);
    });
  }

  /** The bytes now at `[position, position + length)`, as a copy. */
  bytes(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#each(position, length, (chunk, from, at, count) => {
      if (chunk !== undefined) bytes.set(chunk.subarray(from, from + count), at);
    });
    return bytes;
  }

  /** Writes `bytes`; the file becomes longer if it has to. */
  write(bytes: Uint8Array, position: number): void {
    this.size = Math.max(this.size, position + bytes.length);
    for (let at = 0; at < bytes.length;) {
      const number = Math.floor((position + at) / CHUNK);
      const from = (position + at) % CHUNK;
      const count = Math.min(CHUNK - from, bytes.length - at);
      let chunk = this.#chunks.get(number);
      if (chunk === undefined) {
        chunk = new Uint8Array(CHUNK);
        this.#chunks.set(number, chunk);
      }
      chunk.set(bytes.subarray(at, at + count), from);
      at += count;
    }
  }

  /** Makes the file shorter; what is cut off is zeros if it becomes longer again. */
  cut(size: number): void {
    this.size = size;
    for (const [number, chunk] of this.#chunks) {
      if (number * CHUNK >= size) this.#chunks.delete(number);
      else if ((number + 1) * CHUNK > size) chunk.fill(0, size - number * CHUNK);
    }
  }

  /** What was written, in pieces of any length, with their positions. */
  *stored(): Generator<readonly [position: number, bytes: Uint8Array]> {
    for (const [number, chunk] of this.#chunks) yield [number * CHUNK, chunk];
  }

  copy(): SparseSource {
    const copy = new SparseSource(this.size);
    for (const [number, chunk] of this.#chunks) copy.#chunks.set(number, Uint8Array.from(chunk));
    return copy;
  }

  #each(
    position: number,
    length: number,
    take: (chunk: Uint8Array | undefined, from: number, at: number, count: number) => void,
  ): void {
    for (let at = 0; at < length;) {
      const number = Math.floor((position + at) / CHUNK);
      const from = (position + at) % CHUNK;
      const count = Math.min(CHUNK - from, length - at);
      take(this.#chunks.get(number), from, at, count);
      at += count;
    }
  }
}
