/** Which part of the old schemas a part of the new ones is: both have one identity, whatever they are called. */
import type { ClassSpec, EnumSpec, EnumValueSpec } from '../spec/model.js';
import type { Member } from './member.js';

export interface Pair<T> {
  readonly old: T;
  readonly new: T;
}

/** The parts of one kind that are in both states. */
export class Pairs<T extends object> {
  readonly #ids: Map<object, string>;
  readonly #partners = new Map<T, T>();

  constructor(ids: Map<object, string>) {
    this.#ids = ids;
  }

  add({ old, new: now }: Pair<T>): void {
    this.#ids.set(now, identify(this.#ids, old));
    this.#partners.set(old, now).set(now, old);
  }

  /** The part of the other state; undefined for what is gone or new. */
  partnerOf(part: T): T | undefined {
    return this.#partners.get(part);
  }

  has(part: T): boolean {
    return this.#partners.has(part);
  }

  /** Those of `old` that have a partner. */
  of(old: Iterable<T>): Pair<T>[] {
    return [...old].flatMap((part) => {
      const partner = this.#partners.get(part);
      return partner === undefined ? [] : [{ old: part, new: partner }];
    });
  }

  /** Those of `parts` that have none. */
  without(parts: Iterable<T>): T[] {
    return [...parts].filter((part) => !this.#partners.has(part));
  }
}

export class Identities {
  readonly #ids = new Map<object, string>();
  readonly types: Pairs<ClassSpec> = new Pairs(this.#ids);
  readonly members: Pairs<Member> = new Pairs(this.#ids);
  readonly enums: Pairs<EnumSpec> = new Pairs(this.#ids);
  readonly values: Pairs<EnumValueSpec> = new Pairs(this.#ids);

  /** The same text for both of a pair, of no other part. */
  of(part: ClassSpec | Member | EnumSpec | EnumValueSpec): string {
    return identify(this.#ids, part);
  }
}

function identify(ids: Map<object, string>, part: object): string {
  const known = ids.get(part) ?? `#${ids.size}`;
  ids.set(part, known);
  return known;
}
