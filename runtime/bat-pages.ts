import { LRUCache } from 'lru-cache';
import {
  VhdxPayloadBatEntryView,
  VhdxSectorBitmapBatEntryView,
  type VhdxPayloadBatEntry_PayloadState,
} from '../generated/index.js';
import type { Bat } from './bat.js';
import { BAT_ENTRY_SIZE } from './limits.js';
import type { SourceReadOptions } from './source.js';

/** Entries of a page: 64 KiB of the BAT, which describe 8 GiB of a disk with blocks of 1 MiB. */
const PAGE_ENTRIES = 8192;
/** BAT pages kept by default, in bytes. */
export const DEFAULT_BAT_CACHE_BYTES: number = 4 * 1024 * 1024;

/** Part of the BAT in both readings of its entries. */
interface Page {
  readonly payload: VhdxPayloadBatEntryView;
  readonly bitmap: VhdxSectorBitmapBatEntryView;
}

/** An entry of the BAT: where it stands and what it says. */
export interface BlockEntry {
  readonly index: number;
  readonly state: VhdxPayloadBatEntry_PayloadState;
  readonly fileOffsetMb: number;
}

/**
 * BAT entries by block, through a cache of pages with a budget in bytes. What is in the cache is answered without a
 * promise, because most reads of a disk find it there.
 */
export class BatPages {
  readonly #bat: Bat;
  readonly #pages: LRUCache<number, Page>;
  readonly #loading = new Map<number, Promise<Page>>();

  constructor(bat: Bat, budgetBytes: number = DEFAULT_BAT_CACHE_BYTES) {
    this.#bat = bat;
    const pageBytes = PAGE_ENTRIES * BAT_ENTRY_SIZE;
    this.#pages = new LRUCache({ max: Math.max(1, Math.floor(budgetBytes / pageBytes)) });
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

  loadPayload(block: number, options?: SourceReadOptions): Promise<void> {
    return this.#load(this.#bat.geometry.payloadIndex(block), options);
  }

  loadBitmap(chunk: number, options?: SourceReadOptions): Promise<void> {
    return this.#load(this.#bat.geometry.sectorBitmapIndex(chunk), options);
  }

  /** Brings the page of entry `index` into the cache; concurrent calls share one read. */
  async #load(index: number, options?: SourceReadOptions): Promise<void> {
    const number = Math.floor(index / PAGE_ENTRIES);
    if (this.#pages.has(number)) return;
    let loading = this.#loading.get(number);
    if (loading === undefined) {
      loading = this.#read(number, options).finally(() => this.#loading.delete(number));
      this.#loading.set(number, loading);
    }
    this.#pages.set(number, await loading);
  }

  async #read(number: number, options?: SourceReadOptions): Promise<Page> {
    const first = number * PAGE_ENTRIES;
    const count = Math.min(PAGE_ENTRIES, this.#bat.geometry.entries - first);
    const bytes = await this.#bat.readEntries(first, count, options);
    return { payload: new VhdxPayloadBatEntryView(bytes), bitmap: new VhdxSectorBitmapBatEntryView(bytes) };
  }
}
