/** What code that uses the generated classes sees: names and types. */
import type { Location } from '../diagnostics.js';
import { whyNotWritable } from '../emit/layout/reasons.js';
import type { ClassSpec, EnumSpec } from '../spec/model.js';
import { bitSizeOfClass } from '../types/sizes.js';
import type { Comparison } from './comparison.js';
import { enumPairs } from './enums.js';
import type { Pair } from './identity.js';
import { isRead, memberPath, membersOf, typePath, type Member } from './member.js';
import { shownValueType, valueTypeKey } from './value-types.js';
import type { Side } from './side.js';

export function compareApi(comparison: Comparison): void {
  for (const pair of comparison.types) compareClass(comparison, pair);
  for (const pair of comparison.members) compareMember(comparison, pair);
  for (const pair of enumPairs(comparison)) compareEnum(comparison, pair);
  tellMissing(comparison);
}

interface Told {
  readonly subject: string;
  readonly old?: Location;
  readonly new?: Location;
  readonly isAddition?: boolean;
}

function tell(comparison: Comparison, { subject, ...told }: Told, message: string, touches: readonly string[]): void {
  const { old, new: now, isAddition = false } = told;
  comparison.tell({ kind: 'types', subject, message, old, new: now, isAddition, touches });
}

function compareClass(comparison: Comparison, { old, new: now }: Pair<ClassSpec>): void {
  const told = { subject: typePath(now), old: old.at, new: now.at };
  const [before, after] = [comparison.old.className(old), comparison.new.className(now)];
  const say = (message: string, isAddition = false): void =>
    tell(comparison, { ...told, isAddition }, message, [after]);
  if (before !== after) say(`class ${before} is now ${after}`);
  const reasons = [whyNotWritable(comparison.old.program, old), whyNotWritable(comparison.new.program, now)];
  if (reasons[0] === undefined && reasons[1] !== undefined) say(`cannot be written any more: ${reasons[1]}`);
  if (reasons[0] !== undefined && reasons[1] === undefined) say('can be written now', true);
  const hasSize = (side: Side, spec: ClassSpec): boolean => bitSizeOfClass(side.program, spec) !== undefined;
  if (hasSize(comparison.old, old) && !hasSize(comparison.new, now))
    say(`${after}.SIZE is gone: the size is not constant`);
  if (old.view !== now.view) say(now.view ? `new class ${after}View` : `class ${before}View is gone`, now.view);
  compareParameters(comparison, { old, new: now });
}

/** Parameters are arguments of the constructor: their order counts. */
function compareParameters(comparison: Comparison, { old, new: now }: Pair<ClassSpec>): void {
  const order = (spec: ClassSpec): string =>
    [...membersOf(spec).values()]
      .filter(({ kind }) => kind === 'param')
      .map((param) => comparison.ids.of(param))
      .join();
  if (order(old) === order(now)) return;
  const shown = ({ params }: ClassSpec): string => `(${params.map(({ id }) => id).join(', ')})`;
  const told = { subject: typePath(now), old: old.at, new: now.at };
  tell(comparison, told, `parameters: ${shown(old)} → ${shown(now)}`, [comparison.new.className(now)]);
}

function compareMember(comparison: Comparison, { old, new: now }: Pair<Member>): void {
  const told = { subject: memberPath(now), old: old.at, new: now.at };
  const [before, after] = [property(comparison.old, old), property(comparison.new, now)];
  const names = [comparison.new.memberName(now)];
  if (before !== after) tell(comparison, told, `property ${before} is now ${after}`, names);
  const [was, is] = [typeOf(comparison.old, old), typeOf(comparison.new, now)];
  const key = (type: typeof was): string =>
    type === undefined ? '' : `${valueTypeKey(comparison.ids, type.type)} ${type.optional}`;
  if (was === undefined || is === undefined || key(was) === key(is)) return;
  tell(comparison, told, `type: ${shownValueType(comparison.old, was)} → ${shownValueType(comparison.new, is)}`, names);
}

const property = (side: Side, { owner, id }: Member): string => side.names.member(owner, id);

function typeOf(side: Side, member: Member): ReturnType<Side['inference']['memberType']> {
  return isRead(member)
    ? side.program.attrType(member.attr, member.owner)
    : side.inference.memberType(member.owner, member.id);
}

function compareEnum(comparison: Comparison, { old, new: now }: Pair<EnumSpec>): void {
  const [before, after] = [comparison.old.names.enum(old), comparison.new.names.enum(now)];
  if (before !== after)
    tell(comparison, { subject: typePath(now), old: old.at, new: now.at }, `enum ${before} is now ${after}`, [after]);
  const [wasBig, isBig] = [comparison.old.inference.isBigEnum(old), comparison.new.inference.isBigEnum(now)];
  if (wasBig !== isBig) {
    const shown = (big: boolean): string => (big ? 'bigint' : 'number');
    const told = { subject: typePath(now), old: old.at, new: now.at };
    tell(comparison, told, `values: ${shown(wasBig)} → ${shown(isBig)}`, [after]);
  }
  for (const value of comparison.ids.values.of(old.values)) {
    const was = comparison.old.names.enumValue(old, value.old);
    const is = comparison.new.names.enumValue(now, value.new);
    const told = { subject: `${typePath(now)}::${value.new.id}`, old: value.old.at, new: value.new.at };
    if (was !== is) tell(comparison, told, `${before}.${was} is now ${after}.${is}`, [`${after}.${is}`]);
  }
  for (const value of comparison.ids.values.without(old.values)) {
    const name = `${before}.${comparison.old.names.enumValue(old, value)}`;
    tell(comparison, { subject: `${typePath(old)}::${value.id}`, old: value.at }, `${name} is gone`, [name]);
  }
}

function tellMissing(comparison: Comparison): void {
  for (const { side, place, word, isAddition } of [
    { side: comparison.old, place: 'old', word: 'is gone', isAddition: false },
    { side: comparison.new, place: 'new', word: 'is new', isAddition: true },
  ] as const) {
    for (const spec of side.program.classes) {
      const at = { [place]: spec.at, isAddition };
      const name = side.className(spec);
      if (!comparison.ids.types.has(spec))
        tell(comparison, { subject: typePath(spec), ...at }, `class ${name} ${word}`, [name]);
      for (const each of comparison.ids.enums.without(spec.enums.values()))
        tell(
          comparison,
          { subject: typePath(each), [place]: each.at, isAddition },
          `enum ${side.names.enum(each)} ${word}`,
          [side.names.enum(each)],
        );
      if (!comparison.ids.types.has(spec)) continue;
      for (const member of comparison.ids.members.without(membersOf(spec).values())) {
        const told = { subject: memberPath(member), [place]: member.at, isAddition };
        const is = typeOf(side, member);
        const type = isAddition && is !== undefined ? `: ${shownValueType(side, is)}` : '';
        tell(comparison, told, `property ${property(side, member)} ${word}${type}`, [side.memberName(member)]);
      }
    }
  }
}
