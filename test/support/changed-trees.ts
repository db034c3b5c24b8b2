/** What was read under one state of a schema beside what was read under the next one. */
import type { Identities } from '../../generator/src/diff/identity.js';
import { membersOf } from '../../generator/src/diff/member.js';
import type { Side } from '../../generator/src/diff/side.js';
import type { ClassSpec } from '../../generator/src/spec/model.js';
import { attempt } from './tree-comparison.js';

/** Names of the generated properties (those of the new state) whose values differ. */
export class ChangedTrees {
  readonly differing = new Set<string>();
  /** Names of those that had a value in the old state. */
  readonly present = new Set<string>();
  readonly #old: Side;
  readonly #now: Side;
  readonly #ids: Identities;
  readonly #byName: ReadonlyMap<string, ClassSpec>;
  readonly #seen = new Set<object>();

  constructor(old: Side, now: Side, ids: Identities) {
    this.#old = old;
    this.#now = now;
    this.#ids = ids;
    this.#byName = new Map(old.program.classes.map((spec) => [old.className(spec), spec]));
  }

  compare(old: object, now: object): void {
    if (this.#seen.has(old)) return;
    this.#seen.add(old);
    const spec = this.#byName.get(old.constructor.name);
    if (spec === undefined) return;
    for (const member of membersOf(spec).values()) {
      const partner = this.#ids.members.partnerOf(member);
      if (partner === undefined) continue;
      const name = this.#now.memberName(partner);
      const before = attempt((): unknown => Reflect.get(old, this.#old.names.member(spec, member.id)));
      const after = attempt((): unknown => Reflect.get(now, this.#now.names.member(partner.owner, partner.id)));
      if (before.value !== undefined) this.present.add(name);
      const isSame =
        (before.error === undefined) === (after.error === undefined) && this.#isSame(before.value, after.value);
      if (!isSame) this.differing.add(name);
    }
  }

  /** Structures are the same where they are of one type: what is in them is compared on its own. */
  #isSame(old: unknown, now: unknown): boolean {
    if (old instanceof Uint8Array && now instanceof Uint8Array) return Buffer.compare(old, now) === 0;
    if (Array.isArray(old) && Array.isArray(now)) {
      // All elements that both have are looked at.
      const same = old.map((item, index) => index >= now.length || this.#isSame(item, now[index]));
      return old.length === now.length && same.every(Boolean);
    }
    if (typeof old !== 'object' || old === null || typeof now !== 'object' || now === null)
      return (
        Object.is(old, now) ||
        (typeof old !== typeof now && isNumber(old) && isNumber(now) && BigInt(old) === BigInt(now))
      );
    const [was, is] = [this.#byName.get(old.constructor.name), this.#typeOf(now)];
    if (was === undefined || is === undefined) return was === is;
    if (this.#ids.types.partnerOf(was) !== is) return false;
    this.compare(old, now);
    return true;
  }

  #typeOf(value: object): ClassSpec | undefined {
    return this.#now.program.classes.find((spec) => this.#now.className(spec) === value.constructor.name);
  }
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
