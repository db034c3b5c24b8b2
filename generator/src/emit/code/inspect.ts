/** What code refers to, and whether it is the same as other code. */
import { isDeepStrictEqual } from 'node:util';
import type { Body, Code, Name, Statement, Statements, Variable } from './nodes.js';

/** Whether the statements refer to `name`, which is declared around them. */
export function mentions(body: Statements, name: Name): boolean {
  return contains(body, (code) => code === name);
}

/** What a parameter is called: one that the body does not use begins with `_`. */
export function parameterFor(name: Name, body: Statements): string {
  return mentions(body, name) ? name.name : `_${name.name}`;
}

/** Whether an expression of the statements, or a part of one, is what `is` looks for. */
export function contains(body: Statements, is: (code: Code) => boolean): boolean {
  const open: Code[] = [];
  const pending = [...body];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const code of codesOf(next)) open.push(code);
    for (const inner of bodiesOf(next)) pending.push(inner);
    for (let code = open.pop(); code !== undefined; code = open.pop()) {
      if (is(code)) return true;
      for (const part of partsOf(code)) open.push(part);
      if (code.kind === 'arrow' && isBody(code.body)) pending.push(...code.body);
    }
  }
  return false;
}

/** Whether two expressions are written alike. */
export const isSameCode = (a: Code, b: Code): boolean => a === b || (a.kind === b.kind && isDeepStrictEqual(a, b));

export const isBody = (body: Code | Body): body is Statements => Array.isArray(body);

function partsOf(code: Code): readonly Code[] {
  switch (code.kind) {
    case 'name':
    case 'imported':
    case 'number':
    case 'word':
    case 'string':
      return [];
    case 'as-const':
      return [code.code];
    case 'template':
      return code.parts.filter((part) => typeof part !== 'string');
    case 'member':
      return [code.object];
    case 'index':
      return [code.object, code.index];
    case 'call':
    case 'new':
      return [code.callee, ...code.args];
    case 'prefix':
    case 'postfix':
      return [code.operand];
    case 'infix':
      return [code.left, code.right];
    case 'conditional':
      return [code.condition, code.whenTrue, code.whenFalse];
    case 'assign':
      return [code.target, code.value];
    case 'arrow':
      return isBody(code.body) ? [] : [code.body];
    case 'array':
      return code.items;
    case 'object':
      return code.properties.map(([, value]) => value);
  }
}

const values = (variables: readonly Variable[]): Code[] => variables.flatMap(({ value }) => value ?? []);

function codesOf(statement: Statement): readonly Code[] {
  switch (statement.kind) {
    case 'run':
      return [statement.code];
    case 'declare':
      return values(statement.variables);
    case 'take':
    case 'throw':
      return [statement.value];
    case 'if':
      return [statement.condition];
    case 'for':
      return [...values(statement.variables), statement.condition, statement.step].filter((code) => code !== undefined);
    case 'for-of':
      return [statement.items];
    case 'switch':
      return [statement.on, ...statement.cases.flatMap(({ match }) => match ?? [])];
    case 'return':
      return statement.value === undefined ? [] : [statement.value];
    case 'try':
    case 'block':
    case 'break':
      return [];
  }
}

function bodiesOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'if':
      return [...(isBody(statement.body) ? statement.body : [statement.body]), ...(statement.otherwise ?? [])];
    case 'for':
    case 'for-of':
    case 'block':
      return statement.body;
    case 'switch':
      return statement.cases.flatMap(({ body }) => body);
    case 'try':
      return [...statement.body, ...(statement.caught?.body ?? []), ...(statement.always ?? [])];
    default:
      return [];
  }
}
