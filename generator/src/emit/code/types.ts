/** Makes types. */
import { isDeepStrictEqual } from 'node:util';
import type { Imported, Name, PropertyType, ReferenceType, Type } from './nodes.js';

const word = (text: string): Type => ({ kind: 'word', word: text });

export const NUMBER: Type = word('number');
export const BIGINT: Type = word('bigint');
export const BOOLEAN: Type = word('boolean');
export const STRING: Type = word('string');
export const UNKNOWN: Type = word('unknown');
export const NEVER: Type = word('never');
export const VOID: Type = word('void');
export const ABSENT: Type = word('undefined');
export const BYTE_ARRAY: Type = word('Uint8Array');
export const DATA_VIEW: Type = word('DataView');

export const reference = (name: Name | Imported, ...args: readonly Type[]): ReferenceType => ({
  kind: 'reference',
  name,
  args,
});
/** The type of a constant that is declared in the same file. */
export const typeOfValue = (name: Name): Type => ({ kind: 'type-of', name });
export const arrayOf = (item: Type): Type => ({ kind: 'array', item });

export const textType = (text: string): Type => ({ kind: 'text', text });

export const booleanType = (value: boolean): Type => word(value ? 'true' : 'false');
export const integerType = (value: bigint, big: boolean): Type => word(big ? `${value}n` : String(value));
export const objectType = (properties: readonly PropertyType[]): Type => ({ kind: 'object', properties });

/** Every type once; the type itself, where there is but one. */
export function unionOf(types: readonly Type[]): Type {
  const members: Type[] = [];
  for (const type of types.flatMap((each) => (each.kind === 'union' ? each.members : [each]))) {
    if (!members.some((known) => isSameType(known, type))) members.push(type);
  }
  const [only] = members;
  return members.length === 1 && only !== undefined ? only : { kind: 'union', members };
}

export function intersectionOf(types: readonly Type[]): Type {
  const [only] = types;
  return types.length === 1 && only !== undefined ? only : { kind: 'intersection', members: types };
}

export const maybe = (type: Type): Type => unionOf([type, ABSENT]);

function isSameType(a: Type, b: Type): boolean {
  if (a.kind === 'reference' && b.kind === 'reference' && a.args.length + b.args.length === 0) return a.name === b.name;
  return a === b || isDeepStrictEqual(a, b);
}
