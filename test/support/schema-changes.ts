/** Two states of a schema given as text, compared. */
import { expect } from 'vitest';
import type { Schemas } from '../../generator/src/analyse.js';
import type { Change } from '../../generator/src/diff/change.js';
import { diff } from '../../generator/src/diff/diff.js';

export const HEAD = 'meta: {id: a, endian: le, encoding: UTF-8}\n';

/** Schemas by file name. */
export const stateOf = (texts: Readonly<Record<string, string>>): Schemas => ({
  files: Object.keys(texts),
  importer: { read: (path) => texts[path] },
});

export function changesOf(old: string, now: string): readonly Change[] {
  const text = (body: string): string => (body.startsWith('meta') ? body : HEAD + body);
  return diff(stateOf({ 'a.ksy': text(old) }), stateOf({ 'a.ksy': text(now) }));
}

/** `bytes a.x: size: 4 → 8`, with a `+` before what is but an addition. */
export function told(changes: readonly Change[]): string[] {
  return changes.map(
    ({ kind, subject, message, isAddition }) => `${isAddition ? '+ ' : ''}${kind} ${subject}: ${message}`,
  );
}

/** What a change is called, the body of the old schema and of the new one, and what is told of it. */
export type Judged = readonly [name: string, old: string, now: string, told: readonly string[]];

export function judge(old: string, now: string, expected: readonly string[]): void {
  expect(told(changesOf(old, now))).toEqual(expected);
}
