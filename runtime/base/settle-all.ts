/** Several pieces of work at once. */

/** Does `work` for all items at once; waits for all of them, and then throws the first fault, if there was one. */
export async function settleAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return work(only);
  const outcomes = await Promise.allSettled(items.map(async (item) => work(item)));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
