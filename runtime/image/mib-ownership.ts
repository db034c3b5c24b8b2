/** Who owns each MiB of a file. */
import { HEADER_SECTION_SIZE, LIMITS } from '../base/limits.js';
import { regionTitle } from '../format/region-table.js';
import { ceilDivide, MIB } from '../base/units.js';
import type { Walk } from './walk.js';

/** MiBs of the file in one page of the map: 64 GiB. */
const PAGE_BITS = 65_536;
const PAGE_WORDS = PAGE_BITS / 32;

/**
 * MiBs of the file that are in one array instead of pages: 128 TiB, which every file of a disk has room in. Blocks in no
 * order touch the map at random, and one array is one miss of the processor's cache where a page is three.
 */
const FLAT_UNITS = 2 ** 27;

/** Something that lies in the file by itself: the header section, the log, a region. */
export interface FixedExtent {
  /** First byte in the file. */
  readonly fileOffset: number;
  /** Length in bytes. */
  readonly length: number;
  /** Name with its article: `the log`. */
  readonly title: string;
}

/** Ranges that do not touch each other, in ascending order. */
interface MergedExtents {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function mergeExtents(extents: readonly FixedExtent[]): MergedExtents {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { fileOffset, length } of extents.toSorted((one, other) => one.fileOffset - other.fileOffset)) {
    const last = ends.length - 1;
    const end = fileOffset + length;
    if (fileOffset <= (ends[last] ?? -1)) ends[last] = Math.max(ends[last] ?? 0, end);
    else {
      starts.push(fileOffset);
      ends.push(end);
    }
  }
  return { starts, ends };
}

/**
 * Who owns each MiB of a file. The few fixed structures are a list; blocks are one bit for each MiB: up to 128 TiB in an
 * array that grows with the file, behind that in pages that are made when they are needed. So a file of 64 TiB takes
 * 8 MiB. [MS-VHDX] 2.1
 */
export class OwnershipMap {
  readonly #extents: FixedExtent[] = [];
  #flat = new Int32Array(0);
  readonly #pages = new Map<number, Int32Array>();
  #merged: MergedExtents | undefined;
  /** The MiBs that several blocks have: none in a sound image. */
  #shared: OwnershipMap | undefined;
  #end = 0;
  #structuresEnd = 0;
  /** True if a block was not entered because the map had become too large. */
  incomplete = false;

  addExtent(extent: FixedExtent): void {
    this.#extents.push(extent);
    this.#merged = undefined;
    const end = ceilDivide(extent.fileOffset + extent.length, MIB);
    this.#structuresEnd = Math.max(this.#structuresEnd, end);
    this.#end = Math.max(this.#end, end);
  }

  /** First MiB behind the fixed structures. */
  get structuresEnd(): number {
    return this.#structuresEnd;
  }

  /** First MiB behind all that has been entered. */
  get end(): number {
    return this.#end;
  }

  get extents(): readonly FixedExtent[] {
    return this.#extents;
  }

