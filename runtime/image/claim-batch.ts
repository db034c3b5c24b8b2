/** Enters many blocks of 1 MiB into the map of owners, in an order that is kind to the processor's cache. */
import { BAT_ENTRY_SIZE, LIMITS } from '../base/limits.js';
import type { OwnershipMap } from './mib-ownership.js';

/** Entries that are read at once. */
const CAPACITY = LIMITS.readChunkBytes / BAT_ENTRY_SIZE;
/** MiBs whose bits are in one page of memory, 4 KiB. */
const NEAR_BITS = 15;
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
  // Made for the first disk that has so many blocks.
  #places = new Int32Array(0);
  #indexes = new Int32Array(0);
  #order = new Int32Array(0);
  readonly #ends = new Int32Array(BUCKETS);
  #count = 0;
  #jumps = 0;
  #last = 0;

  /** `onTaken` is told the entry and the MiB that an earlier one has. */
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
      for (let at = 0; at < count; at += 1) this.#claim(this.#indexes[at] ?? 0, this.#places[at] ?? 0);
    } else {
      const order = this.#sort();
      for (let at = 0; at < count; at += 1) {
        const entry = order[at] ?? 0;
        this.#claim(this.#indexes[entry] ?? 0, this.#places[entry] ?? 0);
      }
    }
    this.#count = 0;
    this.#jumps = 0;
  }

  #claim(index: number, place: number): void {
    const taken = this.#owners.claim(place, 1);
    if (taken !== -1) this.#onTaken(index, taken);
  }

  /** What was noted, by the part of the map (a counting sort, which keeps the order within a part). */
  #sort(): Int32Array {
    const ends = this.#ends;
    ends.fill(0);
    for (let at = 0; at < this.#count; at += 1) {
      const bucket = (this.#places[at] ?? 0) >>> NEAR_BITS;
      ends[bucket] = (ends[bucket] ?? 0) + 1;
    }
    let start = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const count = ends[bucket] ?? 0;
      ends[bucket] = start;
      start += count;
    }
    for (let at = 0; at < this.#count; at += 1) {
      const bucket = (this.#places[at] ?? 0) >>> NEAR_BITS;
      const place = ends[bucket] ?? 0;
      this.#order[place] = at;
      ends[bucket] = place + 1;
    }
    return this.#order;
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
    this.#order = new Int32Array(length);
  }
}
