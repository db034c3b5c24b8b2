/** Names of integers. */
import type { EnumSpec } from '../spec/model.js';
import type { Comparison } from './comparison.js';
import type { Pair } from './identity.js';
import { tellCalculated } from './layout.js';
import { typePath } from './member.js';

export function compareEnums(comparison: Comparison): void {
  for (const pair of enumPairs(comparison)) compareValues(comparison, pair);
}

export const enumPairs = (comparison: Comparison): Pair<EnumSpec>[] =>
  comparison.ids.enums.of(comparison.old.program.classes.flatMap(({ enums }) => [...enums.values()]));

function compareValues(comparison: Comparison, { old, new: now }: Pair<EnumSpec>): void {
  const path = typePath(now);
  for (const value of comparison.ids.values.of(old.values)) {
    if (value.old.value === value.new.value) continue;
    const { effects } = comparison;
    const name = `${comparison.new.names.enum(now)}.${comparison.new.names.enumValue(now, value.new)}`;
    tellCalculated(
      comparison,
      [effects.value(value.new)],
      {
        subject: `${path}::${value.new.id}`,
        message: `stands for ${value.new.value}, was ${value.old.value}`,
        old: value.old.at,
        new: value.new.at,
      },
      [name],
    );
  }
  for (const value of comparison.ids.values.without(old.values)) {
    const { names } = comparison.old;
    comparison.tell({
      kind: 'values',
      subject: `${typePath(old)}::${value.id}`,
      message: `${value.value} has no name any more`,
      old: value.at,
      new: undefined,
      touches: [`${names.enum(old)}.${names.enumValue(old, value)}`],
    });
  }
  for (const value of comparison.ids.values.without(now.values)) {
    const { names } = comparison.new;
    comparison.tell({
      kind: 'values',
      subject: `${path}::${value.id}`,
      message: `new name of ${value.value}`,
      old: undefined,
      new: value.at,
      isAddition: true,
      touches: [`${names.enum(now)}.${names.enumValue(now, value)}`],
    });
  }
}
