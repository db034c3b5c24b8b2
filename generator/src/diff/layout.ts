/** Fields that are read otherwise, and calculated values: what files mean. */
import type { ClassSpec } from '../spec/model.js';
import { usedTypes } from '../types/program.js';
import { bitSizeOfAttr } from '../types/sizes.js';
import type { Comparison } from './comparison.js';
import { PARENT } from './effects.js';
import { canonical } from './expression.js';
import { factsOf, sameFact, type Fact, type Facts } from './facts.js';
import type { Pair } from './identity.js';
import type { Side } from './side.js';
import {
  fieldsOf,
  isRead,
  memberPath,
  membersOf,
  typePath,
  type FieldMember,
  type Member,
  type ReadMember,
} from './member.js';

export function compareLayouts(comparison: Comparison): void {
  for (const pair of comparison.members) compareMember(comparison, pair);
  for (const pair of comparison.types) {
    compareSequence(comparison, pair);
    compareText(comparison, pair);
  }
}

function compareMember(comparison: Comparison, { old, new: now }: Pair<Member>): void {
  if (isRead(old) && isRead(now) && old.kind === now.kind) compareReading(comparison, { old, new: now });
  else if (old.kind === 'value' && now.kind === 'value') compareValues(comparison, old, now);
  else if (old.kind !== now.kind)
    tellReading(comparison, { old, new: now }, `${WORDS[old.kind]} → ${WORDS[now.kind]}`, old, now);
}

const WORDS = { field: 'a field', parse: 'an instance', value: 'a calculated value', param: 'a parameter' } as const;

function compareReading(comparison: Comparison, pair: Pair<ReadMember>): void {
  const before = factsOf(comparison.old, comparison.ids, pair.old);
  const after = factsOf(comparison.new, comparison.ids, pair.new);
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    // What only some types have goes with the type.
    (name) => !OF_TYPES.has(name) || (before.has(name) && after.has(name)),
  );
  const differing = names.filter((name) => !sameFact(before.get(name), after.get(name)));
  const hasOtherCases = differing.some((name) => name.startsWith('case '));
  for (const name of differing) {
    if (name === 'order of cases' && hasOtherCases) continue;
    tellFact(comparison, pair, name, before, after);
  }
}

const OF_TYPES: ReadonlySet<string> = new Set(['endian', 'bit-endian', 'encoding']);

function tellFact(comparison: Comparison, pair: Pair<ReadMember>, name: string, before: Facts, after: Facts): void {
  const [old, now] = [before.get(name), after.get(name)];
  const message = factMessage(name, old, now, name === 'type' ? sizes(comparison, pair) : '');
  const at = { at: old?.at ?? pair.old.at };
  const by = { at: now?.at ?? pair.new.at };
  if (name === 'arguments') tellArguments(comparison, pair, message, at, by);
  else if (name === 'parent')
    tellCalculated(comparison, [PARENT], { subject: memberPath(pair.new), message, old: at.at, new: by.at });
  else {
    // Said by `meta`, of all fields that say nothing themselves.
    const owner = old?.by !== undefined && now?.by !== undefined ? now.by : undefined;
    const subject = owner === undefined ? undefined : typePath(owner);
    tellReading(comparison, pair, message, at, by, subject);
  }
}

function factMessage(name: string, old: Fact | undefined, now: Fact | undefined, note: string): string {
  if (name.startsWith('case ')) {
    if (old === undefined) return `new ${now?.shown ?? name}`;
    if (now === undefined) return `${old.shown} is gone`;
    return `${old.shown} → ${now.shown.replace(/^case .*?: (?=[^:]|::)/, '')}`;
  }
  const shown = (fact: Fact | undefined): string => fact?.shown ?? 'none';
  if (old === undefined) return `new ${name}: ${shown(now)}`;
  return now === undefined ? `${name} ${shown(old)} is gone` : `${name}: ${shown(old)} → ${shown(now)}${note}`;
}

