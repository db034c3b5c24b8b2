/**
 * What TypeScript refuses, said to callers in JavaScript: a value of the wrong kind gets an error that names it, and
 * never an answer about an image.
 */

/** Characters of a string that a message shows. */
const SHOWN_TEXT = 60;

/** `value` as the end of a sentence: `5n, a BigInt`, `a Promise`, `the string "disk.vhdx"`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > SHOWN_TEXT ? `${value.slice(0, SHOWN_TEXT)}…` : value)}`;
    case 'bigint':
      return `${value}n, a BigInt`;
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'symbol':
    case 'function':
      return `a ${typeof value}`;
    case 'object':
      break;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  const name: unknown = value.constructor?.name;
  if (typeof name !== 'string' || name === '' || name === 'Object') return 'an object';
  return `${/^[AEIOU]/.test(name) && !name.startsWith('U') ? 'an' : 'a'} ${name}`;
}

/**
 * Makes sure that `value`, called `name`, is an offset or length in bytes.
 *
 * @throws TypeError if it is no number, such as a BigInt; RangeError if it is no integer from 0 to 2^53 - 1
 */
export function requireOffset(value: number, name: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  if (typeof value !== 'number') throw notNumber(value, name);
  throw new RangeError(`${name} must be a non-negative integer of at most 2^53 - 1, not ${value}`);
}

/**
 * Makes sure that `value`, called `name`, is a count from `least` on, if it is given. `Infinity` is one.
 *
 * @throws TypeError, RangeError as `requireOffset`
 */
export function requireCount(value: number | undefined, name: string, least: number): void {
  if (value === undefined || (value >= least && (Number.isInteger(value) || value === Infinity))) return;
  requireNumber(value, name);
  throw new RangeError(`${name} must be an integer of at least ${least}, not ${value}`);
}

/** Makes sure that `value`, called `name`, is a number, if it is given. @throws TypeError */
export function requireNumber(value: unknown, name: string): void {
  if (value !== undefined && typeof value !== 'number') throw notNumber(value, name);
}

function notNumber(value: unknown, name: string): TypeError {
  return new TypeError(`${name} must be a number, not ${describeValue(value)}`);
}

/**
 * Makes sure that `bytes` is an array of single bytes, which a `DataView` or an `ArrayBuffer` is not.
 *
 * @throws TypeError
 */
export function requireBytes(bytes: Uint8Array, name: string): void {
  if (ArrayBuffer.isView(bytes) && bytes.BYTES_PER_ELEMENT === 1) return;
  throw new TypeError(`${name} must be a Uint8Array, not ${describeValue(bytes)}`);
}

/** Makes sure that `value` is a string, if it is given. @throws TypeError */
export function requireString(value: unknown, name: string): void {
  if (value === undefined || typeof value === 'string') return;
  throw new TypeError(`${name} must be a string, not ${describeValue(value)}`);
}

/** Makes sure that `value` is true or false, if it is given. @throws TypeError */
export function requireBoolean(value: unknown, name: string): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new TypeError(`${name} must be true or false, not ${describeValue(value)}`);
}

/** Makes sure that `value` is one of `values`, if it is given. @throws TypeError */
export function requireOneOf(value: unknown, name: string, values: readonly string[]): void {
  if (value === undefined || (typeof value === 'string' && values.includes(value))) return;
  const list = values.map((each) => `'${each}'`).join(', ');
  throw new TypeError(`${name} must be one of ${list}, not ${describeValue(value)}`);
}

/** Makes sure that `value` is a function, if it is given. @throws TypeError, with `hint` at its end */
export function requireFunction(value: unknown, name: string, hint = ''): void {
  if (value === undefined || typeof value === 'function') return;
  throw new TypeError(`${name} must be a function, not ${describeValue(value)}${hint}`);
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'throwIfAborted' in value;
}

/**
 * Makes sure that options are an object, and that their `signal` can be waited for.
 *
 * @throws TypeError, which says so if the signal was given instead of the options, or its controller instead of it
 */
export function requireOptions(options: { readonly signal?: AbortSignal | undefined }): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options must be an object, not ${describeValue(options)}`);
  }
  if (isSignal(options)) throw new TypeError('options must be an object: give the signal as { signal }');
  const signal: unknown = options.signal;
  if (signal === undefined || isSignal(signal)) return;
  const hint = typeof signal === 'object' && signal !== null && 'signal' in signal ? ': give its `signal`' : '';
  throw new TypeError(`signal must be an AbortSignal, not ${describeValue(signal)}${hint}`);
}
