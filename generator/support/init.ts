/** What makes structures: the types of what `create` takes. */
import type { TypesOf } from './struct.js';

/** A value as `create` takes it: structures also as what makes them. */
export type Given<Value> = Value extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : TypesOf<Value> extends { readonly within: infer Init }
    ? Value | Init
    : TypesOf<Value> extends { readonly init: infer Init }
      ? Value | Init
      : Value;

/** The properties that `create` takes: those that must be given, and those that may be left out. `AsIs`: only as they are read. */
export type InitOf<T, Required extends keyof T, Optional extends keyof T = never, AsIs extends keyof T = never> = {
  readonly [K in Required]: K extends AsIs ? T[K] : Given<T[K]>;
} & { readonly [K in Optional]?: (K extends AsIs ? T[K] : Given<T[K]>) | undefined };

/** What makes a structure within another one, which hands it `Parameters`. */
export type Within<Init, Parameters extends PropertyKey> = Init extends unknown
  ? Omit<Init, Parameters> & Partial<Pick<Init, Parameters & keyof Init>>
  : never;

/**
 * The properties `Fields`, which are switched on `Tag`: for each of its values that the schema names, what they are then.
 * With another value they are what they are in `Else`, or structures that were made before.
 */
export type SwitchedOn<T, Tag extends keyof T, Fields extends keyof T, Else = unknown> =
  | OfCase<T, Tag, Fields, CaseOf<T, Tag>>
  | (Tagged<T, Tag, Exclude<T[Tag], CaseOf<T, Tag>['value']>> & Held<T, Fields, Else>);

type CaseOf<T, Tag> = Extract<
  TypesOf<T> extends { readonly cases: infer Cases } ? Cases : never,
  { readonly tag: Tag; readonly value: unknown }
>;

type Tagged<T, Tag extends keyof T, Value> = { readonly [K in Tag]: Value };

type OfCase<T, Tag extends keyof T, Fields extends keyof T, Of> = Of extends {
  readonly value: infer Value;
  readonly fields: infer Known;
}
  ? Tagged<T, Tag, Value> & AllGiven<{ readonly [K in Fields]: K extends keyof Known ? Known[K] : T[K] }>
  : never;

/** What may be `undefined` may be left out. Values are looked at only when they are asked for: structures hold each other. */
type AllGiven<Values> = {
  readonly [K in keyof Values as undefined extends Values[K] ? never : K]: Given<Values[K]>;
} & {
  readonly [K in keyof Values as undefined extends Values[K] ? K : never]?: Given<Values[K]>;
};

type Held<T, Fields extends keyof T, Else> = {
  readonly [K in Fields as undefined extends T[K] ? never : K]: T[K] | GivenElse<Else, K>;
} & {
  readonly [K in Fields as undefined extends T[K] ? K : never]?: T[K] | GivenElse<Else, K>;
};

type GivenElse<Else, K> = K extends keyof Else ? Given<Else[K]> : never;
