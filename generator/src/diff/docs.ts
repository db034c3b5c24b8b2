/** Words alone: docs, references, the specification's own names. */
import type { Location } from '../diagnostics.js';
import type { DocSpec } from '../spec/model.js';
import type { Comparison } from './comparison.js';
import { enumPairs } from './enums.js';
import { memberPath, typePath } from './member.js';

interface Documented {
  readonly at: Location;
  readonly doc: DocSpec;
}

export function compareDocs(comparison: Comparison): void {
  for (const { old, new: now } of comparison.types) {
    const names = [comparison.new.className(now)];
    compare(comparison, typePath(now), old, now, names);
    for (const about of ['title', 'license'] as const)
      if (old.meta[about] !== now.meta[about]) {
        const message = `${about}: ${old.meta[about] ?? 'none'} → ${now.meta[about] ?? 'none'}`;
        comparison.tell({ kind: 'docs', subject: typePath(now), message, old: old.at, new: now.at, touches: names });
      }
  }
  for (const { old, new: now } of comparison.members)
    compare(comparison, memberPath(now), old, now, [comparison.new.memberName(now)]);
  for (const { old, new: now } of enumPairs(comparison)) {
    const { names } = comparison.new;
    for (const value of comparison.ids.values.of(old.values))
      compare(comparison, `${typePath(now)}::${value.new.id}`, value.old, value.new, [
        `${names.enum(now)}.${names.enumValue(now, value.new)}`,
      ]);
  }
}

function compare(
  comparison: Comparison,
  subject: string,
  old: Documented,
  now: Documented,
  touches: readonly string[],
): void {
  const tell = (message: string): void =>
    comparison.tell({ kind: 'docs', subject, message, old: old.at, new: now.at, touches });
  const summaries = [old.doc.summary, now.doc.summary];
  if (summaries[0] !== summaries[1])
    tell(summaries[0] === undefined ? 'new doc' : summaries[1] === undefined ? 'doc is gone' : 'doc is another');
  const refs = [old.doc.refs.join(', '), now.doc.refs.join(', ')];
  if (refs[0] !== refs[1]) tell(`doc-ref: ${refs[0] || 'none'} → ${refs[1] || 'none'}`);
  if (old.doc.origId !== now.doc.origId) tell(`-orig-id: ${old.doc.origId ?? 'none'} → ${now.doc.origId ?? 'none'}`);
}