  /** True if a fixed structure shares a byte with the range. Costs the logarithm of their number. */
  touchesExtent(fileOffset: number, length: number): boolean {
    this.#merged ??= mergeExtents(this.#extents);
    const { starts, ends } = this.#merged;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ends[middle] ?? 0) > fileOffset) high = middle;
      else low = middle + 1;
    }
    return (starts[low] ?? Number.POSITIVE_INFINITY) < fileOffset + length;
  }

  /** The first fixed structure that shares a byte with the range. */
  extentAt(fileOffset: number, length: number): FixedExtent | undefined {
    const end = fileOffset + length;
    return this.#extents.find((extent) => extent.fileOffset < end && fileOffset < extent.fileOffset + extent.length);
  }

  /** As `claim` of a single MiB; false if a block has it. */
  claimOne(unit: number): boolean {
    const flat = this.#flat;
    const at = unit >>> 5;
    if (unit >= this.#end || unit >= FLAT_UNITS || at >= flat.length) return this.claim(unit, 1) === -1;
    const mask = 1 << (unit & 31);
    const word = flat[at] ?? 0;
    flat[at] = word | mask;
    return (word & mask) === 0;
  }

  /**
   * Enters `count` MiBs from `first` on if it is known at once that no block has any of them. False, with nothing entered,
   * if one has, and for what is not in the array.
   */
  claimFree(first: number, count: number): boolean {
    const end = first + count;
    if (end > FLAT_UNITS) return false;
    if (end > this.#end) this.#end = end;
    if (end > this.#flat.length * 32) this.#growFlat(end);
    const flat = this.#flat;
    const [from, to] = [first >>> 5, (end - 1) >>> 5];
    const head = -1 << (first & 31);
    const tail = -1 >>> (31 - ((end - 1) & 31));
    if (from === to) {
      const mask = head & tail;
      if (((flat[from] ?? 0) & mask) !== 0) return false;
      flat[from] = (flat[from] ?? 0) | mask;
      return true;
    }
    if (((flat[from] ?? 0) & head) !== 0 || ((flat[to] ?? 0) & tail) !== 0) return false;
    for (let word = from + 1; word < to; word += 1) if (flat[word] !== 0) return false;
    flat[from] = (flat[from] ?? 0) | head;
    flat.fill(-1, from + 1, to);
    flat[to] = (flat[to] ?? 0) | tail;
    return true;
  }

  /** Enters a block of `count` MiBs from `first` on; returns the first of them that another block has, or -1. */
  claim(first: number, count: number): number {
    let taken = -1;
    if (first + count > this.#end) this.#end = first + count;
    if (first + count <= FLAT_UNITS) {
      if (first + count > this.#flat.length * 32) this.#growFlat(first + count);
      const flat = this.#flat;
      for (let unit = first, end = first + count; unit < end; unit += 1) {
        const mask = 1 << (unit & 31);
        const word = flat[unit >>> 5] ?? 0;
        if ((word & mask) === 0) flat[unit >>> 5] = word | mask;
        else if (taken === -1) taken = unit;
      }
      return taken;
    }
    for (let unit = first, end = first + count; unit < end;) {
      const page = this.#page(Math.floor(unit / PAGE_BITS));
      const pageEnd = Math.min(end, (Math.floor(unit / PAGE_BITS) + 1) * PAGE_BITS);
      if (page === undefined) {
        unit = pageEnd;
        continue;
      }
      for (; unit < pageEnd; unit += 1) {
        const bit = unit % PAGE_BITS;
        const mask = 1 << (bit & 31);
        const word = page[bit >>> 5] ?? 0;
        if ((word & mask) === 0) page[bit >>> 5] = word | mask;
        else if (taken === -1) taken = unit;
      }
    }
    return taken;
  }

  /** Notes that a block of `count` MiBs from `first` on has some of them in common with others. */
  share(first: number, count: number): void {
    this.#shared ??= new OwnershipMap();
    this.#shared.claim(first, count);
  }

  /** True if one of `count` MiBs from `first` on belongs to several blocks, as far as `share` has been told. */
  isShared(first: number, count: number): boolean {
    if (this.#shared === undefined) return false;
    for (let unit = first, end = first + count; unit < end; unit += 1) {
      if (this.#shared.isClaimed(unit)) return true;
    }
    return false;
  }

  /** True if a fixed structure or a block has one of `count` MiBs from `first` on. */
  isTaken(first: number, count: number): boolean {
    if (this.touchesExtent(first * MIB, count * MIB)) return true;
    for (let unit = first, end = first + count; unit < end; unit += 1) {
      if (this.isClaimed(unit)) return true;
    }
    return false;
  }

  /** True if a block has the MiB `unit`. */
  isClaimed(unit: number): boolean {
    const bit = unit % PAGE_BITS;
    const word = this.#pageAt(Math.floor(unit / PAGE_BITS))?.[bit >>> 5] ?? 0;
    return (word & (1 << (bit & 31))) !== 0;
  }

  /**
   * The ranges that neither a fixed structure nor a block owns, in ascending order, as [first MiB, end MiB), up to the
   * end of a file of `fileSize` bytes. The last MiB may be incomplete.
   */
  *free(fileSize: number): Generator<readonly [number, number]> {
    const end = ceilDivide(fileSize, MIB);
    const fixed = this.#extents
      .map(({ fileOffset, length }) => [Math.floor(fileOffset / MIB), ceilDivide(fileOffset + length, MIB)] as const)
      .toSorted(([one], [other]) => one - other);
    let start = 0;
    for (const [first, after] of fixed) {
      if (first > start) yield* this.#freeOfBlocks(start, Math.min(first, end));
      start = Math.max(start, after);
    }
    if (start < end) yield* this.#freeOfBlocks(start, end);
  }

  *#freeOfBlocks(from: number, to: number): Generator<readonly [number, number]> {
    let start = -1;
    for (let unit = from; unit < to;) {
      const number = Math.floor(unit / PAGE_BITS);
      const page = this.#pageAt(number);
      const pageEnd = Math.min(to, (number + 1) * PAGE_BITS);
      if (page === undefined) {
        if (start === -1) start = unit;
        unit = pageEnd;
        continue;
      }
      for (; unit < pageEnd; unit += 1) {
        const bit = unit % PAGE_BITS;
        const word = page[bit >>> 5] ?? 0;
        // Whole words first: most of a file is one or the other.
        if ((bit & 31) === 0 && unit + 32 <= pageEnd && (word === -1 || word === 0)) {
          if (word === 0 && start === -1) start = unit;
          if (word === -1 && start !== -1) {
            yield [start, unit];
            start = -1;
          }
          unit += 31;
          continue;
        }
        const claimed = (word & (1 << (bit & 31))) !== 0;
        if (!claimed && start === -1) start = unit;
        if (claimed && start !== -1) {
          yield [start, unit];
          start = -1;
        }
      }
    }
    if (start !== -1 && start < to) yield [start, to];
  }

  /** Makes room for the blocks of a file of `fileSize` bytes. What is not used of it takes no memory of the host. */
  reserve(fileSize: number): void {
    const pages = Math.ceil(Math.min(fileSize / MIB, FLAT_UNITS) / PAGE_BITS);
    if (pages * PAGE_WORDS > this.#flat.length) this.#resizeFlat(pages * PAGE_WORDS);
  }

  /** Makes the array long enough for `units` MiBs. */
  #growFlat(units: number): void {
    this.#resizeFlat(Math.max(PAGE_WORDS, 2 ** Math.ceil(Math.log2(units / 32))));
  }

  #resizeFlat(words: number): void {
    const grown = new Int32Array(words);
    grown.set(this.#flat);
    this.#flat = grown;
  }

  /** The words of a page, if it has been made. */
  #pageAt(number: number): Int32Array | undefined {
    const start = number * PAGE_WORDS;
    if (number * PAGE_BITS >= FLAT_UNITS) return this.#pages.get(number);
    return start < this.#flat.length ? this.#flat.subarray(start, start + PAGE_WORDS) : undefined;
  }

  /** The words of a page, which is made if it has to be and there are not too many yet. */
  #page(number: number): Int32Array | undefined {
    if (number * PAGE_BITS < FLAT_UNITS && (number + 1) * PAGE_BITS > this.#flat.length * 32) {
      this.#growFlat((number + 1) * PAGE_BITS);
    }
    const found = this.#pageAt(number);
    if (found !== undefined) return found;
    if (this.#pages.size >= LIMITS.ownershipPages) {
      this.incomplete = true;
      return undefined;
    }
    const made = new Int32Array(PAGE_WORDS);
    this.#pages.set(number, made);
    return made;
  }
}

/**
 * The map of owners with everything that the header and the region table place, behind the end of the file too: an
 * optional region that is missing there must not get blocks in its place when the file grows. [MS-VHDX] 2.2
 */
export function mapStructures({ log, regions }: Pick<Walk, 'log' | 'regions'>): OwnershipMap {
  const owners = new OwnershipMap();
  owners.addExtent({ fileOffset: 0, length: HEADER_SECTION_SIZE, title: 'the header section' });
  if (log?.place !== undefined) owners.addExtent({ ...log.place, title: 'the log' });
  for (const region of regions?.regions ?? []) {
    const { fileOffset, length } = region;
    owners.addExtent({ fileOffset, length, title: regionTitle(region) });
  }
  return owners;
}
