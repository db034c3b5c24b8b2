/** BAT entries by block, through a cache of pages. */
import { InternalError } from '../errors/internal-error.js';
import {
  VhdxPayloadBatEntryView,
  VhdxSectorBitmapBatEntryView,
  type VhdxPayloadBatEntry_PayloadState,
  type VhdxSectorBitmapBatEntry_SectorBitmapState,
} from '../../generated/index.js';
import type { Bat } from '../format/bat.js';
import { BAT_ENTRY_SIZE, LOG_SECTOR_SIZE } from '../base/limits.js';
import { PageCache, type PageSector, pinSectors } from '../io/page-cache.js';
import type { SourceReadOptions } from '../io/byte-source.js';
import { roundUp } from '../base/units.js';

/** Entries of a page: 64 KiB of the BAT, which describe 8 GiB of a disk with blocks of 1 MiB. */
const PAGE_ENTRIES = 8192;
/** BAT pages kept by default, in bytes. */
export const DEFAULT_BAT_CACHE_BYTES: number = 4 * 1024 * 1024;

/** Part of the BAT in both readings of its entries. */
interface Page {
  readonly bytes: Uint8Array;
  readonly payload: VhdxPayloadBatEntryView;
  readonly bitmap: VhdxSectorBitmapBatEntryView;
}

/** An entry of the BAT: where it stands and what it says. */
export interface BlockEntry {
  readonly index: number;
  readonly state: VhdxPayloadBatEntry_PayloadState;
  readonly fileOffsetMb: number;
}

/** What an entry is to say. */
export interface BlockPlace<State extends number> {
  readonly state: State;
  readonly fileOffsetMb: number;
}

/**
 * BAT entries by block, through a cache of pages with a budget in bytes. What is in the cache is answered without a
 * promise, because most reads of a disk find it there.
 */
export class BatPages {
  readonly #bat: Bat;
  readonly #pages: PageCache<Page>;

  constructor(bat: Bat, budgetBytes: number = DEFAULT_BAT_CACHE_BYTES) {
    this.#bat = bat;
    this.#pages = new PageCache(budgetBytes / (PAGE_ENTRIES * BAT_ENTRY_SIZE));
  }

  /** The entry of payload block `block`, if its page is in the cache. */
  payload(block: number): BlockEntry | undefined {
    const index = this.#bat.geometry.payloadIndex(block);
    const page = this.#pages.get(Math.floor(index / PAGE_ENTRIES));
    if (page === undefined) return undefined;
    const at = index % PAGE_ENTRIES;
    return { index, state: page.payload.state(at), fileOffsetMb: page.payload.fileOffsetMb(at) };
  }

  /** The entry of the sector bitmap block of `chunk`, if its page is in the cache. */
  bitmap(chunk: number): BlockEntry | undefined {
    const index = this.#bat.geometry.sectorBitmapIndex(chunk);
    const page = this.#pages.get(Math.floor(index / PAGE_ENTRIES));
    if (page === undefined) return undefined;
    const at = index % PAGE_ENTRIES;
    return { index, state: page.bitmap.state(at), fileOffsetMb: page.bitmap.fileOffsetMb(at) };
  }

  /** Changes the entry of payload block `block`, whose page is in the cache. Returns the sector that it lies in. */
  setPayload(block: number, entry: BlockPlace<VhdxPayloadBatEntry_PayloadState>): PageSector {
    const index = this.#bat.geometry.payloadIndex(block);
    return this.#set(index, (page, at) => page.payload.set(at, entry));
  }

  /** Changes the entry of the sector bitmap block of `chunk`, whose page is in the cache; as `setPayload`. */
  setBitmap(chunk: number, entry: BlockPlace<VhdxSectorBitmapBatEntry_SectorBitmapState>): PageSector {
    const index = this.#bat.geometry.sectorBitmapIndex(chunk);
    return this.#set(index, (page, at) => page.bitmap.set(at, entry));
  }

  #set(index: number, change: (page: Page, at: number) => void): PageSector {
    const number = Math.floor(index / PAGE_ENTRIES);
    const page = this.#pages.get(number);
    if (page === undefined) throw new InternalError(`BAT entry ${index} is not in memory`);
    const at = index % PAGE_ENTRIES;
    change(page, at);
    const place = { number, fileOffset: this.#bat.entryOffset(number * PAGE_ENTRIES), bytes: page.bytes };
    const start = at * BAT_ENTRY_SIZE;
    const [sector] = pinSectors(this.#pages, place, [start, start + BAT_ENTRY_SIZE], LOG_SECTOR_SIZE);
    if (sector === undefined) throw new InternalError(`BAT entry ${index} lies in no sector`);
    return sector;
  }

  loadPayload(block: number, options?: SourceReadOptions): Promise<void> {
    return this.#load(this.#bat.geometry.payloadIndex(block), options);
  }

  loadBitmap(chunk: number, options?: SourceReadOptions): Promise<void> {
    return this.#load(this.#bat.geometry.sectorBitmapIndex(chunk), options);
  }

  /** Brings the page of entry `index` into the cache. */
  #load(index: number, options?: SourceReadOptions): Promise<void> {
    const number = Math.floor(index / PAGE_ENTRIES);
    return this.#pages.load(number, () => this.#read(number, options));
  }

  async #read(number: number, options?: SourceReadOptions): Promise<Page> {
    const first = number * PAGE_ENTRIES;
    const entries = Math.min(PAGE_ENTRIES, this.#bat.geometry.entries - first);
    // Whole sectors, as the log writes them; the region, in whole MiB, has room for that.
    const count = roundUp(entries, LOG_SECTOR_SIZE / BAT_ENTRY_SIZE);
    const bytes = await this.#bat.readEntries(first, count, options);
    return { bytes, payload: new VhdxPayloadBatEntryView(bytes), bitmap: new VhdxSectorBitmapBatEntryView(bytes) };
  }
}
