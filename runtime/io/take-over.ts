/** Ownership of a source that a function takes over from its caller. */
import type { ByteSource } from './byte-source.js';

async function closeQuietly(source: Pick<ByteSource, 'close'>): Promise<void> {
  await Promise.allSettled([(async () => source.close?.())()]);
}

/**
 * Does `work` with a source that belongs to whoever opens something on it: it is closed if that fails. What goes wrong
 * with the closing must not hide why.
 */
export async function takeOver<T>(source: ByteSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await closeQuietly(source);
    throw error;
  }
}

/**
 * What `accept` makes of what was given, to take it over. A promise that was not awaited is refused as anything else;
 * the source that it brings would be nobody's, and is closed.
 *
 * @throws what `accept` throws
 */
export function takenFrom<Given, Taken>(given: Given, accept: (given: Given) => Taken): Taken {
  try {
    return accept(given);
  } catch (error) {
    if (given instanceof Promise) given.then(closeQuietly, () => undefined);
    throw error;
  }
}
