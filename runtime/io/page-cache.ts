/** Pages in memory, with a budget and pins. */
import { InternalError } from '../errors/internal-error.js';
import { LRUCache } from 'lru-cache';

/**
 * Pages in memory, by number, within a budget. What is in memory is answered without a promise. A pinned page stays,
 * whatever the budget says: it has changes that are not in the file yet.
 */
export class PageCache<Page extends object> {
  readonly #recent: LRUCache<number, Page>;
  readonly #pinned = new Map<number, { readonly page: Page; pins: number }>();
  readonly #loading = new Map<number, Promise<void>>();

  /** `pages`: how many are kept, pinned ones not counted; at least 1. */
  constructor(pages: number) {
    this.#recent = new LRUCache({ max: Math.max(1, Math.floor(pages)) });
  }

  /** The page, if it is in memory. */
  get(number: number): Page | undefined {
    const page = this.#recent.get(number);
    return page === undefined && this.#pinned.size > 0 ? this.#pinned.get(number)?.page : page;
  }

  /** Brings a page into memory; concurrent calls share one `read`, so that there is one page of each number. */
  async load(number: number, read: () => Promise<Page>): Promise<void> {
    if (this.get(number) !== undefined) return;
    let loading = this.#loading.get(number);
    if (loading === undefined) {
      loading = this.#read(number, read);
      this.#loading.set(number, loading);
    }
    await loading;
  }

  async #read(number: number, read: () => Promise<Page>): Promise<void> {
    try {
      this.#recent.set(number, await read());
    } finally {
      this.#loading.delete(number);
    }
  }

  /** Keeps a page, which is in memory, until it has been unpinned as often as it was pinned. */
  pin(number: number): void {
    const pinned = this.#pinned.get(number);
    if (pinned !== undefined) {
      pinned.pins += 1;
      return;
    }
    const page = this.get(number);
    if (page === undefined) throw new InternalError(`page ${number} is not in memory`);
    this.#pinned.set(number, { page, pins: 1 });
  }

  unpin(number: number): void {
    const pinned = this.#pinned.get(number);
    if (pinned === undefined) throw new InternalError(`page ${number} is not pinned`);
    pinned.pins -= 1;
    if (pinned.pins > 0) return;
    this.#pinned.delete(number);
    // Used a moment ago: as recent as any.
    this.#recent.set(number, pinned.page);
  }
}

/**
 * A changed 4 KiB sector of a page, the unit of the log. `bytes` are part of the page and change with it; the page is
 * pinned until `release` is called.
 */
export interface PageSector {
  readonly fileOffset: number;
  readonly bytes: Uint8Array;
  release(): void;
}

/** The sectors of `sectorBytes` bytes that `[start, end)` of a page's bytes lies in; each pins the page. */
export function pinSectors<Page extends object>(
  cache: PageCache<Page>,
  page: { readonly number: number; readonly fileOffset: number; readonly bytes: Uint8Array },
  [start, end]: readonly [number, number],
  sectorBytes: number,
): PageSector[] {
  const sectors: PageSector[] = [];
  for (let at = start - (start % sectorBytes); at < end; at += sectorBytes) {
    cache.pin(page.number);
    sectors.push({
      fileOffset: page.fileOffset + at,
      bytes: page.bytes.subarray(at, at + sectorBytes),
      release: () => cache.unpin(page.number),
    });
  }
  return sectors;
}
