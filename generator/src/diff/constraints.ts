/** What values a schema accepts: constraints, fixed contents, checksums. */
import type { Location } from '../diagnostics.js';
import type { AttrSpec, ConstraintSpec, ExprSpec, RuleSpec } from '../spec/model.js';
import { ANY, type ValueType } from '../types/value-type.js';
import type { Comparison } from './comparison.js';
import { canonical, constantOf, type Place } from './expression.js';
import type { Pair } from './identity.js';
import { isRead, memberPath, type Member } from './member.js';
import type { Side } from './side.js';

export function compareConstraints(comparison: Comparison): void {
  for (const pair of comparison.members) {
    const [old, now] = [constrained(comparison.old, pair.old), constrained(comparison.new, pair.new)];
    if (old === undefined || now === undefined) continue;
    compareValid(comparison, { old, new: now });
    compareContents(comparison, { old, new: now });
    compareChecksum(comparison, { old, new: now });
  }
}

interface Constrained {
  readonly side: Side;
  readonly member: Member;
  readonly at: Location;
  readonly place: Place;
  /** Of the value that is checked. */
  readonly type: ValueType;
  readonly valid: ConstraintSpec | undefined;
  readonly attr: AttrSpec | undefined;
}

function constrained(side: Side, member: Member): Constrained | undefined {
  const { owner, at } = member;
  if (member.kind === 'param') return undefined;
  const type = isRead(member)
    ? side.program.itemType(member.attr, owner).type
    : (side.inference.memberType(owner, member.id)?.type ?? ANY);
  const place = { owner, underscore: type };
  const valid = isRead(member) ? member.attr.valid : member.spec.valid;
  return { side, member, at, place, type, valid, attr: isRead(member) ? member.attr : undefined };
}

function tell(
  comparison: Comparison,
  { old, new: now }: Pair<Constrained>,
  message: string,
  at: Partial<Pair<Location>>,
): void {
  comparison.tell({
    kind: 'values',
    subject: memberPath(now.member),
    message,
    old: at.old ?? old.at,
    new: at.new ?? now.at,
    touches: [comparison.nameOf(now.member)],
  });
}

function compareValid(comparison: Comparison, pair: Pair<Constrained>): void {
  const [old, now] = [pair.old.valid, pair.new.valid];
  if (old === undefined && now === undefined) return;
  const at = { ...(old && { old: old.at }), ...(now && { new: now.at }) };
  if (old === undefined || now === undefined) {
    const text = now === undefined ? `loosened: valid ${shown(old)} is gone` : `tightened: new valid ${shown(now)}`;
    tell(comparison, pair, text, at);
    return;
  }
  const before = acceptedBy(comparison, pair.old, old);
  const after = acceptedBy(comparison, pair.new, now);
  if (before.key !== after.key) {
    const isSame = shown(old) === shown(now);
    const change = isSame ? `valid ${shown(now)}, whose values changed` : `valid ${shown(old)} → ${shown(now)}`;
    tell(comparison, pair, `${direction(before, after)}: ${change}`, at);
  }
  compareRule(comparison, pair, 'valid', { old, new: now }, at);
}

function compareRule(
  comparison: Comparison,
  pair: Pair<Constrained>,
  about: string,
  { old, new: now }: Pair<RuleSpec>,
  at: Partial<Pair<Location>>,
): void {
  if (old.severity !== now.severity)
    tell(comparison, pair, `severity of ${about}: ${old.severity} → ${now.severity}`, at);
  if (old.rule !== now.rule)
    tell(comparison, pair, `rule of ${about}: ${old.rule ?? 'none'} → ${now.rule ?? 'none'}`, at);
}

/** What a constraint accepts, as far as the schema says it in numbers. */
interface Accepted {
  readonly key: string;
  readonly values?: ReadonlySet<string>;
  /** Inclusive; undefined for no bound. */
  readonly range?: { readonly lo: bigint | undefined; readonly hi: bigint | undefined };
}

