/** Claims payload blocks in the map of owners in batches, in an order that suits the processor's cache. */
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import { Spare } from '../base/spare.js';
import type { OwnershipMap } from './mib-ownership.js';

/** Entries of one reading of the BAT. */
const READING = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;
/** Entries of a batch: with some hundred places in each part of the map, most that share a cache line come together. */
const ENTRIES = 8 * READING;
/** MiBs whose bits are in one page of memory, 4 KiB: a place in such a part of the map, and one bit more, are 16 bits. */
const NEAR_BITS = 15;
const NEAR = 2 ** NEAR_BITS - 1;
const TAKEN = 2 ** NEAR_BITS;
/** Places before this one (128 TiB) are put in order. */
const PLACES = 2 ** 27;
const PARTS = PLACES >>> NEAR_BITS;
/** So many entries without a block end a batch: looking through them takes longer than what the batch gains. */
const MAX_GAP = 512;
/** In the place of an entry of which nothing has been noted: where the header section is, no block can be. */
const NOTHING = 0;

/** Places that are all `NOTHING`. */
const spare = new Spare<Int32Array>();

/**
 * Enters the blocks of several readings of the BAT into the map of owners together. Blocks of 1 MiB that lie near each
 * other are entered one after the other: in the full map of a disk of 64 TiB, whose blocks are in no order, each block for
 * itself would be a miss of cache and address translation. Blocks that follow each other in the file are entered as one
 * range. Of blocks that share a MiB the first one stays the first.
 */
export class ClaimBatch {
  /** The greatest place that `added` takes. */
  static readonly MAX_PLACE: number = PLACES - 1;
  readonly #owners: OwnershipMap;
  readonly #units: number;
  readonly #onTaken: (index: number, place: number, unit: number) => void;
  /** The places of the blocks that are to be entered, in MiB, by the entries of the batch. */
  readonly #places: Int32Array;
  /** The same without their parts of the map, in the order of these. */
  #sorted = new Uint16Array(0);
  /** For each part, how many places there are, and where the next one goes. */
  #counts = new Int32Array(0);
  #next = new Int32Array(0);
  /** The BAT's index of the first entry of the batch, and where in the batch that of the reading is. */
  #base = 0;
  #reading = 0;
  /** Where in the batch there are notes, and how many. */
  #start = 0;
  #end = 0;
  #count = 0;

  /**
   * Blocks have `units` MiBs each, and the BAT has `entries`. `onTaken` receives the entry, its place and the first MiB of
   * it that an earlier one has.
   */
  constructor(
    owners: OwnershipMap,
    { units, entries }: { readonly units: number; readonly entries: number },
    onTaken: (index: number, place: number, unit: number) => void,
  ) {
    this.#owners = owners;
    this.#units = units;
    this.#onTaken = onTaken;
    const length = Math.min(ENTRIES, entries);
    this.#places = spare.take(length) ?? new Int32Array(length);
  }