/** `(4 → 8 bytes)` */
function sizes(comparison: Comparison, pair: Pair<ReadMember>): string {
  const old = bitSizeOfAttr(comparison.old.program, pair.old.attr, pair.old.owner);
  const now = bitSizeOfAttr(comparison.new.program, pair.new.attr, pair.new.owner);
  if (old === undefined || now === undefined || old === now) return '';
  const isWhole = old % 8 === 0 && now % 8 === 0;
  return isWhole ? ` (${old / 8} → ${now / 8} bytes)` : ` (${old} → ${now} bits)`;
}

interface Placed {
  readonly at: Member['at'];
}

function tellReading(
  comparison: Comparison,
  pair: Pair<Member>,
  message: string,
  old: Placed,
  now: Placed,
  subject: string = memberPath(pair.new),
): void {
  comparison.tell({
    kind: 'bytes',
    subject,
    message,
    old: old.at,
    new: now.at,
    touches: reachedNames(comparison, readingSources(comparison, pair), pair.new.owner),
  });
}

/** What differs from the start where a member is read otherwise. */
function readingSources(comparison: Comparison, { old, new: now }: Pair<Member>): string[] {
  const { effects } = comparison;
  const used = [
    ...(isRead(old) ? usedTypes(comparison.old.program, old.attr, old.owner) : []),
    ...(isRead(now) ? usedTypes(comparison.new.program, now.attr, now.owner) : []),
  ];
  const value = [effects.value(now), ...used.map((spec) => effects.source(spec))];
  return keepsExtent(comparison, old, now) ? value : [...value, effects.extent(now)];
}

function keepsExtent(comparison: Comparison, old: Member, now: Member): boolean {
  if (old.kind === 'parse' && now.kind === 'parse') return true;
  if (old.kind !== 'field' || now.kind !== 'field') return false;
  if (old.attr.type.kind === 'bits' || now.attr.type.kind === 'bits') return false;
  const size = bitSizeOfAttr(comparison.old.program, old.attr, old.owner);
  return size !== undefined && size === bitSizeOfAttr(comparison.new.program, now.attr, now.owner);
}

function tellArguments(
  comparison: Comparison,
  pair: Pair<ReadMember>,
  message: string,
  old: Placed,
  now: Placed,
): void {
  const used = usedTypes(comparison.new.program, pair.new.attr, pair.new.owner);
  const params = used.flatMap((spec) => paramsOf(spec).map((param) => comparison.effects.value(param)));
  tellCalculated(comparison, params, {
    subject: memberPath(pair.new),
    message,
    old: old.at,
    new: now.at,
  });
}

const paramsOf = (spec: ClassSpec): Member[] => [...membersOf(spec).values()].filter(({ kind }) => kind === 'param');

function compareValues(
  comparison: Comparison,
  old: Extract<Member, { kind: 'value' }>,
  now: Extract<Member, { kind: 'value' }>,
): void {
  const key = (side: Side, member: typeof old, about: 'value' | 'if'): string | undefined => {
    const expr = member.spec[about];
    return expr && canonical(side, comparison.ids, expr, { owner: member.owner });
  };
  for (const about of ['value', 'if'] as const) {
    if (key(comparison.old, old, about) === key(comparison.new, now, about)) continue;
    const shown = (member: typeof old): string => member.spec[about]?.text.trim() ?? 'none';
    tellCalculated(comparison, [comparison.effects.value(now)], {
      subject: memberPath(now),
      message: `${about}: ${shown(old)} → ${shown(now)}`,
      old: old.spec[about]?.at ?? old.at,
      new: now.spec[about]?.at ?? now.at,
    });
  }
}

/** What `toString` gives. */
function compareText(comparison: Comparison, { old, new: now }: Pair<ClassSpec>): void {
  const key = (side: Side, spec: ClassSpec): string | undefined =>
    spec.toStringExpr && canonical(side, comparison.ids, spec.toStringExpr, { owner: spec });
  if (key(comparison.old, old) === key(comparison.new, now)) return;
  const shown = ({ toStringExpr }: ClassSpec): string => toStringExpr?.text.trim() ?? 'none';
  comparison.tell({
    kind: 'values',
    subject: typePath(now),
    message: `to-string: ${shown(old)} → ${shown(now)}`,
    old: old.toStringExpr?.at ?? old.at,
    new: now.toStringExpr?.at ?? now.at,
    touches: [comparison.new.className(now)],
  });
}

