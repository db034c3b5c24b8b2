/** Narrowing of fields with `switch-on` by the field that they are switched on. */
import type { TypesOf } from './struct.js';

/** Where the property at the path `Tag` is `Value`, the properties that are switched on it are `Fields`. */
export interface Case<Tag extends string = string, Value = unknown, Fields = object> {
  readonly tag: Tag;
  readonly value: Value;
  readonly fields: Fields;
}

/** The cases of one field, by the value of its tag. */
export type Cases<Tag extends string, Field extends string, Of> = {
  readonly [Value in keyof Of]: Case<Tag, Value, { readonly [F in Field]: Of[Value] }>;
}[keyof Of];

type CasesOf<T> = TypesOf<T> extends { readonly cases: infer Known } ? Extract<Known, Case> : never;

/**
 * Whether the property `tag` of a structure is `value`. Where it is, the types of the fields that the schema switches on it
 * are those of this case: `if (isCase(chunk, 'type', 'IHDR')) chunk.body.width`. What is switched on a property of another
 * structure has the path to that one: `'header.kind'`, `'_parent.kind'`.
 */
export function isCase<
  T extends object,
  const Tag extends CasesOf<T>['tag'],
  const Value extends Extract<CasesOf<T>, { readonly tag: Tag }>['value'],
>(
  struct: T,
  tag: Tag,
  value: Value,
): struct is T & Extract<CasesOf<T>, { readonly tag: Tag; readonly value: Value }>['fields'] {
  return valueAt(struct, tag) === value;
}

function valueAt(struct: object, path: string): unknown {
  let value: unknown = struct;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
