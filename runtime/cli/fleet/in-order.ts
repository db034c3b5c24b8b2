/** Work on several items at once, with results in their order. */
/** Results that may wait for an earlier one, for each of those that are worked on at once: it bounds what is in memory. */
const AHEAD = 16;

/** Lets `count` pieces of work run at once; the others wait, first come first served. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/**
 * The results of `work` in the order of `items`, `count` being worked on at once. An error ends it when its turn has come.
 * No more is begun than 16 times `count` ahead of the result that is waited for.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  count: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const slots = new Slots(count);
  const begun: Promise<Result>[] = [];
  for (const item of items) {
    const result = slots.use(() => work(item));
    // It is looked at in its turn.
    result.catch(() => undefined);
    begun.push(result);
    if (begun.length < count * AHEAD) continue;
    const [first] = begun.splice(0, 1);
    if (first !== undefined) yield await first;
  }
  for (const result of begun) yield await result;
}
