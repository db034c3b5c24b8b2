/** A byte source that reads zeros where its base cannot be read. */
import { VhdxError } from '../errors/errors.js';
import type { ByteSource, SourceReadOptions } from './byte-source.js';

/** A range of bytes. */
export interface Hole {
  /** First byte. */
  readonly start: number;
  /** First byte behind it. */
  readonly end: number;
}

/** What a drive gives or does not give as a whole, in bytes. */
const SECTOR = 512;

/** Whether the bytes of a place could not be had, while others still may be. */
export function isLocalFault(error: unknown): error is Error {
  if (error instanceof VhdxError) return error.code === 'VHDX_SOURCE_IO' || error.code === 'VHDX_SOURCE_SHORT_READ';
  return error instanceof Error && 'code' in error && error.code === 'EIO';
}

/**
 * A source that can be read everywhere: what its base cannot give reads as zeros, sector by sector, and is remembered as
 * a hole. So is what lies past the end, which `size` still tells. For salvage alone: whoever reads has to look for holes
 * in what was read.
 */
export class HoleSource implements ByteSource {
  readonly #base: ByteSource;
  /** In ascending order, disjoint, not adjacent. */
  readonly #holes: Hole[] = [];

  constructor(base: ByteSource) {
    this.#base = base;
  }

  get size(): number {
    return this.#base.size;
  }

  get path(): string | undefined {
    return this.#base.path;
  }

  get hostAllocatedSize(): number | undefined {
    return this.#base.hostAllocatedSize;
  }

  get identity(): string | undefined {
    return this.#base.identity;
  }

  /** Always fills `into` whole. @throws what is wrong with more than a place of the base; the reason of the signal */
  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    const there = Math.max(0, Math.min(into.length, this.size - position));
    if (there > 0) await this.#read(into.subarray(0, there), position, options);
    if (there < into.length) this.#lose(into.subarray(there), position + there);
    return into.length;
  }

  async close(): Promise<void> {
    await this.#base.close?.();
  }

  /** The holes found so far in `length` bytes from `position` on, cut off at its ends. */
  holesIn(position: number, length: number): Hole[] {
    const end = position + length;
    const found: Hole[] = [];
    for (let index = this.#firstAfter(position); index < this.#holes.length; index += 1) {
      const hole = this.#holes[index];
      if (hole === undefined || hole.start >= end) break;
      found.push({ start: Math.max(hole.start, position), end: Math.min(hole.end, end) });
    }
    return found;
  }

  /** Where the next hole begins or the one that `position` is in ends; Infinity if there is none. */
  nextEdge(position: number): number {
    const hole = this.#holes[this.#firstAfter(position)];
    if (hole === undefined) return Infinity;
    return hole.start > position ? hole.start : hole.end;
  }

  async #read(into: Uint8Array, position: number, options: SourceReadOptions | undefined): Promise<void> {
    options?.signal?.throwIfAborted();
    let done = 0;
    try {
      while (done < into.length) {
        const count = await this.#base.read(into.subarray(done), position + done, options);
        if (count <= 0) break;
        done += count;
      }
    } catch (error) {
      if (!isLocalFault(error)) throw error;
    }
    if (done === into.length) return;
    const rest = into.subarray(done);
    const half = splitAt(position + done, rest.length);
    if (half === undefined) {
      this.#lose(rest, position + done);
      return;
    }
    await this.#read(rest.subarray(0, half), position + done, options);
    await this.#read(rest.subarray(half), position + done + half, options);
  }

  #lose(bytes: Uint8Array, start: number): void {
    bytes.fill(0);
    let hole: Hole = { start, end: start + bytes.length };
    // Those that it touches become one with it.
    const first = this.#firstAfter(start - 1);
    let after = first;
    for (let next = this.#holes[after]; next !== undefined && next.start <= hole.end; next = this.#holes[after]) {
      hole = { start: Math.min(hole.start, next.start), end: Math.max(hole.end, next.end) };
      after += 1;
    }
    this.#holes.splice(first, after - first, hole);
  }

  /** Index of the first hole that ends after `position`. */
  #firstAfter(position: number): number {
    let [low, high] = [0, this.#holes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#holes[middle]?.end ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Where to cut `length` bytes from `position` on so that both parts end with a sector; undefined within one. */
function splitAt(position: number, length: number): number | undefined {
  const [first, last] = [Math.floor(position / SECTOR), Math.floor((position + length - 1) / SECTOR)];
  return first === last ? undefined : Math.ceil((first + last) / 2) * SECTOR - position;
}
