/** Which part of a tree is asked for: a path such as `chunks[3].body`, or `chunks[10..20]` (both inclusive). */

interface Step {
  readonly id: string;
  readonly first: number | undefined;
  readonly last: number | undefined;
}

export class Selection {
  readonly #steps: readonly Step[];

  /** @throws {RangeError} where `path` is none */
  constructor(path: string) {
    this.#steps = path === '' ? [] : path.split(/(?<!\.)\.(?!\.)/).map(stepOf);
  }

  get isEverything(): boolean {
    return this.#steps.length === 0;
  }

  /** Whether the field `id` at `depth` is asked for, or is on the way to what is. */
  touches(depth: number, id: string): boolean {
    const step = this.#steps[depth];
    return step === undefined || step.id === id;
  }

  /** First and last (inclusive) of the elements of the list at `depth`; undefined where all of them are meant. */
  range(depth: number): { readonly first: number; readonly last: number } | undefined {
    const step = this.#steps[depth];
    if (step?.first === undefined) return undefined;
    return { first: step.first, last: step.last ?? step.first };
  }

  /** Whether a field at `depth` is asked for, not only something in it. */
  includes(depth: number): boolean {
    return depth >= this.#steps.length - 1;
  }

  /** Whether a field at `depth` is the one that is asked for. */
  isTarget(depth: number): boolean {
    return depth === this.#steps.length - 1;
  }
}

function stepOf(text: string): Step {
  const [, id, first, last] = /^([a-z_]\w*)(?:\[(\d+)(?:\.\.(\d+))?\])?$/.exec(text) ?? [];
  if (id === undefined) throw new RangeError(`'${text}' is no part of a path: write chunks[3].body, or chunks[10..20]`);
  return {
    id,
    first: first === undefined ? undefined : Number(first),
    last: last === undefined ? undefined : Number(last),
  };
}
