/** Things to be done once a stream is complete: those that have their place before those that take what is left. */

/** Something to be written at a place of its own, once the stream is complete. */
export interface Placement<Writer> {
  /** Made only when something is wrong: finding out the index of an item takes longer than writing it. */
  readonly path: () => string;
  readonly position: () => number;
  readonly write: (out: Writer) => void;
  /** Set for what is as it was read: where a field has other bytes by now, they count. */
  readonly yields: boolean;
  /** Moves it to a position, and returns whether it stood elsewhere before; undefined for what has its place. */
  readonly moveTo: ((position: number) => boolean) | undefined;
}

export class Waiting<T> {
  /** What has its place, and what has none. */
  readonly #queues: readonly [T[], T[]] = [[], []];
  readonly #done: [number, number] = [0, 0];

  get hasAny(): boolean {
    return this.#queues.some((queue) => queue.length > 0);
  }

  add(item: T, isFree: boolean): void {
    this.#queues[isFree ? 1 : 0].push(item);
  }

  /** Does `what` with each of them, and with those that are added meanwhile. */
  each(what: (item: T) => void): void {
    const [settled, free] = this.#queues;
    for (;;) {
      const kind = this.#done[0] < settled.length ? 0 : 1;
      const index = this.#done[kind];
      const items = kind === 0 ? settled : free;
      if (index >= items.length) return;
      this.#done[kind] = index + 1;
      what(items[index] as T);
    }
  }

  /** Moves all that is not done yet to another one. */
  goTo(other: Waiting<T>): void {
    for (const kind of [0, 1] as const) {
      for (const item of this.#queues[kind].slice(this.#done[kind])) other.add(item, kind === 1);
      this.#done[kind] = this.#queues[kind].length;
    }
  }
}
