/** Trees of the official JavaScript beside those of generated TypeScript. */
import { propertyOf } from '../../generated/kaitai/names.js';
import type { FieldLayout } from '../../generated/kaitai/struct.js';

/** What the official reader is known to get wrong. */
type Fault =
  | 'integer beyond 2^53'
  | 'text decoded otherwise'
  | 'index outside of an array is undefined, not an error'
  | 'what is absent is undefined or NaN, not an error'
  | 'a value that broke its constraint is an error only once';
export const faults = new Map<Fault, Set<string>>();

function named(fault: Fault, path: string): void {
  const places = faults.get(fault) ?? new Set();
  faults.set(fault, places.add(path.replaceAll(/\[\d+\]/g, '[]')));
}

export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
}

export function attempt(read: () => unknown): Outcome {
  try {
    return { value: read() };
  } catch (error) {
    return { error };
  }
}

export class Comparison {
  readonly differences: string[] = [];
  values = 0;
  readonly #seen = new Set<unknown>();
  /** Broken constraints that both have reported. The official instance keeps its value from then on. */
  readonly #broken = new Set<string>();

  compare(ours: unknown, theirs: unknown, path: string): void {
    this.values++;
    if (typeof ours === 'bigint') {
      if (ours === BigInt(Math.trunc(Number(theirs)))) return;
      const beyond = ours > BigInt(Number.MAX_SAFE_INTEGER) || ours < BigInt(Number.MIN_SAFE_INTEGER);
      return beyond ? named('integer beyond 2^53', path) : this.#differ(path, ours, theirs);
    }
    if (ours instanceof Uint8Array) {
      const same = theirs instanceof Uint8Array && Buffer.compare(ours, theirs) === 0;
      return same ? undefined : this.#differ(path, ours, theirs);
    }
    if (Array.isArray(ours)) {
      const others = theirs as unknown[];
      if (others?.length !== ours.length) return this.#differ(path, ours.length, others?.length);
      return ours.forEach((item, index) => this.compare(item, others[index], `${path}[${index}]`));
    }
    if (typeof ours === 'object' && ours !== null) return this.#struct(ours, theirs as Record<string, unknown>, path);
    if (typeof ours === 'string' && ours !== theirs && typeof theirs === 'string') {
      // The official one reads ASCII as Latin-1, and Latin-1 as windows-1252.
      return /[^\0-\x7f]/.test(theirs) ? named('text decoded otherwise', path) : this.#differ(path, ours, theirs);
    }
    if (!Object.is(ours, theirs) && !(ours === 0 && theirs === 0)) this.#differ(path, ours, theirs);
  }

  #struct(ours: object, theirs: Record<string, unknown>, path: string): void {
    if (this.#seen.has(ours)) return;
    this.#seen.add(ours);
    if (typeof theirs !== 'object' || theirs === null) return this.#differ(path, ours.constructor.name, theirs);
    for (const name of membersOf(ours)) {
      const mine = attempt(() => (ours as Record<string, unknown>)[name]);
      const other = attempt(() => theirs[name]);
      const at = `${path}.${name}`;
      if (mine.error !== undefined || other.error !== undefined) {
        // JavaScript has no bounds; every other language of the official compiler throws here.
        if (isOutside(mine.error) && other.error === undefined && other.value === undefined) {
          named('index outside of an array is undefined, not an error', at);
        } else if (isAbsent(mine.error) && other.error === undefined) {
          named('what is absent is undefined or NaN, not an error', at);
        } else if (mine.error !== undefined && other.error !== undefined) {
          if (mine.error instanceof Error && mine.error.name === 'ValidationError')
            this.#broken.add(mine.error.message);
        } else if (mine.error instanceof Error && this.#broken.has(mine.error.message)) {
          named('a value that broke its constraint is an error only once', at);
        } else this.#differ(at, mine.error ?? mine.value, other.error ?? other.value);
      } else {
        this.compare(mine.value, other.value, at);
      }
    }
  }

  #differ(path: string, ours: unknown, theirs: unknown): void {
    if (this.differences.length < 20) this.differences.push(`${path}: ${String(ours)} | ${String(theirs)}`);
  }
}

/** Whether generated code refused to compute with something that is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExpressionError' && error.message.includes('an expression uses ');
}

/** Fields in order, then instances: getters of the class that are no fields. */
export function membersOf(struct: object): string[] {
  const { LAYOUT } = struct.constructor as unknown as { LAYOUT?: readonly FieldLayout[] };
  const fields = (LAYOUT ?? []).map(propertyOf);
  const descriptors = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(struct) as object);
  const getters = Object.keys(descriptors).filter(
    (name) => descriptors[name]?.get !== undefined && !name.startsWith('_'),
  );
  return [...new Set([...fields, ...getters])].filter((name) => !name.startsWith('_unnamed'));
}

/** Whether an index was outside of its list. By name: each folder of output has error classes of its own. */
function isOutside(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExpressionError' && error.message.includes('is outside of');
}
