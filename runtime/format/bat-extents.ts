/** Runs of BAT entries that continue each other, found without an object per entry. */
import { VhdxPayloadBatEntryView, VhdxSectorBitmapBatEntryView } from '../../generated/index.js';
import { firstNonzero } from '../base/bytes.js';
import { PayloadState } from './bat-states.js';
import { BAT_ENTRY_SIZE, SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import { MIB } from '../base/units.js';
import type { BatGeometry } from './bat-geometry.js';

/**
 * Purpose of a BAT entry; `unused`: the last chunk of a differencing disk has entries for blocks past the end of the
 * disk. [MS-VHDX] 2.5
 */
export type BatEntryKind = 'payload' | 'bitmap' | 'unused';

/**
 * Consecutive BAT entries that continue each other: of one kind and one state, with the same reserved bits, and either
 * without storage or with storage without a gap. The entry of a sector bitmap block is an extent of its own.
 */
export interface BatExtent {
  /** Kind of the entries. */
  readonly kind: BatEntryKind;
  /** Index of the first entry in the BAT. */
  readonly index: number;
  /** Number of the first entry's block, or of the chunk of a sector bitmap block. */
  readonly number: number;
  /** Number of entries, at least 1. */
  readonly count: number;
  /** State of the entries. [MS-VHDX] 2.5.1.1, 2.5.1.2 */
  readonly state: number;
  /** Of the first entry; 0 if none has storage. */
  readonly fileOffsetMb: number;
  /** Bits 3 to 19. */
  readonly reserved: number;
}

/** So many entries are compared one by one before the rest is looked through by other means. */
const NEAR_ENTRIES = 64;

/**
 * Goes through entries in memory, from extent to extent: `next` makes the properties those of the next one. One object
 * for them all, since a table has up to 67 million entries, each of which may be an extent.
 */
export class BatExtents implements BatExtent {
  kind: BatEntryKind = 'payload';
  index = 0;
  number = 0;
  count = 0;
  state = 0;
  fileOffsetMb = 0;
  reserved = 0;
  /** MiBs of storage of each entry. */
  units = 0;
  readonly #geometry: BatGeometry;
  /** MiBs of a payload block. */
  readonly #blockUnits: number;
  /** Two words for each entry, to compare entries without decoding them. */
  readonly #words: Int32Array;
  readonly #payload: VhdxPayloadBatEntryView;
  readonly #bitmap: VhdxSectorBitmapBatEntryView;
  readonly #bytes: Uint8Array;
  #base = 0;
  /** The next entry, and the end of those of its kind and of all; counted in memory. */
  #at = 0;
  #kindEnd = 0;
  #end = 0;

  /** `bytes`, whose start is aligned to 4, is refilled for each reading. */
  constructor(geometry: BatGeometry, bytes: Uint8Array) {
    this.#geometry = geometry;
    this.#blockUnits = geometry.blockSize / MIB;
    this.#bytes = bytes;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    this.#payload = new VhdxPayloadBatEntryView(bytes);
    this.#bitmap = new VhdxSectorBitmapBatEntryView(bytes);
  }

  /** Begins with the `count` entries that have been read, the first of which is entry `index` of the BAT. */
  reset(index: number, count: number): void {
    this.#base = index;
    this.#at = 0;
    this.#kindEnd = 0;
    this.#end = count;
    this.count = 0;
  }

  /** Index in the BAT of the first entry in memory. */
  get base(): number {
    return this.#base;
  }

  /**
   * Goes on past the entries of payload blocks that are FULLY_PRESENT, without reserved bits, and at places from `lowest`
   * to `highest` (MiB, inclusive, less than 2^31), up to the first that is not; `index` and `count` say which they are.
   * Their places go to `places`, each to the index of its entry in memory. For tables whose blocks are in no order: most
   * extents of such a one have one entry.
   */
  takePlaces(places: Int32Array, lowest: number, highest: number): void {
    const start = this.#at;
    if (start < this.#end) this.#goOn(start);
    this.index = this.#base + start;
    this.count = 0;
    if (start >= this.#end || this.kind !== 'payload') return;
    const [entries, end, { FULLY_PRESENT }] = [this.#payload, this.#kindEnd, PayloadState];
    let at = start;
    while (at < end && entries.state(at) === FULLY_PRESENT && entries.reserved(at) === 0) {
      const place = entries.fileOffsetMb(at);
      if (place < lowest || place > highest) break;
      places[at] = place;
      at += 1;
    }
    this.count = at - start;
    this.#at = at;
  }

  /** Goes on to the next extent; false if there is none. */
  next(): boolean {
    const at = this.#at;
    if (at >= this.#end) return false;
    this.#goOn(at);
    const entries = this.kind === 'bitmap' ? this.#bitmap : this.#payload;
    this.index = this.#base + at;
    this.state = entries.state(at);
    this.reserved = entries.reserved(at);
    this.fileOffsetMb = entries.fileOffsetMb(at);
    const end = this.#endOf(at);
    this.count = end - at;
    this.#at = end;
    return true;
  }

  /** FileOffsetMB of the entry `step` places behind the first one of the extent. */
  placeOf(step: number): number {
    return this.fileOffsetMb === 0 ? 0 : this.fileOffsetMb + step * this.units;
  }

  /** A copy of the bytes of the first entry. */
  get firstBytes(): Uint8Array {
    const start = (this.index - this.#base) * BAT_ENTRY_SIZE;
    return this.#bytes.slice(start, start + BAT_ENTRY_SIZE);
  }

  /** Makes `kind` and `number` those of the entry `at`, behind what was gone through last. */
  #goOn(at: number): void {
    if (at >= this.#kindEnd) this.#enter(at);
    else this.number += this.count;
  }

  /** Finds out of what kind the entry `at` is, and where those of that kind end. */
  #enter(at: number): void {
    const { kind, number } = this.#geometry.entryAt(this.#base + at);
    const { payloadBlocks, chunkRatio } = this.#geometry;
    this.number = number;
    if (kind === 'bitmap') {
      this.kind = kind;
      this.units = SECTOR_BITMAP_BLOCK_SIZE / MIB;
      this.#kindEnd = at + 1;
      return;
    }
    this.units = this.#blockUnits;
    this.kind = number < payloadBlocks ? 'payload' : 'unused';
    const chunkEnd = number - (number % chunkRatio) + chunkRatio;
    const end = number < payloadBlocks ? Math.min(chunkEnd, payloadBlocks) : chunkEnd;
    this.#kindEnd = Math.min(this.#end, at + end - number);
  }

  /** End of the extent that begins with entry `at`, which has been decoded. */
  #endOf(at: number): number {
    const next = at + 1;
    if (next >= this.#kindEnd) return next;
    if (this.fileOffsetMb === 0) return this.#equalEnd(at);
    // Mostly there is nothing to join, or very much.
    return this.#payload.fileOffsetMb(next) === this.fileOffsetMb + this.units ? this.#contiguousEnd(at) : next;
  }

  /** End of the entries that equal entry `at`. */
  #equalEnd(at: number): number {
    const first = at + 1;
    const near = Math.min(this.#kindEnd, first + NEAR_ENTRIES);
    const end = this.#equalUntil(first, near);
    if (end < near) return end;
    if (this.state !== 0 || this.reserved !== 0) return this.#equalUntil(near, this.#kindEnd);
    // Zeros are most of the table of a dynamic disk.
    const nonzero = firstNonzero(this.#bytes.subarray(near * BAT_ENTRY_SIZE, this.#kindEnd * BAT_ENTRY_SIZE));
    return nonzero === -1 ? this.#kindEnd : near + Math.floor(nonzero / BAT_ENTRY_SIZE);
  }

  /** The first entry from `at` on that does not equal the one before it, or `end`. */
  #equalUntil(at: number, end: number): number {
    const words = this.#words;
    let word = at * 2;
    while (word < end * 2 && words[word] === words[word - 2] && words[word + 1] === words[word - 1]) word += 2;
    return word >>> 1;
  }

  /** End of the entries that go on with the storage of entry `at`. */
  #contiguousEnd(at: number): number {
    const entries = this.#payload;
    let place = this.fileOffsetMb + this.units;
    let next = at + 1;
    while (
      next < this.#kindEnd &&
      entries.fileOffsetMb(next) === place &&
      entries.state(next) === this.state &&
      entries.reserved(next) === this.reserved
    ) {
      place += this.units;
      next += 1;
    }
    return next;
  }
}