/** A calculated value is one of `values`, unless what is read from files depends on it. */
export function tellCalculated(
  comparison: Comparison,
  sources: readonly string[],
  told: Pick<Parameters<Comparison['tell']>[0], 'subject' | 'message' | 'old' | 'new'>,
  names: readonly string[] = [],
): void {
  const reached = comparison.effects.reached(sources);
  const touches = [...names, ...reached.map((member) => comparison.nameOf(member))];
  comparison.tell({ ...told, kind: reached.some(isRead) ? 'bytes' : 'values', touches });
}

const reachedNames = (comparison: Comparison, sources: readonly string[], first: ClassSpec): string[] =>
  comparison.effects.reached(sources, first).map((member) => comparison.nameOf(member));

/** Fields that are new, gone, or in another order. */
function compareSequence(comparison: Comparison, { old, new: now }: Pair<ClassSpec>): void {
  const [before, after] = [fieldsOf(old), fieldsOf(now)];
  const neighbour = (fields: readonly FieldMember[], index: number): string => {
    const behind = fields[index - 1];
    return behind === undefined ? 'at the start' : `behind ${behind.id}`;
  };
  for (const [index, field] of before.entries()) {
    if (comparison.ids.members.has(field)) continue;
    tellField(comparison, field, `field is gone, which was ${neighbour(before, index)}`, 'old');
  }
  for (const [index, field] of after.entries()) {
    if (comparison.ids.members.has(field)) continue;
    tellField(comparison, field, `new field ${neighbour(after, index)}`, 'new');
  }
  const isInBoth = (field: FieldMember): boolean => comparison.ids.members.partnerOf(field)?.kind === 'field';
  const order = before.filter(isInBoth).map((field) => comparison.ids.of(field));
  const kept = longestCommon(
    order,
    after.filter(isInBoth).map((field) => comparison.ids.of(field)),
  );
  for (const [index, field] of after.entries()) {
    const partner = comparison.ids.members.partnerOf(field);
    if (!isInBoth(field) || partner === undefined || kept.has(comparison.ids.of(field))) continue;
    const { effects } = comparison;
    const was = before.findIndex((each) => each === partner);
    const sources = [effects.start(comparison.new, now, index), effects.start(comparison.old, old, was)];
    comparison.tell({
      kind: 'bytes',
      subject: memberPath(field),
      message: `moved: was ${neighbour(before, was)}, is ${neighbour(after, index)}`,
      old: partner.at,
      new: field.at,
      touches: reachedNames(comparison, sources, now),
    });
  }
}

function tellField(comparison: Comparison, field: FieldMember, message: string, only: 'old' | 'new'): void {
  const { effects } = comparison;
  comparison.tell({
    kind: 'bytes',
    subject: memberPath(field),
    message,
    old: only === 'old' ? field.at : undefined,
    new: only === 'new' ? field.at : undefined,
    touches: reachedNames(comparison, [effects.value(field), effects.extent(field)], field.owner),
  });
}

/** The elements of a longest common subsequence of two orders of the same elements. */
function longestCommon(a: readonly string[], b: readonly string[]): Set<string> {
  const place = new Map(b.map((each, index) => [each, index]));
  // Longest increasing subsequence of places: for each length, the best end so far, and what stands before it.
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const each of a) {
    const at = place.get(each);
    if (at === undefined) continue;
    const length = ends.filter((end) => end < at).length;
    before.set(at, ends[length - 1]);
    ends[length] = at;
  }
  const kept = new Set<string>();
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) {
    const each = b[at];
    if (each !== undefined) kept.add(each);
  }
  return kept;
}
