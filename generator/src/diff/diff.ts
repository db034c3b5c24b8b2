/** What a change of schemas means. */
import { compareText, type Location } from '../diagnostics.js';
import { analyse, type Schemas } from '../analyse.js';
import { compareApi } from './api.js';
import { CHANGE_KINDS, type Change } from './change.js';
import { Comparison } from './comparison.js';
import { compareConstraints } from './constraints.js';
import { compareDocs } from './docs.js';
import { Effects } from './effects.js';
import { compareEnums } from './enums.js';
import { compareLayouts } from './layout.js';
import { match } from './match.js';
import { Side } from './side.js';

/**
 * What changed from `old` to `now`: the gravest kind first, then in order of the new schemas. Types, fields, enums and
 * values that were renamed and otherwise left as they are count as renamed. One schema on each side: the two are states
 * of one, whatever they are called.
 *
 * @throws {SchemaError} where one of the states makes no sense
 */
export function diff(old: Schemas, now: Schemas): readonly Change[] {
  const sides = { old: new Side('old', analyse(old)), new: new Side('new', analyse(now)) };
  const ids = match(sides.old, sides.new, old.files.length === 1 && now.files.length === 1);
  const comparison = new Comparison(sides.old, sides.new, ids, new Effects(sides.old, sides.new, ids));
  compareLayouts(comparison);
  compareEnums(comparison);
  compareConstraints(comparison);
  compareApi(comparison);
  compareDocs(comparison);
  return merged(comparison.changes).toSorted(inOrder);
}

/** What several fields take from one `meta` changes once, for all of them. */
function merged(changes: readonly Change[]): Change[] {
  const found = new Map<string, Change>();
  for (const change of changes) {
    const { kind, subject, message } = change;
    const key = JSON.stringify([kind, subject, message, change.old, change.new]);
    const known = found.get(key);
    found.set(
      key,
      known === undefined ? change : { ...known, touches: [...new Set([...known.touches, ...change.touches])] },
    );
  }
  return [...found.values()];
}

function inOrder(a: Change, b: Change): number {
  const kinds = CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind);
  return kinds || compareText(schemaOf(a), schemaOf(b)) || inOrderOfPlaces(a.new ?? a.old, b.new ?? b.old);
}

/** Files of the two states may have other paths. */
const schemaOf = ({ subject }: Change): string => /^\w*/.exec(subject)?.[0] ?? '';

const inOrderOfPlaces = (a: Location | undefined, b: Location | undefined): number =>
  a === undefined || b === undefined ? 0 : a.line - b.line || a.col - b.col;
