/** Makes statements. */
import type { Location } from '../../diagnostics.js';
import { assign } from './expressions.js';
import type { Body, Code, Name, Statement, Statements, Type } from './nodes.js';

export const BREAK: Statement = { kind: 'break' };

export const run = (code: Code): Statement => ({ kind: 'run', code });
export const set = (target: Code, value: Code): Statement => run(assign(target, value));
export const constant = (name: Name, value: Code, type?: Type): Statement => ({
  kind: 'declare',
  keyword: 'const',
  variables: [{ name, value, ...(type === undefined ? {} : { type }) }],
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

/** Statements that come from one place of the schema. */
export const placed = (at: Location, body: Statements): Statements => body.map((statement) => ({ at, ...statement }));

/** Statements that declare something, in a block of their own. */
export const scoped = (body: Statements): Statements => (body.length <= 1 ? body : [block(body)]);
