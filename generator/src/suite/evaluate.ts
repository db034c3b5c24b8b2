/**
 * Evaluates expressions over generated objects, for the test suite. Integers are bigint here, whatever generated code
 * holds them in, so that nothing is compared in doubles; how it holds them is checked against what inference says. What
 * an object is, its class says: so a member of a structure that no schema describes can be evaluated too.
 */
import type { Binary, Call, Expr } from '../expr/ast.js';
import type { ClassSpec } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { floorDivide, floorModulo, isSafe } from '../types/int-range.js';
import type { ValueType } from '../types/value-type.js';
import { camelCase, pascalCase, type Names } from '../emit/context/names.js';

/** `undefined` is what is absent (`null` in the suite). */
export type Value = bigint | number | string | boolean | Uint8Array | readonly Value[] | object | undefined;

/** The classes that generated code exports, by name. */
export type ClassOf = (name: string) => unknown;

export class Evaluator {
  readonly #inference: Inference;
  readonly #names: Names;
  readonly #owner: ClassSpec;
  readonly #root: object | undefined;
  readonly #classOf: ClassOf;
  readonly #specs: ReadonlyMap<unknown, ClassSpec>;

  /** Names are looked up in `root`, an object of `owner`'s class; without it only constants have a value. */
  constructor(inference: Inference, names: Names, owner: ClassSpec, root: object | undefined, classOf: ClassOf) {
    this.#inference = inference;
    this.#names = names;
    this.#owner = owner;
    this.#root = root;
    this.#classOf = classOf;
    this.#specs = new Map(inference.program.classes.map((spec) => [classOf(names.class(spec)), spec]));
  }

  value(expr: Expr): Value {
    switch (expr.kind) {
      case 'int':
      case 'float':
      case 'bool':
      case 'string':
        return expr.value;
      case 'fstring':
        return expr.parts.map((part) => (typeof part === 'string' ? part : plain(this.value(part)))).join('');
      case 'enum': {
        const found = this.#inference.program.findEnum(expr.enumName, this.#owner);
        const value = found?.values.find(({ id }) => id === expr.value);
        if (value === undefined) throw new Error(`no enum value ${expr.enumName.names.join('::')}::${expr.value}`);
        return value.value;
      }
      case 'array':
        return expr.items.map((item) => this.value(item));
      case 'name':
        return expr.name === 'null' ? undefined : this.#member(this.#root, expr.name);
      case 'attribute':
        return this.#attribute(expr.object, expr.name);
      case 'call':
        return this.#call(expr);
      case 'subscript':
        return this.#element(this.value(expr.object), this.value(expr.index));
      case 'unary':
        return this.#unary(expr.operator, this.value(expr.operand));
      case 'binary':
        return this.#binary(expr);
      case 'conditional':
        return this.value(expr.condition) === true ? this.value(expr.whenTrue) : this.value(expr.whenFalse);
      case 'cast':
        return this.#cast(this.value(expr.object), this.#inference.namedType(expr.type, this.#owner));
      case 'sizeof': {
        const { type } = this.#inference.typeOf(expr, { owner: this.#owner });
        return type.kind === 'int' ? type.range.lo : undefined;
      }
    }
  }

