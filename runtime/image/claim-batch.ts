/** Claims blocks of 1 MiB in the map of owners in batches, in an order that suits the processor's cache. */
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import type { OwnershipMap } from './mib-ownership.js';

/** MiBs whose bits are in one page of memory, 4 KiB. */
const NEAR_BITS = 15;
const NEAR = 2 ** NEAR_BITS - 1;
/** What is left of 32 bits for the number of a note. */
const NOTE_BITS = 32 - NEAR_BITS;
const NOTE = 2 ** NOTE_BITS - 1;
/** Entries that are read at once, as far as they can be numbered. */
const CAPACITY = Math.min(NOTE + 1, LIMITS.readChunkBytes / BAT_ENTRY_SIZE);
/** Places up to this one (128 TiB) are put in order. */
const PLACES = 2 ** 27;
const BUCKETS = PLACES >>> NEAR_BITS;

/**
 * Enters blocks of 1 MiB into the map of owners, many at a time and those that lie near each other together: in the full
 * map of a disk of 64 TiB, whose blocks are in no order, each block for itself would be a miss of cache and address
 * translation, which takes five times as long. Of blocks with the same place the first one stays the first.
 */
export class ClaimBatch {
  readonly #owners: OwnershipMap;
  readonly #onTaken: (index: number, unit: number) => void;
  // Allocated for the first disk that has enough blocks.
  #places = new Int32Array(0);
  #indexes = new Int32Array(0);
  /** Notes in the order of their parts of the map: the place in its part, and the number of the note. */
  #sorted = new Int32Array(0);
  #ends = new Int32Array(0);
  #count = 0;
  #jumps = 0;
  #last = 0;

  /** `onTaken` receives the entry and the MiB that an earlier one has. */
  constructor(owners: OwnershipMap, onTaken: (index: number, unit: number) => void) {
    this.#owners = owners;
    this.#onTaken = onTaken;
  }

  /** Notes the block of entry `index` at `place` MiB. */
  add(index: number, place: number): void {
    if (place >= PLACES) {
      this.#claim(index, place);
      return;
    }
    if (this.#count === this.#places.length) this.#grow();
    this.#places[this.#count] = place;
    this.#indexes[this.#count] = index;
    this.#count += 1;
    if (place >>> NEAR_BITS !== this.#last) {
      this.#jumps += 1;
      this.#last = place >>> NEAR_BITS;
    }
  }

  /** Enters what has been noted. To be called after each reading of the BAT, and before the map is asked. */
  flush(): void {
    const count = this.#count;
    if (this.#jumps * 8 < count || count < BUCKETS) {
      for (let note = 0; note < count; note += 1) this.#claim(this.#indexes[note] ?? 0, this.#places[note] ?? 0);
    } else {
      this.#sort();
      this.#claimSorted();
    }
    this.#count = 0;
    this.#jumps = 0;
  }

  #claim(index: number, place: number): void {
    const taken = this.#owners.claim(place, 1);
    if (taken !== -1) this.#onTaken(index, taken);
  }

  /** Sorts the notes by the part of the map (a counting sort, which keeps the order within a part). */
  #sort(): void {
    if (this.#ends.length === 0) this.#ends = new Int32Array(BUCKETS);
    const [ends, places, sorted, count] = [this.#ends, this.#places, this.#sorted, this.#count];
    ends.fill(0);
    for (let note = 0; note < count; note += 1) {
      const bucket = (places[note] ?? 0) >>> NEAR_BITS;
      ends[bucket] = (ends[bucket] ?? 0) + 1;
    }
    let start = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const inBucket = ends[bucket] ?? 0;
      ends[bucket] = start;
      start += inBucket;
    }
    for (let note = 0; note < count; note += 1) {
      const place = places[note] ?? 0;
      const bucket = place >>> NEAR_BITS;
      const at = ends[bucket] ?? 0;
      sorted[at] = ((place & NEAR) << NOTE_BITS) | note;
      ends[bucket] = at + 1;
    }
  }

  /** Goes through the map once from its start to its end; a note itself is looked up only where a place is taken. */
  #claimSorted(): void {
    const [owners, ends, sorted] = [this.#owners, this.#ends, this.#sorted];
    let at = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const base = bucket << NEAR_BITS;
      for (const end = ends[bucket] ?? 0; at < end; at += 1) {
        const near = sorted[at] ?? 0;
        const place = base + (near >>> NOTE_BITS);
        if (!owners.claimOne(place)) this.#onTaken(this.#indexes[near & NOTE] ?? 0, place);
      }
    }
  }

  #grow(): void {
    const length = Math.min(CAPACITY, Math.max(256, this.#places.length * 4));
    if (length === this.#places.length) {
      this.flush();
      return;
    }
    const grown = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const longer = new Int32Array(length);
      longer.set(array);
      return longer;
    };
    this.#places = grown(this.#places);
    this.#indexes = grown(this.#indexes);
    this.#sorted = new Int32Array(length);
  }
}
