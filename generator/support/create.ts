/** Structures out of plain objects. */
import { equalBytes } from './bytes.js';
import { show } from './show.js';
import { heldBy, joinPath, pathOf, type KaitaiStruct } from './struct.js';
import { filled, type WritableStruct } from './write.js';
import { WriteError } from './write-error.js';

type Class<T> = new (...args: never[]) => T;
/** What stands around a structure as its schema sees it: `_parent` and `_root`. */
type Around = readonly [parent: KaitaiStruct | undefined, root: KaitaiStruct | undefined];
/** The class for a value of what is switched on, and what its structure is handed; the value `undefined` fits every other one. */
type Arm = readonly [
  value: unknown,
  type: Class<WritableStruct>,
  around?: Around | undefined,
  parameters?: () => readonly unknown[],
];

/** `given`, or the structure of `type` within `owner` that it describes. */
export function made<T extends WritableStruct>(
  owner: KaitaiStruct,
  type: Class<T>,
  given: unknown,
  around: Around | undefined = [owner, owner._root],
  ...parameters: readonly unknown[]
): T {
  if (!isPlain(given)) return given as T;
  const args = [undefined, ...around, ...parameters] as never[];
  const value = new type(...args);
  return filled(around[0] === owner ? value : heldBy(owner, value), given);
}

/** As `made`, where what `on` gives decides the class. */
export function madeCase<T>(
  owner: KaitaiStruct,
  id: string,
  on: () => unknown,
  arms: readonly Arm[],
  given: unknown,
): T {
  if (!isPlain(given)) return given as T;
  const value = on();
  const arm = arms.find(([match]) => match === undefined || isSame(match, value));
  if (arm === undefined)
    throw new WriteError(
      joinPath(pathOf(owner), id),
      `a value of another type, since it is switched on ${show(value)}`,
      'a plain object',
    );
  const [, type, around, parameters] = arm;
  return made(owner, type, given, around, ...(parameters?.() ?? [])) as T;
}

/** `list`, and the element that ends it (`repeat-until`), unless the last one does. */
export function ended<T>(list: T[], isEnd: (item: T) => boolean, end: () => T): T[] {
  const last = list[list.length - 1];
  return last !== undefined && isEnd(last) ? list : [...list, end()];
}

const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b;

/** Whether a value is an object of no class, also of another realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** `derived`, which a value that is given must agree with. @throws {WriteError} */
export function agreed<T extends number | bigint>(
  owner: KaitaiStruct,
  id: string,
  given: number | bigint | undefined,
  derived: T,
): T {
  if (given !== undefined && given !== derived)
    throw new WriteError(joinPath(pathOf(owner), id), `${derived}, as the fields that it counts have it`, given);
  return derived;
}