  #member(object: Value, id: string): Value {
    if (typeof object !== 'object' || object === null) throw new Error(`${id} of ${describe(object)}`);
    const spec = this.#specs.get(object.constructor);
    const name = spec === undefined || id.startsWith('_') ? camelCase(id) : this.#names.member(spec, id);
    const known = spec === undefined || id.startsWith('_') ? undefined : this.#inference.memberType(spec, id);
    if (!(name in object) && known?.optional !== true) throw new Error(`the object has no property ${name}`);
    return this.#held(readOf(object, name), known?.type ?? { kind: 'any' });
  }

  /** A value as generated code holds it: integers must be in the representation that their range calls for. */
  #held(value: unknown, type: ValueType): Value {
    if (value === undefined || value === null) return undefined;
    if (type.kind === 'int' || type.kind === 'enum') {
      const range = type.kind === 'int' ? type.range : this.#inference.enumRange(type.spec);
      const wanted = isSafe(range) ? 'number' : 'bigint';
      if (typeof value !== wanted) throw new Error(`the value is a ${typeof value}, and its type says ${wanted}`);
      if (typeof value === 'bigint') return value;
      if (typeof value !== 'number' || !Number.isSafeInteger(value))
        throw new Error(`${typeof value === 'number' ? value : wanted} is not an exact integer`);
      return BigInt(value);
    }
    if (type.kind === 'array' && Array.isArray(value)) return value.map((item) => this.#held(item, type.item));
    // `pos` and `size` of a stream, and what is of no declared type: only a float is not an integer.
    if (type.kind !== 'float' && typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    return isValue(value) ? value : undefined;
  }

  #attribute(objectExpr: Expr, name: string): Value {
    const object = this.value(objectExpr);
    const items =
      object instanceof Uint8Array ? Array.from(object, BigInt) : Array.isArray(object) ? object : undefined;
    if (items === undefined && typeof object === 'object')
      return name === 'eof' ? callMethod(object, 'isEof') : this.#member(object, name);
    switch (name) {
      case 'size':
      case 'length':
        if (items !== undefined) return BigInt(items.length);
        if (typeof object === 'string') return BigInt(object.length);
        break;
      case 'first':
        return this.#element(object, 0n);
      case 'last':
        return this.#element(object, BigInt((items?.length ?? 0) - 1));
      case 'min':
      case 'max':
        return items?.reduce((best: Value, item: Value) => (lessThan(item, best) === (name === 'min') ? item : best));
      case 'to_s':
        return plain(object);
      case 'to_i':
        return toInteger(object);
      case 'reverse':
        return typeof object === 'string' ? Array.from(object).toReversed().join('') : undefined;
      default:
        break;
    }
    throw new Error(`${describe(object)} has no ${name}`);
  }

  #call({ callee, args }: Call): Value {
    if (callee.kind !== 'attribute') throw new Error('only methods can be called');
    const [first, second] = args.map((arg) => this.value(arg));
    if (first === undefined) return this.#attribute(callee.object, callee.name);
    const object = this.value(callee.object);
    if (callee.name === 'substring' && typeof object === 'string') return object.slice(Number(first), Number(second));
    if (callee.name === 'to_s' && object instanceof Uint8Array) return new TextDecoder(plain(first)).decode(object);
    throw new Error(`the suite's evaluator does not know the method ${callee.name}`);
  }

  #element(object: Value, index: Value): Value {
    const at = Number(index);
    const isList = object instanceof Uint8Array || Array.isArray(object);
    if (!isList || at < 0 || at >= object.length) throw new Error(`no element ${at} in ${describe(object)}`);
    return object instanceof Uint8Array ? BigInt(object[at] ?? 0) : object[at];
  }

  #unary(operator: string, operand: Value): Value {
    if (operator === 'not') return operand !== true;
    if (operator === '+') return operand;
    if (typeof operand === 'bigint') return operator === '-' ? -operand : ~operand;
    return typeof operand === 'number' ? -operand : undefined;
  }

  #binary({ operator, left, right }: Binary): Value {
    const a = this.value(left);
    if (operator === 'and') return a === true && this.value(right) === true;
    if (operator === 'or') return a === true || this.value(right) === true;
    const b = this.value(right);
    if (operator === '==') return sameValue(a, b);
    if (operator === '!=') return !sameValue(a, b);
    if (operator === '<') return lessThan(a, b);
    if (operator === '>') return lessThan(b, a);
    if (operator === '<=') return !lessThan(b, a);
    if (operator === '>=') return !lessThan(a, b);
    if (typeof a === 'bigint' && typeof b === 'bigint') return INTEGER[operator](a, b);
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    return FLOAT[operator]?.(Number(a), Number(b));
  }

  #cast(value: Value, type: ValueType): Value {
    if (type.kind === 'struct' || type.kind === 'opaque') {
      const name = type.kind === 'struct' ? this.#names.class(type.spec) : pascalCase(type.name);
      const wanted = this.#classOf(name);
      if (typeof wanted !== 'function' || !(value instanceof wanted))
        throw new Error(`${describe(value)} is no ${name}`);
    }
    if (type.kind === 'float') return Number(value);
    if (type.kind === 'int' && typeof value === 'number') return BigInt(value);
    return value;
  }
}

