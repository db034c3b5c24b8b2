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
  declare limits: Required<ReadLimits>;
  /** Structures in structures of their own kind, at the moment. */
  declare depth: number;
  declare items: number;
  declare emptyItems: number;
  declare allocated: number;
  declare inflated: number;

  constructor(limits: ReadLimits | undefined) {
    this.depth = 0;
    this.limits = DEFAULT_LIMITS;
    this.renew(limits);
  }

  /** Begins anew, with another structure of the stream. */
  renew(limits: ReadLimits | undefined): void {
    if (this.depth > 0) return;
    if (limits !== undefined) this.limits = { ...DEFAULT_LIMITS, ...limits };
    ({
      items: this.items,
      emptyItems: this.emptyItems,
      allocated: this.allocated,
      inflated: this.inflated,
    } = this.limits);
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

/** A stream, and where it stands. */
interface Limited {
  readonly budget: Budget;
  readonly origin: number;
  readonly pos: number;
}

/** A structure of a kind that may hold itself begins. @throws {LimitError} */
export function enter({ budget, origin, pos }: Limited): void {
  if (++budget.depth > budget.limits.depth) budget.exceed('depth', origin + pos);
}

/** Such a structure ends. */
export function leave({ budget }: Limited): void {
  budget.depth -= 1;
}

/** What is counted. */
const WORDS: Readonly<Record<keyof ReadLimits, string>> = {
  depth: 'structures',
  items: 'list elements',
  emptyItems: 'list elements that take no bytes',
  allocated: 'bytes of processed data and text',
  inflated: 'decompressed bytes',
};
