/** Reading, writing, reading again: what must be equal, and what a format does not keep. */
import type { AnyClass } from './generated-classes.js';

/**
 * Everything that can be asked of a structure, instances included, as text. A value that cannot be had is told by its
 * error's name, and a structure that occurs twice by its first place.
 */
export function treeOf(value: unknown): string {
  return JSON.stringify(plain(value, new Map(), ''));
}

/** Instances may read the type they belong to, without end. */
const MAX_DEPTH = 60;

function plain(value: unknown, seen: Map<object, string>, path: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) return 'deeper';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  const known = seen.get(value);
  if (known !== undefined) return `see ${known}`;
  seen.set(value, path);
  if (Array.isArray(value)) return value.map((item, index) => plain(item, seen, `${path}[${index}]`, depth + 1));
  // Streams are no part of the tree.
  if ('dataView' in value) return 'stream';
  const entries = membersOf(value).map((name): [string, unknown] => [
    name,
    plain(valueOf(value, name), seen, `${path}.${name}`, depth + 1),
  ]);
  return Object.fromEntries([['class', value.constructor.name], ...entries]);
}

function valueOf(struct: object, name: string): unknown {
  try {
    return Reflect.get(struct, name);
  } catch (error) {
    return `fails: ${error instanceof Error ? error.name : String(error)}`;
  }
}

/** Fields and instances: properties, and getters of the class. */
function membersOf(struct: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(struct);
  const own = Object.keys(struct).filter((name) => !name.startsWith('_') || name.startsWith('_unnamed'));
  const getters = Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, property]) =>
    property.get === undefined || name.startsWith('_') ? [] : [name],
  );
  return [...new Set([...own, ...getters])].toSorted();
}

export function readTree(type: AnyClass, bytes: Uint8Array): string {
  try {
    return treeOf(type.fromBytes(bytes));
  } catch (error) {
    return `fails: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export function canRead(type: AnyClass, bytes: Uint8Array): boolean {
  try {
    type.fromBytes(bytes);
    return true;
  } catch {
    return false;
  }
}

export interface RoundTrip {
  readonly outcome: 'equal' | 'same' | 'different';
  /** Why equal trees have different bytes, or what is different. */
  readonly detail: string;
}

/**
 * Writes what was read from `bytes`, and compares. `same` are bytes that differ only where reading cannot tell them
 * apart: behind the last byte that is read, or in bits without which the tree is the same.
 */
export function roundTrip(type: AnyClass, bytes: Uint8Array, isRecompressed = false): RoundTrip {
  const before = readTree(type, bytes.slice());
  let written: Uint8Array;
  try {
    written = type.fromBytes(bytes.slice()).toBytes();
  } catch (error) {
    return {
      outcome: 'different',
      detail: `cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const after = readTree(type, written.slice());
  if (after !== before) return { outcome: 'different', detail: firstDifference(before, after) };
  if (Buffer.compare(written, bytes) === 0) return { outcome: 'equal', detail: '' };
  if (isRecompressed) return { outcome: 'same', detail: 'compressed anew' };
  return explain(type, bytes, written, before);
}

function explain(type: AnyClass, bytes: Uint8Array, written: Uint8Array, before: string): RoundTrip {
  if (written.length > bytes.length)
    return { outcome: 'different', detail: `${written.length} bytes instead of ${bytes.length}` };
  const rest = bytes.length - written.length;
  const unread = bytes.slice();
  // What lies behind everything that is written must not matter, whatever it is.
  unread.fill(0, written.length);
  const flipped = unread.map((byte, at) => (at < written.length ? byte : 0xff));
  if (rest > 0 && (readTree(type, unread) !== before || readTree(type, flipped) !== before)) {
    return { outcome: 'different', detail: `the last ${rest} bytes are read, but not written` };
  }
  const dropped: number[] = [];
  for (const [at, byte] of written.entries()) {
    const original = bytes[at] ?? 0;
    for (let bit = 1; bit < 0x100; bit <<= 1) {
      if (((byte ^ original) & bit) === 0) continue;
      const changed = bytes.slice();
      changed[at] = original ^ bit;
      if (readTree(type, changed) !== before)
        return { outcome: 'different', detail: `byte ${at}: ${byte} instead of ${original}` };
      if (dropped.at(-1) !== at) dropped.push(at);
    }
  }
  const reasons = [
    ...(rest > 0 ? [`${rest} bytes at the end are not read`] : []),
    ...(dropped.length > 0 ? [`${dropped.length} bytes are read and dropped`] : []),
  ];
  return { outcome: 'same', detail: reasons.join(', ') };
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (a[at] === b[at]) at++;
  return `…${a.slice(Math.max(0, at - 60), at + 60)}… becomes …${b.slice(Math.max(0, at - 60), at + 60)}…`;
}
