/** Changes as a reviewer reads them. */
import { printable, type Location } from '../diagnostics.js';
import { CHANGE_KINDS, type Change, type ChangeKind } from './change.js';

const HEADINGS: Readonly<Record<ChangeKind, string>> = {
  bytes: 'bytes: files are read differently',
  values: 'values: constraints, enums, calculated values',
  types: 'types: code that uses the generated classes sees it',
  docs: 'docs',
};

/** So many generated names are listed; JSON has them all. */
const MAX_LISTED = 8;

/** `oldPrefix` stands before old places: where the old schemas are, if their paths do not say so. */
export function changesText(changes: readonly Change[], oldPrefix: string): string {
  if (changes.length === 0) return 'no changes\n';
  const blocks = CHANGE_KINDS.flatMap((kind) => {
    const ofKind = changes.filter((change) => change.kind === kind);
    return ofKind.length === 0
      ? []
      : [`${HEADINGS[kind]}\n`, ...ofKind.map((change) => changeText(change, oldPrefix)), '\n'];
  });
  return `${blocks.join('')}${summary(changes)}\n`;
}

function changeText({ kind, subject, message, isAddition, touches, ...places }: Change, oldPrefix: string): string {
  const at = places.new === undefined ? undefined : placeText(places.new);
  const was = places.old === undefined ? undefined : oldPrefix + placeText(places.old);
  const place = at === undefined ? `was ${was ?? ''}` : was === undefined || was === at ? at : `${at}, was ${was}`;
  const lines = [
    `  ${isAddition ? '+ ' : ''}${subject}: ${message}`,
    `    ${place}`,
    ...(touches.length === 0 || kind === 'docs' ? [] : [`    touches ${namesText(touches)}`]),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function placeText({ file, line, col, path }: Location): string {
  return `${file}:${line}:${col} ${path || '/'}`;
}

/** `Png.magic, .chunks`: a class is named once. */
function namesText(names: readonly string[]): string {
  let last = '';
  const shown = names.slice(0, MAX_LISTED).map((name) => {
    const dot = name.indexOf('.');
    const owner = dot < 0 ? '' : name.slice(0, dot);
    const isKnown = owner !== '' && owner === last;
    last = owner;
    return isKnown ? name.slice(dot) : name;
  });
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function summary(changes: readonly Change[]): string {
  const counts = CHANGE_KINDS.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${kind} ${count}`];
  });
  return `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}: ${counts.join(', ')}`;
}

/** The form of `--json`. */
export interface ChangesReport {
  /** What the new schemas were compared with, as it was given. */
  readonly against: string;
  /** By kind; every kind is there. */
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly changes: readonly Change[];
}

export function changesReport(changes: readonly Change[], against: string): ChangesReport {
  const count = (kind: ChangeKind): number => changes.filter((change) => change.kind === kind).length;
  const counts = { bytes: count('bytes'), values: count('values'), types: count('types'), docs: count('docs') };
  return { against, counts, changes };
}
