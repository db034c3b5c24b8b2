/** The two states side by side, and what is told of them. */
import type { ClassSpec } from '../spec/model.js';
import type { Change } from './change.js';
import type { Effects } from './effects.js';
import type { Identities, Pair } from './identity.js';
import { membersOf, type Member } from './member.js';
import type { Side } from './side.js';

export class Comparison {
  readonly old: Side;
  readonly new: Side;
  readonly ids: Identities;
  readonly effects: Effects;
  readonly changes: Change[] = [];

  constructor(old: Side, now: Side, ids: Identities, effects: Effects) {
    this.old = old;
    this.new = now;
    this.ids = ids;
    this.effects = effects;
  }

  tell(change: Omit<Change, 'isAddition'> & { readonly isAddition?: boolean }): void {
    this.changes.push({ isAddition: false, ...change });
  }

  /** Types with a partner. */
  get types(): Pair<ClassSpec>[] {
    return this.ids.types.of(this.old.program.classes);
  }

  /** Members of all types that have a partner. */
  get members(): Pair<Member>[] {
    return this.types.flatMap(({ old }) => this.ids.members.of(membersOf(old).values()));
  }

  /** The generated name of a member: the new one, where it is still there. */
  nameOf(member: Member): string {
    const isNew = this.new.program.classes.includes(member.owner);
    return (isNew ? this.new : this.old).memberName(member);
  }
}
