/** Which parts of two states of schemas belong together: by name, and what was renamed by what it looks like. */
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import { usedTypes } from '../types/program.js';
import { Identities, type Pair, type Pairs } from './identity.js';
import { isRead, membersOf, type Member } from './member.js';
import { classShapes, enumShape, memberShape } from './shape.js';
import type { Side } from './side.js';

/** Pairs what belongs together. `areOne`: the first schema of each side is the same one, whatever it is called. */
export function match(old: Side, now: Side, areOne: boolean): Identities {
  const ids = new Identities();
  const roots = (side: Side): ClassSpec[] => side.program.files.map(({ root }) => root);
  new Matcher(old, now, ids).matchFiles(roots(old), roots(now), areOne);
  return ids;
}

class Matcher {
  readonly #old: Side;
  readonly #now: Side;
  readonly #ids: Identities;

  constructor(old: Side, now: Side, ids: Identities) {
    this.#old = old;
    this.#now = now;
    this.#ids = ids;
  }

  matchFiles(old: readonly ClassSpec[], now: readonly ClassSpec[], areOne: boolean): void {
    const [first, partner] = [old[0], now[0]];
    if (areOne && first !== undefined && partner !== undefined) this.#pairTypes({ old: first, new: partner });
    this.#matchTypes(old, now);
  }

  #matchTypes(old: readonly ClassSpec[], now: readonly ClassSpec[]): void {
    for (const pair of sameIds(old, now)) this.#pairTypes(pair);
    const rest = lacking(this.#ids.types, old, now);
    const shape = (spec: ClassSpec): string => JSON.stringify(classShapes(spec));
    for (const pair of alike(rest.old, rest.new, shape)) this.#pairTypes(pair);
  }

  #pairTypes({ old, new: now }: Pair<ClassSpec>): void {
    const { types } = this.#ids;
    if (types.has(old) || types.has(now)) return;
    types.add({ old, new: now });
    this.#matchMembers([...membersOf(old).values()], [...membersOf(now).values()]);
    this.#matchEnums([...old.enums.values()], [...now.enums.values()]);
    this.#matchTypes([...old.types.values()], [...now.types.values()]);
    this.#matchUsedTypes(old);
  }

  #matchMembers(old: readonly Member[], now: readonly Member[]): void {
    for (const pair of sameIds(old.filter(isNamed), now.filter(isNamed))) this.#ids.members.add(pair);
    // A renamed field stands between the same neighbours; the order of other members means nothing.
    for (const kind of ['param', 'field', 'parse', 'value'] as const) {
      const ofKind = (members: readonly Member[]): Member[] => members.filter((member) => member.kind === kind);
      const gaps = kind === 'field' || kind === 'param' ? this.#gaps(ofKind(old), ofKind(now)) : [];
      const rest = lacking(this.#ids.members, ofKind(old), ofKind(now));
      for (const gap of gaps.length > 0 ? gaps : [rest]) {
        for (const pair of alike(gap.old, gap.new, memberShape)) this.#ids.members.add(pair);
        // Read otherwise as well, but with the same words about it.
        const left = lacking(this.#ids.members, gap.old.filter(isDocumented), gap.new.filter(isDocumented));
        for (const pair of alike(left.old, left.new, wordsOf)) this.#ids.members.add(pair);
      }
    }
  }

  /** Runs of members without a partner that stand behind the same one with a partner. */
  #gaps(old: readonly Member[], now: readonly Member[]): { old: Member[]; new: Member[] }[] {
    const ofOld = this.#runs(old);
    const ofNew = this.#runs(now);
    return [...ofOld].map(([behind, members]) => ({ old: members, new: ofNew.get(behind) ?? [] }));
  }

  #runs(members: readonly Member[]): Map<string, Member[]> {
    const runs = new Map<string, Member[]>();
    let behind = '';
    for (const member of members) {
      if (this.#ids.members.has(member)) behind = this.#ids.of(member);
      else runs.set(behind, [...(runs.get(behind) ?? []), member]);
    }
    return runs;
  }

  #matchEnums(old: readonly EnumSpec[], now: readonly EnumSpec[]): void {
    const pair = (each: Pair<EnumSpec>): void => {
      this.#ids.enums.add(each);
      for (const value of sameIds(each.old.values, each.new.values)) this.#ids.values.add(value);
      const rest = lacking(this.#ids.values, each.old.values, each.new.values);
      for (const value of alike(rest.old, rest.new, (one) => String(one.value))) this.#ids.values.add(value);
    };
    for (const each of sameIds(old, now)) pair(each);
    const rest = lacking(this.#ids.enums, old, now);
    for (const each of alike(rest.old, rest.new, enumShape)) pair(each);
  }

  /** A field whose type is gone, and is now read as one that is new: a renamed type, where they have much in common. */
  #matchUsedTypes(old: ClassSpec): void {
    for (const member of membersOf(old).values()) {
      const partner = this.#ids.members.partnerOf(member);
      if (partner === undefined || !isRead(member) || !isRead(partner)) continue;
      const before = usedTypes(this.#old.program, member.attr, old);
      const after = usedTypes(this.#now.program, partner.attr, partner.owner);
      for (const [index, one] of before.entries()) {
        const other = after[index];
        if (other === undefined || before.length !== after.length) continue;
        if (this.#isGone(one, this.#now) && this.#isGone(other, this.#old) && haveMuchInCommon(one, other))
          this.#pairTypes({ old: one, new: other });
      }
    }
  }

  /** Whether the other side has no type of that path. */
  #isGone(spec: ClassSpec, other: Side): boolean {
    const path = spec.path.join('::');
    return !this.#ids.types.has(spec) && !other.program.classes.some((each) => each.path.join('::') === path);
  }
}

/** What has no partner, of both states. */
const lacking = <T extends object>(pairs: Pairs<T>, old: readonly T[], now: readonly T[]): { old: T[]; new: T[] } => ({
  old: pairs.without(old),
  new: pairs.without(now),
});

const isNamed = ({ id }: Member): boolean => !id.startsWith('_unnamed');

const isDocumented = ({ doc }: Member): boolean => doc.origId !== undefined || doc.summary !== undefined;

const wordsOf = ({ doc }: Member): string => JSON.stringify([doc.origId, doc.summary]);

function sameIds<T extends { readonly id: string }>(old: readonly T[], now: readonly T[]): Pair<T>[] {
  const byId = new Map(now.map((part) => [part.id, part]));
  return old.flatMap((part) => {
    const partner = byId.get(part.id);
    return partner === undefined ? [] : [{ old: part, new: partner }];
  });
}

/** Parts of equal shapes, in order: each is paired with the first like it that is left. */
function alike<T>(old: readonly T[], now: readonly T[], shape: (part: T) => string): Pair<T>[] {
  const left = new Map<string, T[]>();
  for (const part of now) left.set(shape(part), [...(left.get(shape(part)) ?? []), part]);
  return old.flatMap((part) => {
    const partner = left.get(shape(part))?.shift();
    return partner === undefined ? [] : [{ old: part, new: partner }];
  });
}

/** At least half of the members of the greater type. */
function haveMuchInCommon(a: ClassSpec, b: ClassSpec): boolean {
  const [few, many] = [classShapes(a), classShapes(b)].toSorted((one, other) => one.length - other.length);
  const left = [...(few ?? [])];
  const common = (many ?? []).filter((shape) => {
    const index = left.indexOf(shape);
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
  return common.length * 2 >= (many ?? []).length && common.length > 0;
}
