/** Statements of the output as a tree. */
import { assign, type Code, type Name } from './expressions.js';
import type { Type } from './types.js';

export type Statements = readonly Statement[];

/** What an `if` does: statements in braces, or one without. */
export type Body = Statements | Statement;

export interface Variable {
  readonly name: Name;
  readonly type?: Type;
  readonly value?: Code;
}

export interface Case {
  /** Undefined for what is done where no case matches. */
  readonly match: Code | undefined;
  readonly body: Statements;
}

export type Statement =
  | { readonly kind: 'run'; readonly code: Code }
  | { readonly kind: 'declare'; readonly keyword: 'const' | 'let'; readonly variables: readonly Variable[] }
  /** `const { names } = value` */
  | { readonly kind: 'take'; readonly names: readonly Name[]; readonly value: Code }
  | { readonly kind: 'if'; readonly condition: Code; readonly body: Body; readonly otherwise: Statements | undefined }
  | {
      readonly kind: 'for';
      readonly variables: readonly Variable[];
      readonly condition: Code | undefined;
      readonly step: Code | undefined;
      readonly body: Statements;
    }
  | { readonly kind: 'for-of'; readonly item: Name; readonly items: Code; readonly body: Statements }
  | { readonly kind: 'switch'; readonly on: Code; readonly cases: readonly Case[] }
  | {
      readonly kind: 'try';
      readonly body: Statements;
      readonly caught: { readonly error: Name; readonly body: Statements } | undefined;
      readonly always: Statements | undefined;
    }
  | { readonly kind: 'block'; readonly body: Statements }
  | { readonly kind: 'return'; readonly value: Code | undefined }
  | { readonly kind: 'throw'; readonly value: Code }
  | { readonly kind: 'break' };

export const BREAK: Statement = { kind: 'break' };

export const run = (code: Code): Statement => ({ kind: 'run', code });
export const set = (target: Code, value: Code): Statement => run(assign(target, value));
export const constant = (name: Name, value: Code): Statement => ({
  kind: 'declare',
  keyword: 'const',
  variables: [{ name, value }],
});
export const variable = (name: Name, type: Type | undefined, value?: Code): Statement => ({
  kind: 'declare',
  keyword: 'let',
  variables: [{ name, ...(type === undefined ? {} : { type }), ...(value === undefined ? {} : { value }) }],
});
export const when = (condition: Code, body: Body, otherwise?: Statements): Statement => ({
  kind: 'if',
  condition,
  body,
  otherwise,
});
export const give = (value?: Code): Statement => ({ kind: 'return', value });
export const fail = (value: Code): Statement => ({ kind: 'throw', value });
export const block = (body: Statements): Statement => ({ kind: 'block', body });
export const forOf = (item: Name, items: Code, body: Statements): Statement => ({ kind: 'for-of', item, items, body });
export const attempt = (
  body: Statements,
  {
    caught,
    always,
  }: { readonly caught?: { readonly error: Name; readonly body: Statements }; readonly always?: Statements },
): Statement => ({ kind: 'try', body, caught, always });

/** Statements that declare something, in a block of their own. */
export const scoped = (body: Statements): Statements => (body.length <= 1 ? body : [block(body)]);