const INTEGER = {
  '+': (a: bigint, b: bigint) => a + b,
  '-': (a: bigint, b: bigint) => a - b,
  '*': (a: bigint, b: bigint) => a * b,
  '/': floorDivide,
  '%': floorModulo,
  '&': (a: bigint, b: bigint) => a & b,
  '|': (a: bigint, b: bigint) => a | b,
  '^': (a: bigint, b: bigint) => a ^ b,
  '<<': (a: bigint, b: bigint) => a << b,
  '>>': (a: bigint, b: bigint) => a >> b,
} as const;

const FLOAT: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** The suite writes floats in few decimals, also those read from 32 bits. */
const FLOAT_TOLERANCE = 1e-6;

/** Exact, but for floats that are not integers. */
export function sameValue(a: Value, b: Value): boolean {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b;
  if ((typeof a === 'number' || typeof a === 'bigint') && (typeof b === 'number' || typeof b === 'bigint')) {
    if (typeof a !== typeof b) return Number(a) === Number(b) && Number.isSafeInteger(Number(a));
    const [x, y] = [Number(a), Number(b)];
    return Object.is(x, y) || x === y || Math.abs(x - y) <= FLOAT_TOLERANCE * Math.abs(y);
  }
  const [x, y] = [listOf(a), listOf(b)];
  if (x !== undefined && y !== undefined)
    return x.length === y.length && x.every((item, index) => sameValue(item, y[index]));
  return a === b;
}

function lessThan(a: Value, b: Value): boolean {
  if ((typeof a === 'bigint' || typeof a === 'number') && (typeof b === 'bigint' || typeof b === 'number'))
    return a < b;
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  const [x, y] = [listOf(a), listOf(b)];
  if (x === undefined || y === undefined) throw new Error(`cannot compare ${describe(a)} and ${describe(b)}`);
  const at = x.findIndex((item, index) => !sameValue(item, y[index]));
  return at === -1 ? x.length < y.length : at < y.length && lessThan(x[at], y[at]);
}

function listOf(value: Value): readonly Value[] | undefined {
  if (value instanceof Uint8Array) return Array.from(value, BigInt);
  return Array.isArray(value) ? value : undefined;
}

function toInteger(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return BigInt(typeof value === 'number' ? Math.trunc(value) : plain(value));
}

/** A value as the expression language puts it into a string. */
function plain(value: Value): string {
  return typeof value === 'string' ? value : describe(value);
}

function isValue(value: unknown): value is Value {
  return ['bigint', 'number', 'string', 'boolean', 'object'].includes(typeof value);
}

/** A property; undefined where the reading of the object ended before it. */
function readOf(object: object, name: string): unknown {
  try {
    return Reflect.get(object, name);
  } catch (error) {
    if (error instanceof Error && error.name === 'UnreadError') return undefined;
    throw error;
  }
}

function callMethod(object: Value, name: string): Value {
  const method: unknown = typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
  const result: unknown = typeof method === 'function' ? method.call(object) : undefined;
  return isValue(result) ? result : undefined;
}

/** A value in a report of the suite. */
export function describe(value: Value): string {
  if (value === undefined) return 'null';
  if (value instanceof Uint8Array)
    return `bytes [${Array.from(value, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object') return `an object of ${value.constructor.name}`;
  return typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : String(value);
}
