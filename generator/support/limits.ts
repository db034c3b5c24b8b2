/** How much reading may take, whatever the file says. */
import type { ReadLimits } from './constraints.js';
import { LimitError } from './errors.js';

/** What applies where `limits` says nothing else. */
export const DEFAULT_LIMITS: Required<ReadLimits> = {
  // A level takes several frames of a stack of about 1 MB.
  depth: 500,
  items: 2 ** 25,
  emptyItems: 2 ** 20,
  allocated: 2 ** 30,
  inflated: 2 ** 28,
};

/** What is left of the limits while a stream, and those within it, are read. */
export class Budget {
  limits: Required<ReadLimits>;
  /** Structures in structures of their own kind, at the moment. */
  depth = 0;
  items = 0;
  emptyItems = 0;
  allocated = 0;
  inflated = 0;

  constructor(limits: ReadLimits | undefined) {
    this.limits = DEFAULT_LIMITS;
    this.renew(limits);
  }

  /** Begins anew, with another structure of the stream. */
  renew(limits: ReadLimits | undefined): void {
    if (this.depth > 0) return;
    if (limits !== undefined) this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.items = this.limits.items;
    this.emptyItems = this.limits.emptyItems;
    this.allocated = this.limits.allocated;
    this.inflated = this.limits.inflated;
  }

  /** A structure of a kind that may hold itself begins at `offset`. @throws {LimitError} */
  enter(offset: number): void {
    if (++this.depth > this.limits.depth) this.exceed('depth', offset);
  }

  leave(): void {
    this.depth -= 1;
  }

  /** @throws {LimitError} where `amount` more, at `offset` of the outermost stream, is too much */
  take(what: 'items' | 'emptyItems' | 'allocated' | 'inflated', amount: number, offset: number): void {
    this[what] -= amount;
    if (this[what] < 0) this.exceed(what, offset);
  }

  exceed(what: keyof ReadLimits, offset: number | undefined): never {
    const most = `${what === 'depth' ? 'a nesting' : 'a total'} of more than ${this.limits[what]}`;
    throw new LimitError(`${most} ${WORDS[what]} (limits.${what})`, offset);
  }
}

/** What is counted. */
const WORDS: Readonly<Record<keyof ReadLimits, string>> = {
  depth: 'structures',
  items: 'list elements',
  emptyItems: 'list elements that take no bytes',
  allocated: 'bytes of processed data and text',
  inflated: 'decompressed bytes',
};
