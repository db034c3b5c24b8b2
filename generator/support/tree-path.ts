/** Paths of a tree as someone asks for them: `chunks[3].body`, `chunks[10..20]` (both inclusive). */

/** Which part of a tree is asked for. */
export interface TreeSelection {
  /** Whether what stands at `path` is asked for: it is the part, or in it. */
  has(path: string): boolean;
  /** Whether what is asked for stands at `path`, or below it, or includes it. */
  touches(path: string): boolean;
  /** First and last index (inclusive) of the elements that are asked for of the list at `path`; undefined: all of them. */
  rangeOf(path: string): ListRange | undefined;
  /** Whether something of `length` bytes at `offset` is asked for, if its path is. */
  covers?(offset: number, length: number): boolean;
}

export interface ListRange {
  readonly first: number;
  readonly last: number;
}

/** A part by its path; all of the tree where that is empty. */
export class PathSelection implements TreeSelection {
  readonly path: string;
  readonly #steps: readonly string[];

  constructor(path = '') {
    this.path = path;
    this.#steps = stepsOf(path);
  }

  has(path: string): boolean {
    if (this.path === '') return true;
    const steps = stepsOf(path);
    return steps.length >= this.#steps.length && this.#agrees(steps);
  }

  touches(path: string): boolean {
    return this.path === '' || this.#agrees(stepsOf(path));
  }

  rangeOf(path: string): ListRange | undefined {
    const { length } = stepsOf(path);
    return this.#steps.length > length && this.touches(path) ? rangeIn(this.#steps[length] ?? '') : undefined;
  }

  /** Whether it is this very part that is asked for, so that it is shown whole. */
  isExactly(path: string): boolean {
    return this.path === path;
  }

  /** Whether the steps, as far as there are some on both sides, lead the same way. */
  #agrees(steps: readonly string[]): boolean {
    return this.#steps.every((wanted, index) => {
      const step = steps[index];
      if (step === undefined || step === wanted) return true;
      const [range, asked] = [rangeIn(wanted), rangeIn(step)];
      return range !== undefined && asked !== undefined && range.first <= asked.last && asked.first <= range.last;
    });
  }
}

/** `a.b[3]` as `a`, `b`, `[3]`. */
function stepsOf(path: string): readonly string[] {
  return path.match(/\[[^\]]*\]?|[^.[]+/g) ?? [];
}

/** `[3]` as 3 to 3, `[10..20]` as 10 to 20. */
function rangeIn(step: string): ListRange | undefined {
  const [, first, last = first] = /^\[(\d+)(?:\.\.(\d+))?\]$/.exec(step) ?? [];
  return first === undefined ? undefined : { first: Number(first), last: Number(last) };
}