  /** Leaves its memory to the next one. To be called at the end, after `flush`. */
  release(): void {
    spare.give(this.#places);
  }

  /**
   * Begins with the next reading, the first entry of which is entry `base` of the BAT. Gives an array for the places of
   * its blocks, each at the index of its entry in the reading: `added` says which have been put there.
   */
  begin(base: number): Int32Array {
    if (this.#count === 0) this.#base = base;
    this.#reading = base - this.#base;
    if (this.#reading + READING > this.#places.length) {
      this.flush();
      this.#base = base;
      this.#reading = 0;
    }
    return this.#places.subarray(this.#reading);
  }

  /** Notes the block of entry `index` at `place` MiB; entries come in ascending order. */
  add(index: number, place: number): void {
    if (place < PLACES) {
      const at = index - this.#base;
      this.#places[at] = place;
      this.added(at - this.#reading, 1);
      return;
    }
    // Only larger blocks reach from one part to the other.
    if (this.#units > 1) this.flush();
    this.#claim(index, place);
  }

  /** Notes `count` blocks, from the entry at index `first` of the reading on. */
  added(first: number, count: number): void {
    const at = this.#reading + first;
    if (this.#count > 0 && at - this.#end > MAX_GAP) this.flush();
    if (this.#count === 0) this.#start = at;
    this.#end = at + count;
    this.#count += count;
  }

  /** Enters what has been noted. To be called after the last reading, and before the map is asked. */
  flush(): void {
    if (this.#count === 0) return;
    if (this.#units === 1 && this.#count >= PARTS && this.#isScattered()) {
      this.#sort();
      if (this.#claimSorted()) this.#tellTaken();
    } else this.#claimRuns();
    this.#places.fill(NOTHING, this.#start, this.#end);
    this.#count = 0;
  }

  #claim(index: number, place: number): void {
    const taken = this.#owners.claim(place, this.#units);
    if (taken !== -1) this.#onTaken(index, place, taken);
  }

  /** Enters the blocks in the order of the BAT, those that follow each other as one range. */
  #claimRuns(): void {
    const [places, units] = [this.#places, this.#units];
    for (let at = this.#start; at < this.#end;) {
      const first = at;
      const place = places[at] ?? NOTHING;
      at += 1;
      if (place === NOTHING) continue;
      let next = place + units;
      for (; at < this.#end && places[at] === next; at += 1) next += units;
      if (this.#owners.claimFree(place, next - place)) continue;
      for (let entry = first; entry < at; entry += 1) this.#claim(this.#base + entry, places[entry] ?? 0);
    }
  }

  /** Counts the places of each part of the map; true if those next to each other in the BAT seldom are in the same. */
  #isScattered(): boolean {
    if (this.#counts.length === 0) this.#counts = new Int32Array(PARTS);
    const [places, counts] = [this.#places, this.#counts];
    counts.fill(0);
    let jumps = 0;
    let last = -1;
    for (let at = this.#start, end = this.#end; at < end; at += 1) {
      const place = places[at] ?? NOTHING;
      if (place === NOTHING) continue;
      const part = place >>> NEAR_BITS;
      counts[part] = (counts[part] ?? 0) + 1;
      if (part === last) continue;
      jumps += 1;
      last = part;
    }
    return jumps * 8 >= this.#count;
  }

  /** Sets where the places of each part begin. */
  #rewind(): void {
    if (this.#next.length === 0) this.#next = new Int32Array(PARTS);
    let start = 0;
    for (let part = 0; part < PARTS; part += 1) {
      this.#next[part] = start;
      start += this.#counts[part] ?? 0;
    }
  }

  /** Sorts the places by their parts of the map (a counting sort, which keeps the order within a part). */
  #sort(): void {
    if (this.#sorted.length === 0) this.#sorted = new Uint16Array(this.#places.length);
    this.#rewind();
    const [next, places, sorted] = [this.#next, this.#places, this.#sorted];
    for (let note = this.#start, end = this.#end; note < end; note += 1) {
      const place = places[note] ?? NOTHING;
      if (place === NOTHING) continue;
      const part = place >>> NEAR_BITS;
      const at = next[part] ?? 0;
      sorted[at] = place & NEAR;
      next[part] = at + 1;
    }
  }

  /** Goes through the map once from its start to its end. Marks what is taken; true if there is any. */
  #claimSorted(): boolean {
    const [owners, counts, sorted] = [this.#owners, this.#counts, this.#sorted];
    let isTaken = false;
    let at = 0;
    for (let part = 0; part < PARTS; part += 1) {
      const base = part << NEAR_BITS;
      for (const end = at + (counts[part] ?? 0); at < end; at += 1) {
        const near = sorted[at] ?? 0;
        if (owners.claimOne(base + near)) continue;
        sorted[at] = near | TAKEN;
        isTaken = true;
      }
    }
    return isTaken;
  }

  /** Finds the entries of the places that are marked, by sorting once more. */
  #tellTaken(): void {
    this.#rewind();
    const [next, places, sorted] = [this.#next, this.#places, this.#sorted];
    for (let note = this.#start, end = this.#end; note < end; note += 1) {
      const place = places[note] ?? NOTHING;
      if (place === NOTHING) continue;
      const part = place >>> NEAR_BITS;
      const at = next[part] ?? 0;
      if (((sorted[at] ?? 0) & TAKEN) !== 0) this.#onTaken(this.#base + note, place, place);
      next[part] = at + 1;
    }
  }
}