function acceptedBy({ ids }: Comparison, { side, place, type }: Constrained, valid: ConstraintSpec): Accepted {
  const key = (expr: ExprSpec): string =>
    constantOf(side, expr, place)?.toString() ?? canonical(side, ids, expr, place);
  switch (valid.kind) {
    case 'eq':
      return accepting([key(valid.expected)]);
    case 'any-of':
      return accepting(valid.options.map(key));
    case 'in-enum':
      return type.kind === 'enum'
        ? accepting(type.spec.values.map(({ value }) => value.toString()))
        : { key: 'in-enum' };
    case 'range': {
      const [min, max] = [valid.min, valid.max].map((bound) => (bound === undefined ? '' : key(bound)));
      const bounds = [valid.min, valid.max].map((bound) => bound && constantOf(side, bound, place));
      const [lo, hi] = bounds;
      const isKnown = (valid.min === undefined || lo !== undefined) && (valid.max === undefined || hi !== undefined);
      return { key: `${min}..${max}`, ...(isKnown ? { range: { lo, hi } } : {}) };
    }
    case 'expr':
      return { key: `expr ${canonical(side, ids, valid.condition, place)}` };
  }
}

function accepting(values: readonly string[]): Accepted {
  return { key: `{${values.toSorted().join()}}`, values: new Set(values) };
}

function direction(before: Accepted, after: Accepted): 'tightened' | 'loosened' | 'changed' {
  if (isWithin(after, before)) return 'tightened';
  return isWithin(before, after) ? 'loosened' : 'changed';
}

/** Whether all that `a` accepts is certainly accepted by `b`. */
function isWithin(a: Accepted, b: Accepted): boolean {
  if (a.values !== undefined && b.values !== undefined) return [...a.values].every((value) => b.values?.has(value));
  if (b.range === undefined) return false;
  const { lo, hi } = b.range;
  if (a.values !== undefined)
    return [...a.values].every((text) => /^-?\d+$/.test(text) && isBetween(BigInt(text), lo, hi));
  if (a.range === undefined) return false;
  const isAbove = lo === undefined || (a.range.lo !== undefined && a.range.lo >= lo);
  return isAbove && (hi === undefined || (a.range.hi !== undefined && a.range.hi <= hi));
}

const isBetween = (value: bigint, lo: bigint | undefined, hi: bigint | undefined): boolean =>
  (lo === undefined || value >= lo) && (hi === undefined || value <= hi);

function shown(valid: ConstraintSpec | undefined): string {
  switch (valid?.kind) {
    case undefined:
      return 'none';
    case 'eq':
      return valid.expected.text.trim();
    case 'any-of':
      return `any of ${valid.options.map(({ text }) => text.trim()).join(', ')}`;
    case 'in-enum':
      return 'in-enum';
    case 'range':
      return [valid.min && `min ${valid.min.text.trim()}`, valid.max && `max ${valid.max.text.trim()}`]
        .filter((text) => text !== undefined)
        .join(', ');
    case 'expr':
      return `expr ${valid.condition.text.trim()}`;
  }
}

/** Contents of other lengths are read otherwise, which is told apart. */
function compareContents(comparison: Comparison, pair: Pair<Constrained>): void {
  const [old, now] = [pair.old.attr?.contents, pair.new.attr?.contents];
  if (old === undefined || now === undefined) return;
  const at = { old: old.at, new: now.at };
  const [before, after] = [hex(old.bytes), hex(now.bytes)];
  if (before !== after) tell(comparison, pair, `changed: contents ${before} → ${after}`, at);
  compareRule(comparison, pair, 'contents', { old, new: now }, at);
}

const hex = (bytes: Uint8Array): string =>
  `[${[...bytes].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')}]`;

function compareChecksum(comparison: Comparison, pair: Pair<Constrained>): void {
  const [old, now] = [pair.old.attr?.checksum, pair.new.attr?.checksum];
  if (old === undefined && now === undefined) return;
  const at = { ...(old && { old: old.at }), ...(now && { new: now.at }) };
  if (now === undefined) return tell(comparison, pair, 'loosened: the checksum is gone', at);
  if (old === undefined) return tell(comparison, pair, `tightened: new checksum ${now.algo}`, at);
  if (old.algo !== now.algo) tell(comparison, pair, `changed: checksum ${old.algo} → ${now.algo}`, at);
  const sizeOf = ({ side, place }: Constrained, size: ExprSpec | undefined): string =>
    size === undefined ? 'all' : canonical(side, comparison.ids, size, place);
  if (sizeOf(pair.old, old.size) !== sizeOf(pair.new, now.size)) {
    const text = (size: ExprSpec | undefined): string => size?.text.trim() ?? 'all bytes';
    tell(comparison, pair, `changed: checksum over ${text(old.size)} → ${text(now.size)}`, at);
  }
  compareRule(comparison, pair, 'checksum', { old, new: now }, at);
}
