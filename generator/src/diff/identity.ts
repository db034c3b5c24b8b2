/** Which part of the old schemas a part of the new ones is: both have one identity, whatever they are called. */
import type { ClassSpec, EnumSpec, EnumValueSpec } from '../spec/model.js';
import type { Member } from './member.js';

export type Part = ClassSpec | EnumSpec | EnumValueSpec | Member;

export interface Pair<T> {
  readonly old: T;
  readonly new: T;
}

export class Identities {
  readonly #ids = new Map<Part, string>();
  readonly #partners = new Map<Part, Part>();
  #count = 0;

  /** The same text for both of a pair, of no other part. */
  of(part: Part): string {
    const known = this.#ids.get(part) ?? `#${this.#count++}`;
    this.#ids.set(part, known);
    return known;
  }

  pair<T extends Part>(old: T, now: T): void {
    this.#ids.set(now, this.of(old));
    this.#partners.set(old, now);
    this.#partners.set(now, old);
  }

  /** The part of the other side; undefined for what is gone or new. */
  partner<T extends Part>(part: T): T | undefined {
    return this.#partners.get(part) as T | undefined;
  }

  isPaired(part: Part): boolean {
    return this.#partners.has(part);
  }
}
