/** Work on several items at once, with results in their order. */
import { Slots } from './slots.js';

/** Results that may wait for an earlier one, for each of those that are worked on at once: it bounds what is in memory. */
const AHEAD = 16;

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
