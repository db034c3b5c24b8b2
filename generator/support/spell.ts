/** Integers of variable length, spelled in groups of bits of which each says whether another one follows. */
import { joinPath, pathOf, type KaitaiStruct } from './struct.js';
import type { WritableStruct } from './write.js';
import { WriteError } from './write-error.js';

/** A type that spells numbers. */
type SpellingClass<T> = new (...args: never[]) => T;

/** How a type spells numbers: the list of its groups, their flag and digit, and how many bits that has. */
export type Spelling = readonly [list: string, more: string, digit: string, bits: number];

/**
 * The structure of `type` whose `number` is `value`: `current`, if that says so already, otherwise the shortest, its groups
 * in whichever order the type has them.
 *
 * @throws {WriteError} where the type cannot say it
 */
export function spelled<T extends WritableStruct>(
  owner: KaitaiStruct,
  id: string,
  type: SpellingClass<T>,
  current: T | undefined,
  value: number,
  number: string,
  [list, more, digit, bits]: Spelling,
): T {
  if (current !== undefined && says(current, number, value)) return current;
  const digits: bigint[] = [];
  for (let rest = BigInt(value); digits.length === 0 || rest > 0n; rest >>= BigInt(bits))
    digits.push(BigInt.asUintN(bits, rest));
  for (const ordered of [digits, [...digits].reverse()]) {
    const groups = ordered.map((each, index) => ({
      [more]: index < ordered.length - 1,
      [digit]: bits > 53 ? each : Number(each),
    }));
    const found = readBack(type, { [list]: groups });
    if (found !== undefined && says(found, number, value)) return found;
  }
  throw new WriteError(joinPath(pathOf(owner), id), 'a number that its type can say', value);
}

/** What generated classes inherit. */
interface Statics<T> {
  create(init: object): T;
  fromBytes(bytes: Uint8Array): T;
}

/** A structure as reading it gives it; undefined where it cannot be written. */
function readBack<T extends WritableStruct>(type: SpellingClass<T>, init: object): T | undefined {
  try {
    const statics = type as unknown as Statics<T>;
    return statics.fromBytes(statics.create(init).toBytes());
  } catch {
    return undefined;
  }
}

function says(struct: KaitaiStruct, number: string, value: number): boolean {
  return Number(Reflect.get(struct, number)) === value;
}
