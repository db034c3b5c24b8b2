/** Makes expressions. */
import type { Assignment, Code, Imported, InfixOperator, Name, Statements, Type } from './nodes.js';

export const name = (text: string): Name => ({ kind: 'name', name: text });
const word = (text: string): Code => ({ kind: 'word', word: text });
const number = (text: string): Code => ({ kind: 'number', text });

export const THIS: Code = word('this');
export const SUPER: Code = word('super');
export const UNDEFINED: Code = word('undefined');
export const NULL: Code = word('null');
export const TRUE: Code = word('true');
export const FALSE: Code = word('false');

export const bool = (value: boolean): Code => (value ? TRUE : FALSE);
export const string = (value: string): Code => ({ kind: 'string', value });
export const template = (...parts: readonly (string | Code)[]): Code => ({ kind: 'template', parts });
export const array = (items: readonly Code[]): Code => ({ kind: 'array', items, isTable: false });
export const table = (items: readonly Code[]): Code => ({ kind: 'array', items, isTable: items.length > 0 });

/** An integer as `number` or `bigint`; great ones in hexadecimal. */
export function integer(value: bigint | number, big = false): Code {
  const exact = BigInt(value);
  if (exact < 0n) return prefix('-', integer(-exact, big));
  const digits = exact > 0xffffn ? `0x${exact.toString(16)}` : String(exact);
  return number(big ? `${digits}n` : digits);
}

/** An integer as the schema writes it, in hexadecimal or not. */
export function integerLike(value: bigint, text: string, big: boolean): Code {
  if (value < 0n) return prefix('-', integerLike(-value, text.replace('-', ''), big));
  const digits = /^\+?0x/i.test(text) ? `0x${value.toString(16)}` : String(value);
  return number(big ? `${digits}n` : digits);
}

/** A number of bytes or bits as one reads it: in decimal. */
export const decimal = (value: number): Code => (value < 0 ? prefix('-', decimal(-value)) : number(String(value)));

/** A number that is perhaps not there. */
export const maybeDecimal = (value: number | undefined): Code => (value === undefined ? UNDEFINED : decimal(value));

/** A mask or a word of bytes. */
export const hexadecimal = (value: number): Code => number(`0x${value.toString(16)}`);

export const float = (value: number): Code => number(Number.isInteger(value) ? value.toFixed(1) : String(value));

/** The object without the properties that are not given. */
export function object(properties: Readonly<Record<string, Code | undefined>>): Code {
  return {
    kind: 'object',
    properties: Object.entries(properties).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    ),
  };
}

export const asConst = (code: Code): Code => ({ kind: 'as-const', code });

export const member = (of: Code, property: string): Code => ({ kind: 'member', object: of, name: property });
export const own = (property: string): Code => member(THIS, property);
export const at = (of: Code, index: Code): Code => ({ kind: 'index', object: of, index });
export const lengthOf = (of: Code): Code => member(of, 'length');

export const call = (callee: Code, ...args: readonly Code[]): Code => ({ kind: 'call', callee, types: [], args });
export const callOf = (callee: Code, type: Type, ...args: readonly Code[]): Code => ({
  kind: 'call',
  callee,
  types: [type],
  args,
});
/** `of?.property?.(…)` */
export const methodIfThere = (of: Code, property: string, ...args: readonly Code[]): Code => ({
  kind: 'call',
  callee: { kind: 'member', object: of, name: property, isOptional: true },
  types: [],
  args,
  isOptional: true,
});
export const method = (of: Code, property: string, ...args: readonly Code[]): Code =>
  call(member(of, property), ...args);
export const ownMethod = (property: string, ...args: readonly Code[]): Code => method(THIS, property, ...args);
export const construct = (callee: Name | Imported, ...args: readonly Code[]): Code => ({ kind: 'new', callee, args });
/** An array with room for so many. */
export const arrayWithRoom = (item: Type, size: Code): Code => ({
  kind: 'new',
  callee: name('Array'),
  types: [item],
  args: [size],
});

export const prefix = (operator: '-' | '~' | '!' | 'typeof', operand: Code): Code => ({
  kind: 'prefix',
  operator,
  operand,
});
export const increment = (operand: Code): Code => ({ kind: 'postfix', operator: '++', operand });
export const infix = (left: Code, operator: InfixOperator, right: Code): Code => ({
  kind: 'infix',
  operator,
  left,
  right,
});
export const conditional = (condition: Code, whenTrue: Code, whenFalse: Code): Code => ({
  kind: 'conditional',
  condition,
  whenTrue,
  whenFalse,
});
export const assign = (target: Code, value: Code, operator: Assignment['operator'] = '='): Code => ({
  kind: 'assign',
  operator,
  target,
  value,
});
export const arrow = (parameters: readonly Name[], body: Code | Statements): Code => ({
  kind: 'arrow',
  parameters,
  body,
});

export const equals = (left: Code, right: Code): Code => infix(left, '===', right);
export const differs = (left: Code, right: Code): Code => infix(left, '!==', right);
export const isUndefined = (code: Code): Code => equals(code, UNDEFINED);
export const isDefined = (code: Code): Code => differs(code, UNDEFINED);

/** `code + offset`, or `code` alone. */
export function plus(code: Code, offset: number): Code {
  if (offset === 0) return code;
  const isSum = code.kind === 'infix' && code.operator === '+' && code.right.kind === 'number';
  return isSum ? plus(code.left, Number(code.right.text) + offset) : infix(code, '+', decimal(offset));
}

/** All of `codes` hold. */
export const conjunction = (codes: readonly Code[]): Code =>
  codes.length === 0 ? TRUE : codes.reduce((all, code) => infix(all, '&&', code));

/** One of `codes` holds. */
export const disjunction = (codes: readonly Code[]): Code =>
  codes.length === 0 ? FALSE : codes.reduce((all, code) => infix(all, '||', code));

/** The condition that `code` does not hold. */
export function negation(code: Code): Code {
  if (code.kind === 'infix' && code.operator === '===') return differs(code.left, code.right);
  if (code.kind === 'infix' && code.operator === '!==') return equals(code.left, code.right);
  if (code.kind === 'prefix' && code.operator === '!') return code.operand;
  return prefix('!', code);
}

export function bytesLiteral(bytes: ArrayLike<number>): Code {
  const type = name('Uint8Array');
  if (bytes.length === 0) return construct(type, decimal(0));
  return { kind: 'call', callee: member(type, 'of'), types: [], args: Array.from(bytes, decimal) };
}

/** A view of all of an array of bytes. */
export const viewOf = (bytes: Code): Code =>
  construct(name('DataView'), member(bytes, 'buffer'), member(bytes, 'byteOffset'), member(bytes, 'byteLength'));

/** An array of `size` zeros. */
export const zeros = (size: Code): Code => construct(name('Uint8Array'), size);
